"""Whether a schedule keeps every rule of its problem, found without anything of the search."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from headway.analysis.schedule.levelling.problem import (
    ALWAYS,
    FREE,
    NEVER,
    Kind,
    Mode,
    Numbers,
    Problem,
    Schedule,
)


def violations(problem: Problem, schedule: Schedule) -> list[str]:
    """Return a sentence for each rule that `schedule` breaks; none when it is feasible."""
    shapes = [len(schedule.starts), len(schedule.finishes), len(schedule.modes)]
    if shapes != [problem.size] * 3:
        return [f"The schedule has {shapes} numbers; the problem has {problem.size} activities."]
    found = [*_mode_violations(problem, schedule)]
    if found:
        return found
    return [
        *_activity_violations(problem, schedule),
        *_link_violations(problem, schedule),
        *_capacity_violations(problem, schedule),
    ]


def _mode_violations(problem: Problem, schedule: Schedule) -> Iterator[str]:
    for activity, mode in enumerate(schedule.modes.tolist()):
        ways = 1 + len(problem.modes.get(activity, ()))
        if not 0 <= mode < ways:
            yield f"Activity {activity} is done in mode {mode}; it has {ways}."


def _activity_violations(problem: Problem, schedule: Schedule) -> Iterator[str]:
    last = int(schedule.finishes.max(initial=0))
    if schedule.makespan != last:
        yield f"The makespan is given as {schedule.makespan}; the last finish is {last}."
    for activity in range(problem.size):
        start, finish = int(schedule.starts[activity]), int(schedule.finishes[activity])
        mode = problem.mode(activity, int(schedule.modes[activity]))
        yield from _window_violations(problem, activity, start, finish)
        if start >= 0 and finish != _finish(problem, mode, start):
            right = _finish(problem, mode, start)
            yield f"Activity {activity} starts at {start} and finishes at {finish}, not {right}."
        fixed = problem.fixed[activity] != FREE
        if mode.duration and not fixed and start >= 0 and not _works(problem, mode, start):
            yield f"Activity {activity} starts at {start}, where its calendar does not work."


def _window_violations(problem: Problem, activity: int, start: int, finish: int) -> Iterator[str]:
    release, fixed = max(0, int(problem.releases[activity])), int(problem.fixed[activity])
    if fixed != FREE and start != fixed:
        yield f"Activity {activity} starts at {start}; it is fixed to {fixed}."
    if fixed == FREE and start < release:
        yield f"Activity {activity} starts at {start}, before {release}."
    if problem.latest[activity] < NEVER and finish > problem.latest[activity]:
        yield f"Activity {activity} finishes at {finish}, after {problem.latest[activity]}."


def _link_violations(problem: Problem, schedule: Schedule) -> Iterator[str]:
    starts, finishes = schedule.starts.tolist(), schedule.finishes.tolist()
    for first, second, kind, lag, calendar in problem.links.tolist():
        begin = finishes[first] if kind in (Kind.FS, Kind.FF) else starts[first]
        end = finishes[second] if kind in (Kind.FF, Kind.SF) else starts[second]
        least = _advance(problem, begin, lag, calendar)
        if end < least:
            yield (
                f"Link {Kind(kind).name} {first} to {second} with lag {lag}: "
                f"slot {end} is before {least}."
            )


def _capacity_violations(problem: Problem, schedule: Schedule) -> Iterator[str]:
    span = max(int(schedule.finishes.max(initial=0)), 0)
    use: Numbers = np.zeros((problem.resources, span), dtype=np.int64)
    for activity in range(problem.size):
        mode = problem.mode(activity, int(schedule.modes[activity]))
        begin, end = max(0, int(schedule.starts[activity])), int(schedule.finishes[activity])
        for slot in range(begin, end):
            if _works(problem, mode, slot):
                use[:, slot] += np.array(mode.demand, dtype=np.int64)
    for number, steps in enumerate(problem.capacities):
        for (begin, level), (end, _) in zip(steps, [*steps[1:], (span, 0)], strict=True):
            over = np.flatnonzero(use[number, begin : max(begin, min(end, span))] > level)
            if len(over):
                slot = begin + int(over[0])
                yield (
                    f"Resource {number} is asked for {use[number, slot]} in slot {slot}; "
                    f"there are {level}."
                )


def _works(problem: Problem, mode: Mode, slot: int) -> bool:
    if mode.calendar == ALWAYS:
        return True
    mask = problem.calendars[mode.calendar]
    return slot >= len(mask) or bool(mask[slot])


def _finish(problem: Problem, mode: Mode, start: int) -> int:
    left, slot = mode.duration, start
    while left:
        left -= _works(problem, mode, slot)
        slot += 1
    return slot


def _advance(problem: Problem, slot: int, lag: int, calendar: int) -> int:
    """Return where the time between it and `slot` holds `lag` worked slots, as near as can be.

    Before slot 0 every slot counts, as beyond the end of a calendar.
    """
    if calendar == ALWAYS:
        return slot + lag
    worked, left = Mode((), 1, calendar), abs(lag)
    while left:
        slot -= lag < 0
        left -= slot < 0 or _works(problem, worked, slot)
        slot += lag > 0
    return slot
