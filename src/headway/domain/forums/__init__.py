"""Forums: meetings that come again, their agendas and minutes, and their place in calendars."""
