"""Every write of vendors."""
