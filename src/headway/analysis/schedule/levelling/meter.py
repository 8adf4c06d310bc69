"""How much of a budget is used, which improvements it bought, and when a proof is tried."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from headway.analysis.schedule.levelling.problem import Budget, Step
from headway.errors import Invalid

#: Placements of an activity a second of CPU: it shapes a search that has a time limit only.
PLACEMENTS_A_SECOND = 30_000_000
#: A search without a limit is shaped for so many schedules, and proves in between, ever longer.
ROUND = 200_000
ENDLESS = 1 << 60
#: Shares of the time, by size: (search until, prove until). CP-SAT proves most plans of some 30
#: activities; of 60 it proves some and betters some; beyond, it bounds, or is done at once.
SHARES = (
    (50, ((0.12, 1.0),)),
    (80, ((0.2, 0.6), (0.95, 1.0))),
    (200, ((0.05, 0.1), (0.95, 1.0))),
    (1 << 30, ((0.92, 1.0),)),
)
#: The effort, in CP-SAT's units, where no time limit sets it; a large plan takes longer for each.
UNITS, UNITS_LARGE = 2.0, 0.2
LONG = 10_000.0
#: The least time limit that leaves time for a proof.
LEAST_SECONDS = 0.2


class Stage(NamedTuple):
    """Search until so many schedules or seconds; then try to prove, in so many units, until."""

    schedules: int
    seconds: float
    units: float
    until: float


class Meter:
    """Watches one run. Raises Invalid for a time limit without a clock."""

    def __init__(self, budget: Budget, size: int, provable: bool) -> None:
        """Begin to count; `provable` says whether CP-SAT could be asked at all."""
        if budget.seconds is not None and budget.clock is None:
            sentence = "A time limit needs a clock; give one with the seconds."
            raise Invalid(sentence)
        self.budget = budget
        self.history: list[Step] = []
        self._size = size
        self._provable = provable and budget.prove
        self._begun = budget.clock() if budget.clock else 0.0

    @property
    def seconds(self) -> float:
        """Return the seconds since the beginning, 0 without a clock."""
        return self.budget.clock() - self._begun if self.budget.clock else 0.0

    @property
    def most(self) -> int:
        """Return how many schedules may be made."""
        return ENDLESS if self.budget.schedules is None else self.budget.schedules

    @property
    def planned(self) -> int:
        """Return about how many schedules the budget allows."""
        planned = self.budget.schedules or ROUND
        if self.budget.seconds is None:
            return planned
        speed = PLACEMENTS_A_SECOND / max(self._size, 1)
        timed = max(1, int(self.budget.seconds * speed))
        return timed if self.budget.schedules is None else min(planned, timed)

    def stages(self) -> Iterator[Stage]:
        """Yield what to do one after the other; without a limit there is no end."""
        limit, endless = self.budget.seconds, float("inf")
        units = UNITS if self._size <= SHARES[0][0] else UNITS_LARGE
        if limit is not None:
            yield from self._timed(limit)
        elif self.budget.schedules is not None:
            yield Stage(self.most, endless, units * self._provable, endless)
        else:
            made = ROUND
            while True:
                yield Stage(made, endless, units * self._provable, endless)
                units, made = units * 2, made * 2

    def _timed(self, limit: float) -> Iterator[Stage]:
        shares = next(shares for size, shares in SHARES if self._size <= size)
        if not self._provable or limit < LEAST_SECONDS:
            shares = ((1.0, 1.0),)
        for searching, proving in shares:
            yield Stage(self.most, limit * searching, LONG * (proving > searching), limit * proving)
