"""Every read of radar."""
