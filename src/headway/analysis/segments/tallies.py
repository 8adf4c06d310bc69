"""Tallies: what has to be counted of the rows of each segment before any metric can be told.

A tally maps a name to an array whose first axis is the segment. Tallies add: counted once by the
finest segments, they give those of every coarser one without another look at the rows.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from headway.analysis.segments.measured import Numbers

Codes = NDArray[np.integer]
Tally = Mapping[str, Numbers]

#: Reliability bins: ten of equal width; a score of 1 belongs to the last.
BINS = 10
#: Columns of a tally's `confusion`.
TN, FP, FN, TP = range(4)
#: Scores are kept this far from 0 and 1 before a logarithm is taken, as scikit-learn does.
SMALLEST = float(np.finfo(np.float64).eps)


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
    found: dict[str, Numbers] = {"n": _sums(code, size), "positive": _sums(code, size, positive)}
    if predicted is not None:
        cell = positive.astype(np.int64) * 2 + predicted
        found["confusion"] = _sums(code * np.int64(4) + cell, size * 4).reshape(size, 4)
    if chance is None:
        return found
    own = np.where(positive, chance, 1.0 - chance)
    loss = -np.log(np.clip(own, SMALLEST, 1.0 - SMALLEST))
    squared = (1.0 - own) ** 2
    binned = code * np.int64(BINS) + np.minimum((chance * BINS).astype(np.int64), BINS - 1)
    found |= {
        "score": _sums(code, size, chance),
        "log_loss": _sums(code, size, loss),
        "log_loss2": _sums(code, size, loss * loss),
        "brier": _sums(code, size, squared),
        "brier2": _sums(code, size, squared * squared),
        "bin_n": _sums(binned, size * BINS).reshape(size, BINS),
        "bin_score": _sums(binned, size * BINS, chance).reshape(size, BINS),
        "bin_positive": _sums(binned, size * BINS, positive).reshape(size, BINS),
    }
    return found


def class_tally(code: Codes, size: int, truth: Codes, given: Codes, classes: int) -> Tally:
    """Return the confusion of rows with `classes` classes, truth by row and given by column."""
    cell = (code * np.int64(classes) + truth) * np.int64(classes) + given
    counts = _sums(cell, size * classes * classes)
    return {"n": _sums(code, size), "confusion": counts.reshape(size, classes, classes)}


def number_tally(code: Codes, size: int, truth: Numbers, given: Numbers) -> Tally:
    """Return the sums of errors and of their products with the truth, about its mean."""
    error = given - truth
    centre = float(truth.mean()) if len(truth) else 0.0
    away = truth - centre
    square = error * error
    return {
        "n": _sums(code, size),
        "error": _sums(code, size, error),
        "absolute": _sums(code, size, np.abs(error)),
        "error2": _sums(code, size, square),
        "error4": _sums(code, size, square * square),
        "away": _sums(code, size, away),
        "away2": _sums(code, size, away**2),
        "away3": _sums(code, size, away**3),
        "away4": _sums(code, size, away**4),
        "error2_away": _sums(code, size, square * away),
        "error2_away2": _sums(code, size, square * away**2),
    }


def gathered(tally: Tally, code: Codes, size: int) -> Tally:
    """Return the tally of coarser segments; `code` is the one that each of `tally` belongs to."""
    found = {}
    for name, values in tally.items():
        sums = np.zeros((size, *values.shape[1:]))
        np.add.at(sums, code, values)
        found[name] = sums
    return found


def _sums(code: Codes, size: int, weights: NDArray[np.generic] | None = None) -> Numbers:
    return np.bincount(code, weights, size).astype(np.float64, copy=False)
