"""Every read of progress."""
