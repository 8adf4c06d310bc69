"""What stays in conflict after levelling: which item, which resource, when, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from headway.analysis.schedule.levelling.loads import capacity, usage, worked_slots
from headway.analysis.schedule.levelling.problem import (
    FREE,
    Levelling,
    Mask,
    Numbers,
    Problem,
    Reason,
)


@dataclass(frozen=True, slots=True)
class Remaining:
    """An item that stays in conflict with a resource from slot `first` to before slot `last`."""

    activity: int
    resource: int
    first: int
    last: int
    reason: Reason


def remaining(problem: Problem, found: Levelling) -> tuple[Remaining, ...]:
    """Return every conflict of a schedule: those the search named, and any overload it did not.

    An overload without a name comes from what may not move: the items that hold the resource then.
    """
    named = {(one.activity, one.resource): one.reason for one in found.conflicts}
    over = _overloaded(problem, found)
    rows = [
        _ranged(problem, found, activity, resource, reason, over[resource])
        for (activity, resource), reason in named.items()
    ]
    for resource in range(problem.resources):
        covered = np.zeros(over.shape[1], dtype=np.bool_)
        for row in rows:
            if row.resource == resource:
                covered[row.first : row.last] = True
        left = over[resource] & ~covered
        rows += list(_unnamed(problem, found, resource, left)) if left.any() else []
    return tuple(sorted(rows, key=lambda row: (row.first, row.activity, row.resource)))


def _overloaded(problem: Problem, found: Levelling) -> Mask:
    schedule = found.schedule
    slots = int(max(schedule.finishes.max(initial=0), 1))
    held = usage(problem, schedule.starts, schedule.modes, slots)
    there = np.array([capacity(problem, number, slots) for number in range(problem.resources)])
    return held > there.reshape(held.shape)


def _ranged(
    problem: Problem,
    found: Levelling,
    activity: int,
    resource: int,
    reason: Reason,
    over: Mask,
) -> Remaining:
    """Return a named conflict with the slots of the activity that are too much."""
    worked = _worked(problem, found, activity)
    hit = worked[over[worked]] if len(worked) else worked
    touched = hit if len(hit) else worked
    first = int(touched[0]) if len(touched) else int(found.schedule.starts[activity])
    last = int(touched[-1]) + 1 if len(touched) else first
    return Remaining(activity, resource, first, last, reason)


def _unnamed(
    problem: Problem,
    found: Levelling,
    resource: int,
    over: Mask,
) -> Iterator[Remaining]:
    for activity in range(problem.size):
        mode = problem.mode(activity, int(found.schedule.modes[activity]))
        if not mode.demand[resource]:
            continue
        worked = _worked(problem, found, activity)
        hit = worked[over[worked]]
        if len(hit):
            reason = Reason.DEMAND if problem.fixed[activity] != FREE else Reason.WINDOW
            yield Remaining(activity, resource, int(hit[0]), int(hit[-1]) + 1, reason)


def _worked(problem: Problem, found: Levelling, activity: int) -> Numbers:
    mode = problem.mode(activity, int(found.schedule.modes[activity]))
    start = int(found.schedule.starts[activity])
    return worked_slots(problem, start, mode.duration, mode.calendar)
