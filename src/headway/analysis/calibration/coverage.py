"""How often what was said held, with the interval that so few cases leave open.

A P80 is right when about eight of ten things end by it: fewer is hope, more is padding. With few
cases the share says little, so it comes with Wilson's interval (1927), which stays inside 0 and 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: z of a 95 % interval.
_Z = 1.959963984540054

#: Horizons in days between the saying and the end: up to this many, and their names.
HORIZONS = ((14, "up to 2 weeks ahead"), (42, "2 to 6 weeks"), (91, "6 to 13 weeks"))
BEYOND = "more than a quarter"


@dataclass(frozen=True, slots=True)
class Case:
    """What was said of one finished thing, `horizon` days before its end; days as ordinals.

    None is a percentile that fell into never: it did not hold.
    """

    p50: float | None
    p80: float | None
    end: float
    horizon: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of `judged` cases `held` ended by what was said; low and high bound the true share."""

    percent: int
    held: int
    judged: int

    @property
    def share(self) -> float | None:
        """Return the share that held; None without a case."""
        return self.held / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return Wilson's 95 % interval; None without a case."""
        return wilson(self.held, self.judged) if self.judged else None

    @property
    def verdict(self) -> str:
        """Return calibrated, hopeful, padded, or unknown: what the interval rules out."""
        found = self.interval
        if found is None:
            return "unknown"
        low, high = found
        if high < self.percent / 100:
            return "hopeful"
        return "padded" if low > self.percent / 100 else "calibrated"


def wilson(held: float, judged: float, z: float = _Z) -> tuple[float, float]:
    """Return the interval of a share of `held` in `judged` > 0 cases; at 95 % unless `z` says."""
    share, square = held / judged, z * z
    middle = (share + square / (2 * judged)) / (1 + square / judged)
    spread = share * (1 - share) / judged + square / (4 * judged * judged)
    reach = z * math.sqrt(spread) / (1 + square / judged)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def coverage(cases: Iterable[Case], percent: int) -> Coverage:
    """Return how often the P50 or the P80 of the cases held."""
    said = [(case.p50 if percent == 50 else case.p80, case.end) for case in cases]
    held = sum(value is not None and end <= value for value, end in said)
    return Coverage(percent, held, len(said))


def horizon_name(days: float) -> str:
    """Return the name of the horizon that `days` ahead fall into."""
    return next((name for most, name in HORIZONS if days <= most), BEYOND)


def by_horizon(cases: Iterable[Case]) -> dict[str, tuple[Coverage, Coverage]]:
    """Return the coverage of P50 and P80 at each horizon that has a case, the nearest first."""
    found: dict[str, list[Case]] = {name: [] for name in (*(name for _, name in HORIZONS), BEYOND)}
    for case in cases:
        found[horizon_name(case.horizon)].append(case)
    return {name: (coverage(rows, 50), coverage(rows, 80)) for name, rows in found.items() if rows}


def pinball(cases: Sequence[Case], percent: int) -> float | None:
    """Return the mean pinball loss in days (Koenker and Bassett 1978); None without a value.

    A miss of a P80 to the late side costs 0.8 of its days, one to the early side 0.2: the forecast
    that is right has the least, so that padding does not pay.
    """
    said = [(case.p50 if percent == 50 else case.p80, case.end) for case in cases]
    away = [end - value for value, end in said if value is not None]
    share = percent / 100
    losses = [days * share if days >= 0 else -days * (1 - share) for days in away]
    return math.fsum(losses) / len(losses) if losses else None
