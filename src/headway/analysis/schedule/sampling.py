"""The distributions of durations, drawn from addressable random numbers (`analysis.chance`).

From a uniform number to a duration only + − × ÷ √ and our tables are used.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from headway.analysis.chance import triangular
from headway.analysis.elementary import PI, Numbers, exp, log, sine
from headway.analysis.schedule.plan import Correlation, Distribution, Estimate
from headway.analysis.schedule.tables import look_up, normal_cdf, normal_quantile, pert_table

#: The distance from P10 to P90 of a normal distribution, in standard deviations.
P10_TO_P90 = 2.5631031310892007
#: A pivot of a correlation matrix below minus this is not rounding.
PIVOT_TOLERANCE = 1e-9


def quantiles(estimate: Estimate, default: Distribution, u: Numbers) -> Numbers:
    """Return the values of `estimate` that a share `u` of outcomes does not exceed.

    PERT: Beta with lambda 4 on the range (Malcolm et al. 1959). Lognormal: the median is the most
    likely value, the ends are P10 and P90. Uniform ignores the mode.
    """
    low, mode, high = estimate.numbers
    if low == high:
        return np.full(len(u), mode)
    match estimate.distribution or default:
        case Distribution.PERT:
            table = pert_table((mode - low) / (high - low))
            return low + (high - low) * look_up(table, u)
        case Distribution.TRIANGULAR:
            return triangular(low, mode, high, u)
        case Distribution.LOGNORMAL:
            spread = float(log(np.array([high / low]))[0]) / P10_TO_P90
            return mode * exp(spread * normal_quantile(u))
        case Distribution.UNIFORM:
            return low + (high - low) * u


def median(estimate: Estimate, default: Distribution) -> float:
    """Return the value that half of the outcomes do not exceed."""
    return float(quantiles(estimate, default, np.array([0.5]))[0])


def probability_below(estimate: Estimate, default: Distribution, value: float) -> float:
    """Return the share of outcomes at or under `value`, by search in the quantiles."""
    low, high = 0.0, 1.0
    steps = np.arange(257) / 256
    for _ in range(4):
        u = np.clip(low + (high - low) * steps, 2.0**-53, 1.0 - 2.0**-53)
        reached = int(np.searchsorted(quantiles(estimate, default, u), value, side="right"))
        if reached in (0, len(u)):
            return low if reached == 0 else high
        low, high = float(u[reached - 1]), float(u[reached])
    return low


def beyond(estimate: Estimate, default: Distribution, elapsed: float, u: Numbers) -> Numbers:
    """Return draws of `estimate` given that they exceed `elapsed`; `elapsed` when none can."""
    share = probability_below(estimate, default, elapsed)
    draws = quantiles(estimate, default, np.minimum(share + (1.0 - share) * u, 1.0 - 2.0**-53))
    return np.maximum(draws, elapsed)


def correlated(
    correlations: Sequence[Correlation], independent: dict[str, Numbers]
) -> dict[str, Numbers]:
    """Return uniform numbers joined by a Gaussian copula with the given Spearman correlations.

    `independent` holds the uniform numbers of each correlated item, in the plan's order. Pearson's
    correlation of the normals is 2 sin(π rho / 6); where that step alone costs the matrix its
    positive semidefiniteness, the row is brought back to length one.
    """
    ids = list(independent)
    matrix = correlation_matrix(correlations, ids)
    normal = 2.0 * sine(matrix * (PI / 6.0))
    factor = cholesky(normal, clip=True)
    scores = [normal_quantile(u) for u in independent.values()]
    joined = {}
    for row, item_id in enumerate(ids):
        total = np.zeros_like(scores[row])
        for column in range(row + 1):
            if factor[row, column]:
                total = total + factor[row, column] * scores[column]
        joined[item_id] = np.clip(normal_cdf(total), 2.0**-53, 1.0 - 2.0**-53)
    return joined


def correlation_matrix(correlations: Sequence[Correlation], ids: Sequence[str]) -> Numbers:
    """Return the matrix of Spearman correlations of `ids`; pairs that are not named have 0."""
    place = {item_id: number for number, item_id in enumerate(ids)}
    matrix = np.eye(len(ids))
    for correlation in correlations:
        members = [place[item_id] for item_id in correlation.items if item_id in place]
        for first in members:
            for second in members:
                if first != second:
                    matrix[first, second] = correlation.rho
    return matrix


def is_positive_semidefinite(matrix: Numbers) -> bool:
    """Say whether a symmetric `matrix` with ones on its diagonal can be one of correlations."""
    return bool(np.isfinite(cholesky(matrix, clip=False)).all())


def cholesky(matrix: Numbers, *, clip: bool) -> Numbers:
    """Return the lower factor of a correlation `matrix`.

    A matrix that is not positive semidefinite gives NaN, or with `clip` a row that is shortened to
    length one. Pivots within rounding of 0 are 0.
    """
    size = len(matrix)
    factor = np.zeros((size, size))
    for row in range(size):
        for column in range(row):
            rest = matrix[row, column] - _dot(factor[row, :column], factor[column, :column])
            pivot = factor[column, column]
            if pivot > 0.0:
                factor[row, column] = rest / pivot
            elif abs(rest) > 1e-6 and not clip:
                return np.full((size, size), np.nan)
        _set_pivot(factor, row, clip=clip)
    return factor


def _set_pivot(factor: Numbers, row: int, *, clip: bool) -> None:
    length = _dot(factor[row, :row], factor[row, :row])
    left = 1.0 - length
    if left > PIVOT_TOLERANCE:
        factor[row, row] = np.sqrt(left)
    elif left < -PIVOT_TOLERANCE and not clip:
        factor[row, row] = np.nan
    elif length > 0.0:
        factor[row, :row] = factor[row, :row] / np.sqrt(length)


def _dot(left: Numbers, right: Numbers) -> float:
    """Return the sum of products, added one after the other (a library's order may differ)."""
    total = 0.0
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        total += one * other
    return total
