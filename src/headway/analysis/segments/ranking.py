"""The area under the ROC curve of many segments at once, from rows in ascending order of score.

AUC = P(score of a positive > that of a negative) + half the ties (Mann and Whitney 1947), counted
with mid-ranks. Rows stand at places, one for each value of the score: then it is the definition,
exact in integers up to 2^53 pairs. Or a place is a bucket of values: its pairs are undecided, and
the area lies within +-`spread`, half their share.

The variance is DeLong's (Biometrics 44, 1988) from the placements (of a positive the share of
negatives below it, of a negative that of positives above it), and so is the covariance with the
area over all rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from headway.analysis.segments.intervals import areas
from headway.analysis.segments.measured import Measured, Numbers
from headway.analysis.segments.tallies import Codes

METHOD = "DeLong on the logit scale; Newcombe's method 5 where every pair is ordered"


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rows in ascending order of score.

    `order` are the rows; `place`, `positive` and `weight` (rows that one stands for, None for 1)
    are in that order. `undecided` says of a place that it holds several values (None: none does).
    `heights` are twice the placements among all rows.
    """

    order: Codes
    place: Codes
    positive: NDArray[np.bool_]
    weight: Numbers | None
    undecided: NDArray[np.bool_] | None
    heights: Numbers

    @classmethod
    def of_rows(cls, score: Numbers, positive: NDArray[np.bool_]) -> Self:
        """Return rows with a score each; equal scores share a place."""
        order = np.argsort(score, kind="stable")
        ascending = score[order]
        fresh = np.ones(len(score), dtype=np.int32)
        fresh[1:] = ascending[1:] != ascending[:-1]
        return cls._of(order, np.cumsum(fresh, dtype=np.int32) - 1, positive[order], None, None)

    @classmethod
    def of_buckets(
        cls,
        place: Codes,
        positive: NDArray[np.bool_],
        weight: Numbers,
        undecided: NDArray[np.bool_],
    ) -> Self:
        """Return buckets of rows of one class: `weight` rows at `place`, which may be undecided."""
        order = np.argsort(place, kind="stable")
        return cls._of(order, place[order], positive[order], weight[order], undecided)

    @classmethod
    def _of(
        cls,
        order: Codes,
        place: Codes,
        positive: NDArray[np.bool_],
        weight: Numbers | None,
        undecided: NDArray[np.bool_] | None,
    ) -> Self:
        bare = cls(order, place, positive, weight, undecided, np.zeros(0))
        heights = _heights(bare, _Sorted.of(bare, np.zeros(len(order), dtype=np.uint8), 1))
        return cls(order, place, positive, weight, undecided, heights)


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Rows by segment and, inside one, by score. `lengths` are the rows of each segment."""

    rows: Codes
    lengths: Codes
    place: Codes
    positive: NDArray[np.bool_]
    weight: Numbers | None

    @classmethod
    def of(cls, ranked: Ranked, code: Codes, size: int) -> Self:
        kind = np.uint8 if size <= 2**8 else np.uint16 if size <= 2**16 else np.int64
        ordered = code.astype(kind)[ranked.order]
        rows = np.argsort(ordered, kind="stable")  # up to 16 bits by radix
        weight = None if ranked.weight is None else ranked.weight[rows]
        lengths = np.bincount(ordered, minlength=size)
        return cls(rows, lengths, ranked.place[rows], ranked.positive[rows], weight)


def _heights(ranked: Ranked, found: _Sorted) -> Numbers:
    """Return twice the placement of each row as a count: negatives below or positives above."""
    negative = np.cumsum(_weights(found, ~found.positive))
    positive = np.cumsum(_weights(found, found.positive))
    ends = np.cumsum(found.lengths)
    before = np.concatenate(([0.0], negative))[ends - found.lengths]
    after = np.concatenate(([0.0], positive))[ends]
    below, above = 2 * negative, 2 * positive
    if _has_ties(ranked):
        below, above = _through_ties(found, negative), _through_ties(found, positive)
    return np.where(
        found.positive,
        below - np.repeat(2 * before, found.lengths),
        np.repeat(2 * after, found.lengths) - above,
    )


def _has_ties(ranked: Ranked) -> bool:
    return bool((ranked.place[1:] == ranked.place[:-1]).any())


def _through_ties(found: _Sorted, summed: Numbers) -> Numbers:
    """Return the running sum before a row's ties plus that after them: twice its middle."""
    fresh = np.ones(len(summed), dtype=np.bool_)
    fresh[1:] = found.place[1:] != found.place[:-1]
    starts = (np.cumsum(found.lengths) - found.lengths)[found.lengths > 0]
    fresh[starts] = True
    begins = np.flatnonzero(fresh)
    ends = np.append(begins[1:], len(summed))
    middle = np.where(begins > 0, summed[begins - 1], 0.0) + summed[ends - 1]
    return np.repeat(middle, ends - begins)


