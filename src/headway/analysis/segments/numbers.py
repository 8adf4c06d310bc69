"""Metrics of a model that gives numbers, by segment: RMSE, MAE, R^2."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from headway.analysis.segments.binary import STUDENT
from headway.analysis.segments.intervals import means
from headway.analysis.segments.measured import Measured, Numbers
from headway.analysis.segments.tallies import Tally

DELTA = "delta method with Student's t"
ROOT = "Student's t on the squared errors, the root of its ends"


def number_metrics(tally: Tally, whole: Tally, confidence: float) -> Mapping[str, Measured]:
    """Return RMSE and MAE of each segment, and R^2 against the segment's own mean."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "rmse": _rmse(tally, whole, confidence),
            "mae": _mae(tally, whole, confidence),
            "r2": _r2(tally, whole, confidence),
        }


def _rmse(tally: Tally, whole: Tally, confidence: float) -> Measured:
    n, of_all = tally["n"], float(whole["n"][0])
    square = tally["error2"] / n
    spread = np.maximum(tally["error4"] / n - square * square, 0.0)
    low, high = means(square, spread / (n - 1), n, confidence)
    value, root_all = np.sqrt(square), float(np.sqrt(whole["error2"][0] / of_all))
    variance = spread / (n - 1) / (4 * square)
    shared = spread / of_all / (4 * value * root_all)
    ends = np.sqrt(np.maximum(low, 0.0)), np.sqrt(high)
    return Measured("rmse", ROOT, n, value, *ends, variance, shared)


def _mae(tally: Tally, whole: Tally, confidence: float) -> Measured:
    n = tally["n"]
    value = tally["absolute"] / n
    spread = np.maximum(tally["error2"] / n - value * value, 0.0)
    low, high = means(value, spread / (n - 1), n, confidence)
    low = np.maximum(low, 0.0)
    return Measured("mae", STUDENT, n, value, low, high, spread / (n - 1), spread / whole["n"][0])


def _r2(tally: Tally, whole: Tally, confidence: float) -> Measured:
    """Return 1 - sum of squared errors / sum of squares about the segment's own mean.

    The influence of a row is -(e^2 - q (y - mean)^2) / v with q = 1 - R^2 and v the mean square.
    """
    n = tally["n"]
    mean, spread, unexplained = _about_mean(tally)
    mean_all, spread_all, unexplained_all = (float(one[0]) for one in _about_mean(whole))
    own = (mean, unexplained)
    both = _influences(tally, own, own)
    across = _influences(tally, own, (mean_all, unexplained_all))
    variance = both / (spread * n) ** 2
    value = 1 - unexplained
    low, high = means(value, variance, n, confidence)
    shared = across / (spread * n * spread_all * float(whole["n"][0]))
    return Measured("r2", DELTA, n, value, low, np.minimum(high, 1.0), variance, shared)


def _about_mean(tally: Tally) -> tuple[Numbers, Numbers, Numbers]:
    """Return mean and mean square of the truth about its mean, and 1 - R^2."""
    mean = tally["away"] / tally["n"]
    spread = np.maximum(tally["away2"] / tally["n"] - mean * mean, 0.0)
    return mean, spread, tally["error2"] / tally["n"] / spread


def _influences(
    tally: Tally,
    one: tuple[Numbers, Numbers],
    other: tuple[Numbers | float, Numbers | float],
) -> Numbers:
    """Return the sum over rows of (e^2 - q a^2)(e^2 - r b^2), a and b the truth about two means."""
    (m, q), (k, r) = one, other
    n, a1, a2, a3, a4 = (tally[name] for name in ("n", "away", "away2", "away3", "away4"))
    error2, crossed, crossed2 = tally["error2"], tally["error2_away"], tally["error2_away2"]

    def squares(centre: Numbers | float) -> Numbers:
        return np.asarray(crossed2 - 2 * centre * crossed + centre**2 * error2)

    quartic = (
        a4
        - 2 * (m + k) * a3
        + (m**2 + k**2 + 4 * m * k) * a2
        - 2 * m * k * (m + k) * a1
        + (m * k) ** 2 * n
    )
    return np.asarray(
        tally["error4"] - q * squares(m) - r * squares(k) + q * r * quartic, dtype=np.float64
    )
