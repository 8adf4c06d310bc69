"""The fixed cast of the tests, and plain functions that build what they work with.

Acme:  Alice owns, Mia manages, Bob contributes, Ana approves, Vera views, Vic is a vendor.
Other: Charlie owns, and has no business in Acme.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from headway.domain.accounts.actions import create_token, create_workspace
from headway.domain.accounts.models import Member, User, Workspace
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


def a_cast(at: datetime = AT) -> Cast:
    """Make both workspaces and everybody in them."""
    acme = create_workspace("Acme", at)
    other = create_workspace("Other", at)
    return Cast(
        acme=acme,
        other=other,
        alice=a_member(acme, "Alice", Role.OWNER, at=at),
        mia=a_member(acme, "Mia", Role.MANAGER, at=at),
        bob=a_member(acme, "Bob", Role.CONTRIBUTOR, at=at),
        ana=a_member(acme, "Ana", Role.APPROVER, functions=[Function.LEGAL], at=at),
        vera=a_member(acme, "Vera", Role.VIEWER, at=at),
        vic=a_member(acme, "Vic", Role.VENDOR, at=at),
        charlie=a_member(other, "Charlie", Role.OWNER, at=at),
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
