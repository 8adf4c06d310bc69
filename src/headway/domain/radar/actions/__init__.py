"""Every write of radar."""
