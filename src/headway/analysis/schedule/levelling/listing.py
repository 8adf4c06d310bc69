"""An answer at once: activities are placed one after the other, by rules and by chance around them.

The serial schedule generation scheme (Kelley 1963) in plain NumPy: nothing is compiled, so that it
may run while somebody waits. The list is ordered by latest start (the rule), then drawn around it
(regret-biased, Drexl 1991); the best of all is kept. What cannot be placed stays where its links
put it, and is named as a conflict.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, repeat
from random import Random

import numpy as np
from numpy.typing import NDArray

from headway.analysis.schedule.levelling.problem import (
    ALWAYS,
    FREE,
    NEVER,
    Budget,
    Conflict,
    Kind,
    Levelling,
    Mode,
    Numbers,
    Problem,
    Reason,
    Schedule,
    Status,
    Step,
    topological,
)

#: Schedules tried within a time, at most; and activities placed without one.
_MOST = 1_000_000
_MOST_PLACED = 20_000
#: How far a draw strays from the rule at most: 0 is the rule itself, 1 ranks by chance alone.
_STRAY = 0.8


def search(
    problem: Problem, budget: Budget, tell: Callable[[Levelling], bool] | None = None
) -> Levelling:
    """Return the best schedule that the budget allows; without a clock a seed gives the same bits.

    `tell` hears of each better one; its False ends the search.
    """
    links = _Links(problem)
    late = links.late_starts()
    rules: list[Sequence[float]] = [late, _by_priority(problem, late)]
    chance = Random(budget.seed)
    bound, reason = lower_bound(problem, links)
    begun = budget.clock() if budget.clock else 0.0
    best: _Placed | None = None
    count = 0
    history: list[Step] = []
    for keys in chain(rules, (_strayed(late, chance) for _ in repeat(None))):
        placed = _Placing(problem, links).run(keys)
        count += 1
        spent = budget.clock() - begun if budget.clock else 0.0
        is_better = best is None or placed.rank < best.rank
        if best is None or is_better:
            best = placed
            history.append(Step(placed.makespan, count, spent))
            if tell is not None and not tell(best.levelling(bound, reason, count)):
                break
        is_proved = best.makespan <= bound and not best.conflicts
        if count >= len(rules) and (is_proved or _is_spent(problem, budget, count, spent)):
            break
    assert best is not None
    found = best.levelling(bound, reason, count)
    return replace(found, seconds=spent, history=tuple(history), notes=tuple(_notes(budget)))


def _is_spent(problem: Problem, budget: Budget, count: int, spent: float) -> bool:
    if budget.seconds is not None and spent >= budget.seconds:
        return True
    most = budget.schedules if budget.schedules is not None else _MOST
    if budget.seconds is None:
        most = min(most, max(2, _MOST_PLACED // max(problem.size, 1)))
    return count >= most


def _notes(budget: Budget) -> Iterator[str]:
    if budget.seconds is not None:
        yield "The search ended by the clock: on another machine the answer may differ."


def _by_priority(problem: Problem, late: Sequence[float]) -> list[float]:
    """Return the keys of the rule that puts priority before everything else."""
    span = max(late, default=0.0) + 1.0
    return [
        start - span * priority
        for start, priority in zip(late, problem.priorities.tolist(), strict=True)
    ]


def _strayed(late: Sequence[float], chance: Random) -> list[float]:
    """Return the rule's keys, each moved by chance: a little in one draw, far in another."""
    span = (max(late, default=0.0) + 1.0) * _STRAY * chance.random()
    return [start + span * (chance.random() - 0.5) for start in late]


