"""Severity score: predict how far a disease has gone after a year."""
