"""The learning curve: loss falls with effort as a + b·n^−c, with a band by redrawing the points.

One point stands for each amount of effort: the least loss reached with that much or less. Its
spread is the evaluation's standard error and a tenth of the loss (how far another choice of model
would have landed). For each exponent c on a grid a and b follow by weighted least squares with
a ≥ 0 and b ≥ 0; the exponent of least error wins. The band comes from fitting again to points
redrawn around the curve (parametric bootstrap), so three parameters on five points are as vague
as they are. Power laws of learning curves: Hestness et al. 2017; Viering and Loog 2023.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from headway.analysis.attainment.draws import Numbers, normals, resampled_mean
from headway.analysis.attainment.history import History, Question
from headway.analysis.elementary import exp, log

#: Amounts of effort that a curve needs at least.
LEAST_POINTS = 4
#: Points that are fitted at most: the newest.
MOST_POINTS = 60
#: How far another choice of model would have landed, as a share of the loss.
CHOICE = 0.1
#: From a slow to a fast decline; measured learning curves lie between.
EXPONENTS = tuple(0.1 + 0.05 * step for step in range(39))


@dataclass(frozen=True, slots=True)
class Point:
    """The least loss reached with an amount of effort, its spread, and when."""

    effort: float
    loss: float
    spread: float
    at: float


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """Curves draw by draw: loss = a + b·n^−c; effort now, and how much a day brings."""

    points: Sequence[Point]
    floor: Numbers
    scale: Numbers
    exponent: Numbers
    pace: Numbers
    effort: float
    at: float
    fitted: tuple[float, float, float]

    @classmethod
    def of(cls, history: History, question: Question) -> LearningCurve | None:
        """Return the curve that the runs speak for; None with too few, or without an effort."""
        points = points_of(history, question)
        if len(points) < LEAST_POINTS or question.ideal is None:
            return None
        losses = np.array([[point.loss] for point in points])
        fitted = _fit(points, losses)
        centre = _value(fitted, np.array([point.effort for point in points]))
        redrawn = np.stack(
            [
                centre[place]
                + point.spread * normals(question.seed, f"point {place}", question.draws)
                for place, point in enumerate(points)
            ]
        )
        floor, scale, exponent = _fit(points, np.maximum(redrawn, 0.0))
        return cls(
            points,
            floor,
            scale,
            exponent,
            _pace(points, question),
            points[-1].effort,
            points[-1].at,
            (float(fitted[0][0]), float(fitted[1][0]), float(fitted[2][0])),
        )

    def effort_for(self, loss: float) -> Numbers:
        """Return the effort at which each curve comes down to `loss`; inf where it never does."""
        gap = loss - self.floor
        reachable = (gap > 0.0) & (self.scale > 0.0)
        safe = np.where(reachable, np.maximum(gap, 1e-12), 1.0)
        needed = exp(np.clip(log(np.maximum(self.scale, 1e-300) / safe) / self.exponent, -60, 60))
        flat = np.where(gap >= 0.0, 0.0, np.inf)
        return np.where(self.scale <= 0.0, flat, np.where(reachable, needed, np.inf))

    def loss_at(self, effort: Numbers) -> Numbers:
        """Return the loss of each curve at an effort."""
        return _value((self.floor, self.scale, self.exponent), np.maximum(effort, 1e-9))

    def effort_at(self, days: Numbers) -> Numbers:
        """Return the effort that each future has spent so many days after the last point."""
        return self.effort + self.pace * np.maximum(days, 0.0)


def points_of(history: History, question: Question) -> Sequence[Point]:
    """Return one point an amount of effort, in order of effort; losses never rise."""
    if question.ideal is None:
        return ()
    ideal = history.score(question.ideal)
    best: dict[float, tuple[float, float, float]] = {}
    for run in history.runs:
        if run.effort is None or run.effort <= 0:
            continue
        loss = max(0.0, ideal - history.score(run.value))
        held = best.get(run.effort)
        if held is None or loss < held[0]:
            best[run.effort] = (loss, history.error_of(run, question), run.at)
    found: list[Point] = []
    least, error, latest = float("inf"), 0.0, float("-inf")
    for effort in sorted(best):
        loss, spread, at = best[effort]
        if loss < least:
            least, error = loss, spread
        latest = max(latest, at)
        choice = CHOICE * least
        found.append(Point(effort, least, sqrt(error * error + choice * choice), latest))
    return found[-MOST_POINTS:]


def _pace(points: Sequence[Point], question: Question) -> Numbers:
    """Return the effort that a day brings: as planned, or as it came, interval by interval."""
    if question.pace is not None:
        return np.full(question.draws, question.pace)
    pairs = list(zip(points, points[1:], strict=False))
    days = [max(later.at - sooner.at, 0.0) for sooner, later in pairs]
    more = [later.effort - sooner.effort for sooner, later in pairs]
    seed, draws = question.seed, question.draws
    # The same weights above and below the line: an interval counts with both or not at all.
    gained = resampled_mean(more, seed, "effort by interval", draws)
    took = resampled_mean(days, seed, "effort by interval", draws)
    return np.where(took > 0.0, gained / np.maximum(took, 1e-9), 0.0)


Fit = tuple[Numbers, Numbers, Numbers]


def _fit(points: Sequence[Point], losses: Numbers) -> Fit:
    """Return a, b and c of least weighted square error for each column of `losses`."""
    columns = losses.shape[1]
    least = np.full(columns, np.inf)
    found: Fit = (np.zeros(columns), np.zeros(columns), np.ones(columns))
    efforts = np.array([point.effort for point in points])
    # Relative effort keeps b in the size of a loss.
    relative = efforts / efforts[-1]
    spreads = [max(point.spread, 1e-6) for point in points]
    weights = [1.0 / (spread * spread) for spread in spreads]
    for exponent in EXPONENTS:
        falls = exp(-exponent * log(relative))
        floor, scale = _line(falls, losses, weights)
        error = np.zeros(columns)
        for place, weight in enumerate(weights):
            miss = losses[place] - floor - scale * falls[place]
            error = error + weight * miss * miss
        better = error < least
        least = np.where(better, error, least)
        found = (
            np.where(better, floor, found[0]),
            np.where(better, scale, found[1]),
            np.where(better, exponent, found[2]),
        )
    top = float(efforts[-1])
    return found[0], found[1] * exp(found[2] * log(np.full(columns, top))), found[2]


def _line(falls: Numbers, losses: Numbers, weights: Sequence[float]) -> tuple[Numbers, Numbers]:
    """Return the weighted line through (falls, losses), neither part of it below 0."""
    total = sum(weights)
    mean_x = sum(w * float(x) for w, x in zip(weights, falls, strict=True)) / total
    columns = losses.shape[1]
    mean_y, cross, through = (np.zeros(columns) for _ in range(3))
    square = raw = 0.0
    for place, weight in enumerate(weights):
        mean_y = mean_y + weight * losses[place]
    mean_y = mean_y / total
    for place, weight in enumerate(weights):
        x = float(falls[place])
        cross = cross + weight * (x - mean_x) * (losses[place] - mean_y)
        square += weight * (x - mean_x) * (x - mean_x)
        through = through + weight * x * losses[place]
        raw += weight * x * x
    scale = np.maximum(cross / square, 0.0)
    floor = mean_y - scale * mean_x
    # Below 0 the floor is 0, and the line goes through the origin.
    return np.maximum(floor, 0.0), np.where(floor < 0.0, np.maximum(through / raw, 0.0), scale)


def _value(fit: Fit, effort: Numbers) -> Numbers:
    floor, scale, exponent = fit
    return floor + scale * exp(-exponent * log(effort))
