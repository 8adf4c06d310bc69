"""Judgements of radar; no Django."""
