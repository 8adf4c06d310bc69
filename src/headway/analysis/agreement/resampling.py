"""The interval of a statistic over items: bootstrap, or a jackknife by groups of many items.

Random numbers are addressed by seed (`analysis.chance`), so an interval is the same everywhere.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from headway.analysis.chance import uniforms

Floats = NDArray[np.float64]

#: Up to so many items are resampled one by one; of more, groups are left out in turn.
MOST_RESAMPLED = 2_000
REPLICATES = 1_000
GROUPS = 30
#: Student's t at 29 degrees of freedom, two-sided, by confidence.
_T = {0.8: 1.311, 0.9: 1.699, 0.95: 2.045, 0.99: 2.756}


def interval_of(
    statistic: Callable[[Floats], float | None],
    value: float,
    units: int,
    *,
    seed: int = 0,
    confidence: float = 0.95,
) -> tuple[float, float, str]:
    """Return (low, high, method) of a `statistic` of weights over `units` items, at most 1.

    A replicate in which the statistic is undefined is left out.
    """
    if units <= MOST_RESAMPLED:
        return (*_bootstrap(statistic, value, units, seed, confidence), "bootstrap")
    return (*_jackknife(statistic, value, units, seed, confidence), "jackknife")


def _bootstrap(
    statistic: Callable[[Floats], float | None],
    value: float,
    units: int,
    seed: int,
    confidence: float,
) -> tuple[float, float]:
    found = []
    numbers = uniforms(seed, "items of all replicates", REPLICATES * units)
    for drawn in (numbers * units).astype(np.int64).reshape(REPLICATES, units):
        one = statistic(np.bincount(drawn, minlength=units).astype(np.float64))
        if one is not None:
            found.append(one)
    if not found:
        return value, value
    ordered = np.sort(np.array(found))
    tail = (1 - confidence) / 2
    last = len(ordered) - 1
    low, high = ordered[int(tail * last)], ordered[-1 - int(tail * last)]
    return min(float(low), value), max(float(high), value)


def _jackknife(
    statistic: Callable[[Floats], float | None],
    value: float,
    units: int,
    seed: int,
    confidence: float,
) -> tuple[float, float]:
    """Return the interval by leaving out one of 30 random groups of items after another."""
    group = (uniforms(seed, "groups of items", units) * GROUPS).astype(np.int64)
    found = []
    for left_out in range(GROUPS):
        one = statistic((group != left_out).astype(np.float64))
        found.append(value if one is None else one)
    spread = np.array(found) - np.mean(found)
    error = float(np.sqrt((GROUPS - 1) / GROUPS * np.sum(spread * spread)))
    reach = _T.get(confidence, 2.045) * error
    return max(-1.0, value - reach), min(1.0, value + reach)
