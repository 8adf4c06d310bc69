"""Random numbers for futures of a metric, in the same bits everywhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from headway.analysis.chance import uniforms
from headway.analysis.elementary import PI, log, sine

Numbers = NDArray[np.float64]


def normals(seed: int, stream: str, draws: int) -> Numbers:
    """Return standard normal numbers (Box and Muller 1958, with a sine of half a turn)."""
    size = np.sqrt(-2.0 * log(uniforms(seed, f"{stream} size", draws)))
    return size * sine((uniforms(seed, f"{stream} turn", draws) - 0.5) * PI)


def exponentials(seed: int, stream: str, draws: int) -> Numbers:
    """Return exponential numbers of mean 1."""
    return -log(uniforms(seed, stream, draws))


def resampled_mean(values: list[float], seed: int, stream: str, draws: int) -> Numbers:
    """Return, draw by draw, the mean of as many of `values` taken with replacement.

    Weights are exponential (Rubin's Bayesian bootstrap 1981), so one value alone still stands
    and two never degenerate to one of them.
    """
    total = np.zeros(draws)
    weights = np.zeros(draws)
    for place, value in enumerate(values):
        weight = exponentials(seed, f"{stream} {place}", draws)
        total += weight * value
        weights += weight
    return np.asarray(total / weights)
