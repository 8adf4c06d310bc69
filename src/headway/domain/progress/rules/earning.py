"""How a work item earns its planned value, and how that value was to be earned over time.

Planned value is spread by the same method as earned value, so that the two can be compared: what
earns at its end was planned at its end. Amounts are exact to the cent, item by item, so that sums
of items, projects and programs add up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from headway.domain.plans.rules.baselines import PlannedItem

CENT = Decimal("0.01")
ZERO = Decimal(0)


class Method(StrEnum):
    """How an item earns."""

    MILESTONES = "milestones"
    ALL_OR_NOTHING = "all_or_nothing"
    LABELS = "labels"
    QUESTION = "question"
    EFFORT = "effort"


METHODS = tuple(method.value for method in Method)

METHOD_WORDS: Mapping[str, str] = {
    Method.MILESTONES: "Weighted milestones",
    Method.ALL_OR_NOTHING: "All when finished (0/100)",
    Method.LABELS: "Accepted labels × planned unit cost",
    Method.QUESTION: "Question answered, yes or no",
    Method.EFFORT: "Level of effort, with time",
}

#: Earn all at once, so their value was planned for their last day.
_AT_THE_END = (Method.ALL_OR_NOTHING, Method.QUESTION)


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone of an item: what, its weight beside the others, when it was reached."""

    what: str
    weight: Decimal
    reached: date | None


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Labels under an order: how many are wanted, and accepted ones by day.

    What one earns is its planned unit cost: the item's planned value shared by all that are wanted,
    not the vendor's price, which is a part of what they cost.
    """

    wanted: int
    accepted: Sequence[tuple[date, int]]

    def by(self, day: date) -> int:
        """Return how many were accepted by the end of `day`."""
        return sum(count for when, count in self.accepted if when <= day)


@dataclass(frozen=True, slots=True)
class Work:
    """An item with what was planned of it, how it earns, and what has happened.

    `is_told` says that somebody chose the method; `is_gone` that the plan no longer has the item.
    """

    address: str
    project: str
    planned: PlannedItem
    method: Method
    is_told: bool = False
    steps: Sequence[Step] = ()
    order: str = ""
    deliveries: Deliveries | None = None
    started: date | None = None
    finished: date | None = None
    is_gone: bool = False

    @property
    def is_effort(self) -> bool:
        """Say whether it earns by the calendar: then it can be neither early nor late."""
        return self.method is Method.EFFORT


def default_method(kind: str) -> Method:
    """Return how an item of a kind earns when nobody said otherwise."""
    return Method.QUESTION if kind == "experiment" else Method.ALL_OR_NOTHING


def planned_by(work: Work, day: date) -> Decimal:
    """Return what was to be earned by the end of `day`."""
    planned = work.planned
    if planned.finish is None or day >= planned.finish:
        return planned.cost if planned.finish is not None else ZERO
    if planned.start is None or day < planned.start or work.method in _AT_THE_END:
        return ZERO
    return _part(planned.cost, (day - planned.start).days + 1, _days(planned))


def earned_by(work: Work, day: date) -> Decimal:
    """Return what was earned by the end of `day`: never more than was planned of the item."""
    if work.is_effort:
        return _earned_with_time(work, day)
    if work.finished is not None and work.finished <= day:
        return work.planned.cost
    if work.method is Method.MILESTONES:
        total = sum((step.weight for step in work.steps), ZERO)
        reached = [step for step in work.steps if step.reached and step.reached <= day]
        return _part(work.planned.cost, sum((step.weight for step in reached), ZERO), total)
    if work.method is Method.LABELS and work.deliveries is not None:
        return _earned_by_labels(work.planned.cost, work.deliveries, day)
    return ZERO


def planned_points(works: Sequence[Work]) -> Sequence[tuple[date, Decimal]]:
    """Return the planned curve of these items: (day, value by its end) where it bends."""
    days: set[date] = set()
    for work in works:
        first, last = work.planned.start, work.planned.finish
        if first is not None and last is not None:
            days |= {first - timedelta(days=1), last - timedelta(days=1), last}
    ordered = sorted(days)
    return list(zip(ordered, planned_on(works, ordered), strict=True))


def planned_on(works: Sequence[Work], days: Sequence[date]) -> Sequence[Decimal]:
    """Return what was to be earned by the end of each of `days` (ascending)."""
    steps = [
        (work.planned.finish, work.planned.cost)
        for work in works
        if work.method in _AT_THE_END and work.planned.finish is not None
    ]
    rest = [work for work in works if work.method not in _AT_THE_END]
    return _summed(steps, rest, days, planned_by)


def earned_on(works: Sequence[Work], days: Sequence[date]) -> Sequence[Decimal]:
    """Return what was earned by the end of each of `days` (ascending)."""
    steps = [
        (work.finished, work.planned.cost)
        for work in works
        if work.method in _AT_THE_END and work.finished is not None
    ]
    rest = [work for work in works if work.method not in _AT_THE_END]
    return _summed(steps, rest, days, earned_by)


def _summed(
    steps: Iterable[tuple[date, Decimal]],
    rest: Sequence[Work],
    days: Sequence[date],
    value: Callable[[Work, date], Decimal],
) -> Sequence[Decimal]:
    """Return cumulative sums: of steps in one pass (most items are), of the rest day by day."""
    waiting = sorted(steps, key=lambda step: step[0], reverse=True)
    total, found = ZERO, []
    for day in days:
        while waiting and waiting[-1][0] <= day:
            total += waiting.pop()[1]
        found.append(total + sum((value(work, day) for work in rest), ZERO))
    return found


def why_earned(work: Work, day: date) -> str:
    """Return in a sentence what an item's earned value rests on."""
    if work.is_gone:
        return "No longer in the plan; its planned value is not earned."
    if work.is_effort:
        return "Earns with time; counts for cost and not for schedule."
    if work.finished is not None and work.finished <= day:
        word = "Answered, yes or no," if work.method is Method.QUESTION else "Finished"
        return f"{word} on {work.finished:%-d %b %Y}."
    return _WHY[work.method](work, day)


