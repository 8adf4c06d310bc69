"""Frameworks, what they ask of each system, obligations with dates, incidents and their clocks."""
