"""Intervals around a metric, each with the name of its method, because the method decides."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta

Z95 = 1.959963984540054  # the 97.5 % point of the standard normal


@dataclass(frozen=True)
class Interval:
    """A two-sided interval [low, high] at `confidence`, by `method`."""

    low: float
    high: float
    confidence: float
    method: str


def wilson(successes: int, n: int) -> Interval:
    """Return Wilson's 95 % score interval of a share (Wilson, JASA 22, 1927)."""
    share, z2 = successes / n, Z95 * Z95
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return Interval(max(0.0, centre - half), min(1.0, centre + half), 0.95, "Wilson")


def clopper_pearson(successes: int, n: int, confidence: float = 0.95) -> Interval:
    """Return the exact interval of a share (Clopper and Pearson, Biometrika 26, 1934).

    Its lower end at 90 % is the one-sided 95 % lower bound.
    """
    tail = (1 - confidence) / 2
    low = float(beta.ppf(tail, successes, n - successes + 1)) if successes else 0.0
    high = float(beta.ppf(1 - tail, successes + 1, n - successes)) if successes < n else 1.0
    return Interval(low, high, confidence, "Clopper-Pearson")


def bootstrap(
    metric: Callable[[np.ndarray, np.ndarray], float],
    truth: np.ndarray,
    predicted: np.ndarray,
    *,
    seed: int,
    resamples: int = 2000,
) -> Interval:
    """Return the 95 % percentile bootstrap interval of `metric` (Efron 1979), rows resampled."""
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, len(truth), size=(resamples, len(truth)))
    values = [metric(truth[chosen], predicted[chosen]) for chosen in rows]
    low, high = np.quantile(values, [0.025, 0.975])
    return Interval(float(low), float(high), 0.95, "percentile bootstrap")
