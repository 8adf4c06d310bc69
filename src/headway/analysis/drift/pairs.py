"""Two histograms side by side, and what is certain of the distance between their distributions.

F and G are the shares of values up to x in the reference and in the current data. Between buckets
both are known; inside a bucket F lies between F0 and F1, G between G0 and G1, each with its sum
known. From this follow bounds that hold for every way the values may lie (no sampling, no model):

- sup |F - G| in a bucket lies between the greater of its two ends and max(F1 - G0, G1 - F0);
- ∫ (F - G) over a bucket is (F1 - G1) · high - (F0 - G0) · low - (Σ ref / n - Σ cur / m), by parts;
  where F - G keeps its sign that is the area itself, else the area is at least its size and, as
  |d| is convex and d lies in [F0 - G1, F1 - G0], at most what the chord of |d| gives for its mean.

A bucket that holds one value, or values of one side only, or the sides apart, is split until the
first is exact. All arithmetic is double; `slack` bounds what it may have rounded away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headway.analysis.summaries.histograms import Floats, Histogram, Integers, Scale, Values

_EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True)
class Bracket:
    """A number known to lie between two bounds; equal bounds: known exactly."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Rows of common buckets, lowest first: counts and sums of both sides, and what is certain.

    `f`, `g`: counts of reference and current; `low`, `high`: the least and the greatest value of
    both as offsets from the centre; `sup` and `area`: bounds of sup |F - G| and ∫ |F - G| in a row.
    """

    bucket: Integers
    f: Integers
    g: Integers
    low: Floats
    high: Floats
    sup_low: Floats
    sup_high: Floats
    area_low: Floats
    area_high: Floats
    #: The scale of both: a value is its offset and the centre.
    scale: Scale
    #: Bounds the rounding of the areas together.
    slack: float

    @property
    def upto(self) -> tuple[Floats, Floats]:
        """F and G at the end of each row."""
        return _share(self.f), _share(self.g)

    def ks(self) -> Bracket:
        """Return the bracket of the Kolmogorov-Smirnov distance sup |F - G|."""
        low = float(self.sup_low.max(initial=0.0))
        return Bracket(low, max(low, float(self.sup_high.max(initial=0.0))))

    def wasserstein(self) -> Bracket:
        """Return the bracket of the Wasserstein-1 distance ∫ |F - G| dx, in the column's unit."""
        upto_f, upto_g = self.upto
        with np.errstate(over="ignore", invalid="ignore"):
            gaps = np.abs(upto_f - upto_g)[:-1] * (self.low[1:] - self.high[:-1])
            low, high = (float(gaps.sum() + one.sum()) for one in (self.area_low, self.area_high))
            return Bracket(max(0.0, low - self.slack), high + self.slack)

    def unsure(self) -> Integers:
        """Return the buckets that may still hold the maximum, and are not known exactly."""
        low = float(self.sup_low.max(initial=0.0))
        open_ = (self.sup_high > low) & (self.sup_high > self.sup_low)
        return np.unique(self.bucket[open_])

    def unmeasured(self) -> Integers:
        """Return the buckets whose area is not known exactly."""
        return np.unique(self.bucket[self.area_high > self.area_low])


def pair(reference: Histogram, current: Histogram) -> Pair:
    """Return two histograms of one scale as a pair. Raises ValueError when the scales differ."""
    if reference.scale != current.scale:
        message = "Histograms of different scales have no common buckets."
        raise ValueError(message)
    if not (reference.by_value and current.by_value):
        reference, current = reference.coarsened(), current.coarsened()
    rows = _apart(_side_by_side(reference, current))
    with np.errstate(over="ignore", invalid="ignore"):
        return _bounded(rows, reference, current)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    bucket: Integers
    f: Integers
    g: Integers
    total_f: Floats
    total_g: Floats
    low_f: Values
    high_f: Values
    low_g: Values
    high_g: Values

    def taken(self, rows: NDArray[np.bool_] | Integers) -> _Rows:
        names = self.__slots__
        return _Rows(*(getattr(self, name)[rows] for name in names))


