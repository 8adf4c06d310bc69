"""Checks and monitors that run: each run leaves an observation in the ledger."""
