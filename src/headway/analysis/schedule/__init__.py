"""Schedules: plan files, networks, calendars, the critical path and the Monte-Carlo forecast."""
