"""Every read of annotation."""
