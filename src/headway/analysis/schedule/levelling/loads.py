"""How much of each resource is asked for and there is: slot by slot, and by week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from headway.analysis.schedule.levelling.problem import ALWAYS, Numbers, Problem
from headway.analysis.schedule.levelling.translation import Translation

#: Beyond so many weeks a load is not told: a picture would not show it.
MOST_WEEKS = 520


@dataclass(frozen=True, slots=True)
class Week:
    """The most of a resource that is asked for at once, in one week, beside what there is then.

    `capacity` is the least of the week; `over_…` say whether at any moment too much is asked for.
    """

    begins: date | float
    capacity: float
    before: float
    after: float
    over_before: bool
    over_after: bool


@dataclass(frozen=True, slots=True)
class ResourceLoad:
    """A resource over the weeks of a plan, as it stands and levelled."""

    resource: str
    weeks: tuple[Week, ...]

    @property
    def over_before(self) -> int:
        """Return in how many weeks more was asked for than there is."""
        return sum(week.over_before for week in self.weeks)

    @property
    def over_after(self) -> int:
        """Return in how many weeks more is still asked for than there is."""
        return sum(week.over_after for week in self.weeks)


def usage(problem: Problem, starts: Numbers, modes: Numbers, slots: int) -> NDArray[np.int64]:
    """Return what is held of each resource in each slot, [resources, slots]."""
    held = np.zeros((problem.resources, slots), dtype=np.int64)
    for activity in range(problem.size):
        mode = problem.mode(activity, int(modes[activity]))
        worked = worked_slots(problem, int(starts[activity]), mode.duration, mode.calendar)
        worked = worked[worked < slots]
        for resource, parts in enumerate(mode.demand):
            if parts:
                held[resource, worked] += parts
    return held


def worked_slots(problem: Problem, start: int, duration: int, calendar: int) -> Numbers:
    """Return the slots in which an activity works that starts in slot `start`."""
    if calendar == ALWAYS:
        return np.arange(start, start + duration)
    mask = problem.calendars[calendar]
    inside = start + np.flatnonzero(mask[start:])[:duration]
    beyond = max(start, len(mask)) + np.arange(duration - len(inside))
    return np.concatenate((inside, beyond)).astype(np.int64)


def capacity(problem: Problem, resource: int, slots: int) -> Numbers:
    """Return how much of a resource there is in each slot."""
    steps = problem.capacities[resource]
    found = np.zeros(slots, dtype=np.int64)
    for slot, parts in steps:
        found[slot:] = parts
    return found


def loads_of(
    asked: Translation, before: NDArray[np.int64], after: NDArray[np.int64]
) -> tuple[ResourceLoad, ...]:
    """Return the load of each resource by week; `before` and `after` cover the same slots."""
    slots = before.shape[1]
    begins = _weeks(asked, slots)
    edges = [first for first, _ in begins]
    loads = []
    for number, pool in enumerate(asked.pools if begins else ()):
        there = capacity(asked.problem, number, slots)
        least = np.minimum.reduceat(there, edges) / pool.per_unit
        tops = [np.maximum.reduceat(held[number], edges) for held in (before, after)]
        over = [np.logical_or.reduceat(held[number] > there, edges) for held in (before, after)]
        weeks = [
            Week(day, float(cap), float(old), float(new), bool(was), bool(still))
            for (_, day), cap, old, new, was, still in zip(
                begins, least, *(top / pool.per_unit for top in tops), *over, strict=True
            )
        ]
        loads.append(ResourceLoad(pool.resource.name, tuple(weeks)))
    return tuple(loads)


def _weeks(asked: Translation, slots: int) -> Sequence[tuple[int, date | float]]:
    """Return the first slot of each week and its Monday; without a calendar, every five units."""
    if slots == 0:
        return []
    axis, time = asked.axis, asked.frame.time
    if asked.plan.calendar is None:
        step = max(1, round(5 * axis.per_unit))
        return [(slot, axis.time(slot)) for slot in range(0, slots, step)][:MOST_WEEKS]
    days = time.dates_of_start(np.array([axis.time(slot) for slot in range(slots)]))
    found: dict[date, int] = {}
    for slot, day in enumerate(days.astype(object)):
        found.setdefault(day - timedelta(days=day.weekday()), slot)
    return [(slot, monday) for monday, slot in found.items()][:MOST_WEEKS]
