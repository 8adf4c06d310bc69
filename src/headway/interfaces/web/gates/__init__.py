"""Releases on their way, and the gates that stand before them."""
