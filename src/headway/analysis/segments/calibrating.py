"""Calibration: does a probability of 0.8 come true eight times in ten?

The reliability table has ten bins of equal width, [0, 0.1) … [0.9, 1], each with its rows, mean
score and share of positives (Wilson). ECE is the mean of |share - mean score| over rows (Naeini,
Cooper and Hauskrecht, AAAI 2015), its interval by the delta method over the bins; near 0 it reads
high, so the ECE that chance alone would give stands beside it (`noise`). `bias` is the mean score
less the share of positives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from headway.analysis.segments.intervals import means, shares, z_of
from headway.analysis.segments.measured import Measured, Numbers, finite
from headway.analysis.segments.tallies import BINS, Tally
from headway.analysis.segments.task import Answers
from headway.analysis.summaries.cells import BUCKETS

ECE = "delta method over ten bins of equal width"
STUDENT = "Student's t on the rows' differences"


def ece(tally: Tally, whole: Tally, confidence: float) -> Measured:
    """Return the expected calibration error of each segment."""
    z = z_of(confidence)
    with np.errstate(invalid="ignore", divide="ignore"):
        value, variance, sign = _gaps(tally)
        _, _, sign_all = _gaps(whole)
        share = np.nan_to_num(tally["bin_positive"] / tally["bin_n"])
        spread = (tally["bin_n"] * share * (1 - share) * sign * sign_all).sum(axis=1)
        shared = spread / (tally["n"] * whole["n"][0])
    reach = z * np.sqrt(variance)
    low, high = np.maximum(value - reach, 0.0), np.minimum(value + reach, 1.0)
    return Measured("ece", ECE, tally["n"], value, low, high, variance, shared)


def _gaps(tally: Tally) -> tuple[Numbers, Numbers, Numbers]:
    """Return ECE, its squared error, and the sign of each bin's gap."""
    gap = np.nan_to_num((tally["bin_positive"] - tally["bin_score"]) / tally["bin_n"])
    weight = tally["bin_n"] / tally["n"][:, None]
    share = np.nan_to_num(tally["bin_positive"] / tally["bin_n"])
    per_bin = np.nan_to_num(share * (1 - share) / np.maximum(tally["bin_n"] - 1, 1))
    value = (weight * np.abs(gap)).sum(axis=1)
    return value, (weight**2 * per_bin).sum(axis=1), np.sign(gap)


def noise(tally: Tally) -> Numbers:
    """Return the ECE that a calibrated model is expected to show by chance, by segment."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nan_to_num(tally["bin_score"] / tally["bin_n"])
        weight = tally["bin_n"] / tally["n"][:, None]
        one = np.sqrt(2 * mean * (1 - mean) / (np.pi * np.maximum(tally["bin_n"], 1)))
        return np.asarray((weight * one).sum(axis=1), dtype=np.float64)


def bias(tally: Tally, whole: Tally, confidence: float) -> Measured:
    """Return the mean score less the share of positives: above 0 the model says too much."""
    n = tally["n"]
    with np.errstate(invalid="ignore", divide="ignore"):
        value = (tally["score"] - tally["positive"]) / n
        spread = np.maximum(tally["brier"] / n - value * value, 0.0)
        variance = spread / (n - 1)
        low, high = means(value, variance, n, confidence)
        shared = spread / whole["n"][0]
    return Measured("bias", STUDENT, n, value, low, high, variance, shared)


def reliability(tally: Tally, segment: int, confidence: float) -> Sequence[Mapping[str, object]]:
    """Return the table of one segment: each bin that holds a row."""
    n, score, positive = (tally[name][segment] for name in ("bin_n", "bin_score", "bin_positive"))
    low, high = shares(positive, n, z_of(confidence))
    return [
        {
            "from": at / BINS,
            "to": (at + 1) / BINS,
            "n": int(n[at]),
            "score": finite(score[at] / n[at]),
            "share": finite(positive[at] / n[at]),
            "low": finite(low[at]),
            "high": finite(high[at]),
        }
        for at in range(BINS)
        if n[at]
    ]


def buckets_of(answers: Answers) -> tuple[Numbers, Numbers, Numbers]:
    """Return mean score, positives and rows of each bucket of scores in (0, 1) that holds a row."""
    truth = answers.truth.astype(np.float64)
    if answers.counts is None or answers.counts.place is None:
        chance = np.asarray(answers.chance, dtype=np.float64)
        place = np.minimum((chance * BUCKETS).astype(np.int64), BUCKETS - 1)
        weight, scores = np.ones(len(chance)), chance
    else:
        place, weight = answers.counts.place, answers.counts.n
        scores, truth = answers.counts.sums["score"], truth * weight
    rows, score, positive = (
        np.bincount(place, one).astype(np.float64, copy=False) for one in (weight, scores, truth)
    )
    kept = (rows > 0) & (score > 0) & (score < rows)
    return score[kept] / rows[kept], positive[kept], rows[kept]


def slope(
    score: Numbers, positive: Numbers, of: Numbers
) -> tuple[float, float, float, float] | None:
    """Return intercept and slope of the labels' logit on the score's, each with standard error.

    Cox (Biometrika 45, 1958): slope 1 and intercept 0 are calibrated, a slope below 1 is too
    sure. `positive` of `of` rows hold at each `score` in (0, 1). By Newton's method; None where
    the labels leave no finite answer.
    """
    logit = np.log(score / (1 - score))
    design = np.stack([np.ones_like(logit), logit])
    beta = np.array([0.0, 1.0])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(beta @ design, -500, 500)))
        weight = of * chance * (1 - chance)
        information = (design * weight) @ design.T
        if not np.isfinite(information).all() or np.linalg.cond(information) > 1e14:
            return None
        step = np.linalg.solve(information, design @ (positive - of * chance))
        beta = beta + step
        if np.abs(step).max() < 1e-12:
            error = np.sqrt(np.diag(np.linalg.inv(information)))
            return float(beta[0]), float(beta[1]), float(error[0]), float(error[1])
    return None
