"""Intervals: of shares, means, roots and areas; each by a method with a name.

Two-sided at `confidence`. A share: Wilson (1927). A mean: Student's t. An area under the ROC
curve: DeLong's variance (1988) on the logit scale; where every pair is ordered the same way, which
leaves no variance, the score-like method 5 of Newcombe (Statistics in Medicine 25, 2006).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import atan, cos, exp, lgamma, log, log1p, pi, sin, sqrt, tan
from statistics import NormalDist

import numpy as np

from headway.analysis.calibration.coverage import wilson
from headway.analysis.segments.measured import Numbers
from headway.errors import Invalid

CONFIDENCE = 0.95


def z_of(confidence: float) -> float:
    """Return the normal quantile that leaves (1 - confidence) / 2 above it."""
    if not 0.5 <= confidence < 1.0:
        sentence = f"The confidence is {confidence:g}; it has to be at least 0.5 and below 1."
        raise Invalid(sentence)
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def shares(count: Numbers, of: Numbers, z: float) -> tuple[Numbers, Numbers]:
    """Return Wilson's interval of each share `count / of`; NaN where `of` is 0."""
    found = [
        wilson(held, judged, z) if judged > 0 else (np.nan, np.nan)
        for held, judged in zip(count.tolist(), of.tolist(), strict=True)
    ]
    ends = np.array(found, dtype=np.float64).reshape(-1, 2)
    return ends[:, 0], ends[:, 1]


def means(
    value: Numbers, variance: Numbers, n: Numbers, confidence: float
) -> tuple[Numbers, Numbers]:
    """Return Student's interval of each mean from its squared standard error; NaN below 2 rows."""
    z = z_of(confidence)
    times = [student(int(rows) - 1, z) if rows > 1 else np.nan for rows in n.tolist()]
    reach = np.array(times, dtype=np.float64) * np.sqrt(variance)
    return value - reach, value + reach


@lru_cache(maxsize=10_000)
def student(freedom: int, z: float) -> float:
    """Return the quantile of Student's t at the share that the normal leaves below `z` > 0.

    scipy has it too, for half a second of import. Above 200 degrees by the expansion in 1 / freedom
    (Abramowitz and Stegun 26.7.5), to 1e-12; below by Newton on the closed form (26.7.3, 26.7.4).
    """
    wanted = NormalDist().cdf(z)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92_160,
    )
    found: float = z + sum(term / float(freedom) ** at for at, term in enumerate(terms, 1))
    if freedom > 200:
        return found
    if freedom == 1:
        return tan(pi * (wanted - 0.5))
    log_peak = lgamma((freedom + 1) / 2) - lgamma(freedom / 2) - log(freedom * pi) / 2
    for _ in range(100):
        density = exp(log_peak - (freedom + 1) / 2 * log1p(found * found / freedom))
        step = (_student_below(found, freedom) - wanted) / density
        found -= step
        if abs(step) < 1e-13 * found:
            break
    return found


def _student_below(t: float, freedom: int) -> float:
    """Return the share of Student's t below `t`, by its finite series for whole degrees."""
    angle = atan(t / sqrt(freedom))
    square = cos(angle) ** 2
    is_odd = freedom % 2
    term = cos(angle) if is_odd else 1.0
    total = term if freedom > 1 else 0.0
    for at in range(2 + is_odd, freedom - 1, 2):
        term *= square * (at - 1) / at
        total += term
    between = 2 / pi * (angle + sin(angle) * total) if is_odd else sin(angle) * total
    return 0.5 + between / 2


def areas(  # noqa: PLR0913  an area is known by its value, its variance and both counts
    value: Numbers,
    variance: Numbers,
    positives: Numbers,
    negatives: Numbers,
    spread: Numbers,
    z: float,
) -> tuple[Numbers, Numbers]:
    """Return the interval of each area, widened by `spread`, what the buckets leave open."""
    inside = (variance > 0) & (value > 0) & (value < 1) & (np.minimum(positives, negatives) > 1)
    safe = np.where(inside, value, 0.5)
    middle = np.log(safe / (1 - safe))
    reach = z * np.sqrt(np.where(inside, variance, 0.0)) / (safe * (1 - safe))
    low = np.where(inside, _expit(middle - reach), np.nan)
    high = np.where(inside, _expit(middle + reach), np.nan)
    for at in np.flatnonzero(~inside & np.isfinite(value)):
        low[at], high[at] = newcombe(
            float(value[at]), float(positives[at]), float(negatives[at]), z
        )
    return np.maximum(low - spread, 0.0), np.minimum(high + spread, 1.0)


def newcombe(area: float, positives: float, negatives: float, z: float) -> tuple[float, float]:
    """Return Newcombe's method 5: the areas theta with (area - theta)^2 <= z^2 V(theta)."""
    more = (positives + negatives) / 2 - 1

    def outside(theta: float) -> bool:
        share = 1 + more * ((1 - theta) / (2 - theta) + theta / (1 + theta))
        variance = theta * (1 - theta) * share / (positives * negatives)
        return (area - theta) ** 2 > z * z * variance

    low = 0.0 if area <= 0.0 else _edge(outside, area, 0.0)
    high = 1.0 if area >= 1.0 else _edge(outside, area, 1.0)
    return low, high


def _edge(outside: Callable[[float], bool], inner: float, outer: float) -> float:
    """Return by bisection where the interval that holds `inner` ends towards `outer`."""
    for _ in range(60):
        middle = (inner + outer) / 2
        if outside(middle):
            outer = middle
        else:
            inner = middle
    return outer


def _expit(value: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(-value)), dtype=np.float64)
