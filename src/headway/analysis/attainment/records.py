"""The record process: how long until the next record, and how large it is.

Of n exchangeable runs the n-th is a record with chance 1/n (Rényi 1962). A team that learns does
better: with chance θ/(θ + n − 1), θ > 1 (the F^α scheme of Yang 1975 and Nevzorov). θ is drawn
from its posterior on a grid, with a prior of mean 1, so that a short lucky start does not promise
records for ever. After k runs, no record comes in the next m with chance (k/(k + m))^θ, from which
the waiting time is drawn; how much a record gains is exponential (the limit for thin upper tails),
its mean drawn from the gains seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, repeat
from operator import mul

import numpy as np

from headway.analysis.attainment.draws import Numbers, exponentials, resampled_mean
from headway.analysis.attainment.history import History, Question
from headway.analysis.chance import uniforms
from headway.analysis.elementary import exp, log

#: Records looked ahead at most: the waits grow geometrically.
MOST_RECORDS = 40
#: Runs that nobody will make, and days that nobody will see.
_FOREVER = 1e12
#: The last records whose gains say how large the next one is.
GAINS = 5
#: θ from 0.05 to 40, each a step of 12 % further; multiplied out, so that the bits are the same.
_GRID = tuple(accumulate(repeat(1.12, 59), mul, initial=0.05))


@dataclass(frozen=True, slots=True)
class Path:
    """Records to come, draw by draw: after how many more runs, and where the metric is then."""

    start: Numbers
    runs: Sequence[Numbers]
    levels: Sequence[Numbers]

    def reached(self, target: float) -> Numbers:
        """Return after how many runs each future passes `target`; inf where it never does."""
        found = np.where(self.start >= target, 0.0, np.inf)
        for runs, level in zip(self.runs, self.levels, strict=True):
            found = np.where((level >= target) & ~np.isfinite(found), runs, found)
        return found

    def after(self, runs: Numbers) -> Numbers:
        """Return where each future stands after its number of runs."""
        stands = self.start
        for made, level in zip(self.runs, self.levels, strict=True):
            stands = np.where(made <= runs, level, stands)
        return stands


@dataclass(frozen=True, slots=True)
class Records:
    """Futures of the record process: θ and days from run to run, gains, each draw by draw."""

    theta: Numbers
    gap: Numbers
    gain: Numbers
    made: int
    seed: int

    @classmethod
    def of(cls, history: History, question: Question) -> Records:
        """Return the process that the runs so far speak for."""
        draws, seed = question.draws, question.seed
        gains = [record.gain for record in history.records[1:]][-GAINS:]
        spacing = _spacing(history)
        # Runs of one moment have no pace: the next one is infinitely far.
        known = len(spacing) > 1 and sum(spacing) > 0.0
        return cls(
            _theta(history, seed, draws),
            resampled_mean(spacing, seed, "days between runs", draws)
            if known
            else np.full(draws, _FOREVER),
            resampled_mean(gains, seed, "gain of a record", draws) if gains else np.zeros(draws),
            len(history.runs),
            seed,
        )

    def path(self, score: Numbers, ceiling: float) -> Path:
        """Return the records to come, from where each future stands."""
        made, level = np.full(len(score), float(self.made)), score.copy()
        runs, levels = [], []
        for number in range(MOST_RECORDS):
            made = self._next(made, number)
            level = self._raised(level, number, ceiling)
            runs.append(made - self.made)
            levels.append(level)
        return Path(score, runs, levels)

    def days_of(self, runs: Numbers) -> Numbers:
        """Return how many days each future takes for so many runs."""
        return np.asarray(runs * self.gap)

    def runs_in(self, days: Numbers) -> Numbers:
        """Return how many runs each future makes in so many days."""
        return np.where(self.gap > 0.0, days / np.maximum(self.gap, 1e-9), 0.0)

    def _next(self, made: Numbers, number: int) -> Numbers:
        """Return the number of the run that is the next record: at least the next run."""
        u = uniforms(self.seed, f"wait for record {number}", len(made))
        grown = made * exp(np.minimum(-log(u) / self.theta, 60.0))
        return np.minimum(np.maximum(np.ceil(grown), made + 1.0), _FOREVER)

    def _raised(self, level: Numbers, number: int, ceiling: float) -> Numbers:
        size = self.gain * exponentials(self.seed, f"size of record {number}", len(level))
        return np.minimum(level + size, ceiling)


def silence(history: History) -> float:
    """Return how likely so many runs without a record are, by the pace up to the last record.

    The pace is θ's posterior mean from the runs up to the last record.
    """
    last = history.records[-1].number
    theta = _posterior_mean(last, len(history.records))
    ratio = log(np.array([last / len(history.runs)]))
    return float(exp(ratio * theta)[0])


def _spacing(history: History) -> list[float]:
    times = [run.at for run in history.runs]
    return [max(0.0, later - sooner) for sooner, later in zip(times, times[1:], strict=False)]


def _weights(runs: int, records: int) -> Numbers:
    """Return the posterior of θ on the grid: θ^R / Π(θ + i − 1), prior exponential of mean 1."""
    grid = np.array(_GRID)
    weight = records * log(grid) - grid
    for place in range(1, runs + 1):
        weight = weight - log(grid + (place - 1.0))
    # The grid is geometric: each point stands for a width in proportion to itself.
    density = exp(weight - weight.max()) * grid
    return np.asarray(density / _total(density))


def _posterior_mean(runs: int, records: int) -> float:
    return _total(_weights(runs, records) * np.array(_GRID))


def _theta(history: History, seed: int, draws: int) -> Numbers:
    weights = _weights(len(history.runs), len(history.records))
    below = np.cumsum(weights)
    u = uniforms(seed, "record pace", draws)
    place = np.minimum(np.searchsorted(below, u), len(_GRID) - 1)
    return np.array(_GRID)[place]


def _total(values: Numbers) -> float:
    """Return a sum in order, the same on every processor."""
    total = 0.0
    for value in values:
        total += float(value)
    return total
