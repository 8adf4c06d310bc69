"""Inviting people to a meeting by mail, with the entry for their calendar."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from headway.domain.accounts.queries import workspace_of
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.forums.queries import MeetingPage, invitation, invited_to, meeting_page
from headway.domain.forums.rules import zone_of_forum
from headway.domain.notices.actions.post import below, post
from headway.domain.notices.models import Notice
from headway.domain.notices.rules import MOST_TRIES, invitation_letter
from headway.domain.programs.queries import program_named
from headway.errors import Conflict, HeadwayError
from headway.rendering import phrases

#: The kind of a notice that invites; it is asked of people, so that no member chooses how.
INVITATION = "invitation"


@transaction.atomic
def invite_to_meeting(actor: Actor, place: tuple[str, str, int], at: datetime) -> int:
    """Put an invitation into the outbox for each member of the forum with an address.

    `place` is program, forum and number. The same invitation goes to nobody twice: a moved meeting
    has a new one. Returns how many wait now. Raises Conflict for a meeting that is not planned, and
    where no mail server is set up.
    """
    require(actor, Permission.PLAN)
    page = meeting_page(actor, program_named(actor, place[0]), (place[1], place[2]))
    if not page.meeting.is_planned:
        sentence = (
            f"Meeting {page.meeting.number} is {page.meeting.state}; nobody is invited to it."
        )
        raise Conflict(sentence)
    if not settings.MAIL_IS_SET:
        sentence = "No mail server is set up here; download the invitation and send it yourself."
        raise Conflict(sentence)
    about = f"{page.meeting.id} {page.meeting.sequence}"
    before = Notice.objects.filter(
        workspace_id=actor.workspace_id, kind=INVITATION, about=about
    ).values_list("person_id", flat=True)
    fresh = [
        Notice(
            workspace_id=actor.workspace_id,
            person_id=one.id,
            kind=INVITATION,
            about=about,
            sentence=f"{page.forum.name}, meeting {page.meeting.number}",
            link=f"programs/{place[0]}/forums/{place[1]}/{place[2]}/",
            made_at=at,
            mail_after=at,
        )
        for one in invited_to(actor, page.forum)
        if one.id not in set(before)
    ]
    Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def send_invitations(actor: Actor, at: datetime) -> int:
    """Send the invitations that wait, each with the file that calendars open."""
    require(actor, Permission.SYNC)
    waiting = Notice.objects.select_related("person").filter(
        workspace_id=actor.workspace_id,
        kind=INVITATION,
        person__isnull=False,
        mailed_at__isnull=True,
        mail_after__lte=at,
        tries__lt=MOST_TRIES,
    )
    return sum(_send(actor, notice, at) for notice in waiting.order_by("made_at", "id")[:500])


def _send(actor: Actor, notice: Notice, at: datetime) -> bool:
    """Send one invitation, unless the meeting moved, began or went meanwhile."""
    page = _still(actor, notice)
    if page is None or notice.person is None or not notice.person.email:
        Notice.objects.filter(id=notice.id).update(mail_after=None)
        return False
    workspace = workspace_of(actor)
    address = below(workspace, notice.link)
    when = phrases.moment(page.meeting.starts_at, zone_of_forum(page.forum))
    letter = invitation_letter((workspace.name, page.program.name), page.forum, when, address)
    found = invitation(actor, page, address, at)
    files = [(found.name, found.text, f"text/calendar; method={found.method}")]
    return post([notice], letter, notice.person.email, at, files=files)


def _still(actor: Actor, notice: Notice) -> MeetingPage | None:
    """Return the meeting as it is, if it is still the one that the notice invites to."""
    _, program, _, forum, number, _ = notice.link.split("/")
    try:
        page = meeting_page(actor, program_named(actor, program), (forum, int(number)))
    except HeadwayError:
        return None
    same = notice.about == f"{page.meeting.id} {page.meeting.sequence}"
    return page if same and page.meeting.is_planned else None
