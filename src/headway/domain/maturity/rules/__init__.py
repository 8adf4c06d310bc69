"""Judgements of maturity; no Django, no database."""
