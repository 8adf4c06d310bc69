"""A forum: who meets, about what, how often; and one of its meetings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from headway.domain.people.rules.moments import moment_on, needed_of, read_hour, read_zone, zone_of
from headway.domain.programs.rules.fields import Reader, choice, day, text, whole
from headway.errors import Invalid

#: People of one forum: more is an audience.
MOST_MEMBERS = 60


class ForumKind(StrEnum):
    """What a forum is for, which says what its agenda holds."""

    WEEKLY = "weekly"
    STEERING = "steering"
    CHANGE_BOARD = "change_board"


class MeetingState(StrEnum):
    """Planned, then held once it was opened, then closed with its minutes frozen."""

    PLANNED = "planned"
    HELD = "held"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ForumFacts:
    """A forum. It meets from `first_on` every `every_weeks` weeks at `hour` of `time_zone`.

    `members` are keys of the roster; `minutes` is the length; `organizer_id` is the member who set
    it up, from whom its invitations come.
    """

    id: UUID
    workspace_id: UUID
    program_id: UUID
    key: str
    name: str
    kind: str
    members: Sequence[str]
    first_on: date
    hour: time
    time_zone: str
    every_weeks: int
    minutes: int
    place: str
    organizer_id: UUID | None
    version: int


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """One meeting of a forum. `present` are the keys or names of who was there.

    `sequence` counts how often its invitation changed.
    """

    id: UUID
    workspace_id: UUID
    forum_id: UUID
    number: int
    starts_at: datetime
    state: str
    present: Sequence[str]
    opened_at: datetime | None
    closed_at: datetime | None
    closed_by: str
    sequence: int
    version: int

    @property
    def is_planned(self) -> bool:
        """Say whether it has not begun."""
        return self.state == MeetingState.PLANNED

    @property
    def is_held(self) -> bool:
        """Say whether it is going on: minutes may be written."""
        return self.state == MeetingState.HELD


def zone_of_forum(forum: ForumFacts) -> ZoneInfo:
    """Return the zone on whose clock a forum meets."""
    return zone_of(forum.time_zone)


def next_start(forum: ForumFacts, after: datetime) -> datetime:
    """Return the first moment after `after` at which the forum meets by its rhythm, in UTC."""
    zone = zone_of(forum.time_zone)
    step = timedelta(weeks=forum.every_weeks)
    gone = (after.astimezone(zone).date() - forum.first_on) // step
    when = forum.first_on + max(0, gone) * step
    while (found := moment_on(when, forum.hour, zone)) <= after:
        when += step
    return found


def read_members(field: str, value: object) -> list[str]:
    """Read keys of the roster: a list, or text with commas between; each once, in order."""
    parts = value.split(",") if isinstance(value, str) else value or []
    if not isinstance(parts, list | tuple):
        sentence = f"The {field} are a {type(value).__name__}; write keys of the roster."
        raise Invalid(sentence)
    read = text(60)
    keys = [str(read("member", one)) for one in parts]
    found = list(dict.fromkeys(key for key in keys if key))
    if len(found) > MOST_MEMBERS:
        sentence = f"There are {len(found)} members; at most {MOST_MEMBERS} fit one forum."
        raise Invalid(sentence)
    return found


def _needed_day(field: str, value: object) -> date:
    found = day(field, value)
    if found is None:
        sentence = "The first day is empty; write it as 2026-12-07."
        raise Invalid(sentence)
    return found


def _needed_whole(low: int, high: int) -> Reader:
    return needed_of(whole(low, high), f"a whole number from {low} to {high}")


FORUM_FIELDS: Mapping[str, Reader] = {
    "name": text(200, required=True),
    "kind": choice(*ForumKind),
    "members": read_members,
    "first_on": _needed_day,
    "hour": needed_of(read_hour, "a time such as 10:00"),
    "time_zone": read_zone,
    "every_weeks": _needed_whole(1, 52),
    "minutes": _needed_whole(5, 600),
    "place": text(300),
}