class _Links:
    """The links by the end that they bind, and the passes along them."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.order = topological(problem)
        self.into: list[list[tuple[int, Kind, int, int]]] = [[] for _ in range(problem.size)]
        self.out: list[list[int]] = [[] for _ in range(problem.size)]
        for before, after, kind, lag, calendar in problem.links.tolist():
            self.into[after].append((before, Kind(kind), lag, calendar))
            self.out[before].append(after)

    def early(self, activity: int, starts: Numbers, finishes: Numbers, duration: int) -> int:
        """Return the first slot that its release and its links allow an activity."""
        first = int(self.problem.releases[activity])
        for before, kind, lag, calendar in self.into[activity]:
            end = finishes[before] if kind in (Kind.FS, Kind.FF) else starts[before]
            reached = self._later(int(end), lag, calendar)
            first = max(first, reached - (duration if kind in (Kind.FF, Kind.SF) else 0))
        return first

    def _later(self, slot: int, lag: int, calendar: int) -> int:
        """Return where `lag` slots of a calendar past `slot` lead."""
        if calendar == ALWAYS or lag <= 0:
            return slot + lag
        mask = self.problem.calendars[calendar]
        inside = slot + np.flatnonzero(mask[slot:])[:lag]
        if len(inside) == lag:
            return int(inside[-1]) + 1
        return max(slot, len(mask)) + lag - len(inside)

    def late_starts(self) -> list[float]:
        """Return latest starts that keep each limit, and the length of the longest path."""
        lasting = self.problem.durations.tolist()
        longest = _longest(self.problem, self)
        late = [
            float(min(limit, longest) - own)
            for limit, own in zip(self.problem.latest.tolist(), lasting, strict=True)
        ]
        for activity in reversed(self.order):
            for before, kind, lag, _ in self.into[activity]:
                to_start = kind in (Kind.FS, Kind.SS)
                end = late[activity] + (0 if to_start else lasting[activity])
                own = lasting[before] if kind in (Kind.FS, Kind.FF) else 0
                late[before] = min(late[before], end - lag - own)
        return late


@dataclass(slots=True)
class _Placed:
    """One schedule: what it leaves in conflict, when it ends, and how much it makes wait."""

    problem: Problem
    starts: Numbers
    finishes: Numbers
    modes: Numbers
    conflicts: list[Conflict]

    @property
    def makespan(self) -> int:
        """Return the slot by which everything is done."""
        return int(self.finishes.max(initial=0))

    @property
    def rank(self) -> tuple[int, int, float]:
        """Return what makes a schedule better: fewer conflicts, a sooner end, less waiting."""
        waits = float(np.dot(self.starts, self.problem.priorities + 1.0))
        late = int((self.finishes > self.problem.latest).sum())
        return len(self.conflicts) + late, self.makespan, waits

    def levelling(self, bound: int, reason: str, schedules: int) -> Levelling:
        """Return it as an answer."""
        end = self.makespan
        status = Status.FEASIBLE if end > bound else Status.OPTIMAL
        return Levelling(
            Schedule(self.starts, self.finishes, self.modes, end),
            min(bound, end),
            reason,
            Status.INFEASIBLE if self.conflicts else status,
            tuple(self.conflicts),
            schedules,
        )


@dataclass(slots=True)
class _Placing:
    """One schedule under way. `free` is what is left of each resource in each slot so far."""

    problem: Problem
    links: _Links
    free: NDArray[np.int64] = field(init=False)
    worked: dict[int, Numbers] = field(default_factory=dict)
    last: int = 0

    def __post_init__(self) -> None:
        """Begin with everything free."""
        steps = [steps[-1][0] for steps in self.problem.capacities]
        masks = [len(mask) for mask in self.problem.calendars]
        self.last = max([0, *steps, *masks])
        self.free = np.zeros((self.problem.resources, 0), dtype=np.int64)
        self._make_room(self.last + int(self.problem.durations.max(initial=0)) + 64)

    def run(self, keys: Sequence[float]) -> _Placed:
        """Place everything in the order of `keys`, each after its predecessors."""
        size = self.problem.size
        starts, finishes, modes = np.zeros((3, size), dtype=np.int64)
        done = _Placed(self.problem, starts, finishes, modes, [])
        for activity in np.flatnonzero(self.problem.fixed != FREE).tolist():
            start = int(self.problem.fixed[activity])
            self._take(done, activity, 0, start)
            self._name_day_off(done, activity, start)
        for activity in self._ordered(keys):
            if self.problem.fixed[activity] == FREE:
                self._place(done, activity)
        return done

    def _ordered(self, keys: Sequence[float]) -> Iterator[int]:
        waits = [len(into) for into in self.links.into]
        ready = [(keys[one], one) for one, count in enumerate(waits) if not count]
        heapq.heapify(ready)
        while ready:
            _, activity = heapq.heappop(ready)
            yield activity
            for following in self.links.out[activity]:
                waits[following] -= 1
                if not waits[following]:
                    heapq.heappush(ready, (keys[following], following))

    def _place(self, done: _Placed, activity: int) -> None:
        """Place an activity in the way that ends first, or where its links put it."""
        best: tuple[int, int, int] | None = None
        for number in range(1 + len(self.problem.modes.get(activity, ()))):
            mode = self.problem.mode(activity, number)
            first = self.links.early(activity, done.starts, done.finishes, mode.duration)
            start = self._fit(mode, first)
            if start is not None:
                end = self._end(mode, start)
                if end <= self.problem.latest[activity] and (best is None or end < best[0]):
                    best = end, number, start
        if best is not None:
            self._take(done, activity, best[1], best[2])
            return
        mode = self.problem.mode(activity, 0)
        first = self.links.early(activity, done.starts, done.finishes, mode.duration)
        first = int(self._slots(mode, first, 1)[0]) if mode.duration else first
        done.conflicts += self._reasons(activity, mode, first)
        self._take(done, activity, 0, first)

    def _reasons(self, activity: int, mode: Mode, start: int) -> Iterator[Conflict]:
        """Yield why an activity cannot be placed, for each resource that lacks where it stands."""
        slots = self._slots(mode, start, mode.duration)
        self._make_room(int(slots[-1]) + 1 if len(slots) else 0)
        for resource, parts in enumerate(mode.demand):
            if parts and (self.free[resource, slots] < parts).any():
                most = max(level for _, level in self.problem.capacities[resource])
                is_window = parts <= most and self.problem.latest[activity] < NEVER
                reason = Reason.WINDOW if is_window else Reason.DEMAND
                yield Conflict(activity, resource, reason)

    def _name_day_off(self, done: _Placed, activity: int, start: int) -> None:
        """Name a start that is fixed to a slot in which the activity is not worked."""
        mode = self.problem.mode(activity, 0)
        used = [resource for resource, parts in enumerate(mode.demand) if parts]
        if used and mode.duration and int(self._slots(mode, start, 1)[0]) != start:
            done.conflicts.append(Conflict(activity, used[0], Reason.CALENDAR))

    def _fit(self, mode: Mode, first: int) -> int | None:
        """Return the first slot from `first` on in which a mode finds all it needs; None: never."""
        used = [resource for resource, parts in enumerate(mode.demand) if parts]
        if not mode.duration or not used:
            return int(self._slots(mode, first, 1)[0]) if mode.duration else first
        needed = np.array([[mode.demand[resource]] for resource in used])
        while True:
            slots = self._slots(mode, first, mode.duration)
            self._make_room(int(slots[-1]) + 1)
            short = np.flatnonzero((self.free[np.ix_(np.array(used), slots)] < needed).any(axis=0))
            if not len(short):
                return int(slots[0])
            if first > self.last:
                return None
            first = int(slots[short[-1]]) + 1

    def _slots(self, mode: Mode, start: int, count: int) -> Numbers:
        """Return the first `count` slots from `start` on that the mode's calendar works."""
        if mode.calendar == ALWAYS:
            return np.arange(start, start + count)
        mask = self.problem.calendars[mode.calendar]
        if mode.calendar not in self.worked:
            self.worked[mode.calendar] = np.flatnonzero(mask)
        worked = self.worked[mode.calendar]
        place = int(np.searchsorted(worked, start))
        inside = worked[place : place + count]
        beyond = max(start, len(mask)) + np.arange(count - len(inside))
        return np.concatenate((inside, beyond)).astype(np.int64)

    def _end(self, mode: Mode, start: int) -> int:
        return int(self._slots(mode, start, mode.duration)[-1]) + 1 if mode.duration else start

    def _take(self, done: _Placed, activity: int, number: int, start: int) -> None:
        mode = self.problem.mode(activity, number)
        slots = self._slots(mode, start, mode.duration)
        end = int(slots[-1]) + 1 if len(slots) else start
        self._make_room(end)
        for resource, parts in enumerate(mode.demand):
            if parts:
                self.free[resource, slots] -= parts
        self.last = max(self.last, end)
        done.starts[activity], done.finishes[activity] = start, end
        done.modes[activity] = number

    def _make_room(self, slots: int) -> None:
        """Extend what is free to at least `slots` slots."""
        known = self.free.shape[1]
        if slots <= known:
            return
        more = np.zeros((self.problem.resources, max(slots, 2 * known) - known), dtype=np.int64)
        for resource, steps in enumerate(self.problem.capacities):
            for slot, level in steps:
                more[resource, max(slot - known, 0) :] = level
        self.free = np.concatenate((self.free, more), axis=1)


