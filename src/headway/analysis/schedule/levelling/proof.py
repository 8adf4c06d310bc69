"""What CP-SAT can prove, and find, where the search is not known to be right.

It gets the makespan reached as a bound that must be beaten, so that "nothing there" is a proof.
One worker, a seed and a limit in its own deterministic time: the same answer on every run.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from headway.analysis.schedule.levelling.problem import (
    ALWAYS,
    FREE,
    NEVER,
    Kind,
    Numbers,
    Problem,
    Schedule,
)

MOST_ACTIVITIES = 2_000
WATCH_SECONDS = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Proof:
    """A shorter schedule if one was found; none beats `bound`, and none exists if `impossible`."""

    schedule: Schedule | None
    bound: int
    impossible: bool = False


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to try: in CP-SAT's deterministic units, a second or two each; until `is_over`."""

    units: float
    is_over: Callable[[], bool] | None = None


def can_prove(problem: Problem) -> bool:
    """Say whether CP-SAT is asked: not of calendars that pause work, nor of very large plans."""
    modes = [mode for modes in problem.modes.values() for mode in modes]
    return (
        problem.size <= MOST_ACTIVITIES
        and bool((problem.calendar == ALWAYS).all())
        and bool((problem.links[:, 4] == ALWAYS).all())
        and all(mode.calendar == ALWAYS for mode in modes)
    )


def prove(problem: Problem, lower: int, below: int, effort: Effort, seed: int) -> Proof:
    """Look for a schedule of at least `lower` and less than `below` slots.

    The problem must be one that `can_prove` allows.
    """
    if lower >= below:
        return Proof(None, below)
    model = _Model(problem, lower, below - 1)
    return model.solve(below, effort, seed)


@contextmanager
def _watching(solver: Any, is_over: Callable[[], bool] | None) -> Iterator[None]:
    """Stop the solver as soon as the time is over, by whatever clock the caller counts it."""
    finished = threading.Event()

    def watch() -> None:
        while is_over is not None and not finished.wait(WATCH_SECONDS):
            if is_over():
                solver.stop_search()
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        finished.set()
        watcher.join()


class _Model:
    """The problem in CP-SAT's words."""

    def __init__(self, problem: Problem, lower: int, upper: int) -> None:
        from ortools.sat.python import cp_model  # heavy: loaded when a proof is wanted

        self._library: Any = cp_model
        self._problem = problem
        self._model: Any = cp_model.CpModel()
        self._makespan = self._model.new_int_var(lower, upper, "")
        self._starts: list[Any] = []
        self._ends: list[Any] = []
        self._choices: list[list[Any]] = []
        self._held: list[list[tuple[Any, int]]] = [[] for _ in problem.capacities]
        for number in range(problem.size):
            self._add_activity(number, upper)
        for link in problem.links.tolist():
            self._add_link(*link[:4])
        for number, steps in enumerate(problem.capacities):
            self._add_resource(number, steps, upper)
        self._model.minimize(self._makespan)

    def _add_activity(self, number: int, upper: int) -> None:
        problem, model = self._problem, self._model
        fixed, release = int(problem.fixed[number]), int(problem.releases[number])
        first, last = (release, upper) if fixed == FREE else (fixed, fixed)
        due = min(upper, int(problem.latest[number])) if problem.latest[number] < NEVER else upper
        start = model.new_int_var(min(first, last), last, "")
        end = model.new_int_var(0, max(due, 0), "")
        if first > last:
            model.add(start >= first)
        modes = [problem.mode(number, 0), *problem.modes.get(number, ())]
        choices = [model.new_bool_var("") for _ in modes] if len(modes) > 1 else [True]
        if len(modes) > 1:
            model.add_exactly_one(choices)
        for mode, chosen in zip(modes, choices, strict=True):
            interval = model.new_optional_interval_var(start, mode.duration, end, chosen, "")
            for resource, asked in enumerate(mode.demand):
                if asked and mode.duration:
                    self._held[resource].append((interval, asked))
        model.add(self._makespan >= end)
        self._starts.append(start)
        self._ends.append(end)
        self._choices.append(choices)

    def _add_link(self, first: int, second: int, kind: int, lag: int) -> None:
        begin = self._ends[first] if kind in (Kind.FS, Kind.FF) else self._starts[first]
        end = self._ends[second] if kind in (Kind.FF, Kind.SF) else self._starts[second]
        self._model.add(end >= begin + lag)

    def _add_resource(self, number: int, steps: tuple[tuple[int, int], ...], upper: int) -> None:
        most = max(level for _, level in steps)
        held = list(self._held[number])
        if not held:
            return
        for (begin, level), (end, _) in zip(steps, [*steps[1:], (upper + 1, 0)], strict=True):
            length = min(end, upper + 1) - begin
            if length > 0 and level < most:
                blocked = self._model.new_fixed_size_interval_var(begin, length, "")
                held.append((blocked, most - level))
        intervals, demands = zip(*held, strict=True)
        if min(demands) * 2 > most and len(steps) == 1:
            self._model.add_no_overlap(intervals)
            if max(demands) <= most:
                return
        self._model.add_cumulative(intervals, demands, most)

    def solve(self, below: int, effort: Effort, seed: int) -> Proof:
        """Return what was found and proved within the effort."""
        library, solver = self._library, self._library.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed % 2**31
        solver.parameters.max_deterministic_time = effort.units
        # Linear relaxations cost more than they prove here: without them it takes a quarter.
        solver.parameters.linearization_level = 0
        solver.parameters.use_strong_propagation_in_disjunctive = True
        with _watching(solver, effort.is_over):
            status = solver.solve(self._model)
        if status == library.INFEASIBLE:
            return Proof(None, below, impossible=True)
        bound = min(below, max(0, int(np.ceil(solver.best_objective_bound - 1e-6))))
        if status not in (library.OPTIMAL, library.FEASIBLE):
            return Proof(None, bound)
        return Proof(self._schedule(solver), bound)

    def _schedule(self, solver: Any) -> Schedule:
        starts: Numbers = np.array([solver.value(start) for start in self._starts], dtype=np.int64)
        ends: Numbers = np.array([solver.value(end) for end in self._ends], dtype=np.int64)
        modes = [
            next((n for n, chosen in enumerate(choices) if solver.value(chosen)), 0)
            for choices in self._choices
        ]
        return Schedule(starts, ends, np.array(modes, dtype=np.int64), int(ends.max(initial=0)))
