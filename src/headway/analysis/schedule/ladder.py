"""The percentiles of a finish or a cost with their standard errors, and whether they are enough."""

from __future__ import annotations

import math
from dataclasses import dataclass

from headway.analysis.quantities import finite, inverted_cdf
from headway.analysis.schedule.calendars import Times
from headway.analysis.schedule.sensitivity import standard_error

#: The percentiles that a forecast states.
PERCENTS = (10, 20, 30, 40, 50, 60, 70, 80, 90, 95)
#: Without a calendar, P80 is known well enough to this share of itself.
WELL_ENOUGH = 0.01
#: More trials than this are not suggested.
MOST_SUGGESTED = 1_000_000


@dataclass(frozen=True, slots=True)
class Ladder:
    """The values that a share of trials does not exceed, by percent; None is "never".

    `errors` are the standard errors of these values, from their order statistics.
    """

    values: dict[int, float | None]
    errors: dict[int, float | None]

    @classmethod
    def of(cls, ordered: Times) -> Ladder:
        """Return the percentiles of values sorted ascending; +inf means "never"."""
        values = {percent: finite(inverted_cdf(ordered, percent)) for percent in PERCENTS}
        return cls(values, {percent: standard_error(ordered, percent) for percent in PERCENTS})


@dataclass(frozen=True, slots=True)
class Convergence:
    """Whether the trials are enough: the standard error of P80 beside what counts as little.

    `needed` is the number of trials at which the error would be half of `little`, which is a
    working day, or a hundredth of P80 where there is no calendar.
    """

    error: float | None
    little: float
    needed: int | None

    @property
    def is_enough(self) -> bool | None:
        """Say whether the error is within what counts as little; None without an error."""
        return None if self.error is None else self.error <= self.little


def convergence(ladder: Ladder, trials: int, day: float | None) -> Convergence:
    """Return whether `trials` are enough; `day` is a working day in units, None without dates."""
    error, p80 = ladder.errors[80], ladder.values[80]
    little = day if day is not None else WELL_ENOUGH * abs(p80 or 0.0)
    if error is None or little <= 0.0 or error <= little:
        return Convergence(error, little, None if error is None else trials)
    wanted = trials * (2.0 * error / little) ** 2
    return Convergence(error, little, min(math.ceil(wanted / 1_000) * 1_000, MOST_SUGGESTED))
