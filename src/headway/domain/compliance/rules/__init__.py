"""Judgements of compliance; no Django, no database."""
