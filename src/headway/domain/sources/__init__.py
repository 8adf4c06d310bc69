"""Sources: connections to other systems, their cursors, and what arrives by webhook."""
