"""A numeric column as a few thousand buckets: how many values, their sum, the least, the greatest.

The bucket of a value x is floor((u + 1) · 2048) with u = z / (1 + |z|) and z = (x - centre) ·
factor. Only IEEE + - * / and floor take part, so every engine finds the same bucket; the map never
falls as x grows, so all values of one bucket lie below all of the next. Centre and factor decide
how fine the buckets are, never whether an answer is right, and may come from any small sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
#: Values as the column has them: float64, or int64 where the column holds integers.
Values = NDArray[Any]

#: Half the number of buckets: each side of the centre has as many.
HALF = 2048


@dataclass(frozen=True, slots=True)
class Scale:
    """Where the buckets are fine: around `centre`, in steps of about 1 / (2048 · factor)."""

    centre: float = 0.0
    factor: float = 1.0

    @classmethod
    def of(cls, sample: Values) -> Scale:
        """Return a scale for values like those of a sample (finite; may be empty or constant)."""
        if not len(sample):
            return cls()
        known = np.asarray(sample, dtype=np.float64)
        with np.errstate(over="ignore"):
            low, centre, high = np.percentile(known, (25, 50, 75))
            spread = (high - low) / 1.5 or np.ptp(known) / 4 or abs(centre) / 1000 or 1.0
        return cls(float(centre), _power_of_two(float(spread)))

    def bucket_of(self, values: Values) -> Integers:
        """Return the bucket of each finite value, by the same arithmetic as the engines'."""
        with np.errstate(invalid="ignore", over="ignore"):
            z = (values.astype(np.float64) - self.centre) * self.factor
            u = np.where(np.isinf(z), np.sign(z), z / (np.abs(z) + 1.0))
        return np.floor((u + 1.0) * HALF).astype(np.int64)


def _power_of_two(spread: float) -> float:
    """Return the power of two nearest to 1 / spread, within what a double holds.

    Scaling by it rounds nothing, so sums of z are sums of x - centre. It stays between 2^-300 and
    2^300: only values beyond 10^218 can then leave the doubles, and count as infinite.
    """
    exponent = -np.clip(np.round(np.log2(spread)), -300, 300) if np.isfinite(spread) else -300
    return float(np.ldexp(1.0, int(exponent)))


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """The finite values of a column, bucket by bucket, lowest first. All arrays have one length.

    `n` counts values, `total` sums value - centre, `low` and `high` are the least and the greatest
    value. With `by_value` each row is one distinct value, and what is computed from it is exact.
    """

    scale: Scale
    by_value: bool
    bucket: Integers
    n: Integers
    total: Floats
    low: Values
    high: Values

    @classmethod
    def of_values(cls, scale: Scale, values: Values, n: Integers) -> Histogram:
        """Return the histogram of distinct finite values and how often each stands."""
        order = np.argsort(values, kind="stable")
        values, n = values[order], n[order].astype(np.int64)
        with np.errstate(over="ignore"):
            total = (values.astype(np.float64) - scale.centre) * n
        return cls(scale, True, scale.bucket_of(values), n, total, values, values)

    @classmethod
    def of_buckets(
        cls, scale: Scale, bucket: Integers, n: Integers, total: Floats, low: Values, high: Values
    ) -> Histogram:
        """Return the histogram that an engine counted, in any order."""
        order = np.argsort(bucket, kind="stable")
        held = (bucket[order], n[order].astype(np.int64), total[order], low[order], high[order])
        return cls(scale, False, *held)

    @property
    def count(self) -> int:
        """How many finite values there are."""
        return int(self.n.sum())

    @property
    def least(self) -> float | int | None:
        """The least value, None without any."""
        return self.low[0].item() if len(self.low) else None

    @property
    def greatest(self) -> float | int | None:
        """The greatest value, None without any."""
        return self.high[-1].item() if len(self.high) else None

    @property
    def mean(self) -> float | None:
        """The mean; None without values, or where their sum leaves the doubles."""
        if not self.count:
            return None
        with np.errstate(over="ignore", invalid="ignore"):
            mean = self.scale.centre + float(self.total.sum()) / self.count
        return mean if np.isfinite(mean) else None

    def coarsened(self) -> Histogram:
        """Return the same values by bucket, as an engine would have counted them."""
        return self._merged(self.bucket) if self.by_value else self

    def __add__(self, other: Histogram) -> Histogram:
        """Return the histogram of both sets of values: days add up without reading them again.

        Raises ValueError when the two have different scales.
        """
        if self.scale != other.scale:
            message = "Histograms of different scales have no common buckets."
            raise ValueError(message)
        by_value = self.by_value and other.by_value
        parts = (self, other) if by_value else (self.coarsened(), other.coarsened())
        fields = ("bucket", "n", "total", "low", "high")
        joined = [np.concatenate([getattr(part, field) for part in parts]) for field in fields]
        both = Histogram(self.scale, by_value, *joined)
        return both._merged(both.low if by_value else both.bucket)

    def _merged(self, key: Values) -> Histogram:
        """Return the rows of equal `key` as one."""
        _, first, place = np.unique(key, return_index=True, return_inverse=True)
        n, total = np.zeros(len(first), np.int64), np.zeros(len(first))
        np.add.at(n, place, self.n)
        np.add.at(total, place, self.total)
        low, high = self.low[first].copy(), self.high[first].copy()
        np.minimum.at(low, place, self.low)
        np.maximum.at(high, place, self.high)
        by_value = self.by_value and key is self.low
        return Histogram(self.scale, by_value, self.bucket[first], n, total, low, high)


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each value of a category stands, most frequent first; `other`: rows of the rest.

    `other` is not 0 only where there are more distinct values than are kept.
    """

    n: dict[str, int]
    other: int = 0

    @property
    def count(self) -> int:
        """How many values there are."""
        return sum(self.n.values()) + self.other

    def __add__(self, another: Counts) -> Counts:
        """Return the counts of both."""
        both = dict(self.n)
        for value, n in another.n.items():
            both[value] = both.get(value, 0) + n
        return Counts(both, self.other + another.other)


@dataclass(frozen=True, slots=True)
class Gaps:
    """What of a column is no value to compare: nulls, NaN and infinities are counted apart."""

    nulls: int = 0
    nans: int = 0
    infinite: int = 0

    @property
    def missing(self) -> int:
        """Nulls and NaN together."""
        return self.nulls + self.nans

    def __add__(self, other: Gaps) -> Gaps:
        """Return the gaps of both."""
        return Gaps(
            self.nulls + other.nulls, self.nans + other.nans, self.infinite + other.infinite
        )
