"""What radar remembers."""
