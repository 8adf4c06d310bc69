"""How a plan file becomes the rows of a project: a pure translation, and what it cannot carry.

Durations become working days: hours by the calendar's hours a day, weeks by its days a week.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal

from headway.analysis.schedule.plan import (
    WEEKDAYS,
    Attempts,
    Calendar,
    Estimate,
    Item,
    Plan,
    Rate,
    Unit,
)
from headway.domain.programs.rules.fields import to_minor
from headway.errors import Invalid
from headway.rendering.cells import csv_text

#: The most characters of an item's key, of its name and of who does it.
LONGEST_KEY = 60
LONGEST_NAME = 300
LONGEST_OWNER = 200


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something of the file that was left out, where it stands, and why."""

    line: int | None
    reason: str


def skipped_csv(skipped: Iterable[Skipped]) -> str:
    """Return what was skipped as a CSV file; a cell that a spreadsheet computes is disarmed."""
    return csv_text([("line", "reason"), *((one.line or "", one.reason) for one in skipped)])


@dataclass(frozen=True, slots=True)
class FirstItem:
    """One of the first items as a plan understands them, for a person to compare with the file."""

    key: str
    name: str
    state: str  #: waiting, under way, done
    estimate: Sequence[float] | None  #: working days: optimistic, most likely, pessimistic
    deadline: date | None
    after: Sequence[str]


def first_items(plan: Plan, scale: float, most: int = 12) -> Sequence[FirstItem]:
    """Return the first items of `plan`; `scale` is the working days of its unit."""
    return [
        FirstItem(
            item.id,
            item.name or item.id,
            "done" if item.finished else "under way" if item.started else "waiting",
            numbers(item.duration, scale),
            _day(item.deadline),
            [link.predecessor for link in item.after],
        )
        for item in plan.items[:most]
    ]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or in a dry run would do; counts are of work items."""

    project: str
    read: int
    created: int
    updated: int
    unchanged: int
    skipped: Sequence[Skipped]
    #: Items that a tracker has no more as work, and on which nobody had built.
    removed: int = 0
    #: How the file was read where it could have been meant otherwise, as sentences.
    notes: Sequence[str] = ()
    #: Of a foreign table: its headings, and the mapping it was read by.
    headings: Sequence[str] = ()
    mapping: Mapping[str, object] | None = None
    #: The first items, as they were understood.
    first: Sequence[FirstItem] = ()

    def counts(self) -> dict[str, object]:
        """Return what became of the project's items, in numbers."""
        return {
            "project": self.project,
            "created": self.created,
            "updated": self.updated,
            "removed": self.removed,
            "unchanged": self.unchanged,
            "skipped": len(self.skipped),
        }

    def as_json(self) -> dict[str, object]:
        """Return the document of `headway import --json`."""
        return {
            "project": self.project,
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "removed": self.removed,
            "skipped": [{"line": item.line, "reason": item.reason} for item in self.skipped],
            "notes": list(self.notes),
            "headings": list(self.headings),
            "mapping": self.mapping,
            "first": [
                asdict(item) | {"deadline": item.deadline.isoformat() if item.deadline else None}
                for item in self.first
            ],
        }


def dated(plan: Plan, start: date, calendar: Calendar) -> Plan:
    """Return `plan` with dates: one without a calendar (a CSV has none) begins on `start`.

    Raises Invalid when the file says moments as numbers, which then would be no dates.
    """
    if plan.calendar is not None:
        return plan
    for item in plan.items:
        stop_by = item.attempts.stop_by if item.attempts else None
        moments = (item.not_before, item.deadline, item.started, item.finished, stop_by)
        number = next((moment for moment in moments if moment is not None), None)
        if number is not None:
            line = f", line {item.line}" if item.line else ""
            sentence = (
                f"Item {item.id}{line}: {number} is a number of {plan.unit}, and a project's plan "
                "needs dates; give the file a `start`, and dates instead of numbers."
            )
            raise Invalid(sentence)
    return replace(plan, start=start, calendar=calendar, target=None)


