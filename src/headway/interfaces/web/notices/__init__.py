"""What a member is told, how and when: preferences, and the link in a mail that stops it."""
