"""Maturity models and the ML Test Score, answered from evidence where there is some."""
