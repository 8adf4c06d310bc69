"""Every write of working time: one's own, or as who runs programs.

The audit trail says which fields changed and not to what: a person can be erased, it cannot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from headway.analysis.schedule.readers.ics import days_off, without_days_off
from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.models import Person, WorkingTime
from headway.domain.people.queries import (
    past_working_time,
    person_facts,
    person_named,
    require_hand,
    working_time_facts,
)
from headway.domain.people.rules.working_time import (
    WORKING_TIME_FIELDS,
    WorkingTimeFacts,
    joined_days,
    read_absences,
)
from headway.domain.programs.actions.rows import add_dated, apply_changes, require_version
from headway.domain.programs.rules.calendars import calendar_from, calendar_text
from headway.domain.programs.rules.fields import clean
from headway.errors import Invalid, NotFound


@transaction.atomic
def set_working_time(
    actor: Actor,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> WorkingTimeFacts:
    """Say when somebody works (WORKING_TIME_FIELDS): they themselves, or a manager."""
    require(actor, Permission.SELF)
    fields = clean(values, WORKING_TIME_FIELDS)
    return _set(actor, key, fields, at, "set_working_time", version)


@transaction.atomic
def restore_working_time(actor: Actor, key: str, version: int, at: datetime) -> WorkingTimeFacts:
    """Put working time back to an earlier `version`, 0 for none told: the undo of a change."""
    require(actor, Permission.SELF)
    past = past_working_time(actor, key, version)
    fields = {name: getattr(past, name) for name in WORKING_TIME_FIELDS}
    return _set(actor, key, fields, at, "restore_working_time", None)


@transaction.atomic
def take_leave(
    actor: Actor, key: str, file: tuple[str, bytes], at: datetime
) -> tuple[WorkingTimeFacts, Sequence[str]]:
    """Take the days off of an iCalendar `file` (name, contents) off somebody's time.

    Where they told a week they are its holidays, part days included; else they are days away.
    Repetitions are followed from two years before `at` to twelve after it. Returns a sentence for
    each event that could not be read, too. Raises Invalid, NotFound.
    """
    require(actor, Permission.SELF)
    person = person_named(actor, key)
    row = WorkingTime.objects.filter(person_id=person.id).first()
    if row is not None and row.schedule:
        calendar = calendar_from(row.schedule)
        found = days_off(file[1], file[0], at.date(), calendar.zone)
        fields: dict[str, object] = {"schedule": calendar_text(without_days_off(calendar, found))}
    else:
        found = days_off(file[1], file[0], at.date(), person.time_zone)
        held = row.absences if row is not None else []
        fields = {"absences": read_absences("days away", joined_days(held, found.days))}
        if found.hours:
            sentence = f"{len(found.hours)} part days were left out: tell the week first."
            found.notes.append(sentence)
    return _set(actor, key, fields, at, "take_leave", None), found.notes


def _set(
    actor: Actor,
    key: str,
    fields: Mapping[str, object],
    at: datetime,
    action: str,
    version: int | None,
) -> WorkingTimeFacts:
    people = Person.objects.select_for_update().filter(workspace_id=actor.workspace_id)
    person = people.filter(key=key).first()
    if person is None:
        sentence = f"There is nobody '{key}' on the roster."
        raise NotFound(sentence)
    require_hand(actor, person_facts(person))
    row = WorkingTime.objects.filter(person=person).first()
    is_new = row is None
    row = row or WorkingTime(workspace_id=actor.workspace_id, person=person)
    require_version(row, version, fields)
    kept = {name: fields.get(name, getattr(row, name)) for name in WORKING_TIME_FIELDS}
    if kept["changes"] and not kept["schedule"]:
        sentence = "A week that changes needs the week before it; write the schedule of today."
        raise Invalid(sentence)
    if is_new:
        for name, value in kept.items():
            setattr(row, name, value)
        add_dated(actor, WorkingTime, [row], at)
        told = sorted(fields)
    else:
        told = sorted(apply_changes(actor, row, kept, at))
    if told:
        write_audit(actor, action, f"working time {key}", at, fields=told)
    return working_time_facts(row)
