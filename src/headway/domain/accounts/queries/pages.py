"""What the screens about members, tokens and the audit trail show."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.models import (
    AuditEntry,
    AuditHead,
    Member,
    OneTimeLink,
    Token,
    Workspace,
)
from headway.domain.accounts.rules import Actor, Permission, Role, may, require
from headway.domain.accounts.rules.chain import (
    GENESIS,
    Break,
    ChainLink,
    audit_text,
    first_break,
)

#: Rows a page of the audit trail shows.
PAGE = 100


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member on the members page."""

    id: UUID
    name: str
    email: str
    role: Role
    functions: tuple[str, ...]
    joined_at: datetime
    last_seen_at: datetime | None
    is_you: bool


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """An invitation that has not been used yet."""

    id: UUID
    email: str
    role: Role
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class MembersPage:
    """Who is here, who is invited, and whether the reader may change it."""

    members: Sequence[MemberLine]
    invitations: Sequence[InvitationLine]
    may_manage: bool


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One token: never its secret."""

    id: UUID
    name: str
    hint: str
    owner: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One row of the audit trail."""

    sequence: int
    at: datetime
    actor: str
    action: str
    thing: str
    detail: dict[str, object]
    digest: str

    @property
    def told(self) -> Sequence[tuple[str, object]]:
        """Return the detail as pairs: a detail called "items" hides a dict's own from templates."""
        return list(self.detail.items())


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of the audit trail, newest first; `older` is the cursor to the next page."""

    lines: Sequence[AuditLine]
    older: int | None
    total: int
    head: str


def workspace_of(actor: Actor) -> Workspace:
    """Return the actor's workspace."""
    return Workspace.objects.get(id=actor.workspace_id)


def members_page(actor: Actor, at: datetime) -> MembersPage:
    """Return the members page; names and addresses are for fellow members only."""
    require(actor, Permission.VIEW)
    members = Member.objects.select_related("user").filter(workspace_id=actor.workspace_id)
    manages = may(actor, Permission.MEMBERS)
    open_links = OneTimeLink.objects.filter(
        workspace_id=actor.workspace_id, purpose="invite", used_at__isnull=True, expires_at__gt=at
    )
    return MembersPage(
        members=[
            MemberLine(
                row.id,
                row.user.name,
                row.user.email,
                Role(row.role),
                tuple(row.functions),
                row.joined_at,
                row.last_seen_at,
                row.id == actor.member_id,
            )
            for row in members.order_by("user__name", "user__email")
        ],
        invitations=[
            InvitationLine(link.id, link.email, Role(link.role), link.expires_at)
            for link in open_links.order_by("expires_at")
        ]
        if manages
        else [],
        may_manage=manages,
    )


def names_by_address(actor: Actor) -> Mapping[str, str]:
    """Return the names of the workspace's members by address; who gave no name is left out."""
    require(actor, Permission.VIEW)
    members = Member.objects.filter(workspace_id=actor.workspace_id).exclude(user__name="")
    return dict(members.values_list("user__email", "user__name"))


def tokens_page(actor: Actor) -> Sequence[TokenLine]:
    """Return the actor's tokens; everybody's for those who manage members."""
    require(actor, Permission.TOKEN)
    tokens = Token.objects.select_related("member__user").filter(workspace_id=actor.workspace_id)
    if not may(actor, Permission.MEMBERS):
        tokens = tokens.filter(member=actor.member_id)
    return [
        TokenLine(
            row.id,
            row.name,
            row.hint,
            str(row.member.user),
            tuple(row.scopes),
            row.created_at,
            row.expires_at,
            row.last_used_at,
            row.revoked_at,
        )
        for row in tokens.order_by("-created_at")
    ]


def audit_page(actor: Actor, *, before: int | None = None, action: str = "") -> AuditPage:
    """Return a page of the audit trail below sequence `before`, newest first."""
    require(actor, Permission.AUDIT)
    entries = AuditEntry.objects.filter(workspace_id=actor.workspace_id)
    total = AuditHead.objects.filter(workspace_id=actor.workspace_id).first()
    if action:
        entries = entries.filter(action=action)
    if before is not None:
        entries = entries.filter(sequence__lt=before)
    rows = list(entries.order_by("-sequence")[: PAGE + 1])
    lines = [
        AuditLine(
            row.sequence,
            row.at,
            row.actor,
            row.action,
            row.thing,
            json.loads(row.text)["detail"],
            row.digest,
        )
        for row in rows[:PAGE]
    ]
    older = lines[-1].sequence if len(rows) > PAGE else None
    return AuditPage(
        lines, older, total.sequence if total else 0, str(total.digest) if total else ""
    )


def audit_head(actor: Actor, at: datetime) -> str:
    """Return where the audit trail stood at `at`: its last row's sequence and digest."""
    require(actor, Permission.AUDIT)
    rows = AuditEntry.objects.filter(workspace_id=actor.workspace_id, at__lte=at)
    last = rows.order_by("-sequence").first()
    return f"{last.sequence}:{last.digest}" if last else f"0:{GENESIS}"


def audit_break(actor: Actor, anchored: tuple[int, str] | None = None) -> Break | None:
    """Verify the audit chain of the actor's workspace; None when it holds.

    The stored head shows a cut tail. Somebody with the database in hand can write head and chain
    anew; only an `anchored` (sequence, digest) that was kept outside shows that.
    """
    require(actor, Permission.AUDIT)
    head = AuditHead.objects.filter(workspace_id=actor.workspace_id).first()
    stored = (head.sequence, str(head.digest)) if head else (0, GENESIS)
    rows = AuditEntry.objects.filter(workspace_id=actor.workspace_id).order_by("sequence")
    links = (_as_shown(row) for row in rows.iterator(chunk_size=2_000))
    return first_break(links, stored, anchored)


def _as_shown(row: AuditEntry) -> ChainLink:
    """Return the link whose text is made anew from the columns, so that none can be edited."""
    try:
        detail = json.loads(row.text)["detail"]
        shown = audit_text(row.sequence, row.at, row.actor, row.action, row.thing, detail)
    except (ValueError, KeyError, TypeError):
        shown = ""
    # Where columns and text disagree neither is taken: no digest fits both.
    text = row.text if shown == row.text else f"{shown}\n{row.text}"
    return ChainLink(row.sequence, text, row.previous, row.digest)
