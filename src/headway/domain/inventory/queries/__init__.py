"""Every read of inventory."""
