"""Packs of a program: what one would say now, the frozen ones, their files, and templates."""
