"""Interfaces translate: equal ways in, none of which decides anything."""
