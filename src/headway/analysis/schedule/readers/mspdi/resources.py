"""Resources and assignments of a Microsoft Project file: who is there, what is needed and paid.

People and machines (work resources) become resources; what is used up (material) and plain costs
become part of the cost of the work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from headway.analysis.schedule.plan import Calendar, Rate, Resource
from headway.analysis.schedule.readers.mspdi.outline import Rows
from headway.analysis.schedule.readers.mspdi.row import Row
from headway.analysis.schedule.readers.mspdi.settings import Settings
from headway.analysis.schedule.readers.mspdi.tasks import CENTS
from headway.analysis.schedule.readers.result import Losses
from headway.analysis.schedule.readers.xml_tree import Element
from headway.errors import Problem

MATERIAL, WORK = 0, 1
#: Days that stand for "since ever" and "for ever".
EVER, FOREVER = date(1984, 1, 1), date(2049, 12, 31)


@dataclass(slots=True)
class Pool:
    """The resources of a file by UID, and those that are no pool of people or machines."""

    named: dict[int, Resource] = field(default_factory=dict)
    costs: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)


def read_resources(
    root: Element,
    settings: Settings,
    calendars: Mapping[int, Calendar],
    problems: list[Problem],
    losses: Losses,
) -> Pool:
    """Return the resources of a file."""
    pool = Pool()
    names = Counter(
        Row(element, "", []).name("Name") for element in root.within("Resources", "Resource")
    )
    for element in root.within("Resources", "Resource"):
        uid = Row(element, "resource", problems).whole("UID")
        row = Row(element, f"resource UID {uid}", problems)
        if uid is None or uid in pool.named or uid in pool.costs:
            row.note(f"The resource UID {row.shown('UID')} is missing or used twice; correct it.")
            continue
        name = row.name("Name")
        if row.flag("IsNull") or not name:
            pool.gone.add(uid)
        elif row.whole("Type", WORK) != WORK or row.flag("IsCostResource"):
            losses.tell("Materials and costs are part of the cost of the work", name)
            pool.costs.add(uid)
        else:
            name = name if names[name] == 1 else f"{name} ({uid})"
            pool.named[uid] = _resource(name, row, settings, calendars, losses)
    return pool


def _resource(
    name: str, row: Row, settings: Settings, calendars: Mapping[int, Calendar], losses: Losses
) -> Resource:
    capacity, steps = _capacity(row)
    rate = row.amount("StandardRate")
    if row.number("CostPerUse"):
        losses.tell("What a resource costs each time it is used is not part of a plan", name)
    tables = [
        held for held in row.within("Rates", "Rate") if (held.day("RatesFrom") or EVER) > EVER
    ]
    if tables:
        losses.tell("Rates that change with time are read as the standard rate", name)
    calendar = _calendar(name, row, settings, calendars, losses)
    return Resource(
        name=name,
        capacity=capacity,
        rate=Rate(rate) if rate > 0 else None,
        steps=steps,
        calendar=calendar,
        line=row.element.line,
    )


def _calendar(
    name: str, row: Row, settings: Settings, calendars: Mapping[int, Calendar], losses: Losses
) -> str:
    """Return the name of a resource's calendar; none where it is the plan's."""
    uid = row.whole("CalendarUID", -1)
    held = calendars.get(-1 if uid is None else uid)
    if held is None or held.name == settings.calendar.name:
        return ""
    if row.whole("UID") in settings.worked.apart:
        what = "A task runs while one of its people works; their calendars are only the task's"
        losses.tell(what, f"{name} ({held.name})")
        return ""
    return held.name


def _capacity(row: Row) -> tuple[float, tuple[tuple[date, float], ...]]:
    """Return the capacity, and its steps where it changes: between periods there is none."""
    most = row.number("MaxUnits")
    usual = 1.0 if most is None else most
    steps: dict[date, float] = {}
    for period in row.within("AvailabilityPeriods", "AvailabilityPeriod"):
        begin = period.day("AvailableFrom") or EVER
        end = period.day("AvailableTo") or FOREVER
        units = period.number("AvailableUnits")
        steps[begin] = usual if units is None else units
        if end < FOREVER:
            steps.setdefault(end + timedelta(days=1), 0.0)
    ordered = sorted(steps.items())
    if not ordered or (len(ordered) == 1 and ordered[0][0] <= EVER):
        return (ordered[0][1] if ordered else usual), ()
    first = ordered[0]
    if first[0] <= EVER:
        return first[1], tuple(ordered[1:])
    return 0.0, tuple(ordered)


@dataclass(slots=True)
class Assigned:
    """What the assignments say of items, by their id: units of resources, and costs."""

    needs: dict[str, dict[str, float]] = field(default_factory=dict)
    costs: dict[str, Decimal] = field(default_factory=dict)


def read_assignments(
    root: Element, rows: Rows, pool: Pool, problems: list[Problem], losses: Losses
) -> Assigned:
    """Return what each item needs; two assignments of one resource add up."""
    assigned = Assigned()
    for element in root.within("Assignments", "Assignment"):
        uid = Row(element, "assignment", problems).whole("UID")
        row = Row(element, f"assignment UID {uid}", problems)
        task, resource = row.whole("TaskUID"), row.whole("ResourceUID")
        if task is None or task in rows.gone or resource is None or resource < 0:
            continue
        held = rows.tasks.get(task)
        if held is None:
            row.note(f"It is of the task UID {task}, and no task has that; correct it.")
        elif held.is_summary:
            losses.tell("Assignments to summaries are left out", f"{held.id} {held.name}".strip())
        else:
            _assign(assigned, held.id, row, resource, pool)
    return assigned


def _assign(assigned: Assigned, item_id: str, row: Row, resource: int, pool: Pool) -> None:
    if resource in pool.costs:
        cost = row.amount("Cost") / CENTS
        assigned.costs[item_id] = assigned.costs.get(item_id, Decimal(0)) + cost
    elif resource in pool.named:
        needs, name = assigned.needs.setdefault(item_id, {}), pool.named[resource].name
        written = row.number("Units")
        units = 1.0 if written is None else written
        if units > 0:
            needs[name] = needs.get(name, 0.0) + units
    elif resource not in pool.gone:
        row.note(f"It is of the resource UID {resource}, which is not there; correct it.")
