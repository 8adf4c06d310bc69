"""What a member was told, and who a name on the roster is among the members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.notices.models import Notice
from headway.domain.notices.rules import Kind
from headway.domain.people.queries import people_of


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice on the first page; `link` is a path below the workspace's."""

    id: UUID
    kind: Kind
    sentence: str
    link: str
    at: datetime
    is_read: bool
    shift: UUID | None = None


def notices_of(
    actor: Actor, at: datetime | None = None, *, limit: int = 30
) -> Sequence[NoticeLine]:
    """Return what the actor was told, newest first; nothing for a token or for Headway itself.

    A brief is a page of its own and no line here.
    """
    require(actor, Permission.SELF)
    rows = Notice.objects.filter(workspace_id=actor.workspace_id, member__isnull=False)
    rows = rows.filter(member=actor.member_id).exclude(kind=Kind.BRIEF)
    if at is not None:
        rows = rows.filter(made_at__lte=at)
    return [
        NoticeLine(
            row.id,
            Kind(row.kind),
            row.sentence,
            row.link,
            row.made_at,
            row.read_at is not None,
            row.shift_id,
        )
        for row in rows.order_by("-made_at", "id")[:limit]
    ]


def members_by_name(actor: Actor) -> Mapping[str, UUID]:
    """Return the members that names in plans stand for, by the name in small letters.

    Somebody is called by address, by name, and by what the roster calls whoever has that address.
    A name that two members have stands for neither.
    """
    require(actor, Permission.VIEW)
    members = Member.objects.filter(workspace_id=actor.workspace_id, user__is_active=True)
    found: dict[str, set[UUID]] = {}
    by_address: dict[str, UUID] = {}
    for member in members.select_related("user"):
        by_address[member.user.email] = member.id
        for name in (member.user.email, member.user.name):
            found.setdefault(name.lower(), set()).add(member.id)
    for person in people_of(actor):
        if person.email in by_address:
            for name in (person.key, person.name):
                found.setdefault(name.lower(), set()).add(by_address[person.email])
    return {name: next(iter(ids)) for name, ids in found.items() if name and len(ids) == 1}
