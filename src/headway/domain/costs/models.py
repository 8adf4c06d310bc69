"""What costs remembers."""
