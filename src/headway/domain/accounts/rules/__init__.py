"""Judgements about who may do what; no Django, no database."""

from headway.domain.accounts.rules.permissions import (
    Actor,
    Function,
    Owned,
    Permission,
    Role,
    Scope,
    may,
    permissions_of,
    require,
)

__all__ = [
    "Actor",
    "Function",
    "Owned",
    "Permission",
    "Role",
    "Scope",
    "may",
    "permissions_of",
    "require",
]
