"""The search for everything: capacity in steps, calendars, windows, fixed starts and modes."""
