"""Every write of annotation."""
