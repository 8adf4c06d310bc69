"""How a work item earns its planned value, and how that value was to be earned over time.

Planned value is spread by the same method as earned value, so that the two can be compared: what
earns at its end was planned at its end. Amounts are exact to the cent, item by item, so that sums
of items, projects and programs add up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from headway.domain.plans.rules.baselines import PlannedItem

CENT = Decimal("0.01")
ZERO = Decimal(0)
_TINY = Decimal("1e-9")


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
AT_THE_END = (Method.ALL_OR_NOTHING, Method.QUESTION)


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone of an item: what, its weight beside the others, when it was reached.

    `due` is when it was planned for: a day, a share of the item's days (above 0, at most 1), or
    None: then where the weights up to it, in their order, put it.
    """

    what: str
    weight: Decimal
    reached: date | None
    due: date | Decimal | None = None


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Labels under an order: how many are wanted, and accepted ones by day.

    What one earns is its planned unit cost: the item's planned value shared by all that are wanted,
    not the vendor's price, which is a part of what they cost.
    """

    wanted: int
    accepted: Sequence[tuple[date, int]]

    def by(self, day: date) -> int:
        """Return how many were accepted by the end of `day`, less those taken back; from 0."""
        return max(0, sum(count for when, count in self.accepted if when <= day))


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


#: Something that changes by an amount on a day; of one item, in order.
Jump = tuple[date, Decimal]


def planned_by(work: Work, day: date) -> Decimal:
    """Return what was to be earned by the end of `day`."""
    if is_even(work):
        return even_part(work.planned, day)
    return sum((amount for when, amount in planned_jumps(work) if when <= day), ZERO)


def earned_by(work: Work, day: date) -> Decimal:
    """Return what was earned by the end of `day`: never more than was planned of the item."""
    if work.is_effort:
        return ZERO if work.is_gone else planned_by(work, day)
    return sum((amount for when, amount in earned_jumps(work) if when <= day), ZERO)


def is_even(work: Work) -> bool:
    """Say whether it was to earn evenly over its days: with time, or by labels as they come."""
    planned = work.planned
    if planned.start is None or planned.finish is None or planned.start > planned.finish:
        return False
    return work.is_effort or (work.method is Method.LABELS and work.deliveries is not None)


def even_part(planned: PlannedItem, day: date) -> Decimal:
    """Return what an item with both days was to earn by the end of `day`, evenly over them."""
    start, finish = planned.start or day, planned.finish or day
    if day >= finish:
        return planned.cost
    if day < start:
        return ZERO
    return _part(planned.cost, (day - start).days + 1, (finish - start).days + 1)


def planned_jumps(work: Work) -> Sequence[Jump]:
    """Return what was planned to be earned at once, and when: all of it by the item's last day."""
    planned = work.planned
    if planned.finish is None:
        return []
    if work.method is not Method.MILESTONES or not work.steps:
        return [(planned.finish, planned.cost)]
    due = sorted(
        ((_due(planned, where), step.weight) for step, where in _places(work.steps)),
        key=lambda one: one[0],
    )
    early = [(when, weight) for when, weight in due if when < planned.finish]
    total = sum((weight for _, weight in due), ZERO)
    return _rising(planned.cost, early, total, planned.finish)


def earned_jumps(work: Work) -> Sequence[Jump]:
    """Return what was earned at once, and when; what has ended has earned all of it."""
    cost, ended = work.planned.cost, work.finished
    if work.is_gone or work.is_effort:
        return []
    if work.method is Method.MILESTONES:
        reached = sorted((step.reached, step.weight) for step in work.steps if step.reached)
        before = [(when, weight) for when, weight in reached if ended is None or when < ended]
        return _rising(cost, before, sum((step.weight for step in work.steps), ZERO), ended)
    if work.method is Method.LABELS and work.deliveries is not None:
        return _by_labels(cost, work.deliveries, ended)
    return [] if ended is None else [(ended, cost)]


def _places(steps: Sequence[Step]) -> Sequence[tuple[Step, date | Decimal]]:
    """Return each step with the day it was planned for, or the share of the days."""
    total, told = sum((step.weight for step in steps), ZERO), ZERO
    found: list[tuple[Step, date | Decimal]] = []
    for step in steps:
        told += step.weight
        found.append((step, told / total if step.due is None else step.due))
    return found


def _due(planned: PlannedItem, where: date | Decimal) -> date:
    """Return the day of the item's span that a step was planned for."""
    finish = planned.finish or date.max
    start = min(planned.start or finish, finish)
    if isinstance(where, date):
        return min(max(where, start), finish)
    days = Decimal((finish - start).days + 1)
    # A share that is a whole number of days but for the last digit of a division is that number.
    number = (days * where).quantize(_TINY).to_integral_value(ROUND_CEILING)
    return min(start + timedelta(days=max(int(number) - 1, 0)), finish)


def _rising(
    cost: Decimal, parts: Sequence[tuple[date, Decimal]], total: Decimal, last: date | None
) -> Sequence[Jump]:
    """Return jumps to the shares of a cost that weights come to; all of it on `last`."""
    found: list[Jump] = []
    held = weight = ZERO
    for when, more in parts:
        weight += more
        value = _part(cost, weight, total)
        found.append((when, value - held))
        held = value
    if last is not None:
        found.append((last, cost - held))
    return found


def _by_labels(cost: Decimal, held: Deliveries, ended: date | None) -> Sequence[Jump]:
    """Return what accepted labels earned: each its planned unit cost, at most all of them."""
    found: list[Jump] = []
    value, count = ZERO, 0
    for day, came in sorted(held.accepted):
        if ended is not None and day >= ended:
            break
        count += came
        earned = _part(cost, min(max(count, 0), held.wanted), held.wanted)
        found.append((day, earned - value))
        value = earned
    if ended is not None:
        found.append((ended, cost - value))
    return found


def planned_words(work: Work) -> str:
    """Return in a sentence when an item was to earn."""
    if work.planned.finish is None:
        return "No days are planned."
    if is_even(work):
        return "Planned evenly over its days."
    if work.method is not Method.MILESTONES or not work.steps:
        return f"Planned for {work.planned.finish:%-d %b %Y}."
    days = [
        f"{step.what} {_due(work.planned, where):%-d %b}" for step, where in _places(work.steps)
    ]
    own = any(step.due is not None for step in work.steps)
    how = "" if own else " (by weight over its days)"
    return f"Planned{how}: {', '.join(days)}."


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


def _part(cost: Decimal, some: Decimal | int, of: Decimal | int) -> Decimal:
    if not of:
        return ZERO
    return (cost * Decimal(some) / Decimal(of)).quantize(CENT, ROUND_HALF_EVEN)