def _why_milestones(work: Work, day: date) -> str:
    reached = [step.what for step in work.steps if step.reached and step.reached <= day]
    if not work.steps:
        return "No milestones are named yet, so nothing is earned before the end."
    return f"{len(reached)} of {len(work.steps)} milestones reached" + (
        f": {', '.join(reached)}." if reached else "."
    )


def _why_labels(work: Work, day: date) -> str:
    held = work.deliveries
    if held is None:
        return "No accepted labels are known of its order, so nothing is earned before the end."
    return f"{held.by(day):,} of {held.wanted:,} labels accepted."


def _why_open(work: Work, day: date) -> str:
    begun = work.started is not None and work.started <= day
    if work.method is Method.QUESTION:
        return "Under way; earns when the question is answered." if begun else "Not asked yet."
    return "Under way; earns when it is finished." if begun else "Not started."


_WHY = {
    Method.MILESTONES: _why_milestones,
    Method.LABELS: _why_labels,
    Method.QUESTION: _why_open,
    Method.ALL_OR_NOTHING: _why_open,
}


def _earned_with_time(work: Work, day: date) -> Decimal:
    return ZERO if work.is_gone else planned_by(work, day)


def _earned_by_labels(cost: Decimal, held: Deliveries, day: date) -> Decimal:
    return _part(cost, min(held.by(day), held.wanted), held.wanted)


def _days(planned: PlannedItem) -> int:
    if planned.start is None or planned.finish is None:
        return 1
    return (planned.finish - planned.start).days + 1


def _part(cost: Decimal, some: Decimal | int, of: Decimal | int) -> Decimal:
    if not of:
        return ZERO
    return (cost * Decimal(some) / Decimal(of)).quantize(CENT, ROUND_HALF_EVEN)