def _weights(found: _Sorted, chosen: NDArray[np.bool_]) -> Numbers:
    return chosen.astype(np.float64) if found.weight is None else chosen * found.weight


def auc(ranked: Ranked, code: Codes, size: int, z: float) -> Measured:
    """Return the area of each segment 0 … size-1, `code` being a row's; NaN with one class only."""
    found = _Sorted.of(ranked, code, size)
    key = np.repeat(np.arange(size) * 2, found.lengths) + found.positive
    height = _heights(ranked, found)
    of_all = ranked.heights[found.rows]
    weight = found.weight
    counts = np.bincount(key, weight, size * 2).astype(np.float64).reshape(size, 2)
    held = height if weight is None else height * weight
    sums, squares, crossed, whole = (
        np.bincount(key, values, size * 2).astype(np.float64, copy=False).reshape(size, 2)
        for values in (
            held,
            held * height,
            held * of_all,
            of_all if weight is None else of_all * weight,
        )
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        value = sums[:, 1] / (2 * counts[:, 0] * counts[:, 1])
        variance, shared = _errors(counts, sums, squares, crossed, whole)
        spread = np.nan_to_num(_spread(ranked, found, counts, size))
    low, high = areas(value, variance, counts[:, 1], counts[:, 0], spread, z)
    return Measured("auc", METHOD, counts.sum(axis=1), value, low, high, variance, shared)


def _errors(
    counts: Numbers, sums: Numbers, squares: Numbers, crossed: Numbers, whole: Numbers
) -> tuple[Numbers, Numbers]:
    """Return DeLong's variance of each area, and its covariance with the area over all rows.

    All by segment and class (0 negative, 1 positive), of heights: twice the other class's count.
    """
    others, of_all = 2 * counts[:, ::-1], 2 * counts.sum(axis=0)[::-1]
    spread = np.maximum(squares - sums**2 / counts, 0.0) / others**2
    variance = (spread / (counts * (counts - 1))).sum(axis=1)
    across = (crossed - sums * whole / counts) / (others * of_all)
    shared = (across / (counts * counts.sum(axis=0))).sum(axis=1)
    return variance, shared


def spreads(ranked: Ranked, code: Codes, size: int) -> Numbers:
    """Return for each segment the half-width that buckets leave open; 0 where it is exact."""
    found = _Sorted.of(ranked, code, size)
    key = np.repeat(np.arange(size) * 2, found.lengths) + found.positive
    counts = np.bincount(key, found.weight, size * 2).astype(np.float64).reshape(size, 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.nan_to_num(_spread(ranked, found, counts, size))


def _spread(ranked: Ranked, found: _Sorted, counts: Numbers, size: int) -> Numbers:
    """Return half the share of pairs that stand in one bucket of several values."""
    if ranked.undecided is None:
        return np.zeros(size)
    places = len(ranked.undecided)
    cell = np.repeat(np.arange(size) * places, found.lengths) + found.place
    kept, at = np.unique(cell, return_inverse=True)
    pairs = np.bincount(at, _weights(found, found.positive)) * np.bincount(
        at, _weights(found, ~found.positive)
    )
    pairs[~ranked.undecided[kept % places]] = 0.0
    share = np.bincount(kept // places, pairs, size) / (counts[:, 0] * counts[:, 1])
    return np.asarray(share / 2, dtype=np.float64)
