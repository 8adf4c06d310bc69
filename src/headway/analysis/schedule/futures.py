"""A run that machine code computed: a `Run` whose rows are computed again when one asks for them.

Ten thousand items in ten thousand trials are 800 MB for one kind of times alone, and a pass over
all of them takes less than a second; so the finish and the counts of criticality are kept, and the
times by item come in groups. Each pass gives the same bits, on any number of threads: a trial is
computed on its own, and only whole numbers are added up.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import replace
from functools import cached_property
from types import ModuleType
from typing import cast, overload

import numpy as np
from numpy.typing import NDArray

from headway.analysis import compiled
from headway.analysis.schedule.calendars import Times
from headway.analysis.schedule.draws import Draws
from headway.analysis.schedule.passes import Frame, Run, critical
from headway.analysis.schedule.pools import Pools
from headway.analysis.schedule.recipe import Layout, Recipe, layout_of, recipe_of
from headway.analysis.schedule.tables import beta_tables, normal_table

KERNELS = "headway.analysis.schedule.kernels"
#: A group of rows holds at most this many numbers (64 MB).
GROUP_CELLS = 8_000_000
#: From this many trials of items on, more than one thread is worth its start.
THREADED_CELLS = 5_000_000
MOST_THREADS = 8


class Rows(Sequence[Times]):
    """The times of one kind by item, computed a group of items at a time."""

    def __init__(self, run: CompiledRun, which: int) -> None:
        """Give the rows of `run` that the kernel knows as `which`."""
        self.run, self.which = run, which
        self.size = max(1, GROUP_CELLS // run.draws.trials)
        self.held: tuple[int, NDArray[np.float64]] = (-1, np.empty((0, 0)))

    @overload
    def __getitem__(self, place: int) -> Times: ...
    @overload
    def __getitem__(self, place: slice) -> list[Times]: ...
    def __getitem__(self, place: int | slice) -> Times | list[Times]:
        if isinstance(place, slice):
            return [self[number] for number in range(len(self))[place]]
        number = range(len(self))[place]
        group, inside = divmod(number, self.size)
        if self.held[0] != group:
            first = group * self.size
            numbers = range(first, min(first + self.size, len(self)))
            self.held = (group, self.run.rows(self.which, numbers))
        row: Times = self.held[1][inside]
        return row

    def __len__(self) -> int:
        return len(self.run.frame.network.ids)

    def __iter__(self) -> Iterator[Times]:
        return (self[number] for number in range(len(self)))


class CompiledRun(Run):
    """The run of a plan that the kernels support."""

    def __init__(
        self,
        frame: Frame,
        draws: Draws,
        pools: Pools | None = None,
        layout: Layout | None = None,
    ) -> None:
        """Prepare the run of `draws`; nothing is simulated before one asks."""
        kernels = self.kernels = cast("ModuleType", compiled.load(KERNELS))
        self.layout = layout or layout_of(frame, kernels, pools)
        self.recipe: Recipe = recipe_of(frame, draws, self.layout, kernels)
        outcome = self.recipe.attempted
        self.frame, self.draws, self.pools, self.closed = frame, draws, pools, {}
        self.resumed = {}
        # A list in the Run that NumPy fills; only ever read by item, here as there.
        self.starts = cast("list[Times]", Rows(self, kernels.STARTS))
        self.finishes = cast("list[Times]", Rows(self, kernels.FINISHES))
        self.lasting = cast("list[Times]", Rows(self, kernels.LASTING))
        self.tries, self.failed, self.taken = outcome.tries, outcome.failed, outcome.taken

    def again(self, draws: Draws) -> CompiledRun:
        """Return the run of other draws over the same network."""
        return CompiledRun(self.frame, draws, self.pools, self.layout)

    def lasts_as(self, other: CompiledRun, number: int) -> bool:
        """Say whether an item certainly is as much work, as often begun, as in `other`."""
        if any(number in run.tries or number in run.taken or run.may_stop for run in (self, other)):
            return False
        if self.draws.parts[number] is not other.draws.parts[number]:
            return False
        here, there = (run.recipe.delayed.get(number) for run in (self, other))
        return here is there or (
            here is not None and there is not None and np.array_equal(here, there)
        )

    def work_of(self, number: int) -> Times:
        """Return how long an item's own work is, without a pass where its draws alone say it."""
        in_draws = number not in self.tries and number not in self.taken
        if not in_draws or self.frame.timings[number].started is not None:
            return self.lasting[number]
        delay, drawn = self.recipe.delayed.get(number), self.draws.durations[number]
        return drawn if delay is None else np.maximum(drawn + delay, 0.0)

    @cached_property
    def may_stop(self) -> bool:
        """Say whether some item may never be finished."""
        return bool((self.recipe.items[:, self.kernels.FAILED] >= 0).any())

    @cached_property
    def finish(self) -> Times:
        """Return the finish of the whole plan in each trial."""
        return self.finish_of(self.frame.last)

    @cached_property
    def critical_counts(self) -> NDArray[np.int64]:
        """Return in how many finishing trials each item is critical, by item."""
        last = self._mark(self.frame.last)
        finish, counts = self._passed(last, len(last), is_critical=True)
        self.__dict__.setdefault("finish", finish)
        return np.asarray(counts[self.layout.position])

    def finish_of(self, numbers: Iterable[int]) -> Times:
        """Return when the last of some items ends in each trial."""
        ends = self._mark(tuple(numbers))
        return self._passed(ends, _after_last(ends))[0]

    def rows(self, which: int, numbers: Sequence[int]) -> NDArray[np.float64]:
        """Return the times of one kind of some items, one item a row."""
        found = np.empty((len(numbers), self.draws.trials))
        chosen = self.layout.position[np.array(numbers, dtype=np.int64)]
        if which == self.kernels.LASTING:
            self._alone(chosen)._passed(
                np.zeros(len(chosen), dtype=np.bool_),
                len(chosen),
                rows=(which, np.arange(len(chosen)), found),
            )
            return found
        places = np.full(len(self.layout.order), -1, dtype=np.int64)
        places[chosen] = np.arange(len(numbers))
        wanted = places >= 0
        self._passed(np.zeros_like(wanted), _after_last(wanted), rows=(which, places, found))
        return found

    def _alone(self, chosen: NDArray[np.int64]) -> CompiledRun:
        """Return a run of some positions without links: how long work lasts asks for no others."""
        kernels, recipe = self.kernels, self.recipe
        alone = copy(self)
        items = recipe.items[[*chosen, -1]]
        items[:, [kernels.EDGES, kernels.EXPERIMENTS, kernels.SLOT, kernels.OWN]] = 0
        numbers, keys = recipe.numbers[chosen], recipe.keys[chosen]
        alone.pools = None
        alone.layout = replace(self.layout, slots=1, own_rows=1, tails=0)
        alone.recipe = replace(recipe, items=items, numbers=numbers, keys=keys)
        return alone

    def _mark(self, numbers: Sequence[int]) -> NDArray[np.bool_]:
        marked = np.zeros(len(self.layout.order), dtype=np.bool_)
        marked[self.layout.position[np.array(numbers, dtype=np.int64)]] = True
        return marked

    def _passed(
        self,
        ends: NDArray[np.bool_],
        stop: int,
        *,
        rows: tuple[int, NDArray[np.int64], NDArray[np.float64]] | None = None,
        is_critical: bool = False,
    ) -> tuple[Times, NDArray[np.int64]]:
        """Run the kernel over all trials; return the latest of `ends` and the critical counts."""
        trials, size = self.draws.trials, len(ends)
        finish = np.empty(trials)
        none = (self.kernels.NOTHING, np.full(size, -1, dtype=np.int64), np.empty((1, 1)))
        recipe, layout = self.recipe, self.layout
        which = rows or none
        block = (
            self.kernels.ABREAST
            if self.pools
            else _block(layout.slots + 2 * layout.own_rows, self.kernels)
        )
        network = (recipe.keys, recipe.items, recipe.numbers, layout.links, layout.gaps)
        drawn = (beta_tables(), normal_table(), recipe.given, recipe.delays, recipe.flags, ends)

        def over(part: tuple[int, int]) -> NDArray[np.int64]:
            counts = np.zeros(size, dtype=np.int64)
            answer = (is_critical, finish, which[2], counts)
            if self.pools:
                held = (layout.experiments, layout.needs, layout.units)
                self.kernels.limited(*network, *held, *drawn, which[1], which[0], *part, *answer)
            else:
                spare = (layout.experiments, layout.slots, layout.own_rows, layout.tails)
                asked = (which[1], which[0], stop, *part, block)
                self.kernels.futures(*network, *spare, *drawn, *asked, *answer)
            return counts

        parts = _parts(trials, stop * trials, block)
        if len(parts) == 1:
            return finish, over(parts[0])
        with ThreadPoolExecutor(len(parts)) as pool:
            return finish, sum(pool.map(over, parts), np.zeros(size, dtype=np.int64))


def critical_counts(run: Run) -> NDArray[np.int64]:
    """Return in how many trials that do finish each item is critical."""
    if isinstance(run, CompiledRun):
        return run.critical_counts
    return np.asarray(critical(run, run.finish).sum(axis=1))


def _after_last(marked: NDArray[np.bool_]) -> int:
    found = np.flatnonzero(marked)
    return int(found[-1]) + 1 if len(found) else 0


def _block(rows: int, kernels: ModuleType) -> int:
    """Return how many trials are computed at once: so many that their rows of times stay near."""
    fitting = [b for b in kernels.BLOCKS if 8 * rows * b <= kernels.BLOCK_BYTES]
    return int(fitting[0] if fitting else kernels.BLOCKS[-1])


def _parts(trials: int, cells: int, block: int) -> list[tuple[int, int]]:
    """Return the ranges of trials, in whole blocks, that threads take."""
    threads = min(os.cpu_count() or 1, MOST_THREADS) if cells >= THREADED_CELLS else 1
    blocks = -(-trials // block)
    bounds = [min(blocks * n // threads * block, trials) for n in range(threads + 1)]
    return [pair for pair in zip(bounds, bounds[1:], strict=False) if pair[0] < pair[1]]
