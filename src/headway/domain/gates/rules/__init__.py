"""Judgements of gates; no Django, no database."""
