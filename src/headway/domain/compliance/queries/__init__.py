"""Every read of compliance."""
