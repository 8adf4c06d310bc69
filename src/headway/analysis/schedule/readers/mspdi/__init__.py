"""Microsoft Project XML (MSPDI) in: a plan, what it could not take, and the document itself.

Meanings by the Project XML Data Interchange Schema (mspdi_pj12.xsd).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from headway.analysis.schedule.plan import Calendar, Item, Plan, Progress, Resource
from headway.analysis.schedule.readers.mspdi.calendars import Calendars, read_calendars
from headway.analysis.schedule.readers.mspdi.leftovers import tell_leftovers, tell_splits
from headway.analysis.schedule.readers.mspdi.links import read_links
from headway.analysis.schedule.readers.mspdi.outline import Rows, Task, read_rows
from headway.analysis.schedule.readers.mspdi.resources import (
    Assigned,
    Pool,
    read_assignments,
    read_resources,
)
from headway.analysis.schedule.readers.mspdi.row import LONGEST, Row
from headway.analysis.schedule.readers.mspdi.settings import (
    Settings,
    read_settings,
    span_of,
)
from headway.analysis.schedule.readers.mspdi.tasks import ELAPSED, read_bounds, read_item
from headway.analysis.schedule.readers.result import Carried, Losses, Read
from headway.analysis.schedule.readers.xml_tree import parse_xml
from headway.errors import Invalid, Problem


def read_mspdi(data: bytes, name: str) -> tuple[Read, list[Problem]]:
    """Return what was read and the problems. Raises Invalid when `data` is no such file."""
    root = parse_xml(data, name)
    if root.tag != "Project":
        sentence = (
            f"{name} is XML and no Microsoft Project plan: it begins with <{root.tag[:60]}>, "
            "not <Project>; save the plan as XML in Microsoft Project."
        )
        raise Invalid(sentence)
    problems: list[Problem] = []
    losses = Losses()
    row = Row(root, "project", problems)
    calendars = read_calendars(root, span_of(root, row), problems, losses)
    settings = read_settings(root, row, calendars, losses)
    rows = read_rows(root, settings, problems, losses)
    pool = read_resources(root, settings, calendars.by_uid, problems, losses)
    assigned = read_assignments(root, rows, pool, problems, losses)
    items = _items(rows, settings, calendars.by_uid, assigned, losses)
    plan = Plan(
        name=row.name("Title") or row.name("Name") or name[:LONGEST],
        items=items,
        start=settings.start,
        unit=settings.unit,
        calendar=settings.calendar,
        resources=tuple(pool.named.values()),
        calendars=_kept(calendars, settings, items, pool),
        # The rest of work that is split waits for what should have come before it.
        progress=Progress.RETAINED if row.flag("SplitsInProgressTasks") else Progress.OVERRIDE,
    )
    tell_splits(root, rows, settings, losses)
    tell_leftovers(root, settings, losses)
    carried = Carried(root, plan, {task.id: task.uid for task in rows.work}, _uids(pool))
    return Read(plan, losses.sentences(), carried), problems


def _items(
    rows: Rows,
    settings: Settings,
    calendars: Mapping[int, Calendar],
    assigned: Assigned,
    losses: Losses,
) -> tuple[Item, ...]:
    links = read_links(rows, settings, losses)
    made = []
    for task in rows.work:
        item = read_item(task, settings, calendars, losses)
        item = replace(
            _bound_above(item, task, settings, losses),
            after=links.get(task.id, ()),
            needs=assigned.needs.get(task.id, {}),
            cost=item.cost + assigned.costs.get(task.id, Decimal(0)),
        )
        made.append(item)
    for task in rows.tasks.values():
        if task.is_summary and task.row.amount("FixedCost"):
            losses.tell("Fixed costs of summaries are left out", f"{task.id} {task.name}")
    return tuple(made)


def _bound_above(item: Item, task: Task, settings: Settings, losses: Losses) -> Item:
    """Return the item bound by what binds its summaries: a begin and an end of all their work."""
    for summary in task.above:
        bounds = read_bounds(summary, settings, losses)
        item = replace(
            item,
            not_before=_later(item.not_before, bounds.not_before or bounds.pinned),
            deadline=_earlier(item.deadline, bounds.deadline),
        )
    return item


def _later(first: object, second: date | None) -> date | None:
    known = [day for day in (first, second) if isinstance(day, date)]
    return max(known, default=None)


def _earlier(first: object, second: date | None) -> date | None:
    known = [day for day in (first, second) if isinstance(day, date)]
    return min(known, default=None)


def _kept(
    calendars: Calendars, settings: Settings, items: tuple[Item, ...], pool: Pool
) -> tuple[Calendar, ...]:
    """Return the calendars of a plan: those others are based on, and those in use."""
    used = {settings.calendar.name, *(item.calendar for item in items)}
    used |= {resource.calendar for resource in pool.named.values()}
    kept = {
        calendar.name: calendar
        for uid, calendar in calendars.by_uid.items()
        if uid in calendars.bases or calendar.name in used
    }
    kept.setdefault(settings.calendar.name, settings.calendar)
    for calendar in settings.worked.of_task.values():
        if calendar.name in used:
            kept.setdefault(calendar.name, calendar)
    if ELAPSED.name in used:
        kept.setdefault(ELAPSED.name, ELAPSED)
    return tuple(kept.values())


def _uids(pool: Pool) -> dict[str, int]:
    resources: dict[int, Resource] = pool.named
    return {resource.name: uid for uid, resource in resources.items()}
