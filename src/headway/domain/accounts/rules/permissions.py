"""Roles, functions, permissions and scopes: one table, read by every door.

A role says what a member may see and change; a function says what a member may approve or see
besides (legal, pay, …). A token can never do more than its member, and only what its scopes name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from headway.errors import NotFound, Refused


class Role(StrEnum):
    """What a member may see and change in a workspace."""

    OWNER = "owner"
    MANAGER = "manager"
    CONTRIBUTOR = "contributor"
    APPROVER = "approver"
    VIEWER = "viewer"
    VENDOR = "vendor"


class Function(StrEnum):
    """What a member may approve, or see besides the role."""

    LEGAL = "legal"
    PRIVACY = "privacy"
    SECURITY = "security"
    FINANCE = "finance"
    AUDITOR = "auditor"
    PAY = "pay"


class Permission(StrEnum):
    """One thing an actor may be allowed to do; each route and each action names exactly one."""

    SELF = "self"
    VIEW = "view"
    DISCUSS = "discuss"
    PLAN = "plan"
    PROGRAM = "program"
    DECIDE = "decide"
    JUDGE = "judge"
    EVIDENCE = "evidence"
    REPORT = "report"
    SYNC = "sync"
    SOURCE = "source"
    TOKEN = "token"
    AUDIT = "audit"
    MEMBERS = "members"


class Scope(StrEnum):
    """What a token was made for."""

    READ = "read"
    EVIDENCE = "evidence"
    PLAN = "plan"
    REPORT = "report"
    ADMIN = "admin"


_VIEWER = frozenset({Permission.SELF, Permission.VIEW, Permission.DISCUSS})
_CONTRIBUTOR = _VIEWER | {Permission.PLAN, Permission.EVIDENCE, Permission.SYNC, Permission.TOKEN}
_MANAGER = _CONTRIBUTOR | {
    Permission.PROGRAM,
    Permission.DECIDE,
    Permission.JUDGE,
    Permission.REPORT,
    Permission.SOURCE,
    Permission.AUDIT,
}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.MANAGER: _MANAGER,
    Role.CONTRIBUTOR: _CONTRIBUTOR,
    Role.APPROVER: _VIEWER
    | {Permission.DECIDE, Permission.JUDGE, Permission.AUDIT, Permission.TOKEN},
    Role.VIEWER: _VIEWER,
    Role.VENDOR: frozenset({Permission.SELF}),
}

_READ = frozenset({Permission.SELF, Permission.VIEW})

SCOPE_PERMISSIONS: dict[Scope, frozenset[Permission]] = {
    Scope.READ: _READ,
    Scope.EVIDENCE: _READ | {Permission.EVIDENCE, Permission.SYNC},
    Scope.PLAN: _READ
    | {Permission.DISCUSS, Permission.PLAN, Permission.PROGRAM, Permission.DECIDE},
    Scope.REPORT: _READ | {Permission.REPORT},
    Scope.ADMIN: frozenset(Permission) - {Permission.TOKEN, Permission.MEMBERS},
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which workspace, with what: passed to every query and every action.

    `scopes` is None for a person at the keyboard and for Headway itself; a token carries its set.
    `label` is what the audit trail shows ("alice@example.com", "token ci-gate", "headway worker").
    `only` narrows what may be done to exactly these, whatever the role; with `thing_id` the power
    to decide reaches that one thing (a one-time link).
    """

    workspace_id: UUID
    role: Role
    label: str
    user_id: UUID | None = None
    member_id: UUID | None = None
    functions: frozenset[Function] = frozenset()
    scopes: frozenset[Scope] | None = None
    kind: str = "person"
    only: frozenset[Permission] | None = None
    thing_id: UUID | None = None


class Owned(Protocol):
    """Anything that belongs to a workspace."""

    @property
    def workspace_id(self) -> UUID:
        """The workspace it belongs to."""
        ...


def permissions_of(actor: Actor) -> frozenset[Permission]:
    """Return what `actor` may do: the role's permissions, cut down to the token's scopes."""
    if actor.only is not None:
        return actor.only
    allowed = ROLE_PERMISSIONS[actor.role]
    if Function.AUDITOR in actor.functions:
        allowed |= {Permission.AUDIT}
    if actor.scopes is None:
        return allowed
    scoped: frozenset[Permission] = frozenset()
    for scope in actor.scopes:
        scoped |= SCOPE_PERMISSIONS[scope]
    return allowed & scoped


def may(actor: Actor, permission: Permission) -> bool:
    """Say whether `actor` holds `permission` in its own workspace."""
    return permission in permissions_of(actor)


def require(actor: Actor, permission: Permission, thing: Owned | None = None) -> None:
    """Return when `actor` may do this to `thing`; else raise.

    Raises NotFound when the thing belongs to another workspace (its existence is not told), and
    Refused when it is the actor's own workspace but the role or the token does not reach.
    """
    if thing is not None and thing.workspace_id != actor.workspace_id:
        sentence = "There is no such thing in this workspace."
        raise NotFound(sentence)
    if may(actor, permission):
        return
    if actor.only is not None:
        sentence = f"This link answers one question and does nothing else ('{permission}' is not)."
        raise Refused(sentence)
    if actor.scopes is not None and permission in ROLE_PERMISSIONS[actor.role]:
        held = ", ".join(sorted(actor.scopes)) or "no scope"
        sentence = (
            f"This token carries {held}, which does not include '{permission}'; "
            "make a token with a wider scope."
        )
        raise Refused(sentence)
    sentence = (
        f"A {actor.role} may not do this ('{permission}' is needed); "
        "ask an owner of the workspace to change your role."
    )
    raise Refused(sentence)
