"""Judgements of costs; no Django."""
