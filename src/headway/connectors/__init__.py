"""Connectors fetch: bytes in, Observations (or plan rows, charges) out. No Django."""
