"""Microsoft Project XML (MSPDI) out, in the order of the 2007 schema (mspdi_pj12.xsd).

What the format has no place for stands in own fields where it fits (`fields`), and is told where it
does not. A plan that was read from such a file and is unchanged is written as it stood.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from headway.analysis.schedule.calendars import WorkingTime
from headway.analysis.schedule.critical_path import CriticalPath, critical_path
from headway.analysis.schedule.plan import (
    WEEKDAYS,
    Calendar,
    Distribution,
    Estimate,
    Item,
    Moment,
    OnePoint,
    Plan,
    Progress,
)
from headway.analysis.schedule.readers.mspdi.resources import EVER
from headway.analysis.schedule.readers.result import Carried, Losses
from headway.analysis.schedule.readers.xml_tree import Element
from headway.analysis.schedule.simulation import frame_of
from headway.analysis.schedule.writers.mspdi.calendars import calendar_elements
from headway.analysis.schedule.writers.mspdi.clock import Clock, clock_text
from headway.analysis.schedule.writers.mspdi.document import document, element
from headway.analysis.schedule.writers.mspdi.fields import definitions
from headway.analysis.schedule.writers.mspdi.tasks import Sheet, task_elements, uids_of
from headway.analysis.schedule.writers.written import Written

_SAVED_BY = 12
_OF_PLAN = {
    "risks": "Risks have no place in Microsoft Project XML",
    "correlations": "Correlations have no place in Microsoft Project XML",
    "target": "The target has no place in Microsoft Project XML",
    "budget": "The budget has no place in Microsoft Project XML",
}


def write_mspdi(plan: Plan, start: date, carried: Carried | None = None) -> Written:
    """Return `plan` as Microsoft Project XML. One without dates begins on `start`.

    `carried` is the document it was read from: an unchanged plan is written as that stood.
    """
    if carried is not None and carried.plan == plan:
        return Written(document(carried.root))
    losses = Losses()
    given = _dated(plan, start, losses)
    for key, what in _OF_PLAN.items():
        if getattr(given, key):
            losses.tell(what)
    if given.distribution is not Distribution.PERT:
        losses.tell(f"The distribution {given.distribution.value} of the plan is read as pert")
    if given.one_point is not OnePoint.CERTAIN:
        losses.tell("What one number stands for is read as certain")
    for calendar in (given.calendar, *given.calendars):
        if calendar is not None and calendar.zone:
            losses.tell("Time zones of calendars have no place in the format", calendar.name)
    return Written(document(_root(given, losses)), losses.sentences())


def _root(plan: Plan, losses: Losses) -> Element:
    calendar = plan.calendar or WEEKDAYS
    known = {one.name: one for one in (calendar, *plan.calendars)}
    made, uids, of_resource = calendar_elements(list(known.values()), plan.resources, calendar.name)
    frame = frame_of(replace(plan, items=tuple(_from_its_start(item) for item in plan.items)))
    clock = Clock(plan, calendar, frame.time)
    path = critical_path(frame)
    sheet = Sheet(clock, path, uids_of(plan.items), uids, losses, set())
    tasks = Element("Tasks", children=[_project_row(sheet), *task_elements(sheet)])
    for item in plan.items:
        if item.attempts is not None:
            losses.tell("Attempts have no place in Microsoft Project XML: one is kept", item.id)
    root = element("Project", _settings(sheet, path))
    root.children += [definitions(sheet.used), made, tasks, _resources(plan, of_resource, losses)]
    root.children.append(Element("Assignments", children=list(_assignments(sheet, losses))))
    return root


def _from_its_start(item: Item) -> Item:
    """Return an item under way as if it were to be done from its start on, whatever is done."""
    left = item.left
    if item.started is None or item.finished is not None or left is None:
        return item
    whole = item.estimate or (item.attempts.each if item.attempts else left)
    done = whole.most_likely * (item.done or 0.0)
    estimate = Estimate.certain(done + left.most_likely)
    return replace(item, estimate=estimate, attempts=None, remaining=None, done=None)


def _settings(sheet: Sheet, path: CriticalPath) -> dict[str, object | None]:
    plan, clock = sheet.clock.plan, sheet.clock
    windows = clock.calendar.windows
    minutes = round(clock.calendar.hours_per_day * 60)
    return {
        "SaveVersion": _SAVED_BY,
        "Name": plan.name,
        "Title": plan.name,
        "ScheduleFromStart": 1,
        "StartDate": clock.start(plan.start) if plan.start else None,
        "FinishDate": clock.ends(path.duration),
        "CurrencyDigits": 2,
        "CurrencyCode": plan.budget.currency if plan.budget else "USD",
        "CalendarUID": sheet.calendars[clock.calendar.name],
        "DefaultStartTime": clock_text(windows[0][0]),
        "DefaultFinishTime": clock_text(windows[-1][1]),
        "MinutesPerDay": minutes,
        "MinutesPerWeek": minutes * len(clock.calendar.weekdays),
        "DaysPerMonth": 20,
        "SplitsInProgressTasks": int(plan.progress is Progress.RETAINED),
    }


def _project_row(sheet: Sheet) -> Element:
    plan, clock = sheet.clock.plan, sheet.clock
    values = {
        "UID": 0,
        "ID": 0,
        "Name": plan.name,
        "Type": 1,
        "IsNull": 0,
        "OutlineNumber": 0,
        "OutlineLevel": 0,
        "Start": clock.begins(0.0),
        "Finish": clock.ends(sheet.path.duration),
        "Duration": clock.duration(sheet.path.duration),
        "Summary": 1,
    }
    return element("Task", values)


def _resources(plan: Plan, calendars: dict[str, int], losses: Losses) -> Element:
    made = Element("Resources")
    for number, resource in enumerate(plan.resources, 1):
        hourly = _hourly(plan, resource.rate.amount, resource.rate.period) if resource.rate else 0
        values = {
            "UID": number,
            "ID": number,
            "Name": resource.name,
            "Type": 1,
            "IsNull": 0,
            "MaxUnits": _number(resource.most),
            "StandardRate": f"{hourly:f}" if hourly else 0,
            "StandardRateFormat": 2,
            "CalendarUID": calendars[resource.name],
        }
        one = element("Resource", values)
        if resource.steps:
            periods = list(_periods(resource.capacity, resource.steps))
            one.children.append(Element("AvailabilityPeriods", children=periods))
        made.children.append(one)
        if resource.skills:
            losses.tell("Skills have no place in Microsoft Project XML", resource.name)
        if resource.kind != "people":
            losses.tell("Kinds of resources are read as people", resource.name)
    return made


def _hourly(plan: Plan, amount: Decimal, period: str) -> Decimal:
    calendar = plan.calendar or WEEKDAYS
    hours = Decimal(str(calendar.hours_per_day))
    days = len(calendar.weekdays)
    return amount / {"hour": Decimal(1), "day": hours, "week": hours * days}[period]


def _periods(capacity: float, steps: tuple[tuple[Moment, float], ...]) -> Iterator[Element]:
    """Yield the times of constant capacity; the last has no end."""
    begins = [(day, units) for day, units in steps if isinstance(day, date)]
    held: list[tuple[date, float]] = [(EVER, capacity), *begins] if capacity else begins
    ends: list[date | None] = [day for day, _ in held[1:]]
    for (begin, units), end in zip(held, [*ends, None], strict=True):
        last = date.fromordinal(end.toordinal() - 1) if end else None
        values = {
            "AvailableFrom": f"{begin}T00:00:00",
            "AvailableTo": f"{last}T23:59:00" if last else "2049-12-31T23:59:00",
            "AvailableUnits": _number(units),
        }
        yield element("AvailabilityPeriod", values)


def _assignments(sheet: Sheet, losses: Losses) -> Iterator[Element]:
    numbers = {one.name: number for number, one in enumerate(sheet.clock.plan.resources, 1)}
    count = 0
    for item in sheet.clock.plan.items:
        for name, units in item.needs.items():
            if name not in numbers:
                losses.tell("Needs of a skill have no place in Microsoft Project XML", item.id)
                continue
            count += 1
            yield _assignment(sheet, count, item, numbers[name], units)


def _assignment(sheet: Sheet, uid: int, item: Item, resource: int, units: float) -> Element:
    clock, path = sheet.clock, sheet.path
    length = path.early_finish[item.id] - path.early_start[item.id]
    values = {
        "UID": uid,
        "TaskUID": sheet.uids[item.id],
        "ResourceUID": resource,
        "Finish": clock.ends(path.early_finish[item.id]),
        "Start": clock.begins(path.early_start[item.id]),
        "Units": _number(units),
        "Work": clock.duration(length * units),
    }
    return element("Assignment", values)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _dated(plan: Plan, start: date, losses: Losses) -> Plan:
    """Return `plan` with dates: numbers become days from `start` on, Monday to Friday."""
    if plan.calendar is not None:
        return plan
    losses.tell(f"The plan has no dates: it begins on {start}, Monday to Friday")
    time = WorkingTime(plan.unit, start, WEEKDAYS)
    items = tuple(_dated_item(item, time) for item in plan.items)
    resources = tuple(
        replace(one, steps=tuple((_begin(time, day) or start, units) for day, units in one.steps))
        for one in plan.resources
    )
    return replace(
        plan, start=start, calendar=_eight_to_five(), items=items, resources=resources, target=None
    )


def _eight_to_five() -> Calendar:
    return Calendar("Standard", windows=((8.0, 12.0), (13.0, 17.0)))


def _begin(time: WorkingTime, moment: Moment | None) -> date | None:
    return time.date_of_start(float(moment)) if isinstance(moment, float | int) else None


def _end(time: WorkingTime, moment: Moment | None) -> date | None:
    return time.date_of_finish(float(moment)) if isinstance(moment, float | int) else None


def _dated_item(item: Item, time: WorkingTime) -> Item:
    attempts = item.attempts
    if attempts is not None:
        attempts = replace(attempts, stop_by=_end(time, attempts.stop_by))
    return replace(
        item,
        not_before=_begin(time, item.not_before),
        pinned=_begin(time, item.pinned),
        started=_begin(time, item.started),
        deadline=_end(time, item.deadline),
        finished=_end(time, item.finished),
        attempts=attempts,
    )
