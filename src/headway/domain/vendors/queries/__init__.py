"""Every read of vendors."""
