"""Judgements of annotation; no Django."""