def _side_by_side(reference: Histogram, current: Histogram) -> _Rows:
    by_value = reference.by_value and current.by_value
    keys = [side.low if by_value else side.bucket for side in (reference, current)]
    known = np.unique(np.concatenate(keys))
    parts = []
    for side, key in zip((reference, current), keys, strict=True):
        place = np.searchsorted(known, key)
        n, total = np.zeros(len(known), np.int64), np.zeros(len(known))
        type_ = np.result_type(reference.low, current.low)
        low, high = np.zeros(len(known), type_), np.zeros(len(known), type_)
        n[place], total[place], low[place], high[place] = side.n, side.total, side.low, side.high
        parts.append((n, total, low, high))
    (f, total_f, low_f, high_f), (g, total_g, low_g, high_g) = parts
    bucket = reference.scale.bucket_of(known) if by_value else known
    return _Rows(bucket, f, g, total_f, total_g, low_f, high_f, low_g, high_g)


def _apart(rows: _Rows) -> _Rows:
    """Split each row whose sides do not overlap into one row a side, the lower first."""
    both = (rows.f > 0) & (rows.g > 0)
    f_first, g_first = both & (rows.high_f < rows.low_g), both & (rows.high_g < rows.low_f)
    apart = f_first | g_first
    if not apart.any():
        return rows
    split = rows.taken(apart)
    nothing, zero = np.zeros_like(split.f), np.zeros_like(split.total_f)
    only_f = replace(split, g=nothing, total_g=zero)
    only_g = replace(split, f=nothing, total_f=zero)
    parts = (rows.taken(~apart), only_f, only_g)
    first = f_first[apart]
    places = np.flatnonzero(apart)
    order = np.concatenate([np.flatnonzero(~apart) * 2, places * 2 + ~first, places * 2 + first])
    joined = [np.concatenate([getattr(part, name) for part in parts]) for name in _Rows.__slots__]
    return _Rows(*joined).taken(np.argsort(order, kind="stable"))


def _bounded(rows: _Rows, reference: Histogram, current: Histogram) -> Pair:
    centre = reference.scale.centre
    has_f, has_g = rows.f > 0, rows.g > 0
    low = np.where(has_f & (~has_g | (rows.low_f <= rows.low_g)), rows.low_f, rows.low_g)
    high = np.where(has_f & (~has_g | (rows.high_f >= rows.high_g)), rows.high_f, rows.high_g)
    is_single = low == high
    one_sided = ~(has_f & has_g)
    low_, high_ = low.astype(np.float64) - centre, high.astype(np.float64) - centre
    f1, g1 = _share(rows.f), _share(rows.g)
    f0, g0 = _before(f1), _before(g1)
    sup_low, sup_high = _sup(f0, f1, g0, g1, is_single | one_sided)
    means = rows.total_f / max(reference.count, 1) - rows.total_g / max(current.count, 1)
    area_low, area_high = _area((f0, f1), (g0, g1), (low_, high_), means, is_single)
    slack = _slack(rows, (low, high), centre, reference.count, current.count)
    bounds = (sup_low, sup_high, area_low, area_high)
    return Pair(rows.bucket, rows.f, rows.g, low_, high_, *bounds, reference.scale, slack)


