"""Repositories: what the audits of the code found."""
