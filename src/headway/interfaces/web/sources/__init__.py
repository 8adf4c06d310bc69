"""Connected systems: added, changed, read, disconnected; and the door for their deliveries."""
