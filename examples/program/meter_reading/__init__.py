"""Meter reading: read handwritten digits from photographed forms."""
