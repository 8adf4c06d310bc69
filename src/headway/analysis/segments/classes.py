"""Metrics of a model with several classes, by segment: accuracy, macro F1 and macro recall.

A class that a segment neither holds nor is given has no F1 and is left out of the mean; one that
it does not hold has no recall. The intervals are by the delta method over the multinomial counts
(Takahashi and others, Applied Intelligence 52, 2022); where every row is right (or wrong), which
leaves no variance, the ends are the means of the classes' own Wilson ends.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from headway.analysis.segments.binary import share_of
from headway.analysis.segments.intervals import shares, z_of
from headway.analysis.segments.measured import Measured, Numbers
from headway.analysis.segments.tallies import Tally

DELTA = "delta method; the classes' Wilson ends where every row is right"


def class_metrics(tally: Tally, whole: Tally, confidence: float) -> Mapping[str, Measured]:
    """Return accuracy, macro F1 and macro recall of each segment."""
    z = z_of(confidence)
    right = np.einsum("skk->s", tally["confusion"])
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "accuracy": share_of("accuracy", right, tally["n"], float(whole["n"][0]), z),
            "f1_macro": macro_f1(tally["confusion"], whole["confusion"], z),
            "recall_macro": _macro_recall(tally["confusion"], whole["confusion"], z),
        }


def macro_f1(confusion: Numbers, whole: Numbers, z: float) -> Measured:
    """Return the mean over classes of 2 TP / (2 TP + FP + FN), confusion as [segment, k, k]."""
    with np.errstate(invalid="ignore", divide="ignore"):
        hit, value, slopes = _f1_slopes(confusion)
        _, _, slopes_all = _f1_slopes(whole)
        sums = confusion.sum(axis=2) + confusion.sum(axis=1)
        low, high = (2 * end / (1 + end) for end in _class_ends(hit, sums - hit, z))
        ends = low, high
        return _delta("f1_macro", confusion, whole, value, (slopes, slopes_all), ends, z)


def _f1_slopes(confusion: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return hits by class, macro F1, and how it moves with a row in each cell (times n)."""
    hit = np.einsum("skk->sk", confusion)
    sums = confusion.sum(axis=2) + confusion.sum(axis=1)
    each = np.where(sums > 0, 2 * hit / sums, np.nan)
    present = np.maximum((sums > 0).sum(axis=1), 1)[:, None]
    per_row = np.where(sums > 0, each / sums, 0.0) / present
    slopes = -per_row[:, :, None] - per_row[:, None, :]
    own = np.where(sums > 0, 2 / sums, 0.0) / present
    places = np.arange(hit.shape[1])
    slopes[:, places, places] += own
    return hit, _nanmean(each), slopes


def _macro_recall(confusion: Numbers, whole: Numbers, z: float) -> Measured:
    hit, value, slopes = _recall_slopes(confusion)
    _, _, slopes_all = _recall_slopes(whole)
    ends = _class_ends(hit, confusion.sum(axis=2), z)
    return _delta("recall_macro", confusion, whole, value, (slopes, slopes_all), ends, z)


def _recall_slopes(confusion: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    hit, held = np.einsum("skk->sk", confusion), confusion.sum(axis=2)
    each = np.where(held > 0, hit / held, np.nan)
    present = np.maximum((held > 0).sum(axis=1), 1)[:, None]
    per_row = np.where(held > 0, each / held, 0.0) / present
    slopes = np.repeat(-per_row[:, :, None], hit.shape[1], axis=2)
    places = np.arange(hit.shape[1])
    slopes[:, places, places] += np.where(held > 0, 1 / held, 0.0) / present
    return hit, _nanmean(each), slopes


def _delta(  # noqa: PLR0913  what the delta method is made of
    name: str,
    confusion: Numbers,
    whole: Numbers,
    value: Numbers,
    slopes: tuple[Numbers, Numbers],
    ends: tuple[Numbers, Numbers],
    z: float,
) -> Measured:
    """Return the metric with its interval from the slopes; they sum to 0 over a segment's rows."""
    own, of_all = slopes
    variance = np.einsum("sij,sij->s", confusion, own * own)
    shared = np.einsum("sij,sij->s", confusion, own * of_all)
    reach = z * np.sqrt(variance)
    flat = variance <= 1e-30
    lowest, highest = (_nanmean(one) for one in ends)
    low = np.where(flat, np.minimum(lowest, value), np.maximum(value - reach, 0.0))
    high = np.where(flat, np.maximum(highest, value), np.minimum(value + reach, 1.0))
    low, high = np.maximum(low, 0.0), np.minimum(high, 1.0)
    return Measured(name, DELTA, confusion.sum(axis=(1, 2)), value, low, high, variance, shared)


def _class_ends(hit: Numbers, of: Numbers, z: float) -> tuple[Numbers, Numbers]:
    low, high = shares(hit.ravel(), of.ravel(), z)
    return low.reshape(hit.shape), high.reshape(hit.shape)


def _nanmean(each: Numbers) -> Numbers:
    held = np.isfinite(each)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(held, each, 0.0).sum(axis=1) / held.sum(axis=1))
