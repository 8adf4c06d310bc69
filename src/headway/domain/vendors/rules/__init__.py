"""Judgements of vendors; no Django."""
