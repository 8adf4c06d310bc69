"""The outbox: the one place from which mail about work goes out, tried again when it fails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from headway.domain.accounts.models import Member, Workspace
from headway.domain.accounts.queries import workspace_of
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.notices.models import Notice
from headway.domain.notices.queries import (
    address_of_stop,
    links_of_preferences,
    preferences_by_member,
)
from headway.domain.notices.rules import MOST_TRIES, Kind, digest_letter, next_mail_in
from headway.rendering.letter import Letter, Line, letter_html, letter_text


def send_notices(actor: Actor, at: datetime) -> int:
    """Send each member one mail with what waits for them; return how many went out.

    Nothing is sent where no mail server is set up, and nothing in somebody's quiet hours. A mail
    that fails is tried five times within a day or so, and its failure is kept.
    """
    require(actor, Permission.SYNC)
    if not settings.MAIL_IS_SET:
        return 0
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
        count += _send_digest(workspace, pile, at)
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
    return post(pile, letter, member.user.email, at, stop=stop_of(member, lines))


def below(workspace: Workspace, link: str) -> str:
    """Return the whole address of a path below the workspace's."""
    return f"{settings.BASE_URL}/w/{workspace.slug}/{link}"


def stop_of(member: Member, kinds: Sequence[Kind] | dict[Kind, list[Line]]) -> str:
    """Return the address that mail programs offer as "unsubscribe"."""
    return address_of_stop(member.id, kinds)


def post(
    pile: Sequence[Notice], letter: Letter, address: str, at: datetime, *, stop: str = ""
) -> bool:
    """Send a letter that tells `pile`; remember whether it worked."""
    headers = {"Auto-Submitted": "auto-generated"}
    if stop:
        headers["List-Unsubscribe"] = f"<{stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMultiAlternatives(
        letter.one_line_subject,
        letter_text(letter),
        settings.DEFAULT_FROM_EMAIL,
        [address],
        headers=headers,
    )
    mail.attach_alternative(letter_html(letter), "text/html")
    try:
        mail.send()
    except OSError as error:
        for notice in pile:
            notice.tries += 1
            notice.failure = str(error)[:500]
            notice.mail_after = at + next_mail_in(notice.tries)
        Notice.objects.bulk_update(pile, ["tries", "failure", "mail_after"])
        return False
    ids = [notice.id for notice in pile]
    Notice.objects.filter(id__in=ids).update(mailed_at=at, failure="")
    return True
