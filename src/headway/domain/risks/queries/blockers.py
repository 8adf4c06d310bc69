"""Blockers of programs by age. Their age depends on the day one looks, so every read takes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor
from headway.domain.programs.queries import entry_named, facts, register_rows
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.calendars import working_days
from headway.domain.risks.models import Blocker
from headway.domain.risks.rules import BlockerFacts, steps_of


def blockers_by_program(
    actor: Actor, programs: Iterable[ProgramFacts], today: date, at: datetime | None = None
) -> Mapping[UUID, Sequence[BlockerFacts]]:
    """Return the blockers of many programs: open ones first, the oldest first; one query."""
    asked = {program.id: program for program in programs}
    found = register_rows(actor, Blocker, asked.values(), at)
    return {
        one: [blocker_facts(row, asked[one], today) for row in sorted(found[one], key=_place)]
        for one in found
    }


def blockers_of(
    actor: Actor, program: ProgramFacts, today: date, at: datetime | None = None
) -> Sequence[BlockerFacts]:
    """Return the blockers of a program: open ones first, the oldest first."""
    return blockers_by_program(actor, [program], today, at)[program.id]


def blocker_named(
    actor: Actor, program: ProgramFacts, key: str, today: date, at: datetime | None = None
) -> BlockerFacts:
    """Return the blocker of a program with this key; NotFound with the nearest key."""
    return entry_named(blockers_of(actor, program, today, at), key, "blocker", program)


def blocker_facts(row: Blocker, program: ProgramFacts, today: date) -> BlockerFacts:
    """Return a blocker as a frozen value; its age is counted by the program's calendar."""
    until = row.resolved_at.date() if row.resolved_at else today
    age = working_days(program.calendar, row.since, until)
    return facts(BlockerFacts, row, escalation=steps_of(row.escalation), age_days=age)


def _place(row: Blocker) -> tuple[bool, date, str]:
    return (row.state != "open", row.since, row.key)
