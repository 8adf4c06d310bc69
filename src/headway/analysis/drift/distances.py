"""Distances between two sets of shares, and the odds of seeing them by chance.

Sources: Kolmogorov's limit with Stephens' correction for small samples (Stephens 1970); chi-square
on a 2 × k table (Pearson); Jensen-Shannon as a distance, the square root of the divergence in bits,
as `scipy.spatial.distance.jensenshannon(p, q, base=2)`; the population stability index as the sum
of (q - p) · ln(q / p).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.analysis.summaries.histograms import Floats, Integers

#: Shares below this are raised to it for the PSI, which has no value for an empty bin.
PSI_FLOOR = 1e-4
#: Chi-square is a fair approximation where at least so many values are expected in each cell.
EXPECTED = 5.0


def kolmogorov_p(distance: float, n: int, m: int) -> float:
    """Return the two-sided p-value of a KS distance between samples of n and m values.

    The limit is good to about 0.01 from n and m of 20 on, and errs to the careful side with ties.
    """
    if not n or not m:
        return 1.0
    size = math.sqrt(n * m / (n + m))
    x = (size + 0.12 + 0.11 / size) * distance
    if x < 0.2:
        return 1.0
    if x < 1.0:
        terms = (math.exp(-((2 * k - 1) ** 2) * math.pi**2 / (8 * x * x)) for k in range(1, 6))
        return max(0.0, 1.0 - math.sqrt(2 * math.pi) / x * sum(terms))
    return min(
        1.0, 2.0 * sum((-1.0) ** (k - 1) * math.exp(-2 * k * k * x * x) for k in range(1, 9))
    )


@dataclass(frozen=True, slots=True)
class ChiSquare:
    """Pearson's statistic, its degrees of freedom and its p-value."""

    statistic: float
    dof: int
    p: float


def chi_square(f: Integers, g: Integers) -> ChiSquare:
    """Return chi-square of two rows of counts, without a correction for continuity.

    Levels of which fewer than 5 values are expected on a side are counted as one, the rarest
    first; with fewer than two levels left there is nothing to tell apart (p = 1).
    """
    f, g = merged(f, g)
    n, m = int(f.sum()), int(g.sum())
    if len(f) < 2 or not n or not m:
        return ChiSquare(0.0, 0, 1.0)
    both = (f + g).astype(np.float64)
    expected_f, expected_g = both * n / (n + m), both * m / (n + m)
    statistic = float(
        ((f - expected_f) ** 2 / expected_f).sum() + ((g - expected_g) ** 2 / expected_g).sum()
    )
    from scipy.special import chdtrc

    dof = len(f) - 1
    return ChiSquare(statistic, dof, float(chdtrc(dof, statistic)))


def merged(f: Integers, g: Integers) -> tuple[Integers, Integers]:
    """Count rare levels as one, and that one with the next where it is still rare."""
    order = np.argsort(f + g, kind="stable")
    f, g = f[order], g[order]
    n, m = int(f.sum()), int(g.sum())
    least = min(n, m) / max(n + m, 1)
    rare = int(np.searchsorted((f + g) * least, EXPECTED))
    if rare == 0:
        return f, g
    upto = np.cumsum(f + g) * least
    end = max(rare, int(np.searchsorted(upto, EXPECTED)) + 1)
    joined = [np.concatenate([[side[:end].sum()], side[end:]]) for side in (f, g)]
    return joined[0], joined[1]


def jensen_shannon(f: Integers, g: Integers) -> float:
    """Return the Jensen-Shannon distance in base 2, from 0 (equal) to 1 (nothing in common)."""
    p, q = _shares(f), _shares(g)
    middle = (p + q) / 2
    divergence = (_relative(p, middle) + _relative(q, middle)) / 2
    return math.sqrt(max(0.0, divergence))


def psi(f: Integers, g: Integers) -> float:
    """Return the population stability index; shares below 0.0001 are raised to that."""
    p, q = np.maximum(_shares(f), PSI_FLOOR), np.maximum(_shares(g), PSI_FLOOR)
    return float(((q - p) * np.log(q / p)).sum())


def proportions_p(x: int, n: int, y: int, m: int) -> float:
    """Return the two-sided p-value that x of n and y of m come from one share (chi-square, 1 dof).

    Where fewer than 5 are expected on a side, the exact odds given the total (hypergeometric,
    taken as binomial: the groups are large beside it).
    """
    if not n or not m or x + y == 0 or x + y == n + m:
        return 1.0
    if min(x + y, n + m - x - y) * min(n, m) / (n + m) >= EXPECTED:
        return chi_square(np.array([x, n - x]), np.array([y, m - y])).p
    flip = 2 * (x + y) > n + m
    found, of = (n - x, n + m - x - y) if flip else (x, x + y)
    return _binomial_p(found, of, n / (n + m))


def _binomial_p(found: int, of: int, share: float) -> float:
    odds = [math.comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(of + 1)]
    below, above = sum(odds[: found + 1]), sum(odds[found:])
    return min(1.0, 2 * min(below, above))


def benjamini_hochberg(ps: NDArray[np.float64], q: float) -> NDArray[np.bool_]:
    """Return which of the p-values are rejected with the false discovery rate held at q."""
    if not len(ps):
        return np.zeros(0, bool)
    order = np.argsort(ps, kind="stable")
    under = np.flatnonzero(ps[order] <= q * np.arange(1, len(ps) + 1) / len(ps))
    rejected = np.zeros(len(ps), bool)
    if len(under):
        rejected[order[: under[-1] + 1]] = True
    return rejected


def _shares(counts: Integers) -> Floats:
    return counts / max(int(counts.sum()), 1)


def _relative(p: Floats, q: Floats) -> float:
    """Return the relative entropy of p to q in bits; 0 · log 0 is 0."""
    held = p > 0
    return float((p[held] * np.log2(p[held] / q[held])).sum())
