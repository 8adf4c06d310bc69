"""Files that people write in YAML, read as text with lines: plans, rules about data."""
