"""Every read of gates."""
