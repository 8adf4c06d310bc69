"""What a model is worth that knows nothing of a case: one constant answer for all of them."""

from __future__ import annotations

from math import log

import numpy as np

from headway.analysis.segments.measured import MAXIMISED
from headway.analysis.segments.task import Answers, Task


def constant_value(metric: str, answers: Answers) -> float | None:
    """Return the metric of the best constant answer on these rows; None where there is none."""
    if metric in ("auc", "r2"):
        return 0.5 if metric == "auc" else 0.0
    if answers.task is Task.NUMBERS:
        truth = np.asarray(answers.truth, dtype=np.float64)
        if metric == "rmse":
            return float(truth.std())
        return float(np.abs(truth - np.median(truth)).mean())
    shares = np.unique(answers.truth, return_counts=True)[1] / max(answers.n, 1)
    if answers.task is Task.CLASSES:
        largest = float(shares.max())
        of = {
            "accuracy": largest,
            "recall_macro": 1 / len(shares),
            "f1_macro": 2 * largest / (1 + largest) / len(shares),
        }
        return of.get(metric)
    return _of_two(metric, float(np.asarray(answers.truth, dtype=np.float64).mean()))


def _of_two(metric: str, positive: float) -> float | None:
    """Return the same with two classes, of which a share `positive` is positive."""
    other = 1 - positive
    largest = max(positive, other)
    entropy = -sum(share * log(share) for share in (positive, other) if share > 0)
    of = {
        "accuracy": largest,
        "f1": 2 * positive / (1 + positive),
        "f1_macro": largest / (1 + largest),
        "log_loss": entropy,
        "brier": positive * other,
        "precision": positive,
    }
    return of.get(metric)


def tolerance_of(metric: str, trained: float) -> float:
    """Return how much worse the test may be where nothing is asked: 0.05, or a fifth of a loss."""
    return 0.05 if metric in MAXIMISED or metric == "ece" else abs(trained) / 5
