"""Every read of costs."""
