"""The search where capacities never change: rules, a genetic search, then shaking its best."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from headway.analysis import compiled
from headway.analysis.schedule.levelling.bounds import PATHS, lower_bound
from headway.analysis.schedule.levelling.packing import pack
from headway.analysis.schedule.levelling.problem import Conflict, Numbers, Problem, Schedule
from headway.analysis.schedule.levelling.rules import rules

KERNELS = "headway.analysis.schedule.levelling.kernels"
LEAST_POPULATION, MOST_POPULATION = 16, 600
#: The share of the schedules that the genetic search gets, before its best is shaken.
BREEDING = 0.3
#: One in so many of the schedules planned is a member of the population.
GENERATIONS = 300
CHILDREN = 2
STALLED = 60
#: The share of the schedules after which shaking that brought nothing gives way to a new round.
PATIENCE = 0.2
LEAST_PATIENCE = 3_000
CHUNK = 3_000
#: Placements in one stretch of compiled work: after each, the caller may look at its clock.
PLACEMENTS = 400_000


class PackedSearch:
    """Walks through schedules of one problem. `starts` is the best, `made` how many it took."""

    def __init__(self, problem: Problem, seed: int, most: int) -> None:
        """Hold the arrays, the seed and the bound; at most `most` schedules will be made.

        Raises Invalid when the problem spans too many slots.
        """
        self._kernels = compiled.load(KERNELS)
        self._packed = packed = pack(problem)
        self._problem = problem
        self.bound = lower_bound(problem, packed.order, packed.heads, packed.tails)
        self._most = most
        self._state = np.array([seed * 0x9E3779B97F4A7C15 % 2**64 | 1], dtype=np.uint64)
        size = len(packed.order)
        self._free = np.empty(packed.horizon * len(packed.base), dtype=np.uint64)
        self._used = np.array([packed.horizon])
        self._count = np.empty(3 * packed.horizon + 64, dtype=np.int64)
        self._best = np.zeros(size, dtype=np.int64)
        self.makespan = 1 << 40
        self._round = self._best
        self._rounds = 0
        self.made = 0

    @staticmethod
    def load() -> None:
        """Load the compiled code, compiling it if it never was: seconds, once an installation."""
        for module in (KERNELS, PATHS):
            compiled.load(module)

    @property
    def value(self) -> int:
        """Return what the search makes small."""
        return self.makespan

    @property
    def schedule(self) -> Schedule:
        """Return the best schedule, by the caller's numbers."""
        starts = np.empty_like(self._best)
        starts[self._packed.order] = self._best
        finishes = starts + self._problem.durations
        return Schedule(starts, finishes, np.zeros_like(starts), self.makespan)

    def conflicts(self) -> tuple[Conflict, ...]:
        """Return none: where capacities never change, there is always room later."""
        return ()

    @property
    def done(self) -> bool:
        """Say whether nothing shorter is to be had, or nothing more allowed."""
        return self.solved or self.made + 3 > self._most

    @property
    def solved(self) -> bool:
        """Say whether nothing shorter is possible."""
        return self.makespan <= self.bound.slots

    @property
    def horizon(self) -> int:
        """Return a slot by which all can be done."""
        return self._packed.horizon

    def accept(self, schedule: Schedule) -> None:
        """Take over a schedule that somebody else found, if it is better."""
        self._keep(schedule.starts[self._packed.order], schedule.makespan)

    def first(self) -> None:
        """Schedule by each rule and justify the best: an answer at once."""
        for keys in rules(self._problem, self._packed):
            self._keep(*self._by_keys(keys))
            if self.done:
                return
        starts = self._best.copy()
        makespan = self._justify(starts, passes=2)
        self._keep(starts, makespan)

    def run(self, planned: int) -> Iterator[None]:
        """Search on, a stretch at a time, without end; `planned` schedules shape the search.

        In rounds: a population of its own, then its best is shaken until that leads nowhere.
        """
        members = min(max(planned // GENERATIONS, LEAST_POPULATION), MOST_POPULATION)
        while not self.done:
            until = self.made + int(planned * BREEDING)
            yield from self._breed(members, min(self._most - members * CHILDREN, until))
            yield from self._polish(max(int(planned * PATIENCE), LEAST_PATIENCE))
            self._rounds += 1

    def _polish(self, patience: int) -> Iterator[None]:
        """Shake the best of the population until `patience` schedules brought nothing."""
        current = self._round.copy()
        best = current.copy()
        span, stalled = self._span(best), 0
        while not self.done and stalled < patience:
            times = max(3, min(CHUNK, PLACEMENTS // max(len(current), 1), self._most - self.made))
            made = self._kernels.polish(
                self._state, self._packed.forward, self._packed.backward, self._packed.base,
                self._free, self._used, self._count, current, best, times, self.bound.slots,
                self._packed.odd,
            )  # fmt: skip
            self.made += made
            stalled += made
            if self._span(best) < span:
                span, stalled = self._span(best), 0
                self._keep(best, span)
            yield

    def _breed(self, members: int, until: int) -> Iterator[None]:
        """Alternate the populations that are built from the start and from the finish."""
        packed = self._packed
        shape = (members, len(packed.order))
        old, new = np.empty(shape, dtype=np.int64), np.empty(shape, dtype=np.int64)
        values, fresh = np.empty(members, dtype=np.int64), np.empty(members, dtype=np.int64)
        yield from self._found(old, values)
        self._round = self._best.copy()
        ways = (packed.forward, packed.backward)
        waited, shortest, mirrored = 0, 1 << 40, False
        while not self.done and self.made < until and waited < STALLED:
            here, there = ways[mirrored], ways[not mirrored]
            self.made += self._kernels.breed(
                self._state, here, there, packed.base, self._free, self._used, packed.weights,
                self._count, old, values, new, fresh, CHILDREN, packed.odd, mirrored,
            )  # fmt: skip
            mirrored = not mirrored
            old, new, values, fresh = new, old, fresh, values
            fittest = int(values.argmin())
            makespan = int(values[fittest]) >> 32
            waited = 0 if makespan < shortest else waited + 1
            if makespan < shortest:
                shortest = makespan
                self._round = self._unmirrored(old[fittest], makespan, mirrored)
                self._keep(self._round, makespan)
            yield

    def _found(self, members: Numbers, values: Numbers) -> Iterator[None]:
        """Fill the first population: the best so far, then lists drawn with a bias."""
        packed, kernels = self._packed, self._kernels
        latest = packed.tails.max(initial=0) - packed.tails + packed.forward[0]
        order, waits, ready = (np.empty(len(packed.order), dtype=np.int64) for _ in range(3))
        for member in range(len(members)):
            if member == 0 and not self._rounds:
                members[0] = self._best
                makespan = self.makespan
            else:
                kernels.sample(
                    self._state, packed.forward, packed.backward, latest, waits, ready, order
                )
                makespan = self._serial(order, members[member])
                self._keep(members[member], makespan)
            values[member] = (makespan << 32) + int(members[member].sum())
            if member % 50 == 49:
                yield
            if self.done:
                return

    def _by_keys(self, keys: Numbers) -> tuple[Numbers, int]:
        packed = self._packed
        order, starts = np.empty_like(keys), np.empty_like(keys)
        self._kernels.respect_links(packed.forward[6], packed.forward[7], False, keys)
        order[:] = np.argsort(keys, kind="stable")
        return starts, self._serial(order, starts)

    def _serial(self, order: Numbers, starts: Numbers) -> int:
        packed = self._packed
        self.made += 1
        makespan: int = self._kernels.serial(
            packed.forward, order, packed.base, self._free, self._used, starts
        )
        return makespan

    def _justify(self, starts: Numbers, passes: int) -> int:
        packed = self._packed
        self.made += 2 * passes
        makespan: int = self._kernels.justify(
            packed.forward, packed.backward, packed.base, self._free, self._used, self._count,
            packed.odd, starts, np.empty_like(starts), passes,
        )  # fmt: skip
        return makespan

    def _span(self, starts: Numbers) -> int:
        return int((starts + self._packed.forward[0]).max(initial=0))

    def _unmirrored(self, starts: Numbers, makespan: int, mirrored: bool) -> Numbers:
        return makespan - starts - self._packed.forward[0] if mirrored else starts.copy()

    def _keep(self, starts: Numbers, makespan: int) -> None:
        """Remember a schedule when it is shorter than all before."""
        if makespan < self.makespan:
            self._best = starts.copy()
            self.makespan = makespan