def lower_bound(problem: Problem, links: _Links | None = None) -> tuple[int, str]:
    """Return a finish that no schedule beats, and by which argument.

    The longest path without resources; for each resource the slot until which there is enough of
    it for all the work that only it can do.
    """
    links = links or _Links(problem)
    size = problem.size
    best = _longest(problem, links), "the longest path"
    for resource, steps in enumerate(problem.capacities):
        work = sum(_least_work(problem, one, resource) for one in range(size))
        until = _enough(steps, work)
        if until is not None and until > best[0]:
            best = until, f"the work of resource {resource}"
    return best


def _longest(problem: Problem, links: _Links) -> int:
    """Return when everything could be done if there were enough of every resource."""
    starts, finishes = np.zeros((2, problem.size), dtype=np.int64)
    for activity in links.order:
        least = min(
            (problem.mode(activity, number) for number in _modes_of(problem, activity)),
            key=lambda mode: mode.duration,
        )
        first = links.early(activity, starts, finishes, least.duration)
        if problem.fixed[activity] != FREE:
            first = int(problem.fixed[activity])
        starts[activity], finishes[activity] = first, first + least.duration
    return int(finishes.max(initial=0))


def _least_work(problem: Problem, activity: int, resource: int) -> int:
    """Return what an activity takes of a resource at least; 0 for what there is never enough of."""
    most = max(level for _, level in problem.capacities[resource])
    modes = [problem.mode(activity, number) for number in _modes_of(problem, activity)]
    least = min(mode.demand[resource] * mode.duration for mode in modes)
    return 0 if all(mode.demand[resource] > most for mode in modes) else least


def _modes_of(problem: Problem, activity: int) -> range:
    return range(1 + len(problem.modes.get(activity, ())))


def _enough(steps: Sequence[tuple[int, int]], work: int) -> int | None:
    """Return the slot by which `work` can be done; None where it never can."""
    left = work
    for (slot, level), following in zip(steps, [*steps[1:], (None, 0)], strict=True):
        until = following[0]
        if level and (until is None or left <= level * (until - slot)):
            return slot + -(-left // level)
        left -= level * ((until or slot) - slot)
    return None
