"""Every read of maturity."""
