"""Measured: one metric for many segments at once, each with its interval and its rows.

NaN means "no answer" inside; it leaves as None. `variance` is the squared standard error of the
value, `shared` its covariance with the value over all rows: a segment is part of the whole, and
the error of their difference has to know it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

#: Metrics of which more is better; of every other less is.
MAXIMISED = frozenset(
    ("auc", "f1", "f1_macro", "accuracy", "precision", "recall", "recall_macro", "r2")
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A metric of each segment: value, both ends of the interval, rows that it rests on."""

    name: str
    method: str
    n: Numbers
    value: Numbers
    low: Numbers
    high: Numbers
    variance: Numbers
    shared: Numbers

    @property
    def is_maximised(self) -> bool:
        """Say whether more of it is better."""
        return self.name in MAXIMISED

    def at(self, segment: int) -> Estimate:
        """Return the value of one segment."""
        value, low, high = (finite(ends[segment]) for ends in (self.value, self.low, self.high))
        return Estimate(value, low, high, int(self.n[segment]), self.method)


@dataclass(frozen=True, slots=True)
class Estimate:
    """One value with its interval [low, high], the rows it rests on and the interval's method."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    method: str

    def as_json(self) -> Mapping[str, object]:
        """Return the keys of the JSON answer."""
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "n": self.n,
            "interval": self.method,
        }


def finite(value: float) -> float | None:
    """Return a plain number; None for NaN and infinity, which are no answer."""
    return float(value) if isfinite(value) else None