def require_fitting_ids(plan: Plan) -> None:
    """Raise Invalid, naming item and line, for an id longer than a key may be."""
    for item in plan.items:
        if len(item.id) > LONGEST_KEY:
            line = f", line {item.line}" if item.line else ""
            sentence = (
                f"Item {item.id}{line}: the id has {len(item.id)} characters; "
                f"at most {LONGEST_KEY} fit. Shorten it."
            )
            raise Invalid(sentence)


def days_per_unit(plan: Plan) -> float:
    """Return how many working days one unit of a dated plan is."""
    calendar = plan.calendar or WEEKDAYS
    if plan.unit is Unit.HOURS:
        return 1 / calendar.hours_per_day
    return float(len(calendar.weekdays)) if plan.unit is Unit.WEEKS else 1.0


def unit_notes(plan: Plan) -> Sequence[str]:
    """Return how durations became working days, as a sentence where the file counts otherwise."""
    calendar = plan.calendar or WEEKDAYS
    if plan.unit is Unit.HOURS:
        return (f"Durations in hours were read as {calendar.hours_per_day:g} h a working day.",)
    if plan.unit is Unit.WEEKS:
        days = len(calendar.weekdays)
        return (f"Durations in weeks were read as {days} working days a week.",)
    return ()


#: The columns of a work item that a file sets, whatever it says.
ITEM_COLUMNS = (
    *("name", "kind", "estimate", "remaining", "distribution", "attempts", "cost_minor"),
    *("not_before", "deadline", "started", "finished", "order"),
    *("pinned", "done", "calendar", "priority", "outline"),
)


def item_fields(item: Item, order: int, scale: float, currency: str) -> dict[str, object]:
    """Return the columns of a work item; its distribution only where it differs from the plan's."""
    shape = item.estimate.distribution if item.estimate else None
    return {
        "name": (item.name or item.id)[:LONGEST_NAME],
        "kind": item.kind.value,
        "estimate": numbers(item.estimate, scale),
        "remaining": numbers(item.remaining, scale),
        "distribution": shape.value if shape else "",
        "attempts": _attempts(item.attempts, scale, currency),
        "cost_minor": to_minor(item.cost, currency),
        "not_before": _day(item.not_before),
        "deadline": _day(item.deadline),
        "started": _day(item.started),
        "finished": _day(item.finished),
        "pinned": _day(item.pinned),
        "done": item.done,
        "calendar": item.calendar,
        "priority": item.priority,
        "outline": list(item.outline),
        "order": order,
    }


def numbers(estimate: Estimate | None, scale: float = 1.0) -> list[float] | None:
    """Return a range as its column holds it."""
    return None if estimate is None else [number * scale for number in estimate.numbers]


def _attempts(attempts: Attempts | None, scale: float, currency: str) -> dict[str, object] | None:
    if attempts is None:
        return None
    stop_by = _day(attempts.stop_by)
    return {
        "success": numbers(attempts.success),
        "feasible": attempts.feasible,
        "max": attempts.max,
        "each": numbers(attempts.each, scale),
        "cost_minor": to_minor(attempts.cost, currency),
        "stop_by": stop_by.isoformat() if stop_by else None,
        "fallback": attempts.fallback,
    }


def _day(moment: object) -> date | None:
    return moment if isinstance(moment, date) else None


def hourly(rate: Rate | None, calendar: Calendar | None) -> Decimal:
    """Return a rate per hour; a day and a week have the calendar's working hours."""
    if rate is None:
        return Decimal(0)
    hours = Decimal(str(calendar.hours_per_day if calendar else 8))
    days = len(calendar.weekdays) if calendar else 5
    period: Mapping[str, Decimal] = {"hour": Decimal(1), "day": hours, "week": hours * days}
    return rate.amount / period[rate.period]
