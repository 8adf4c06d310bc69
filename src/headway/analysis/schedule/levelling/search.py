"""Levelling, from a first answer on: better schedules one after the other, and what bounds them."""

from __future__ import annotations

from collections.abc import Iterator

from headway.analysis.schedule.levelling.general.search import GeneralSearch
from headway.analysis.schedule.levelling.packed_search import PackedSearch
from headway.analysis.schedule.levelling.packing import is_plain
from headway.analysis.schedule.levelling.problem import (
    Budget,
    Levelling,
    Problem,
    Status,
    Step,
)
from headway.errors import Invalid

#: Placements of an activity a second of CPU: it shapes a search that has a time limit only.
PLACEMENTS_A_SECOND = 30_000_000
ENDLESS = 1 << 60
MOST_PLANNED = 400_000
TIMED = "The search was limited by time; the same seed may end elsewhere on another machine."


def level(problem: Problem, budget: Budget | None = None) -> Levelling:
    """Return the best schedule found within the budget. Raises Invalid for an endless budget."""
    budget = budget or Budget()
    if budget.schedules is None and budget.seconds is None:
        sentence = "The search has no end; give a number of schedules or of seconds."
        raise Invalid(sentence)
    found = None
    for found in improve(problem, budget):  # noqa: B007
        pass
    assert found is not None
    return found


def improve(problem: Problem, budget: Budget | None = None) -> Iterator[Levelling]:
    """Yield the first answer, each better one, and last the final one with all that is proved.

    Stop iterating to cancel. Without a limit it goes on until the optimum is proved.
    """
    meter = _Meter(budget or Budget())
    plain = is_plain(problem)
    search = (PackedSearch if plain else GeneralSearch)(problem, meter.budget.seed, meter.most)
    search.first()
    reached = search.value
    yield _answer(search, meter)
    for _ in search.run(meter.planned(problem)):
        if search.value < reached:
            reached = search.value
            yield _answer(search, meter)
        if meter.is_over:
            break
    yield _answer(search, meter)


class _Meter:
    """What of the budget is used, and which improvements it bought."""

    def __init__(self, budget: Budget) -> None:
        if budget.seconds is not None and budget.clock is None:
            sentence = "A time limit needs a clock; give one with the seconds."
            raise Invalid(sentence)
        self.budget = budget
        self._begun = budget.clock() if budget.clock else 0.0
        self.history: list[Step] = []

    @property
    def most(self) -> int:
        """Return how many schedules may be made."""
        return ENDLESS if self.budget.schedules is None else self.budget.schedules

    @property
    def seconds(self) -> float:
        return self.budget.clock() - self._begun if self.budget.clock else 0.0

    @property
    def is_over(self) -> bool:
        """Say whether the time is up."""
        return self.budget.seconds is not None and self.seconds >= self.budget.seconds

    def planned(self, problem: Problem) -> int:
        """Return about how many schedules the budget allows; a guess where only time limits it."""
        budget = self.budget
        planned = budget.schedules or MOST_PLANNED
        if budget.seconds is not None:
            speed = PLACEMENTS_A_SECOND / max(problem.size, 1)
            planned = min(planned, max(1, int(budget.seconds * speed)))
        return planned


def _answer(search: PackedSearch | GeneralSearch, meter: _Meter) -> Levelling:
    schedule, bound, seconds = search.schedule, search.bound, meter.seconds
    if not meter.history or schedule.makespan != meter.history[-1].makespan:
        meter.history.append(Step(schedule.makespan, search.made, seconds))
    conflicts = search.conflicts()
    status = Status.OPTIMAL if schedule.makespan <= bound.slots else Status.FEASIBLE
    return Levelling(
        schedule=schedule,
        lower_bound=bound.slots,
        bound_by=bound.by,
        status=Status.INFEASIBLE if conflicts else status,
        conflicts=conflicts,
        schedules=search.made,
        seconds=seconds,
        history=tuple(meter.history),
        notes=(TIMED,) if meter.budget.seconds is not None else (),
    )
