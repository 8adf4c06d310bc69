"""Every write of inventory."""
