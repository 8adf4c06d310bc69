"""Telling members: on the first page at once, by mail when they want it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.models import Member
from headway.domain.accounts.rules import Actor, Permission, Role, require
from headway.domain.accounts.rules.permissions import ROLE_PERMISSIONS
from headway.domain.assessments.models import Shift
from headway.domain.notices.models import Notice
from headway.domain.notices.queries import preferences_by_member
from headway.domain.notices.rules import Telling
from headway.domain.notices.rules.telling import LONGEST_ABOUT, LONGEST_LINK, LONGEST_SENTENCE
from headway.errors import Invalid, NotFound


@transaction.atomic
def tell_member(actor: Actor, member_id: UUID, telling: Telling, at: datetime) -> bool:
    """Tell a member of the actor's workspace something; False when they are not told.

    Nobody is told of their own acts, of one thing twice (its `kind` and `about`), nor of what
    their role may not see. Raises NotFound for a member of another workspace.
    """
    require(actor, Permission.VIEW)
    found = Member.objects.select_related("user")
    member = found.filter(workspace_id=actor.workspace_id, id=member_id).first()
    if member is None:
        sentence = "There is no such member in this workspace."
        raise NotFound(sentence)
    before = Notice.objects.filter(member=member, kind=telling.kind, about=telling.about).exists()
    return not before and bool(add_notices(actor, [member], [(telling, None)], at))


def add_notices(
    actor: Actor,
    members: Iterable[Member],
    tellings: Iterable[tuple[Telling, Shift | None]],
    at: datetime,
) -> int:
    """Make a notice of each telling for each member it may be told to; return how many.

    What was told before is left alone.
    """
    may_see = [member for member in members if _is_told(actor, member)]
    told = preferences_by_member(actor, [member.id for member in may_see])
    fresh = [
        Notice(
            workspace_id=actor.workspace_id,
            member=member,
            shift=shift,
            kind=telling.kind,
            about=_short("about", telling.about, LONGEST_ABOUT),
            sentence=telling.sentence[:LONGEST_SENTENCE],
            link=_short("link", telling.link, LONGEST_LINK),
            made_at=at,
            mail_after=told[member.id].mail_after(telling.kind, at),
        )
        for telling, shift in tellings
        for member in may_see
    ]
    Notice.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
    return len(fresh)


def _is_told(actor: Actor, member: Member) -> bool:
    """Say whether a member is told at all: not of own acts, not of what the role cannot see."""
    sees = Permission.VIEW in ROLE_PERMISSIONS[Role(member.role)]
    return sees and member.user.is_active and member.id != actor.member_id


def _short(what: str, text: str, limit: int) -> str:
    """Return a text that must not be cut, because something is found by it."""
    if not text and what == "about" or len(text) > limit:
        sentence = f"The {what} of a notice has {len(text)} characters; it has 1 to {limit}."
        raise Invalid(sentence)
    return text


def answerers(actor: Actor) -> Sequence[Member]:
    """Return the members who answer for programs: what concerns a program is told to them."""
    rows = Member.objects.select_related("user").filter(workspace_id=actor.workspace_id)
    return list(rows.filter(role__in=(Role.OWNER, Role.MANAGER), user__is_active=True))


@transaction.atomic
def read_notices(actor: Actor, at: datetime) -> int:
    """Mark everything the actor was told as read."""
    require(actor, Permission.SELF)
    mine = Notice.objects.filter(
        workspace_id=actor.workspace_id, member__isnull=False, read_at__isnull=True
    )
    return mine.filter(member=actor.member_id).exclude(kind="brief").update(read_at=at)
