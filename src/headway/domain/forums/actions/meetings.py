"""Planning a meeting, opening it with its agenda, closing it with its minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.forums.models import Meeting
from headway.domain.forums.queries import (
    agenda_of,
    forum_named,
    meeting_facts,
    meeting_named,
    meetings_of,
)
from headway.domain.forums.rules import (
    ForumFacts,
    MeetingFacts,
    MeetingState,
    next_start,
    write_agenda,
)
from headway.domain.forums.rules.forums import read_members
from headway.domain.programs.actions.rows import add_row, change_row
from headway.domain.programs.queries import program_named
from headway.errors import Conflict, Invalid

#: A meeting's address: its program, its forum, its number.
Place = tuple[str, str, int]

#: How far an agenda looks back where the forum has not met yet.
FIRST_LOOK = timedelta(days=7)
#: How far ahead a meeting may be put.
FARTHEST = timedelta(days=3 * 366)


@transaction.atomic
def plan_meeting(actor: Actor, program: str, forum: str, at: datetime) -> MeetingFacts:
    """Plan the next meeting by the forum's rhythm. Raises Conflict when one is planned already."""
    require(actor, Permission.PLAN)
    held = forum_named(actor, program_named(actor, program), forum)
    if any(one.is_planned for one in meetings_of(actor, held)):
        sentence = f"The next meeting of {held.name} is planned already; move that one."
        raise Conflict(sentence)
    return next_meeting(actor, held, at)


def next_meeting(actor: Actor, forum: ForumFacts, after: datetime) -> MeetingFacts:
    """Plan the meeting that follows `after`, and the last one there was."""
    known = meetings_of(actor, forum)
    latest = max([after, *(one.starts_at for one in known)])
    row = Meeting(
        workspace_id=forum.workspace_id,
        forum_id=forum.id,
        number=max((one.number for one in known), default=0) + 1,
        starts_at=next_start(forum, latest),
    )
    return meeting_facts(add_row(actor, row, after, "plan_meeting", forum=forum.key))


def shift_planned(actor: Actor, forum: ForumFacts, at: datetime, *, moved: bool) -> None:
    """Renew the invitation to what is planned after the forum changed; `moved`: its time, too."""
    planned = Meeting.objects.select_for_update().filter(forum_id=forum.id, state="planned")
    for row in planned:
        changes: dict[str, object] = {"sequence": row.sequence + 1}
        if moved:
            changes["starts_at"] = next_start(forum, at)
        change_row(actor, row, changes, at, "move_meeting")


@transaction.atomic
def move_meeting(
    actor: Actor, place: Place, starts_at: datetime, at: datetime, *, version: int | None = None
) -> MeetingFacts:
    """Put a planned meeting to another time; its invitation is a new one of the same meeting."""
    require(actor, Permission.PLAN)
    row = _locked(actor, place)
    if row.state != MeetingState.PLANNED:
        sentence = f"Meeting {row.number} is {row.state}; only a planned one can be moved."
        raise Conflict(sentence)
    if not at - FARTHEST <= starts_at <= at + FARTHEST:
        sentence = f"{starts_at:%Y-%m-%d} lies more than three years away; check the year."
        raise Invalid(sentence)
    if starts_at != row.starts_at:
        changes = {"starts_at": starts_at, "sequence": row.sequence + 1}
        change_row(actor, row, changes, at, "move_meeting", version)
    return meeting_facts(row)


@transaction.atomic
def open_meeting(
    actor: Actor, place: Place, at: datetime, *, version: int | None = None
) -> MeetingFacts:
    """Begin a planned meeting: its agenda is built from the brief, and frozen.

    It looks back to the meeting before, else a week. Raises Conflict when it was opened before.
    """
    require(actor, Permission.PLAN)
    program = program_named(actor, place[0])
    forum = forum_named(actor, program, place[1])
    row = _locked(actor, place)
    if row.state != MeetingState.PLANNED:
        sentence = f"Meeting {row.number} of {forum.name} was opened already."
        raise Conflict(sentence)
    earlier = [one.opened_at for one in meetings_of(actor, forum) if one.opened_at]
    since = max([moment for moment in earlier if moment < at], default=at - FIRST_LOOK)
    agenda = write_agenda(agenda_of(actor, program, forum.kind, since, at))
    begun = {"state": MeetingState.HELD.value, "agenda": agenda, "opened_at": at}
    change_row(actor, row, begun, at, "open_meeting", version)
    return meeting_facts(row)


@transaction.atomic
def close_meeting(
    actor: Actor,
    place: Place,
    present: Sequence[str] | str,
    at: datetime,
    *,
    version: int | None = None,
) -> MeetingFacts:
    """End a meeting: who was there (keys of the roster, or names), and its minutes are frozen.

    The next one is planned by the rhythm, unless one is.
    """
    require(actor, Permission.PLAN)
    forum = forum_named(actor, program_named(actor, place[0]), place[1])
    row = _locked(actor, place)
    if row.state != MeetingState.HELD:
        sentence = f"Meeting {row.number} of {forum.name} is {row.state}; only one held is closed."
        raise Conflict(sentence)
    ended = {
        "state": MeetingState.CLOSED.value,
        "present": read_members("present", present),
        "closed_at": at,
        "closed_by": actor.label,
    }
    change_row(actor, row, ended, at, "close_meeting", version)
    if not any(one.is_planned for one in meetings_of(actor, forum)):
        next_meeting(actor, forum, at)
    return meeting_facts(row)


def _locked(actor: Actor, place: Place) -> Meeting:
    """Return the row of the meeting at `place`, locked; NotFound."""
    forum = forum_named(actor, program_named(actor, place[0]), place[1])
    held = meeting_named(actor, forum, place[2])
    return Meeting.objects.select_for_update().get(id=held.id)
