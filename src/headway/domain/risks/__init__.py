"""Risks: threats and opportunities with their odds."""
