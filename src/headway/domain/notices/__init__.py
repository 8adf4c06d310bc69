"""Notices: who is told of which shift, and whether it worked."""
