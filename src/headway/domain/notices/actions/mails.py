"""The outbox: the one place from which mail about work goes out, tried again when it fails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings

from headway.domain.accounts.models import Workspace
from headway.domain.accounts.queries import workspace_of
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.notices.actions.asks import send_questions
from headway.domain.notices.actions.briefs import send_brief
from headway.domain.notices.actions.invite import send_invitations
from headway.domain.notices.actions.post import below, post
from headway.domain.notices.models import Notice
from headway.domain.notices.queries import (
    address_of_stop,
    links_of_preferences,
    preferences_by_member,
)
from headway.domain.notices.rules import MOST_TRIES, Kind, digest_letter
from headway.rendering.letter import Line


def send_notices(actor: Actor, at: datetime) -> int:
    """Send each member one mail with what waits for them; return how many went out.

    Nothing is sent where no mail server is set up, and nothing in somebody's quiet hours. A mail
    that fails is tried five times within a day or so, and its failure is kept.
    """
    require(actor, Permission.SYNC)
    if not settings.MAIL_IS_SET:
        return 0
    asked = send_questions(actor, at) + send_invitations(actor, at)
    return _send_to_members(actor, at) + asked


def _send_to_members(actor: Actor, at: datetime) -> int:
    waiting = (
        Notice.objects.select_related("member__user")
        .filter(workspace_id=actor.workspace_id, mailed_at__isnull=True, mail_after__lte=at)
        .filter(read_at__isnull=True, tries__lt=MOST_TRIES, member__user__is_active=True)
        .order_by("made_at", "id")
    )
    piles: dict[UUID, list[Notice]] = defaultdict(list)
    for notice in waiting[:1_000]:
        if notice.member_id is not None:
            piles[notice.member_id].append(notice)
    held = preferences_by_member(actor, piles)
    workspace = workspace_of(actor)
    count = 0
    for member_id, pile in piles.items():
        awake = held[member_id].awake(at)
        if awake > at:  # a retry, or what waited while the worker was down, fell into the night
            Notice.objects.filter(id__in=[one.id for one in pile]).update(mail_after=awake)
            continue
        briefs = [one for one in pile if one.kind == Kind.BRIEF]
        count += sum(send_brief(workspace, one, held[member_id], at) for one in briefs)
        rest = [one for one in pile if one.kind != Kind.BRIEF]
        count += _send_digest(workspace, rest, at) if rest else 0
    return count


def _send_digest(workspace: Workspace, pile: Sequence[Notice], at: datetime) -> bool:
    """Send one member's pile as one mail."""
    member = pile[0].member
    if member is None:
        return False
    lines: dict[Kind, list[Line]] = defaultdict(list)
    for notice in pile:
        lines[Kind(notice.kind)].append(Line(notice.sentence, below(workspace, notice.link)))
    foot = links_of_preferences(workspace.slug, member.id, lines)
    letter = digest_letter(lines, workspace.name, foot)
    return post(pile, letter, member.user.email, at, stop=address_of_stop(member.id, lines))
