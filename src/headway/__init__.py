"""Headway: plan meets evidence."""

__version__ = "0.1.0"
