"""Keeping a program's calendars: its own, and those of shifts, teams and people by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from headway.analysis.schedule.plan import Calendar
from headway.analysis.schedule.readers.ics import days_off, without_days_off
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.actions.rows import change_row
from headway.domain.programs.models import Program
from headway.domain.programs.queries import facts, program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.calendars import (
    MOST_CALENDARS,
    calendar_from,
    calendar_text,
)
from headway.errors import Conflict, NotFound


@transaction.atomic
def keep_calendar(
    actor: Actor, slug: str, calendar: Calendar, at: datetime, *, version: int | None = None
) -> ProgramFacts:
    """Keep a calendar under its name: a new one, or in place of the one of that name.

    Raises Conflict when the program's own calendar has that name, or there are too many.
    """
    row = _locked(actor, slug)
    if calendar.name == calendar_from(row.calendar).name:
        sentence = f"The program's own calendar is called {calendar.name!r}; choose another name."
        raise Conflict(sentence)
    kept = {**row.calendars, calendar.name: calendar_text(calendar)}
    if len(kept) > MOST_CALENDARS:
        sentence = f"A program holds at most {MOST_CALENDARS} calendars; remove one first."
        raise Conflict(sentence)
    change_row(actor, row, {"calendars": kept}, at, "set_calendar", version)
    return facts(ProgramFacts, row)


@transaction.atomic
def drop_calendar(
    actor: Actor, slug: str, name: str, at: datetime, *, version: int | None = None
) -> ProgramFacts:
    """Remove a calendar; what names it works in the program's own from then on."""
    row = _locked(actor, slug)
    if name not in row.calendars:
        raise _unknown(row, name)
    kept = {key: held for key, held in row.calendars.items() if key != name}
    change_row(actor, row, {"calendars": kept}, at, "remove_calendar", version)
    return facts(ProgramFacts, row)


@transaction.atomic
def take_days_off(
    actor: Actor, slug: str, name: str, file: tuple[str, bytes], at: datetime
) -> tuple[ProgramFacts, list[str]]:
    """Take the days off of an iCalendar `file` (name, contents) off a calendar; "" is its own.

    Repetitions are followed from two years before `at` to twelve after it. Returns the program and
    a sentence for each event that could not be read. Raises Invalid, NotFound.
    """
    row = _locked(actor, slug)
    told: list[str] = []

    def without(calendar: Calendar) -> Calendar:
        found = days_off(file[1], file[0], at.date(), calendar.zone)
        told.extend(found.notes)
        return without_days_off(calendar, found)

    _change(actor, row, name, without, at)
    return facts(ProgramFacts, row), told


def _change(
    actor: Actor, row: Program, name: str, changed: Callable[[Calendar], Calendar], at: datetime
) -> None:
    if not name:
        kept = calendar_text(changed(calendar_from(row.calendar)))
        change_row(actor, row, {"calendar": kept}, at, "set_calendar")
        return
    if name not in row.calendars:
        raise _unknown(row, name)
    calendar = changed(calendar_from(row.calendars[name], name))
    kept = {**row.calendars, name: calendar_text(calendar)}
    change_row(actor, row, {"calendars": kept}, at, "set_calendar")


def _locked(actor: Actor, slug: str) -> Program:
    program = program_named(actor, slug)
    require(actor, Permission.PLAN, program)
    return Program.objects.select_for_update().get(id=program.id)


def _unknown(row: Program, name: str) -> NotFound:
    known = ", ".join(repr(key) for key in sorted(row.calendars)) or "none"
    return NotFound(f"{row.name} has no calendar {name!r}; it has: {known}.")
