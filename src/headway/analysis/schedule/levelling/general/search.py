"""The search for problems with steps, calendars, windows, fixed starts or modes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from headway.analysis import compiled
from headway.analysis.schedule.levelling.bounds import PATHS, Bound
from headway.analysis.schedule.levelling.general.program import general_bound, program
from headway.analysis.schedule.levelling.problem import (
    PRIORITY,
    Conflict,
    Numbers,
    Problem,
    Reason,
    Schedule,
)

PLAIN_KERNELS = "headway.analysis.schedule.levelling.kernels"
KERNELS = "headway.analysis.schedule.levelling.general.kernels"
#: A schedule's value is its conflicts times this, plus its makespan.
CONFLICT = 1 << 40
CHUNK = 600
PLACEMENTS = 60_000
#: The share of the schedules after which shaking that brought nothing begins anew.
PATIENCE = 0.05
LEAST_PATIENCE = 1_500


class GeneralSearch:
    """Walks through schedules of one problem. `schedule` is the best, `made` how many it took."""

    def __init__(self, problem: Problem, seed: int, most: int) -> None:
        """Hold the arrays, the seed and the bound; at most `most` schedules will be made.

        Raises Invalid when the problem spans too many slots.
        """
        self._plain_kernels = compiled.load(PLAIN_KERNELS)
        self._kernels = compiled.load(KERNELS)
        self._problem = problem
        self._program = program(problem)
        self._most = most
        self._state = np.array([seed * 0x9E3779B97F4A7C15 % 2**64 | 1], dtype=np.uint64)
        self._value = CONFLICT * CONFLICT
        self._unplaced: Numbers = np.zeros(0, dtype=np.int64)
        free = np.full_like(self._program.capacity, 1 << 50)
        _, starts, finishes, _, _ = self._place(np.arange(problem.size), free)
        self._early = (starts, finishes)
        self.bound: Bound = general_bound(problem, starts, finishes)
        self.made = 0

    @property
    def makespan(self) -> int:
        """Return when the best schedule is done."""
        return self._value % CONFLICT

    @staticmethod
    def load() -> None:
        """Load the compiled code, compiling it if it never was: seconds, once an installation."""
        for module in (PLAIN_KERNELS, KERNELS, PATHS):
            compiled.load(module)

    @property
    def value(self) -> int:
        """Return what the search makes small: first the conflicts, then the makespan."""
        return self._value

    @property
    def done(self) -> bool:
        """Say whether nothing better is to be had, or nothing more allowed."""
        return self.solved or self.made + 3 > self._most

    @property
    def solved(self) -> bool:
        """Say whether nothing better is possible."""
        return self._value <= self.bound.slots

    @property
    def horizon(self) -> int:
        """Return a slot by which all can be done, if it can at all."""
        return int(self._program.capacity.shape[1])

    def accept(self, schedule: Schedule) -> None:
        """Take over a schedule without conflicts that somebody else found, if it is better."""
        order = self._program.order
        columns = (schedule.starts[order], schedule.finishes[order], schedule.modes[order])
        self._keep(schedule.makespan, *columns, np.zeros_like(order))

    @property
    def schedule(self) -> Schedule:
        """Return the best schedule, by the caller's numbers."""
        starts, finishes, modes = (np.empty_like(column) for column in self._best)
        for whole, column in zip((starts, finishes, modes), self._best, strict=True):
            whole[self._program.order] = column
        return Schedule(starts, finishes, modes, self.makespan)

    def first(self) -> None:
        """Schedule by early start, by late start and by early finish; keep the best."""
        starts, finishes = self._early
        tails = self._tails()
        priorities = self._problem.priorities[self._program.order]
        for keys in (tails.max(initial=0) - tails, starts, finishes):
            if not bool((priorities == PRIORITY).all()):
                keys = (1000 - priorities) * (int(keys.max(initial=0)) + 1) + keys
            keys = keys.copy()
            self._plain_kernels.respect_links(*self._program.links[:2], False, keys)
            self._keep(*self._place(np.argsort(keys, kind="stable"), self._program.capacity))
            if self.done:
                return

    def run(self, planned: int) -> Iterator[None]:
        """Search on, a stretch at a time, until nothing better is to be had.

        Where shaking brings nothing for a share of the `planned` schedules, it begins anew from a
        list drawn around the rule.
        """
        current = [*(column.copy() for column in self._best), self._unplaced.copy()]
        reached, stalled, patience = self._value, 0, max(int(planned * PATIENCE), LEAST_PATIENCE)
        while not self.done:
            times = max(3, min(CHUNK, PLACEMENTS // max(self._problem.size, 1)))
            times = min(times, self._most - self.made)
            value = self._shake(current, reached, times)
            self.made += times
            stalled = 0 if value < reached else stalled + times
            reached = value
            self._keep(value, *current)
            if stalled >= patience and not self.done:
                reached, *current = self._drawn()
                self._keep(reached, *current)
                stalled = 0
            yield

    def _shake(self, current: list[Numbers], value: int, times: int) -> int:
        """Change `current` for the better, and return its value."""
        parts, capacity = self._program, self._program.capacity
        if value < CONFLICT and value < capacity.shape[1]:
            capacity = np.ascontiguousarray(capacity[:, :value])
        reached: int = self._kernels.polish(
            self._state, parts.modes, parts.links, parts.mirrored, parts.windows, capacity,
            parts.masks, *current, value, times,
        )  # fmt: skip
        return reached

    def _drawn(self) -> tuple[int, Numbers, Numbers, Numbers, Numbers]:
        """Return a schedule whose list is the late starts, each moved by chance."""
        tails = self._tails()
        reach = int(tails.max(initial=0))
        draw = self._plain_kernels.draw
        noise = [draw(self._state, reach // 2 + 1) for _ in range(len(tails))]
        keys = reach - tails + np.array(noise, dtype=np.int64)
        self._plain_kernels.respect_links(*self._program.links[:2], False, keys)
        self.made += 1
        return self._place(np.argsort(keys, kind="stable"), self._program.capacity)

    def conflicts(self) -> tuple[Conflict, ...]:
        """Return what the best schedule could not place, each with its reason."""
        order = self._program.order.tolist()
        return tuple(
            conflict
            for number in np.flatnonzero(self._unplaced).tolist()
            for conflict in self._explain(number, order[number])
        )

    def _explain(self, number: int, activity: int) -> Iterator[Conflict]:
        """Yield the resources that do not suffice where the activity stays; -1 for its links."""
        found = False
        start, mode = int(self._best[0][number]), int(self._best[2][number])
        demand = self._problem.mode(activity, mode).demand
        finish = int(self._best[1][number])
        use = self._use()
        capacity = self._program.capacity
        for resource, asked in enumerate(demand):
            if not asked:
                continue
            there = capacity[resource, start:finish]
            if asked > capacity[resource].max():
                reason = Reason.DEMAND
            elif asked > there.min(initial=asked) and not there.min(initial=0):
                reason = Reason.CALENDAR
            elif (use[resource, start:finish] > there).any():
                reason = Reason.WINDOW
            else:
                continue
            found = True
            yield Conflict(activity, resource, reason)
        if not found:
            yield Conflict(activity, -1, Reason.WINDOW)

    def _use(self) -> Numbers:
        free = self._program.capacity.copy()
        _, durations, calendars, demands = self._program.modes
        for number, (start, mode) in enumerate(zip(self._best[0], self._best[2], strict=True)):
            index = int(self._program.modes[0][number] + mode)
            self._kernels.hold(
                free, self._program.masks, calendars[index], durations[index], demands[index],
                int(start),
            )  # fmt: skip
        return self._program.capacity - free

    def _tails(self) -> Numbers:
        """Return how long after each start all that follows takes at least, pauses left out."""
        durations = self._program.modes[1][self._program.modes[0][:-1]]
        pointers, sources = self._program.mirrored[:2]
        tails = durations.copy()
        for number in range(len(tails) - 1, -1, -1):
            for link in range(pointers[number], pointers[number + 1]):
                tails[number] = max(tails[number], durations[number] + tails[sources[link]])
        return tails

    def _place(
        self, order: Numbers, capacity: Numbers
    ) -> tuple[int, Numbers, Numbers, Numbers, Numbers]:
        parts, size = self._program, self._problem.size
        asked = np.full(size, -1, dtype=np.int64)
        starts, finishes, chosen, odd = (np.zeros(size, dtype=np.int64) for _ in range(4))
        value = self._kernels.place(
            order, parts.modes, parts.links, parts.windows, capacity, parts.masks,
            np.empty_like(capacity), asked, starts, finishes, chosen, odd,
        )  # fmt: skip
        return value, starts, finishes, chosen, odd

    def _keep(
        self, value: int, starts: Numbers, finishes: Numbers, chosen: Numbers, odd: Numbers
    ) -> None:
        if value >= self._value:
            return
        self._value = value
        self._best = (starts.copy(), finishes.copy(), chosen.copy())
        self._unplaced = odd.copy()
