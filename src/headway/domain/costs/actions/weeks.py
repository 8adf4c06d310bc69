"""Writing a week of a time sheet, and counting submitted weeks as people's cost by month."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor, Permission, may, require
from headway.domain.costs.actions.bills import record_bills
from headway.domain.costs.actions.time_sheets import role_rates
from headway.domain.costs.models import Bill
from headway.domain.costs.queries.weeks import project_words, week_facts
from headway.domain.costs.rules import BillDraft
from headway.domain.costs.rules.time_sheets import PROVIDER, Rate, TimeEntry, sheet_drafts
from headway.domain.costs.rules.weeks import (
    COUNTED,
    DRAFT,
    LOCKED,
    SUBMITTED,
    WeekFacts,
    entries_of,
    held_lines,
    months_of_week,
    read_lines,
    require_open,
    require_past,
)
from headway.domain.people.models import TimeSheet
from headway.domain.people.queries import person_named, require_person
from headway.domain.programs.actions.rows import require_version

#: The account on whose bill hours that were typed stand; files name their own team.
TYPED = "typed here"
Lines = Sequence[tuple[str, str, Sequence[object]]]


@transaction.atomic
def set_week(  # noqa: PLR0913  whose week, what of it, by whom, when
    actor: Actor,
    person: str,
    week: date,
    lines: Lines,
    at: datetime,
    *,
    submit: bool = False,
    version: int | None = None,
) -> WeekFacts:
    """Write what somebody worked in a week, instead of what stood there; or for them, as a manager.

    `lines` are (project, item, hours of the seven days). A draft counts nowhere; a submitted week
    is people's cost at the rates of roles, and so is each correction of it. The audit trail says
    whose week, not what stands in it: a person can be erased, it cannot.
    """
    require(actor, Permission.VIEW)
    held = person_named(actor, person)
    require_person(actor, held)
    require_past(week, at.date())
    rows = TimeSheet.objects.select_for_update().filter(person_id=held.id, week=week)
    row = rows.first()
    require_open(week_facts(held, week, row), leads=may(actor, Permission.PROGRAM))
    worked = (week, held.starts_on, held.ends_on)
    read = [one.stored() for one in read_lines(lines, project_words(actor), worked)]
    was = row.state if row else DRAFT
    state = SUBMITTED if submit and was == DRAFT else was
    if row is None:
        row = TimeSheet(workspace_id=actor.workspace_id, person_id=held.id, week=week)
        row.version = 0
    if row.version:
        require_version(row, version)
    if (row.lines, row.state) != (read, state) or not row.version:
        counted = state in COUNTED and (row.lines != read or was != state)
        _write(actor, row, held.key, at, lines=read, state=state, role=held.role)
        if counted:
            count_weeks(actor, week, at)
    return week_facts(held, week, row)


@transaction.atomic
def turn_week(
    actor: Actor, person: str, week: date, state: str, at: datetime, *, version: int | None = None
) -> WeekFacts:
    """Take a submitted week back to a draft (state "draft"), lock it, or open a locked one.

    Locking and opening is for who runs programs. A draft counts no longer.
    """
    require(actor, Permission.VIEW)
    held = person_named(actor, person)
    require_person(actor, held)
    row = TimeSheet.objects.select_for_update().filter(person_id=held.id, week=week).first()
    found = week_facts(held, week, row)
    if row is None or row.state == state:
        return found
    if LOCKED in (state, row.state):
        require(actor, Permission.PROGRAM)
    require_version(row, version)
    was = row.state
    _write(actor, row, held.key, at, state=state)
    if (was in COUNTED) != (state in COUNTED):
        count_weeks(actor, week, at)
    return week_facts(held, week, row)


def _write(actor: Actor, row: TimeSheet, person: str, at: datetime, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    write_audit(
        actor, "set_time_sheet", f"time sheet {person} {row.week}", at, state=str(row.state)
    )


def count_weeks(actor: Actor, week: date, at: datetime) -> None:
    """Record anew what submitted weeks cost in the months of a week; the same again is known.

    Recorded by Headway itself: who writes their own hours need not be somebody who sends evidence.
    """
    months = months_of_week(week)
    first = date(*months[0], 1) - timedelta(days=6)
    last = (date(*months[-1], 1) + timedelta(days=32)).replace(day=1)
    rows = TimeSheet.objects.filter(
        workspace_id=actor.workspace_id, state__in=COUNTED, week__gte=first, week__lt=last
    )
    weeks = [(row.week, row.role, held_lines(row.lines)) for row in rows.order_by("week", "id")]
    itself = headway_actor(actor.workspace_id)
    rate = role_rates(itself, at)
    drafts: list[BillDraft] = []
    for year, month in months:
        entries = list(entries_of(weeks, [(year, month)]))
        drafts += _month(itself, date(year, month, 1), entries, rate)
    if drafts:
        record_bills(itself, drafts, at)


def _month(
    actor: Actor,
    month: date,
    entries: Sequence[TimeEntry],
    rate: Callable[[str, str], Rate],
) -> list[BillDraft]:
    """Return the draft of a month's hours; none for a month that never had any."""
    bills = Bill.objects.filter(
        workspace_id=actor.workspace_id, provider=PROVIDER, account=TYPED, month=month
    )
    if not entries and not bills.exists():
        return []
    told = [[one.role, str(one.day), str(one.hours), one.project, one.item] for one in entries]
    content = hashlib.sha256(json.dumps(told).encode()).hexdigest()
    empty = "" if entries else f"{month:%Y-%m}"
    return sheet_drafts(entries, rate, ("weeks that were submitted", content), TYPED, empty=empty)
