"""When a metric reaches its target: futures of the best model, and what they amount to.

Where runs tell an effort, the learning curve says how much is needed and the pace when that will
be there; without one the record process says after how many runs. Both start from where the best
model truly stands, not from its luckiest measurement.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.analysis.attainment.draws import Numbers, normals
from headway.analysis.attainment.history import History, Question, Run
from headway.analysis.attainment.learning import LearningCurve
from headway.analysis.attainment.luck import Level, level_now
from headway.analysis.attainment.records import Path, Records, silence
from headway.analysis.quantities import inverted_cdf

#: Ahead at least and at most, in days, where nobody said how far to look.
LEAST_AHEAD, MOST_AHEAD = 365.0, 1095.0
#: Runs without a record, at least and as a share of all, before silence says anything.
SILENT_RUNS, SILENT_SHARE, SILENT_CHANCE = 3, 0.4, 0.2
#: The chance of reaching the target under which the road is flat.
FLAT = 0.2


@dataclass(frozen=True, slots=True)
class Outlook:
    """Futures of a metric, draw by draw: `days` from now until it is reached, inf for never."""

    history: History
    question: Question
    level: Level
    score: Numbers
    days: Numbers
    curve: LearningCurve | None
    records: Records
    path: Path
    now: float
    ahead: float

    @property
    def target(self) -> float:
        """Return the target as a score."""
        return self.history.score(self.question.target)

    @property
    def ceiling(self) -> float:
        """Return the best score imaginable; inf where none is known."""
        ideal = self.question.ideal
        return np.inf if ideal is None else self.history.score(ideal)

    @property
    def method(self) -> str:
        """Return what the dates rest on: the learning curve, or the record process."""
        return "records" if self.curve is None else "learning curve"

    def p_by(self, days: float) -> float:
        """Return the share of futures that have reached the target after so many days."""
        return float(np.count_nonzero(self.days <= days)) / len(self.days)

    def percentile(self, percent: int) -> float | None:
        """Return the days after which a share has reached it; None where that share never does."""
        found = inverted_cdf(np.sort(np.where(self.days <= self.ahead, self.days, np.inf)), percent)
        return found if np.isfinite(found) else None

    def quality(self, days: Numbers) -> Numbers:
        """Return the true metric of each future after its number of days, as a score."""
        if self.curve is None:
            return self.path.after(self.records.runs_in(days))
        since = days + max(self.now - self.curve.at, 0.0)
        return self.at_effort(self.curve.effort_at(since))

    def at_effort(self, effort: Numbers) -> Numbers:
        """Return the true metric of each future at an effort, as a score; needs a curve."""
        if self.curve is None:
            return self.score
        return np.maximum(self.score, self.ceiling - self.curve.loss_at(effort))

    @property
    def is_silent(self) -> bool:
        """Say whether so many runs without a record are unlikely at the pace before."""
        since, made = self.history.since_record, len(self.history.runs)
        long = since >= SILENT_RUNS and since >= SILENT_SHARE * made
        return long and silence(self.history) < SILENT_CHANCE

    @property
    def is_flat(self) -> bool:
        """Say whether twice the effort would hardly reach the target either."""
        if self.curve is None:
            return False
        twice = self.at_effort(np.full(len(self.days), 2.0 * self.curve.effort))
        return float(np.count_nonzero(twice >= self.target)) / len(twice) < FLAT

    @property
    def plateau(self) -> bool:
        """Say whether the metric has stopped short of its target: no date then."""
        if self.p_by(self.ahead) >= 0.5:
            return False
        return self.is_silent or self.is_flat


def outlook(runs: list[Run], question: Question) -> Outlook:
    """Return the futures of a metric from its runs. Raises Invalid for runs that are none."""
    return outlook_of(History.of(runs, question), question)


def outlook_of(history: History, question: Question) -> Outlook:
    """Return the futures of a metric from its history."""
    level = level_now(history, question)
    last, first = history.runs[-1].at, history.runs[0].at
    now = last if question.now is None else max(question.now, last)
    ahead = question.ahead
    if ahead is None:
        ahead = min(max(LEAST_AHEAD, 2.0 * (last - first)), MOST_AHEAD)
    score = level.score + level.error * normals(question.seed, "level now", question.draws)
    ceiling = np.inf if question.ideal is None else history.score(question.ideal)
    score = np.minimum(score, ceiling)
    curve, records = LearningCurve.of(history, question), Records.of(history, question)
    path = records.path(score, ceiling)
    target = history.score(question.target)
    if curve is None:
        days = records.days_of(path.reached(target))
    else:
        days = _by_effort(curve, records, score, target, ceiling, now)
    return Outlook(history, question, level, score, days, curve, records, path, now, ahead)


def _by_effort(  # noqa: PLR0913  each is a part of the state
    curve: LearningCurve,
    records: Records,
    score: Numbers,
    target: float,
    ceiling: float,
    now: float,
) -> Numbers:
    """Return the days from now until the effort that the target needs is there.

    A curve that says that the effort of today would do, while the best model does not, needs one
    more run at least.
    """
    needed = curve.effort_for(ceiling - target)
    more = np.maximum(needed - curve.effort, 0.0)
    days = np.where(
        more <= 0.0,
        0.0,
        np.where(curve.pace > 0.0, more / np.maximum(curve.pace, 1e-12), np.inf),
    )
    waited = max(now - curve.at, 0.0)
    days = np.maximum(days - waited, records.gap)
    return np.where(score >= target, 0.0, days)


@dataclass(frozen=True, slots=True)
class Backtest:
    """What the forecast would have said without the last runs, and what they showed."""

    hidden: int
    low: float
    middle: float
    high: float
    seen: float
    held: bool


def backtest(history: History, question: Question, hidden: int) -> Backtest | None:
    """Return whether the band of 80 % held over the last `hidden` runs; None with too few left.

    What is forecast is the best measured value after those runs, at their effort.
    """
    if hidden < 1 or len(history.runs) - hidden < 2:
        return None
    known = history.before(hidden)
    found = outlook_of(known, question)
    top = known.score(known.best.value)
    measured = np.full(question.draws, top)
    efforts = [run.effort for run in history.runs[len(known.runs) :] if run.effort is not None]
    if found.curve is not None and efforts:
        loss = found.curve.loss_at(np.full(question.draws, max(efforts)))
        error = known.error_of(known.best, question)
        noise = error * normals(question.seed, "measuring", question.draws)
        measured = np.maximum(top, np.minimum(found.ceiling - loss + noise, found.ceiling))
    else:
        runs = np.full(question.draws, float(hidden))
        measured = found.records.path(measured, found.ceiling).after(runs)
    ordered = np.sort(measured)
    low, middle, high = (inverted_cdf(ordered, percent) for percent in (10, 50, 90))
    seen = history.score(history.best.value)
    values = sorted(history.score(value) for value in (low, high))
    return Backtest(
        hidden,
        values[0],
        history.score(middle),
        values[1],
        history.score(seen),
        low <= seen <= high,
    )
