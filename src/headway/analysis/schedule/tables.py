"""Quantiles of the beta and the normal distribution, from tables of our own.

A table holds quantiles at probabilities v in (0, 1/2] on a grid that is fine in the tail: every
halving of v has the same number of cells, so the place in the table comes from the exponent and
mantissa of v without a search. The half above 1/2 has a table of its own, over 1 − u. Only
+ − × ÷ build and read a table. Linear interpolation errs by about 1e-5 of the distance to the end
of the range; probabilities under 2^-34 are read as 2^-34.

PERT's beta distribution, alpha = 1 + 4p and beta = 5 − 4p, has one parameter: the position p of the
mode in the range. It is tabulated at 65 positions; between two of them the quantiles are
interpolated, which keeps the mean (1 + 4p)/6 exact, as it is linear in p.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from headway.analysis.elementary import Numbers, exp, log

HALVINGS = 33
CELLS = 64
POSITIONS = 64
KNOTS = HALVINGS * CELLS + 1

#: Nodes and weights of Gauss and Legendre's three-point rule on [−1, 1].
_NODES = (-0.7745966692414834, 0.0, 0.7745966692414834)
_WEIGHTS = (5 / 9, 8 / 9)

_NORMAL_STEP = 0.02
_NORMAL_END = 10.0
_INVERSE_ROOT_TWO_PI = 0.3989422804014327


def normal_quantile(u: Numbers) -> Numbers:
    """Return the standard normal quantiles of `u` in (0, 1)."""
    return look_up(normal_table(), u)


def normal_cdf(z: Numbers) -> Numbers:
    """Return the standard normal probabilities of values not above `z`, |error| < 1e-9."""
    grid, below, density = _normal_grid()
    place = (_NORMAL_END - np.minimum(np.abs(z), _NORMAL_END)) / _NORMAL_STEP
    cell = np.minimum(place.astype(np.int64), len(grid) - 2)
    tail = _hermite(
        place - cell, (below[cell], below[cell + 1]), (density[cell], density[cell + 1])
    )
    return np.where(z > 0.0, 1.0 - tail, tail)


def pert_table(position: float) -> Numbers:
    """Return the table of the PERT beta distribution on [0, 1] whose mode is at `position`."""
    place = position * POSITIONS
    before = min(int(place), POSITIONS - 1)
    share = place - before
    rows = beta_tables()
    return np.asarray(rows[before] * (1.0 - share) + rows[before + 1] * share)


def look_up(table: Numbers, u: Numbers) -> Numbers:
    """Return the quantiles of `u` in (0, 1) from a `table` of both halves."""
    above = u > 0.5
    mantissa, exponent = np.frexp(np.minimum(u, 1.0 - u))
    place = (exponent + HALVINGS) * float(CELLS) + (mantissa * 2.0 - 1.0) * CELLS
    place = np.clip(place, 0.0, KNOTS - 1.0)
    cell = np.minimum(place.astype(np.int64), KNOTS - 2)
    share = place - cell
    cell += above * KNOTS
    low = table[cell]
    return np.asarray(low + share * (table[cell + 1] - low))


@cache
def _knots() -> Numbers:
    """Return the probabilities of the table's places, ascending to 1/2."""
    places = np.arange(KNOTS)
    mantissa = (1.0 + (places % CELLS) / CELLS) / 2.0
    return np.asarray(np.ldexp(mantissa, places // CELLS - HALVINGS))


@cache
def _normal_grid() -> tuple[Numbers, Numbers, Numbers]:
    """Return z from −10 to 0, the probability below each, and its slope per cell."""
    cells = int(_NORMAL_END / _NORMAL_STEP)
    grid = np.arange(-cells, 1, dtype=np.float64) * _NORMAL_STEP
    raw = _accumulate(grid, _normal_density)
    scale = 0.5 / raw[-1]
    return grid, raw * scale, _normal_density(grid) * (scale * _NORMAL_STEP)


def _normal_density(z: Numbers) -> Numbers:
    return exp(z * z * -0.5) * _INVERSE_ROOT_TWO_PI


@cache
def normal_table() -> Numbers:
    """Return the table of the standard normal distribution, both halves."""
    grid, below, slope = _normal_grid()
    lower = _inverted(grid, below, slope / _NORMAL_STEP)
    return np.concatenate([lower, -lower])


@cache
def beta_tables() -> Numbers:
    """Return the tables of the 65 positions, both halves each, shape (65, 2 × KNOTS)."""
    lower = _beta_quantiles()
    return np.concatenate([lower, 1.0 - lower[::-1]], axis=1)


def _beta_quantiles() -> Numbers:
    """Return the lower halves of the 65 tables."""
    geometric = [1e-12]
    while geometric[-1] < 0.25:
        geometric.append(geometric[-1] * 1.03)
    split = np.arange(1, 90) * 0.0075 + geometric[-1]
    grid = np.concatenate([geometric, split[split < 0.5], [0.5], split[split > 0.5]])
    half = int(np.searchsorted(grid, 0.5))
    position = np.arange(POSITIONS + 1) / POSITIONS
    powers = position[:, None] * 4.0

    def density(x: Numbers) -> Numbers:
        return exp(powers * log(x) + (4.0 - powers) * log(1.0 - x))

    begin = density(grid[:1]) * grid[0] / (powers + 1.0)
    raw = _accumulate(grid, density) + begin
    total = raw[:, half] + raw[::-1, half]
    below = raw / total[:, None]
    slope = density(grid) / total[:, None]
    return np.stack([_inverted(grid, below[row], slope[row]) for row in range(POSITIONS + 1)])


def _accumulate(grid: Numbers, density: Callable[[Numbers], Numbers]) -> Numbers:
    """Return the integral of `density` from the first point of `grid` to each point."""
    middle = (grid[1:] + grid[:-1]) * 0.5
    reach = (grid[1:] - grid[:-1]) * 0.5
    low, centre, high = (density(middle + reach * node) for node in _NODES)
    sums = np.cumsum(((low + high) * _WEIGHTS[0] + centre * _WEIGHTS[1]) * reach, axis=-1)
    return np.concatenate([np.zeros((*sums.shape[:-1], 1)), sums], axis=-1)


def _inverted(grid: Numbers, below: Numbers, density: Numbers) -> Numbers:
    """Return the quantiles at the knots, of a distribution known on `grid`."""
    knots = _knots()
    cell = np.clip(np.searchsorted(below, knots, side="right") - 1, 0, len(grid) - 2)
    width = below[cell + 1] - below[cell]
    share = (knots - below[cell]) / width
    slopes = (width / density[cell], width / density[cell + 1])
    return _hermite(share, (grid[cell], grid[cell + 1]), slopes)


def _hermite(
    share: Numbers, values: tuple[Numbers, Numbers], slopes: tuple[Numbers, Numbers]
) -> Numbers:
    """Return the cubic through two `values` with two `slopes` per cell, at `share` of the cell."""
    rise = values[1] - values[0]
    curve = (slopes[0] - rise) * (1.0 - share) - (slopes[1] - rise) * share
    return values[0] + share * rise + share * (1.0 - share) * curve
