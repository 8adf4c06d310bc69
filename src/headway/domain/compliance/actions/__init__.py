"""Every write of compliance."""
