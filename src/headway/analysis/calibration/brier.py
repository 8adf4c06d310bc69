"""How good probabilities were: Brier's score and reliability by bins (Brier 1950, Murphy 1973).

A probability is right when, of all things that were said to happen with 30 %, about three of ten
did. One case says nothing: there is no score below LEAST cases, and bins come with intervals.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from headway.analysis.calibration.coverage import wilson

#: Fewer cases than this have no score.
LEAST = 10
#: Upper bounds of the bins; a bound itself belongs to the lower bin.
BINS = (0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases said between `low` and `high`: mean of what was said, how many came true, interval."""

    low: float
    high: float
    cases: int
    came_true: int
    said: float
    least: float
    most: float

    @property
    def share(self) -> float:
        """Return the share that came true."""
        return self.came_true / self.cases

    @property
    def verdict(self) -> str:
        """Return what the 95 % interval of the true share rules out."""
        if self.said < self.least:
            return "said too low"
        return "said too high" if self.said > self.most else "fits"


@dataclass(frozen=True, slots=True)
class Brier:
    """The mean squared distance of what was said from what came (0 is perfect, 1 the worst).

    `constant` is the score of saying every time how often it came true: a score above it knew less
    than that. None below LEAST cases.
    """

    cases: int
    came_true: int
    score: float | None
    constant: float | None
    bins: tuple[Bin, ...]

    @property
    def missing(self) -> int:
        """Return how many cases are missing until there is a score."""
        return max(LEAST - self.cases, 0)


def brier(cases: Sequence[tuple[float, bool]]) -> Brier:
    """Return the score of (probability said, came true); probabilities lie in 0 to 1."""
    count, came = len(cases), sum(1 for _, true in cases if true)
    score = constant = None
    if count >= LEAST:
        score = math.fsum((said - true) ** 2 for said, true in cases) / count
        constant = came / count * (1 - came / count)
    return Brier(count, came, score, constant, _bins(cases))


def _bins(cases: Sequence[tuple[float, bool]]) -> tuple[Bin, ...]:
    found = []
    low = 0.0
    for high in BINS:
        inside = [one for one in cases if low < one[0] <= high or (low == 0.0 and one[0] == 0.0)]
        if inside:
            came = sum(1 for _, true in inside if true)
            said = math.fsum(one for one, _ in inside) / len(inside)
            found.append(Bin(low, high, len(inside), came, said, *wilson(came, len(inside))))
        low = high
    return tuple(found)
