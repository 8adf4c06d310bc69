"""What luck made of the best run: the winner's curse, taken off.

The best of several noisy measurements is, on average, better than the model it belongs to. The
runs that cannot be told from the best one (within two of its standard errors) are taken as one
group, whose true values spread by τ² = variance − error², never below 0. Each is drawn back to the
group's mean by τ² / (τ² + error²) (empirical Bayes; Efron and Morris 1975). A value measured on
held-out data that nobody chose by needs no such correction and is taken instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from headway.analysis.attainment.history import History, Question

#: Runs within so many standard errors of the best cannot be told from it.
CONTENDERS = 2.0


@dataclass(frozen=True, slots=True)
class Level:
    """Where the metric truly stands (as a score): its expected value and standard error.

    `how` is "held out", "shrunk" or "as measured"; `among` counts the runs in the way of the best.
    """

    score: float
    error: float
    how: str
    among: int


def level_now(history: History, question: Question) -> Level:
    """Return where the best model truly stands."""
    best = history.best
    error = history.error_of(best, question)
    if best.confirmed is not None:
        return Level(history.score(best.confirmed), error, "held out", 1)
    top = history.score(best.value)
    near = [score for score in history.scores if score >= top - CONTENDERS * error]
    if error == 0.0 or len(near) == 1:
        return Level(top, error, "as measured", len(near))
    mean = _mean(near)
    spread = sum((score - mean) * (score - mean) for score in near) / (len(near) - 1)
    true = max(0.0, spread - error * error)
    share = true / (true + error * error)
    left = share * error * error + (1.0 - share) * error * error / len(near)
    return Level(mean + share * (top - mean), sqrt(left), "shrunk", len(near))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
