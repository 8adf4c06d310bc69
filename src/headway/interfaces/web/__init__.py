"""The web interface: one folder per family of screens."""
