"""Accounts: workspaces, members, roles, tokens, one-time links, and the audit trail."""
