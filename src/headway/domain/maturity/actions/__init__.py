"""Every write of maturity."""
