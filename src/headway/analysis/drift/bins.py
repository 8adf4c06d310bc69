"""Shares by bin: deciles of the reference for numbers, values for categories."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.analysis.drift.pairs import Pair
from headway.analysis.summaries.histograms import Counts, Integers

#: Bins of a numeric column.
BINS = 10
#: Up to so many distinct numbers, each is a bin of its own.
DISCRETE = 20
#: What the values that are not told apart are called.
OTHER = "(others)"


@dataclass(frozen=True, slots=True, eq=False)
class Bins:
    """Counts of both sides by bin, which `labels` name.

    Given the edges the counts are exact: a value is in the first bin whose end it doesn't exceed.
    """

    labels: tuple[str, ...]
    f: Integers
    g: Integers
    #: Of ranges of numbers: the least value of all, then the upper end of each bin.
    edges: tuple[float, ...] = ()
    is_discrete: bool = False


def bins_of(pair: Pair) -> Bins:
    """Return a pair's bins, their edges at the ends of buckets nearest to the reference's deciles.

    Where both sides hold few distinct values, each is a bin. The pair holds values of both sides.
    """
    is_discrete = len(pair.f) <= DISCRETE and bool((pair.low == pair.high).all())
    ends = np.arange(len(pair.f)) if is_discrete else _nearest(pair)
    first = np.concatenate([[0], ends[:-1] + 1])
    f, g = (np.add.reduceat(side, first) for side in (pair.f, pair.g))
    edges = tuple(float(pair.high[end]) + pair.scale.centre for end in ends)
    labels = _labels(edges, is_discrete)
    least = float(pair.low[0]) + pair.scale.centre
    return Bins(labels, f, g, () if is_discrete else (least, *edges), is_discrete)


def _nearest(pair: Pair) -> Integers:
    """Return the rows that end the bins; the last row always does."""
    upto, _ = pair.upto
    wanted = np.arange(1, BINS) / BINS
    if not pair.f.any():
        return np.array([len(pair.f) - 1], dtype=np.int64)
    right = np.clip(np.searchsorted(upto, wanted), 0, len(upto) - 1)
    left = np.maximum(right - 1, 0)
    nearer = np.where(wanted - upto[left] < upto[right] - wanted, left, right)
    nearer = nearer[nearer < len(upto) - 1]
    return np.unique(np.concatenate([nearer, [len(upto) - 1]])).astype(np.int64)


def _labels(edges: tuple[float, ...], is_discrete: bool) -> tuple[str, ...]:
    if is_discrete:
        return tuple(f"{edge:.6g}" for edge in edges)
    if len(edges) < 2:
        return ("all",) * len(edges)
    inner = [f"≤ {edge:.6g}" for edge in edges[:-1]]
    return (*inner, f"> {edges[-2]:.6g}")


def levels_of(reference: Counts, current: Counts) -> Bins:
    """Return two counts of a category as bins, the reference's most frequent first.

    Where a side did not tell all its values apart, values that are not on both are counted
    together: what is compared is then coarser, and exact.
    """
    f_, g_ = reference.n, current.n
    if reference.other or current.other:
        known = [value for value in f_ if value in g_]
    else:
        known = [*f_, *(value for value in g_ if value not in f_)]
    known.sort(key=lambda value: (-f_.get(value, 0), -g_.get(value, 0), value))
    f = [f_.get(value, 0) for value in known]
    g = [g_.get(value, 0) for value in known]
    rest_f, rest_g = reference.count - sum(f), current.count - sum(g)
    if rest_f or rest_g:
        known, f, g = [*known, OTHER], [*f, rest_f], [*g, rest_g]
    return Bins(tuple(known), np.array(f, np.int64), np.array(g, np.int64), is_discrete=True)
