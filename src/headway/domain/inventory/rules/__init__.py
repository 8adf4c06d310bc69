"""Judgements of inventory; no Django, no database."""
