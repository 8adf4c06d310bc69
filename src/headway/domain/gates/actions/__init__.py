"""Every write of gates."""
