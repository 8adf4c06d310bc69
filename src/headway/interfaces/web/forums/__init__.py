"""Pages of forums: the list, a forum, a meeting with agenda and minutes, calendars."""
