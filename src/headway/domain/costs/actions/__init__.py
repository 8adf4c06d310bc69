"""Every write of costs."""
