"""Forums of a program, their meetings, and the minutes with what they stand for as it is now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.forums.models import Forum, Meeting, Minute
from headway.domain.forums.rules import (
    Agenda,
    ForumFacts,
    MeetingFacts,
    MinuteLine,
    MinuteSort,
    read_agenda,
)
from headway.domain.plans.queries import decisions_of
from headway.domain.programs.queries import entry_named, facts, register_rows, rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.domain.risks.queries import actions_of, blockers_of, risks_of
from headway.errors import NotFound

#: What a minute says of the thing it stands for: words, who, by when, state.
Told = tuple[str, str, date | None, str]


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """A meeting with its agenda (None before it is opened) and its minutes."""

    program: ProgramFacts
    forum: ForumFacts
    meeting: MeetingFacts
    agenda: Agenda | None
    lines: Sequence[MinuteLine]


def forums_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[ForumFacts]:
    """Return the forums of a program, by name."""
    rows = register_rows(actor, Forum, [program], at)[program.id]
    return sorted((forum_facts(row) for row in rows), key=lambda one: (one.name, one.key))


def forum_named(
    actor: Actor, program: ProgramFacts, key: str, at: datetime | None = None
) -> ForumFacts:
    """Return the forum of a program with this key; NotFound with the nearest key."""
    return entry_named(forums_of(actor, program, at), key, "forum", program)


def meetings_by_forum(
    actor: Actor, forums: Sequence[ForumFacts], at: datetime | None = None
) -> Mapping[UUID, Sequence[MeetingFacts]]:
    """Return the meetings of forums by forum id, each the newest first; one query."""
    for forum in forums:
        require(actor, Permission.VIEW, forum)
    found: dict[UUID, list[MeetingFacts]] = {forum.id: [] for forum in forums}
    rows = rows_at(Meeting, at, workspace_id=actor.workspace_id, forum_id__in=list(found))
    for row in sorted(rows, key=lambda row: -row.number):
        found[row.forum_id].append(meeting_facts(row))
    return found


def meetings_of(
    actor: Actor, forum: ForumFacts, at: datetime | None = None
) -> Sequence[MeetingFacts]:
    """Return the meetings of a forum, the newest first."""
    return meetings_by_forum(actor, [forum], at)[forum.id]


def meeting_named(
    actor: Actor, forum: ForumFacts, number: int, at: datetime | None = None
) -> MeetingFacts:
    """Return a meeting by its number. Raises NotFound."""
    return meeting_facts(_row(actor, forum, number, at))


def meeting_page(
    actor: Actor, program: ProgramFacts, place: tuple[str, int], at: datetime | None = None
) -> MeetingPage:
    """Return the meeting at `place` (forum, number) with agenda and minutes, as known `at`."""
    forum = forum_named(actor, program, place[0], at)
    row = _row(actor, forum, place[1], at)
    lines = rows_at(Minute, at, workspace_id=actor.workspace_id, meeting_id=row.id)
    told = _told(actor, program, {line.sort for line in lines}, at)
    ordered = sorted(lines, key=lambda line: line.order)
    return MeetingPage(
        program,
        forum,
        meeting_facts(row),
        read_agenda(row.agenda),
        [minute_line(line, told) for line in ordered],
    )


def minute_line(row: Minute, told: Mapping[tuple[str, str], Told] | None = None) -> MinuteLine:
    """Return a minute; `told` says how each thing reads that a minute may stand for."""
    if not row.key:
        said: Told = (row.words, "", None, "")
    else:
        said = (told or {}).get((_register(row.sort), row.key), ("", "", None, ""))
    words, who, by, state = said
    return MinuteLine(row.id, row.sort, row.key, words, who, by, state, row.at, row.author)


def forum_facts(row: Forum) -> ForumFacts:
    """Return a forum as a frozen value."""
    return facts(ForumFacts, row)


def meeting_facts(row: Meeting) -> MeetingFacts:
    """Return a meeting as a frozen value."""
    return facts(MeetingFacts, row)


def _row(actor: Actor, forum: ForumFacts, number: int, at: datetime | None) -> Meeting:
    require(actor, Permission.VIEW, forum)
    rows = rows_at(Meeting, at, workspace_id=actor.workspace_id, forum_id=forum.id, number=number)
    if not rows:
        sentence = f"{forum.name} has no meeting number {number}."
        raise NotFound(sentence)
    return rows[0]


def _register(sort: str) -> str:
    return "decision" if sort in (MinuteSort.DECIDED, MinuteSort.DEFERRED) else sort


def _told(
    actor: Actor, program: ProgramFacts, sorts: set[str], at: datetime | None
) -> Mapping[tuple[str, str], Told]:
    """Return how the things read that minutes of these sorts stand for; one query a register."""
    found: dict[tuple[str, str], Told] = {}
    for register in {_register(sort) for sort in sorts} & _READ.keys():
        for key, told in _READ[register](actor, program, at):
            found[register, key] = told
    return found


def _actions(actor: Actor, program: ProgramFacts, at: datetime | None) -> list[tuple[str, Told]]:
    rows = actions_of(actor, program, at)
    return [(one.key, (one.name, one.owner, one.due, one.state)) for one in rows]


def _risks(actor: Actor, program: ProgramFacts, at: datetime | None) -> list[tuple[str, Told]]:
    rows = risks_of(actor, program, at)
    return [(one.key, (one.name, one.owner, one.review_on, one.state)) for one in rows]


def _blockers(actor: Actor, program: ProgramFacts, at: datetime | None) -> list[tuple[str, Told]]:
    # Their age is not shown in minutes, so that any day will do.
    rows = blockers_of(actor, program, date.min, at)
    return [(one.key, (one.name, one.waits_for, None, one.state)) for one in rows]


def _decisions(actor: Actor, program: ProgramFacts, at: datetime | None) -> list[tuple[str, Told]]:
    found = []
    for one in decisions_of(actor, program, at):
        chosen = one.option(one.chosen)
        state = f"taken: {chosen.name}" if chosen else one.state
        found.append((one.key, (one.question, one.owner, one.due, state)))
    return found


_READ: Mapping[str, Callable[[Actor, ProgramFacts, datetime | None], list[tuple[str, Told]]]] = {
    "action": _actions,
    "risk": _risks,
    "blocker": _blockers,
    "decision": _decisions,
}
