"""Judgements of progress; no Django."""
