"""Mann-Whitney: by how much one sample is shifted against another, with its interval.

The test of H. B. Mann and D. R. Whitney (1947) by the normal approximation, corrected for ties and
continuity; the estimate of J. L. Hodges and E. L. Lehmann (1963), found as the shift at which the
statistic is zero, and the interval as the shifts that the test does not reject (as R's
`wilcox.test(conf.int=TRUE, exact=FALSE)`). Samples are finite float64 arrays of shape (n,).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

#: The width to which a shift is found, in the metric's unit: R's and Kayenta's.
TOLERANCE = 1e-4
_EPSILON = 2.220446049250313e-16
_MOST_STEPS = 1_001
#: One-sided 5 % of a standard normal, and the closest likeness of neighbours that is believed.
_CHANCE, _MOST_LIKE = 1.645, 0.95


class Tied(ValueError):
    """All observations are equal, so that no shift can be told from another."""


@dataclass(frozen=True, slots=True)
class Shift:
    """How far `x` lies above `y`: the estimate and its interval, in the metric's unit."""

    low: float
    high: float
    estimate: float


def ranks(values: Values) -> tuple[Values, NDArray[np.int64]]:
    """Return the ranks from 1, ties sharing their mean, and how many share each value."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2.0)[place], counts


def z_score(x: Values, y: Values, shift: float = 0.0) -> float:
    """Return the standardised statistic of `x` moved down by `shift` against `y`.

    Raises Tied when every value is equal.
    """
    m, n = float(x.size), float(y.size)
    ranked, counts = ranks(np.concatenate([x - shift, y]))
    excess = float(ranked[: x.size].sum()) - m * (m + 1) / 2 - m * n / 2
    ties = float((counts.astype(np.float64) ** 3 - counts).sum())
    variance = (m * n / 12) * ((m + n + 1) - ties / ((m + n) * (m + n - 1)))
    if variance <= 0:
        raise Tied
    correction = math.copysign(0.5, excess) if excess else 0.0
    return (excess - correction) / math.sqrt(variance)


def p_value(x: Values, y: Values, inflation: float = 1.0) -> float:
    """Return the two-sided p of "neither tends to be larger"; 1 when all values are equal.

    `inflation` is by how much the variance is larger than that of independent values.
    """
    try:
        return min(1.0, math.erfc(abs(z_score(x, y)) / math.sqrt(2 * inflation)))
    except Tied:
        return 1.0


def smallest_p(m: int, n: int, inflation: float = 1.0) -> float:
    """Return the p of two samples of these sizes that do not overlap at all."""
    farthest = (m * n / 2 - 0.5) / math.sqrt(m * n * (m + n + 1) / 12)
    return math.erfc(farthest / math.sqrt(2 * inflation))


def inflation_of(values: Values) -> float:
    """Return by how much successive `values` that resemble each other inflate a variance.

    (1 + r) / (1 - r) with r the correlation of neighbouring ranks (Bayley and Hammersley 1946, for
    a first-order autoregression); 1 where r is no larger than chance makes it one time in twenty.
    """
    if values.size < 3:
        return 1.0
    centred = ranks(values)[0] - (values.size + 1) / 2
    square = float(centred @ centred)
    if square == 0:
        return 1.0
    r = float(centred[1:] @ centred[:-1]) / square
    if r <= _CHANCE / math.sqrt(values.size):
        return 1.0
    r = min(r, _MOST_LIKE)
    return (1 + r) / (1 - r)


def cles(x: Values, y: Values) -> float:
    """Return P(X > Y) + P(X = Y)/2 (Vargha and Delaney 2000)."""
    ranked, _ = ranks(np.concatenate([x, y]))
    m, n = x.size, y.size
    return float(2 * ranked[:m].sum() - m * (m + 1)) / (2 * n * m)


def location_shift(x: Values, y: Values, confidence: float) -> Shift:
    """Return the shift of `x` against `y` with its interval of `confidence`.

    Raises Tied when the interval cannot be told.
    """
    lowest, highest = float(x.min() - y.max()), float(x.max() - y.min())
    quantile = -NormalDist().inv_cdf((1.0 - confidence) / 2)

    def rooted(level: float) -> float:
        at_low, at_high = z_score(x, y, lowest) - level, z_score(x, y, highest) - level
        if level and at_low <= 0:
            return lowest
        if level and at_high >= 0:
            return highest
        return zero_of(lambda s: z_score(x, y, s) - level, (lowest, highest), (at_low, at_high))

    return Shift(rooted(quantile), rooted(-quantile), rooted(0.0))


def zero_of(
    function: Callable[[float], float], ends: tuple[float, float], at: tuple[float, float]
) -> float:
    """Return where `function` is zero between `ends`, where it is `at` (Brent 1973, `zeroin`).

    The statistic is a staircase: the same steps in the same order as R's are part of the answer.
    """
    (a, b), (fa, fb) = ends, at
    if fa == 0:
        return a
    if fb == 0:
        return b
    c, fc = a, fa
    for _ in range(_MOST_STEPS):
        before = b - a
        if abs(fc) < abs(fb):
            a, b, c = b, c, b
            fa, fb, fc = fb, fc, fb
        enough = 2 * _EPSILON * abs(b) + TOLERANCE / 2
        step = (c - b) / 2
        if abs(step) <= enough or fb == 0:
            return b
        if abs(before) >= enough and abs(fa) > abs(fb):
            step = _interpolated((a, b, c), (fa, fb, fc), before, enough, step)
        a, fa = b, fb
        b += step if abs(step) >= enough else math.copysign(enough, step)
        fb = function(b)
        if fb * fc > 0:
            c, fc = a, fa
    return b


def _interpolated(
    at: tuple[float, float, float],
    values: tuple[float, float, float],
    before: float,
    enough: float,
    halved: float,
) -> float:
    """Return the step of an interpolation, or the `halved` one where it would lead too far."""
    (a, b, c), (fa, fb, fc) = at, values
    width = c - b
    if a == c:
        ratio = fb / fa
        p, q = width * ratio, 1.0 - ratio
    else:
        q, ratio, other = fa / fc, fb / fc, fb / fa
        p = other * (width * q * (q - ratio) - (b - a) * (ratio - 1.0))
        q = (q - 1.0) * (ratio - 1.0) * (other - 1.0)
    if p > 0:
        q = -q
    else:
        p = -p
    is_inside = p < 0.75 * width * q - abs(enough * q) / 2 and p < abs(before * q / 2)
    return p / q if is_inside else halved
