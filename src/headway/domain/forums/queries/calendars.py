"""Meetings as calendars read them: an invitation, and the feed of one member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from headway.domain.accounts.models import Member
from headway.domain.accounts.queries import actor_for_user
from headway.domain.accounts.rules import Actor, Permission, may, require
from headway.domain.accounts.rules.secrets import hash_secret
from headway.domain.forums.models import CalendarFeed, Forum, Meeting
from headway.domain.forums.queries.forums import MeetingPage
from headway.domain.forums.rules import (
    Attendee,
    Event,
    ForumFacts,
    MeetingFacts,
    calendar_text,
)
from headway.domain.people.queries import people_of
from headway.domain.people.rules import PersonFacts
from headway.errors import NotFound

#: Meetings that a feed holds, and how long one stays in it afterwards.
MOST_EVENTS = 500
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar file."""

    name: str
    text: str
    method: str


@dataclass(frozen=True, slots=True)
class FeedLine:
    """The feed of a member, never its secret."""

    id: UUID
    hint: str
    created_at: datetime
    last_used_at: datetime | None


def invitation(actor: Actor, page: MeetingPage, address: str, at: datetime) -> Calendar:
    """Return the invitation to a meeting for its forum's members who have an address.

    Whoever set the forum up invites, so that every invitation to it comes from the same person;
    when they have left it is shown and asks for no answer. `address` is where the meeting is read.
    """
    require(actor, Permission.VIEW, page.forum)
    inviter = _inviter(actor, page.forum)
    event = replace(
        _event(page.meeting, page.forum, page.program.name, at, address),
        organizer=inviter,
        attendees=[Attendee(one.name, one.email) for one in invited_to(actor, page.forum)]
        if inviter
        else [],
    )
    name, method = (
        f"{page.forum.key}-{page.meeting.number}.ics",
        "REQUEST" if inviter else "PUBLISH",
    )
    return Calendar(name, calendar_text([event], method), method)


def invited_to(actor: Actor, forum: ForumFacts) -> Sequence[PersonFacts]:
    """Return the members of a forum who have an address, by name."""
    members = set(forum.members)
    return [one for one in people_of(actor) if one.key in members and one.email]


def feed_of_mine(actor: Actor) -> FeedLine | None:
    """Return the actor's feed, None where there is none."""
    require(actor, Permission.VIEW)
    if actor.member_id is None:
        return None
    row = CalendarFeed.objects.filter(
        workspace_id=actor.workspace_id, member_id=actor.member_id, revoked_at__isnull=True
    ).first()
    return FeedLine(row.id, row.hint, row.created_at, row.last_used_at) if row else None


def calendar_for(secret: str, base: str, at: datetime) -> tuple[Calendar, UUID]:
    """Return what stands in the calendar of whoever the secret was made for, and the feed's id.

    These are the meetings, past ones of 90 days too, of the forums they belong to, as they may see
    them now. `base` is the address of this installation. Raises NotFound for a secret that is
    unknown or revoked, and for a member who left or may see no programs any more.
    """
    row, actor = feed_behind(secret)
    events = _events(actor, f"{base}/w/{row.workspace.slug}", at)
    name = f"{row.workspace.name}: meetings"
    return Calendar("meetings.ics", calendar_text(events, "PUBLISH", name), "PUBLISH"), row.id


def feed_behind(secret: str) -> tuple[CalendarFeed, Actor]:
    """Return the feed that a secret opens, and its owner as they stand now. Raises NotFound."""
    row = (
        CalendarFeed.objects.select_related("member__user", "workspace")
        .filter(secret_hash=hash_secret(secret), revoked_at__isnull=True)
        .first()
    )
    if row is None:
        raise _unknown()
    actor = actor_for_user(row.member.user_id, row.workspace.slug)
    if not may(actor, Permission.VIEW):
        raise _unknown()
    return row, actor


def _events(actor: Actor, base: str, at: datetime) -> Sequence[Event]:
    mine = _my_keys(actor)
    if not mine:
        return []
    forums = {
        row.id: row
        for row in Forum.objects.select_related("program").filter(workspace_id=actor.workspace_id)
        if mine & set(row.members)
    }
    meetings = Meeting.objects.filter(
        workspace_id=actor.workspace_id, forum_id__in=list(forums), starts_at__gte=at - KEPT
    )
    found = []
    for row in meetings.order_by("-starts_at", "id")[:MOST_EVENTS]:
        forum = forums[row.forum_id]
        address = f"{base}/programs/{forum.program.slug}/forums/{forum.key}/{row.number}/"
        found.append(_event(row, forum, forum.program.name, at, address))
    return found


def _my_keys(actor: Actor) -> set[str]:
    """Return the keys of the roster that are the actor: those with their address."""
    address = actor.label.partition(" ")[0]
    return {one.key for one in people_of(actor) if one.email and one.email == address}


def _event(
    meeting: Meeting | MeetingFacts,
    forum: Forum | ForumFacts,
    program: str,
    at: datetime,
    address: str,
) -> Event:
    return Event(
        uid=f"{meeting.id}@headway",
        sequence=meeting.sequence,
        stamp=at,
        starts_at=meeting.starts_at,
        minutes=forum.minutes,
        summary=f"{forum.name}, {program}",
        place=forum.place,
        description=f"Agenda and minutes: {address}",
        url=address,
    )


def _inviter(actor: Actor, forum: ForumFacts) -> Attendee | None:
    if forum.organizer_id is None:
        return None
    rows = Member.objects.select_related("user").filter(workspace_id=actor.workspace_id)
    row = rows.filter(id=forum.organizer_id).first()
    return Attendee(row.user.name or row.user.email, row.user.email) if row else None


def _unknown() -> NotFound:
    sentence = "There is no such calendar: its address was revoked, or mistyped."
    return NotFound(sentence)
