"""Tallies: what has to be counted of the rows of each segment before any metric can be told.

A tally maps a name to an array whose first axis is the segment. Tallies add: counted once by the
finest segments, they give those of every coarser one without another look at the rows.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from headway.analysis.segments.measured import Numbers
from headway.analysis.summaries.cells import BUCKETS, SMALLEST

Codes = NDArray[np.integer]
Tally = Mapping[str, Numbers]

#: Reliability bins: ten of equal width; a score of 1 belongs to the last.
BINS = 10
#: Columns of a tally's `confusion`.
TN, FP, FN, TP = range(4)


def binary_tally(
    code: Codes,
    size: int,
    positive: NDArray[np.bool_],
    predicted: NDArray[np.bool_] | None,
    chance: Numbers | None,
) -> Tally:
    """Return the tally of rows with two classes.

    `predicted` is the class that the model gave, `chance` its probability of the positive one; the
    parts of the tally that need one that is None are absent.
    """
    found: dict[str, Numbers] = {"n": summed(code, size), "positive": summed(code, size, positive)}
    if predicted is not None:
        cell = positive.astype(np.int64) * 2 + predicted
        found["confusion"] = summed(code * np.int64(4) + cell, size * 4).reshape(size, 4)
    if chance is None:
        return found
    own = np.where(positive, chance, 1.0 - chance)
    loss = -np.log(np.clip(own, SMALLEST, 1.0 - SMALLEST))
    squared = (1.0 - own) ** 2
    place = np.minimum((chance * BUCKETS).astype(np.int64), BUCKETS - 1)  # as cells have it
    binned = code * np.int64(BINS) + place * BINS // BUCKETS
    found |= {
        "score": summed(code, size, chance),
        "log_loss": summed(code, size, loss),
        "log_loss2": summed(code, size, loss * loss),
        "brier": summed(code, size, squared),
        "brier2": summed(code, size, squared * squared),
        "bin_n": summed(binned, size * BINS).reshape(size, BINS),
        "bin_score": summed(binned, size * BINS, chance).reshape(size, BINS),
        "bin_positive": summed(binned, size * BINS, positive).reshape(size, BINS),
    }
    return found


def class_tally(code: Codes, size: int, truth: Codes, given: Codes, classes: int) -> Tally:
    """Return the confusion of rows with `classes` classes, truth by row and given by column."""
    cell = (code * np.int64(classes) + truth) * np.int64(classes) + given
    counts = summed(cell, size * classes * classes)
    return {"n": summed(code, size), "confusion": counts.reshape(size, classes, classes)}


def number_tally(code: Codes, size: int, truth: Numbers, given: Numbers) -> Tally:
    """Return the sums of errors and of their products with the truth, about its mean."""
    error = given - truth
    centre = float(truth.mean()) if len(truth) else 0.0
    away = truth - centre
    square = error * error
    return {
        "n": summed(code, size),
        "error": summed(code, size, error),
        "absolute": summed(code, size, np.abs(error)),
        "error2": summed(code, size, square),
        "error4": summed(code, size, square * square),
        "away": summed(code, size, away),
        "away2": summed(code, size, away**2),
        "away3": summed(code, size, away**3),
        "away4": summed(code, size, away**4),
        "error2_away": summed(code, size, square * away),
        "error2_away2": summed(code, size, square * away**2),
    }


def gathered(tally: Tally, code: Codes, size: int) -> Tally:
    """Return the tally of coarser segments; `code` is the one that each of `tally` belongs to."""
    found = {}
    for name, values in tally.items():
        sums = np.zeros((size, *values.shape[1:]))
        np.add.at(sums, code, values)
        found[name] = sums
    return found


def summed(code: Codes, size: int, weights: NDArray[np.generic] | None = None) -> Numbers:
    """Return the sum of weights by segment, or the count of rows."""
    return np.bincount(code, weights, size).astype(np.float64, copy=False)
