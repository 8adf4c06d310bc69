"""What inventory remembers."""
