"""How work items earn value, and which take their range from evidence."""