def _sup(
    f0: Floats, f1: Floats, g0: Floats, g1: Floats, is_exact: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    low = np.maximum(np.abs(f1 - g1), np.abs(f0 - g0))
    inside = np.maximum(f1 - g0, g1 - f0)
    return low, np.where(is_exact, low, np.maximum(low, inside))


def _area(
    f: tuple[Floats, Floats],
    g: tuple[Floats, Floats],
    ends: tuple[Floats, Floats],
    means: Floats,
    is_single: NDArray[np.bool_],
) -> tuple[Floats, Floats]:
    (f0, f1), (g0, g1), (low, high) = f, g, ends
    signed = (f1 - g1) * high - (f0 - g0) * low - means
    least, most = f0 - g1, f1 - g0
    keeps_sign = is_single | (least >= 0) | (most <= 0)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        slope = (most + least) / (most - least)
        chord = -least * (high - low) + (signed - least * (high - low)) * slope
    area = np.where(is_single, 0.0, np.abs(signed))
    return area, np.where(keeps_sign, area, np.maximum(area, chord))


def _slack(rows: _Rows, ends: tuple[Values, Values], centre: float, n: int, m: int) -> float:
    """Return a bound on what doubles rounded away in all areas together.

    An offset from the centre is rounded by its own size; an integer beyond 2^53 by its value's.
    """
    size = np.zeros(len(rows.f))
    for end in ends:
        value = end.astype(np.float64)
        size = np.maximum(size, np.abs(value - centre))
        if end.dtype.kind == "i":
            size = np.maximum(size, np.where(np.abs(value) > 2.0**53, np.abs(value), 0.0))
    share = rows.f / max(n, 1) + rows.g / max(m, 1)
    return 16 * _EPS * (float((size * share).sum()) * 8 + float(size.max(initial=0.0)))


def _share(counts: Integers) -> Floats:
    upto = np.cumsum(counts)
    return upto / max(int(upto[-1]), 1) if len(upto) else upto.astype(np.float64)


def _before(upto: Floats) -> Floats:
    return np.concatenate([[0.0], upto[:-1]]) if len(upto) else upto


def refined(coarse: Pair, buckets: Integers, reference: Histogram, current: Histogram) -> Pair:
    """Return a pair in which `buckets` are exact: the histograms hold all their values one by one.

    Only what is needed of the values is kept, so that buckets may be refined some at a time.
    """
    rows = _side_by_side(reference, current)
    sup, area = _exactly(coarse, rows)
    kept = ~np.isin(coarse.bucket, buckets)
    found, first = np.unique(rows.bucket, return_index=True)
    ends = np.concatenate([first[1:], [len(rows.bucket)]]) - 1
    f, g = (np.add.reduceat(side, first) for side in (rows.f, rows.g))
    values = np.where(rows.f > 0, rows.low_f, rows.low_g).astype(np.float64) - coarse.scale.centre
    fine = (found, f, g, values[first], values[ends], sup, sup, area, area)
    names = Pair.__slots__[:9]
    joined = [
        np.concatenate([getattr(coarse, name)[kept], part])
        for name, part in zip(names, fine, strict=True)
    ]
    order = np.lexsort((joined[3], joined[0]))
    placed: dict[str, Any] = {name: one[order] for name, one in zip(names, joined, strict=True)}
    return replace(coarse, **placed)


def _exactly(coarse: Pair, rows: _Rows) -> tuple[Floats, Floats]:
    """Return sup |F - G| and ∫ |F - G| in each bucket whose values `rows` hold, exactly."""
    n, m = max(int(coarse.f.sum()), 1), max(int(coarse.g.sum()), 1)
    found, first = np.unique(rows.bucket, return_index=True)
    place = np.searchsorted(coarse.bucket, found)
    before = [np.concatenate([[0], np.cumsum(side)])[place] for side in (coarse.f, coarse.g)]
    own = [np.cumsum(side) for side in (rows.f, rows.g)]
    lengths = np.diff(np.concatenate([first, [len(rows.bucket)]]))
    shares = []
    for side, counted, begun, size in zip((rows.f, rows.g), own, before, (n, m), strict=True):
        within = counted - np.repeat(counted[first] - side[first], lengths)
        shares.append((within + np.repeat(begun, lengths)) / size)
    distance = np.abs(shares[0] - shares[1])
    start = np.abs(before[0] / n - before[1] / m)
    sup = np.maximum(np.maximum.reduceat(distance, first), start)
    values = np.where(rows.f > 0, rows.low_f, rows.low_g).astype(np.float64) - coarse.scale.centre
    steps = np.diff(values, append=values[-1:])
    steps[first[1:] - 1] = 0.0
    return sup, np.add.reduceat(distance * steps, first)
