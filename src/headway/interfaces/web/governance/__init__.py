"""Governance: the one page from which all that is ruled, approved and audited is reached."""
