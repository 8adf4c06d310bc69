"""What annotation remembers."""
