"""Levelling, from a first answer on: better schedules one after the other, and what bounds them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import nullcontext

from headway.analysis.schedule.levelling.bounds import Bound
from headway.analysis.schedule.levelling.general.search import CONFLICT, GeneralSearch
from headway.analysis.schedule.levelling.meter import ENDLESS, Meter, Stage
from headway.analysis.schedule.levelling.packed_search import PackedSearch
from headway.analysis.schedule.levelling.packing import is_plain
from headway.analysis.schedule.levelling.problem import (
    Budget,
    Levelling,
    Problem,
    Schedule,
    Status,
    Step,
)
from headway.analysis.schedule.levelling.proof import Effort, Proof, can_prove, prove
from headway.errors import Invalid

TIMED = "The search was limited by time; the same seed may end elsewhere on another machine."
IMPOSSIBLE = "CP-SAT proved that no schedule keeps all the rules."
CP_SAT = "a proof by CP-SAT"


def level(problem: Problem, budget: Budget | None = None) -> Levelling:
    """Return the best schedule found within the budget. Raises Invalid for an endless budget."""
    budget = budget or Budget()
    if budget.schedules is None and budget.seconds is None:
        sentence = "The search has no end; give a number of schedules or of seconds."
        raise Invalid(sentence)
    *_, last = improve(problem, budget)
    return last


def improve(problem: Problem, budget: Budget | None = None) -> Iterator[Levelling]:
    """Yield the first answer, each better one, and last the final one with all that is proved.

    Stop iterating to cancel. Without a limit it goes on until the optimum is proved. Raises
    Invalid for a problem that spans too many slots, or a time limit without a clock.
    """
    return _Run(problem, budget or Budget()).answers()


class _Helper:
    """Another search of the same problem on another core, with another seed, while entered."""

    def __init__(self, engine: type[PackedSearch], problem: Problem, planned: int, seed: int):
        self._search = engine(problem, seed, ENDLESS)
        self._planned = planned
        self._finished = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._finished.set()
        self._thread.join()

    @property
    def makespan(self) -> int:
        """Return the makespan of its best so far."""
        return self._search.makespan

    @property
    def made(self) -> int:
        """Return how many schedules it made."""
        return self._search.made

    @property
    def schedule(self) -> Schedule:
        """Return its best so far; the makespan is read off it, for the search goes on meanwhile."""
        found = self._search.schedule
        return Schedule(
            found.starts, found.finishes, found.modes, int(found.finishes.max(initial=0))
        )

    def _work(self) -> None:
        self._search.first()
        for _ in self._search.run(self._planned):
            if self._finished.is_set():
                return


class _Run:
    """One search from the first answer to the last."""

    def __init__(self, problem: Problem, budget: Budget) -> None:
        self._problem = problem
        engine = PackedSearch if is_plain(problem) else GeneralSearch
        # Loading machine code, once a process, takes none of the time that is there to search.
        engine.load()
        self._meter = Meter(budget, problem.size, can_prove(problem))
        self._search = engine(problem, budget.seed, self._meter.most)
        self._helper = None
        if budget.threads > 1 and budget.seconds is not None and engine is PackedSearch:
            planned, seed = self._meter.planned, budget.seed + 1
            self._helper = _Helper(PackedSearch, problem, planned, seed)
        self._notes = [TIMED] if budget.seconds is not None else []

    def answers(self) -> Iterator[Levelling]:
        search = self._search
        search.first()
        yield self._answer()
        with self._helper or nullcontext():
            yield from self._stages()
        yield self._answer()

    def _stages(self) -> Iterator[Levelling]:
        search = self._search
        walk = search.run(self._meter.planned)
        for stage in self._meter.stages():
            yield from self._walk(walk, stage)
            if search.solved:
                break
            if stage.units:
                reached = search.value
                self._learn(self._prove(stage))
                self._take_help()
                if search.value < reached:
                    yield self._answer()
            if search.solved or IMPOSSIBLE in self._notes:
                break

    def _walk(self, walk: Iterator[None], stage: Stage) -> Iterator[Levelling]:
        search, meter = self._search, self._meter
        reached = search.value
        while not search.done and search.made < stage.schedules and meter.seconds < stage.seconds:
            next(walk, None)
            self._take_help()
            if search.value < reached:
                reached = search.value
                yield self._answer()

    def _take_help(self) -> None:
        if self._helper is not None and self._helper.makespan < self._search.makespan:
            self._search.accept(self._helper.schedule)

    def _prove(self, stage: Stage) -> Proof:
        search, meter = self._search, self._meter
        watched = meter.budget.seconds is not None
        is_over = (lambda: meter.seconds >= stage.until) if watched else None
        below = search.horizon if search.value >= CONFLICT else search.makespan
        effort = Effort(stage.units, is_over)
        return prove(self._problem, search.bound.slots, below, effort, meter.budget.seed)

    def _learn(self, proof: Proof) -> None:
        search = self._search
        if proof.schedule is not None:
            search.accept(proof.schedule)
        if proof.impossible and search.value >= CONFLICT:
            self._notes.append(IMPOSSIBLE)
        elif proof.bound > search.bound.slots:
            search.bound = Bound(proof.bound, CP_SAT)

    def _answer(self) -> Levelling:
        search, meter = self._search, self._meter
        schedule, bound, seconds = search.schedule, search.bound, meter.seconds
        if not meter.history or schedule.makespan != meter.history[-1].makespan:
            meter.history.append(Step(schedule.makespan, search.made, seconds))
        conflicts = search.conflicts()
        status = Status.OPTIMAL if search.solved else Status.FEASIBLE
        return Levelling(
            schedule=schedule,
            lower_bound=bound.slots,
            bound_by=bound.by,
            status=Status.INFEASIBLE if conflicts else status,
            conflicts=conflicts,
            schedules=search.made + (self._helper.made if self._helper else 0),
            seconds=seconds,
            history=tuple(meter.history),
            notes=tuple(self._notes),
        )
