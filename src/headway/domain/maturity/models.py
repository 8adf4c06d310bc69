"""What maturity remembers."""
