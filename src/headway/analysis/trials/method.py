"""What every way of reading a trial answers: an interval, one-sided bounds, a p-value.

A `Look` is one scale of an `Effect` (absolute or relative) at one moment. A method answers for a
look by itself; `over` puts the looks of a trial together: always-valid intervals are intersected
and p-values keep their minimum, which is what makes looking often harmless.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from headway.analysis.trials.distributions import (
    t_quantile,
    upper_t,
)
from headway.analysis.trials.estimates import Effect


@dataclass(frozen=True, slots=True)
class Look:
    """An estimate with its standard error at one look; `index` counts looks from 0.

    `n` counts the units of both arms, `fewest` those of the smaller arm.
    """

    value: float
    se: float
    df: float
    n: int
    fewest: int
    index: int = 0

    @property
    def is_judged(self) -> bool:
        """Say whether there is a value and a spread to judge it by."""
        return math.isfinite(self.value) and self.se > 0 and math.isfinite(self.se)


class Method(Protocol):
    """A way of reading a trial. `alpha` is the error rate that it keeps over all its looks."""

    @property
    def fewest(self) -> int:
        """Return how many units an arm needs before a look counts."""

    @property
    def cumulative(self) -> bool:
        """Say whether looks add up: then intervals intersect and p keeps its minimum."""

    def interval(self, look: Look, alpha: float) -> tuple[float, float]:
        """Return the two-sided interval of the effect."""

    def bounds(self, look: Look, alpha: float) -> tuple[float, float]:
        """Return the one-sided lower and upper bound, each at `alpha`."""

    def p(self, look: Look) -> float | None:
        """Return the two-sided p-value of no effect; None for a method that has none."""

    def p_above(self, look: Look, null: float, alpha: float) -> float | None:
        """Return the one-sided p-value of "the effect is at most `null`"."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a method says of one effect over all looks that counted; `looks` is how many."""

    low: float | None
    high: float | None
    lower: float | None
    upper: float | None
    p: float | None
    looks: int


class Fixed:
    """Welch's test, read once, at the end."""

    fewest = 2
    cumulative = False

    def interval(self, look: Look, alpha: float) -> tuple[float, float]:
        """Return value ± t·SE."""
        half = t_quantile(1.0 - alpha / 2.0, look.df) * look.se
        return look.value - half, look.value + half

    def bounds(self, look: Look, alpha: float) -> tuple[float, float]:
        """Return value ∓ t·SE with all of alpha on one side."""
        half = t_quantile(1.0 - alpha, look.df) * look.se
        return look.value - half, look.value + half

    def p(self, look: Look) -> float | None:
        """Return Welch's two-sided p-value."""
        return min(1.0, 2.0 * upper_t(abs(look.value) / look.se, look.df))

    def p_above(self, look: Look, null: float, alpha: float) -> float | None:
        """Return Welch's one-sided p-value of "at most null"."""
        del alpha
        return upper_t((look.value - null) / look.se, look.df)


def absolute_look(effect: Effect, index: int = 0) -> Look:
    """Return the look at the absolute difference."""
    return Look(effect.absolute, effect.se, effect.df, effect.n, effect.fewest, index)


def relative_look(effect: Effect, index: int = 0) -> Look:
    """Return the look at the lift."""
    return Look(effect.relative, effect.relative_se, effect.df, effect.n, effect.fewest, index)


def over(method: Method, looks: Sequence[Look], alpha: float) -> Claim:
    """Return what `method` says after the last of `looks`, which are in the order of time.

    A look with fewer units an arm than the method asks for, or without a spread, does not count.
    """
    counted = [look for look in looks if look.is_judged and look.fewest >= method.fewest]
    if not counted or (not method.cumulative and counted[-1] is not looks[-1]):
        return Claim(None, None, None, None, None, 0)
    if not method.cumulative:
        counted = counted[-1:]
    both = [method.interval(look, alpha) for look in counted]
    sides = [method.bounds(look, alpha) for look in counted]
    low, high = _crossed([low for low, _ in both], [high for _, high in both])
    lower, upper = _crossed([low for low, _ in sides], [high for _, high in sides])
    values = [p for p in map(method.p, counted) if p is not None]
    return Claim(low, high, lower, upper, min(values, default=None), len(counted))


def _crossed(lows: Sequence[float], highs: Sequence[float]) -> tuple[float, float]:
    """Return the intersection of intervals; where it is empty, the last interval of all.

    An empty intersection has a chance below alpha and says that the effect changed meanwhile.
    """
    low, high = max(lows), min(highs)
    return (low, high) if low <= high else (lows[-1], highs[-1])
