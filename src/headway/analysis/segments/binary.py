"""Metrics of a model with two classes, by segment: of its classes and of its probabilities."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from headway.analysis.segments.intervals import means, shares, z_of
from headway.analysis.segments.measured import Measured, Numbers
from headway.analysis.segments.tallies import FN, FP, TN, TP, Tally

#: The names of intervals.
WILSON = "Wilson"
WILSON_F1 = "Wilson on TP / (TP + FP + FN), of which F1 is a function"
STUDENT = "Student's t on the rows' losses"


def binary_metrics(tally: Tally, whole: Tally, confidence: float) -> Mapping[str, Measured]:
    """Return every metric that the tally allows; `whole` is the tally of all rows."""
    found: dict[str, Measured] = {}
    with np.errstate(invalid="ignore", divide="ignore"):
        if "confusion" in tally:
            found |= _of_classes(tally, whole, z_of(confidence))
        if "log_loss" in tally:
            for name in ("log_loss", "brier"):
                found[name] = mean_of(name, tally, whole, confidence)
    return found


def _of_classes(tally: Tally, whole: Tally, z: float) -> Mapping[str, Measured]:
    cells, of_all = tally["confusion"], whole["confusion"]
    right, given = cells[:, TP] + cells[:, TN], cells[:, TP] + cells[:, FP]
    held = cells[:, TP] + cells[:, FN]
    return {
        "f1": _f1(cells, of_all, z),
        "accuracy": share_of("accuracy", right, tally["n"], float(whole["n"][0]), z),
        "precision": share_of("precision", cells[:, TP], given, _sum(of_all, TP, FP), z),
        "recall": share_of("recall", cells[:, TP], held, _sum(of_all, TP, FN), z),
    }


def share_of(name: str, count: Numbers, of: Numbers, of_all: float, z: float) -> Measured:
    """Return the share `count / of` of each segment; all rows have `of_all` of them."""
    value = count / of
    low, high = shares(count, of, z)
    spread = value * (1 - value)
    return Measured(name, WILSON, of, value, low, high, spread / of, spread / of_all)


def mean_of(name: str, tally: Tally, whole: Tally, confidence: float) -> Measured:
    """Return the mean loss `name` of each segment, from its sum and its sum of squares."""
    n = tally["n"]
    value = tally[name] / n
    spread = np.maximum(tally[f"{name}2"] / n - value * value, 0.0)
    variance = spread / (n - 1)
    low, high = means(value, variance, n, confidence)
    low = np.maximum(low, 0.0)
    return Measured(name, STUDENT, n, value, low, high, variance, spread / whole["n"][0])


def _f1(cells: Numbers, of_all: Numbers, z: float) -> Measured:
    """Return F1 = 2 TP / (2 TP + FP + FN); its influence on a row gives variance and covariance."""
    hit, wrong = cells[:, TP], cells[:, FP] + cells[:, FN]
    value = 2 * hit / (2 * hit + wrong)
    whole = 2 * of_all[0, TP] / (2 * of_all[0, TP] + _sum(of_all, FP, FN))
    sum_, sum_all = 2 * hit + wrong, 2 * of_all[0, TP] + _sum(of_all, FP, FN)
    variance = (hit * (2 - 2 * value) ** 2 + wrong * value**2) / sum_**2
    shared = (hit * (2 - 2 * value) * (2 - 2 * whole) + wrong * value * whole) / (sum_ * sum_all)
    low, high = (2 * end / (1 + end) for end in shares(hit, hit + wrong, z))
    n = cells.sum(axis=1)
    return Measured("f1", WILSON_F1, n, value, low, high, variance, shared)


def _sum(cells: Numbers, *columns: int) -> float:
    return float(sum(cells[0, column] for column in columns))
