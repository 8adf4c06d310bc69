"""The fixed cast of the tests, and plain functions that build what they work with.

Acme:  Alice owns, Mia manages, Bob contributes, Ana approves, Vera views, Vic is a vendor.
Other: Charlie owns, and has no business in Acme.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from headway.domain.accounts.actions import create_token, create_workspace
from headway.domain.accounts.models import AuditEntry, AuditHead, Member, User, Workspace
from headway.domain.accounts.queries import actor_for_user
from headway.domain.accounts.rules import Actor, Function, Role, Scope
from headway.domain.programs.models import Program, Project

#: When the tests happen, unless they say otherwise.
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody, as actors in their own workspace."""

    acme: Workspace
    other: Workspace
    alice: Actor
    mia: Actor
    bob: Actor
    ana: Actor
    vera: Actor
    vic: Actor
    charlie: Actor

    def of_role(self, role: Role) -> Actor:
        """Return Acme's member with this role."""
        return {
            Role.OWNER: self.alice,
            Role.MANAGER: self.mia,
            Role.CONTRIBUTOR: self.bob,
            Role.APPROVER: self.ana,
            Role.VIEWER: self.vera,
            Role.VENDOR: self.vic,
        }[role]


def a_cast() -> Cast:
    """Make both workspaces and everybody in them.

    The first time by the actions; from then on the same rows are put back, five statements instead
    of seventy: thousands of tests begin so.
    """
    if not _ROWS:
        alone = not User.objects.exists() and not Workspace.objects.exists()
        cast = _by_the_actions()
        if alone:
            _ROWS.extend((table, list(table.objects.all())) for table in _TABLES)
            _ROWS.append((Cast, [cast]))
        return cast
    *held, (_, (cast,)) = _ROWS
    for table, rows in held:
        table.objects.bulk_create([_anew(row) for row in rows])
    return replace(cast, acme=_anew(cast.acme, kept=True), other=_anew(cast.other, kept=True))


#: What the actions write for a cast, what is pointed to first.
_TABLES: tuple[Any, ...] = (User, Workspace, Member, AuditHead, AuditEntry)
_ROWS: list[tuple[Any, list[Any]]] = []


def _anew(row: Any, *, kept: bool = False) -> Any:
    """Return a copy of a row, as one that is to be written, or is already (`kept`)."""
    twin = copy(row)
    twin._state = copy(row._state)
    twin._state.adding = not kept
    twin._state.fields_cache = {}
    if isinstance(row, AuditEntry):
        twin.pk = None  # the database counts them
    return twin


def _by_the_actions() -> Cast:
    acme = create_workspace("Acme", AT)
    other = create_workspace("Other", AT)
    return Cast(
        acme=acme,
        other=other,
        alice=a_member(acme, "Alice", Role.OWNER),
        mia=a_member(acme, "Mia", Role.MANAGER),
        bob=a_member(acme, "Bob", Role.CONTRIBUTOR),
        ana=a_member(acme, "Ana", Role.APPROVER, functions=[Function.LEGAL]),
        vera=a_member(acme, "Vera", Role.VIEWER),
        vic=a_member(acme, "Vic", Role.VENDOR),
        charlie=a_member(other, "Charlie", Role.OWNER),
    )


def a_member(
    workspace: Workspace,
    name: str,
    role: Role,
    *,
    functions: Iterable[Function] = (),
    password: str | None = None,
    at: datetime = AT,
) -> Actor:
    """Make a user with an address from their name, and their place in `workspace`."""
    user = User.objects.create_user(f"{name.lower()}@example.com", name, password)
    Member.objects.create(
        workspace=workspace, user=user, role=role, functions=list(functions), joined_at=at
    )
    return actor_for_user(user.id, workspace.slug)


def a_token(
    actor: Actor,
    *scopes: Scope,
    name: str = "tests",
    at: datetime = AT,
    expires_at: datetime | None = None,
) -> str:
    """Return the secret of a new token, made around the permission: any role can have one."""
    maker = Actor(actor.workspace_id, Role.OWNER, actor.label, actor.user_id, actor.member_id)
    _, secret = create_token(maker, name, scopes or [Scope.ADMIN], at, expires_at=expires_at)
    return secret


def a_program(workspace: Workspace, slug: str = "automation", **columns: object) -> Program:
    """Make a program."""
    return Program.objects.create(workspace=workspace, slug=slug, name=slug.title(), **columns)


def a_project(
    workspace: Workspace,
    slug: str = "meter-reading",
    *,
    program: Program | None = None,
    **columns: object,
) -> Project:
    """Make a project, in a program of its own when none is given."""
    return Project.objects.create(
        workspace=workspace,
        program=program or a_program(workspace, f"{slug}-program"),
        slug=slug,
        name=slug.replace("-", " ").title(),
        **columns,
    )
