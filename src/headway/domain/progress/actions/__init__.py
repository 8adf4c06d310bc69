"""Every write of progress."""
