"""Analysis computes: numbers in, numbers out. No Django, no network, no clock."""
