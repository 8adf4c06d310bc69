"""Count, means and covariances of a few columns: what of a million rows a test needs to know."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """`n` rows, the mean of each of k columns (k,), their sample covariances (k, k).

    The covariances have the divisor n − 1; with fewer than two rows they are 0. Moments of parts of
    a table add up to those of the whole (Chan, Golub and LeVeque 1979), so that days need no
    rescan.
    """

    n: int
    mean: Array
    cov: Array

    @classmethod
    def of(cls, *columns: ArrayLike) -> Moments:
        """Return the moments of columns of equal length."""
        rows = np.array(columns, dtype=np.float64, ndmin=2)
        n = rows.shape[1]
        mean = rows.mean(axis=1) if n else np.zeros(len(rows))
        away = rows - mean[:, None]
        with _quiet():
            return cls(n, mean, away @ away.T / max(n - 1, 1))

    @classmethod
    def of_sums(cls, n: int, centre: Array, sums: Array, products: Array) -> Moments:
        """Return the moments from sums about `centre`: Σ(x−c) (k,) and Σ(x−c)(y−c)ᵀ (k, k).

        Exact as long as the centre is near the mean, in standard deviations: see `is_precise`.
        """
        if n == 0:
            return cls(0, np.zeros_like(centre), np.zeros_like(products))
        away = sums / n
        with _quiet():
            scatter = products - n * np.outer(away, away)
        diagonal = np.einsum("ii->i", scatter)
        np.maximum(diagonal, 0.0, out=diagonal)
        return cls(n, centre + away, scatter / max(n - 1, 1))

    def __add__(self, other: Moments) -> Moments:
        n = self.n + other.n
        if self.n == 0 or other.n == 0:
            return other if self.n == 0 else self
        apart = other.mean - self.mean
        with _quiet():
            between = np.outer(apart, apart) * (self.n * other.n / n)
            scatter = self.cov * (self.n - 1) + other.cov * (other.n - 1) + between
        return Moments(n, self.mean + apart * (other.n / n), scatter / (n - 1))


def _quiet() -> np.errstate:
    """Return a context: squares of values beyond 1e154 are infinite, and who judges says so."""
    return np.errstate(over="ignore", invalid="ignore")


def is_precise(n: int, total: float, square: float) -> bool:
    """Say whether Σ(x−c) and Σ(x−c)² keep at least 9 digits of the variance.

    n·(mean − c)² is what cancels: where it is more than a thousand times the scatter, the sums
    should be taken again about the mean.
    """
    lost = total * total / max(n, 1)
    return square == 0 or lost <= 1e3 * (square - lost)
