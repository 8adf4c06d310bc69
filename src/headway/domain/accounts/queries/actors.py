"""From a session or a token to an Actor: the one way in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.models import Member, Token, Workspace
from headway.domain.accounts.rules import Actor, Function, Permission, Role, Scope
from headway.domain.accounts.rules.secrets import hash_secret
from headway.errors import NotFound, SignInNeeded

#: How the trail, and a decision, name whoever acted through a one-time link.
BY_LINK = " by one-time link"


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace a user is a member of.

    The sample opens as of `pinned_at`; `visited_at` is the last visit that was noted.
    """

    slug: str
    name: str
    role: Role
    is_sample: bool = False
    pinned_at: datetime | None = None
    visited_at: datetime | None = None


def places_of(user_id: UUID) -> Sequence[Place]:
    """Return the workspaces of a user, by name."""
    members = Member.objects.filter(user_id=user_id, user__is_active=True)
    rows = members.select_related("workspace").order_by("workspace__name")
    return [_place(row) for row in rows]


def _place(member: Member) -> Place:
    workspace = member.workspace
    return Place(
        workspace.slug,
        workspace.name,
        Role(member.role),
        workspace.is_sample,
        workspace.pinned_at,
        member.last_seen_at,
    )


def actor_for_user(user_id: UUID, workspace_slug: str) -> Actor:
    """Return the actor a signed-in user is in a workspace; NotFound when not a member."""
    return entry_for_user(user_id, workspace_slug)[0]


def entry_for_user(user_id: UUID, workspace_slug: str) -> tuple[Actor, Place]:
    """Return who a signed-in user is in a workspace, and the workspace; NotFound for strangers.

    Looked up on every request, so that a removal holds from the next one.
    """
    member = (
        Member.objects.select_related("user", "workspace")
        .filter(user_id=user_id, user__is_active=True, workspace__slug=workspace_slug)
        .first()
    )
    if member is None:
        sentence = f"There is no workspace '{workspace_slug}' here."
        raise NotFound(sentence)
    return _actor(member, member.user.email, None, "person"), _place(member)


def actor_for_token(secret: str, at: datetime) -> tuple[Actor, UUID]:
    """Return the actor a token stands for, and the token's id.

    Raises SignInNeeded for an unknown, expired or revoked token, or a member switched off: looked
    up on every request, so that a revocation holds from the next one.
    """
    token = (
        Token.objects.select_related("member__user")
        .filter(secret_hash=hash_secret(secret), revoked_at__isnull=True)
        .filter(member__user__is_active=True)
        .first()
    )
    if token is None or (token.expires_at is not None and token.expires_at <= at):
        sentence = (
            "The token is unknown, expired or revoked; make a new one under Settings, Tokens."
        )
        raise SignInNeeded(sentence)
    scopes = frozenset(Scope(scope) for scope in token.scopes)
    label = f"{token.member.user.email} by token {token.name}"
    return _actor(token.member, label, scopes, "token"), token.id


def _actor(member: Member, label: str, scopes: frozenset[Scope] | None, kind: str) -> Actor:
    return Actor(
        workspace_id=member.workspace_id,
        role=Role(member.role),
        label=label,
        user_id=member.user_id,
        member_id=member.id,
        functions=frozenset(Function(function) for function in member.functions),
        scopes=scopes,
        kind=kind,
    )


def member_actor(member_id: UUID, label: str, scopes: Iterable[str] | None, kind: str) -> Actor:
    """Return a member as they may act now, who came in as `kind` with `scopes` when they asked.

    For work that is done after the request: a removal or another role holds for it, too. Raises
    NotFound when they are no member any more, or switched off.
    """
    rows = Member.objects.select_related("user").filter(id=member_id, user__is_active=True)
    member = rows.first()
    if member is None:
        sentence = f"{label} is no member of this workspace any more."
        raise NotFound(sentence)
    cut = None if scopes is None else frozenset(Scope(scope) for scope in scopes)
    return _actor(member, label, cut, kind)


def headway_actor(workspace_id: UUID) -> Actor:
    """Return Headway itself acting in a workspace: the worker, the demo, the first start."""
    return Actor(workspace_id, Role.OWNER, "headway", kind="headway")


def link_actor(workspace_id: UUID, name: str, thing_id: UUID) -> Actor:
    """Return whoever holds a one-time link to decide one thing: that, and nothing else."""
    return Actor(
        workspace_id,
        Role.VENDOR,
        f"{name}{BY_LINK}",
        kind="link",
        only=frozenset({Permission.DECIDE}),
        thing_id=thing_id,
    )


def owner_actor(workspace: Workspace, as_email: str = "") -> Actor:
    """Return who the local command line acts as: the named member, else the first owner.

    Whoever can read the database file is its owner; `as_email` is the command line's `--as`.
    """
    members = Member.objects.select_related("user").filter(workspace=workspace)
    if as_email:
        member = members.filter(user__email=as_email.lower()).first()
        if member is None:
            sentence = f"No member of {workspace.name} has the address {as_email!r}."
            raise NotFound(sentence)
    else:
        member = members.filter(role=Role.OWNER).order_by("joined_at").first()
    if member is None:
        return headway_actor(workspace.id)
    return _actor(member, f"{member.user.email} at the command line", None, "person")


def workspaces() -> Sequence[Workspace]:
    """Return every workspace of this installation: for the worker and the command line only."""
    return list(Workspace.objects.order_by("created_at"))


def workspace_named(slug: str = "") -> Workspace:
    """Return the workspace with this address; without one, the only one there is."""
    found = list(Workspace.objects.filter(slug=slug) if slug else Workspace.objects.all()[:2])
    if len(found) == 1:
        return found[0]
    names = ", ".join(Workspace.objects.order_by("slug").values_list("slug", flat=True)[:20])
    sentence = (
        f"There is no workspace '{slug}'; there are: {names or 'none yet'}."
        if slug or not found
        else f"There are several workspaces ({names}); name one with --workspace."
    )
    raise NotFound(sentence)
