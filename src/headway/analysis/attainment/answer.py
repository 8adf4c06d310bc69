"""What a metric's runs answer: the best, when the target is reached, and what that rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from headway.analysis.attainment.history import Question, Run
from headway.analysis.attainment.outlook import Backtest, Outlook, backtest, outlook
from headway.analysis.attainment.table import day_at
from headway.analysis.quantities import inverted_cdf

#: Moments ahead for which the odds and the band are told.
STEPS = 12
#: Runs under which nothing is said of the future.
LEAST_RUNS = 3
_NOT_ENOUGH = "Fewer than three runs say nothing of the next; no date."


@dataclass(frozen=True, slots=True)
class Attainment:
    """The answer; `dated` says whether times are days of the calendar."""

    outlook: Outlook
    dated: bool
    notes: Sequence[str]
    tested: Backtest | None = None
    by: float | None = None

    @property
    def sentence(self) -> str:
        """Return the answer in a line."""
        found = self.outlook
        target, best = found.question.target, found.history.best.value
        arrive = _share(found.p_by(found.ahead))
        until = f"{arrive} of futures reach it by {self.told(found.ahead)}"
        if found.p_by(0.0) >= 0.5:
            odds = _share(found.p_by(0.0))
            return f"{best:g} is at the target of {target:g}; the odds that it truly is: {odds}."
        if found.plateau:
            return f"Plateau at {best:g} against {target:g}: no date. {until}."
        middle, late = found.percentile(50), found.percentile(80)
        if middle is None:
            return f"{target:g} is not reachable at this pace: {until}; the best is {best:g}."
        tail = f"at P80 {self.told(late)}" if late is not None else "P80 falls into never"
        return f"{target:g} is reached at P50 {self.told(middle)}, {tail}; the best is {best:g}."

    def at(self, days: float | None) -> str | float | None:
        """Return the day (or the number) that lies so many days ahead; None for never."""
        if days is None:
            return None
        moment = self.outlook.now + days
        if not self.dated:
            return moment
        day = day_at(moment)
        return None if day is None else day.isoformat()

    def told(self, days: float | None) -> str:
        """Return the day (or the number) that lies so many days ahead, as a sentence says it."""
        moment = self.outlook.now + (days or 0.0)
        day = day_at(moment) if self.dated else None
        return f"{day:%-d %b %Y}" if day else f"{moment:g}"

    def as_json(self) -> dict[str, object]:
        """Return the document that `headway attain --json` prints."""
        found, question = self.outlook, self.outlook.question
        return {
            "sentence": self.sentence,
            "target": question.target,
            "maximise": question.maximise,
            "best": found.history.best.value,
            "best_run": self._best(),
            "reached": found.p_by(0.0) >= 0.5,
            "p_reached_by": {str(self.at(days)): found.p_by(days) for days in self._moments()},
            "p_reached": found.p_by(found.ahead),
            "when": {f"p{percent}": self._when(percent) for percent in (50, 80)},
            "plateau": found.plateau,
            "method": found.method,
            "band": [self._band(days) for days in self._moments()],
            "records": [
                {
                    "run": one.number,
                    "time": self._moment(one.at),
                    "value": one.value,
                    "gain": one.gain,
                }
                for one in found.history.records
            ],
            "curve": self._curve(),
            "backtest": self._tested(),
            "runs": len(found.history.runs),
            "set_aside": found.history.broken,
            "evaluation": found.history.evaluation,
            "as_of": self.at(0.0),
            "looked_ahead_to": self.at(found.ahead),
            "seed": question.seed,
            "draws": question.draws,
            "notes": list(self.notes),
        }

    def _when(self, percent: int) -> str | float | None:
        return None if self.outlook.plateau else self.at(self.outlook.percentile(percent))

    def _moments(self) -> list[float]:
        """Return the days ahead that are told: even steps, and the one that was asked for."""
        ahead = self.outlook.ahead
        steps = {ahead * step / STEPS for step in range(1, STEPS + 1)}
        return sorted(steps | ({self.by} if self.by is not None else set()))

    def _best(self) -> dict[str, object]:
        found = self.outlook
        best, level = found.history.best, found.level
        return {
            "run": found.history.records[-1].number,
            "time": self._moment(best.at),
            "value": best.value,
            "corrected": found.history.score(level.score),
            "standard_error": level.error,
            "how": level.how,
            "among": level.among,
            "runs_since": found.history.since_record,
        }

    def _band(self, days: float) -> dict[str, object]:
        found = self.outlook
        ordered = np.sort(found.quality(np.full(len(found.days), days)))
        values = {name: inverted_cdf(ordered, percent) for name, percent in _BAND}
        turned = {name: found.history.score(value) for name, value in values.items()}
        if not found.question.maximise:
            turned = {"low": turned["high"], "middle": turned["middle"], "high": turned["low"]}
        return {"time": self.at(days), **turned}

    def _curve(self) -> dict[str, object] | None:
        curve = self.outlook.curve
        if curve is None:
            return None
        ordered = np.sort(curve.effort_for(self.outlook.ceiling - self.outlook.target))
        needed = {f"p{percent}": inverted_cdf(ordered, percent) for percent in (10, 50, 80)}
        paces = np.sort(curve.pace)
        return {
            "floor": curve.fitted[0],
            "scale": curve.fitted[1],
            "exponent": curve.fitted[2],
            "effort": curve.effort,
            "needed": {key: value if np.isfinite(value) else None for key, value in needed.items()},
            "a_day": {f"p{percent}": inverted_cdf(paces, percent) for percent in (10, 50, 90)},
            "points": [{"effort": one.effort, "loss": one.loss} for one in curve.points],
        }

    def _tested(self) -> dict[str, object] | None:
        one = self.tested
        if one is None:
            return None
        return {
            "hidden": one.hidden,
            "low": one.low,
            "middle": one.middle,
            "high": one.high,
            "seen": one.seen,
            "held": one.held,
        }

    def _moment(self, at: float) -> str | float | None:
        return self.at(at - self.outlook.now)


_BAND = (("low", 10), ("middle", 50), ("high", 90))


def attain(
    runs: Sequence[Run],
    question: Question,
    *,
    dated: bool = True,
    hidden: int = 0,
    by: float | None = None,
) -> Attainment:
    """Return when a metric reaches its target. Raises Invalid for runs that are none.

    `hidden` runs are held back for a backtest of the band; `by` is a moment to be told as well.
    """
    asked = question
    if asked.ideal is None:
        asked = replace(asked, ideal=ideal_of(runs, question))
    found = outlook(list(runs), asked)
    tested = backtest(found.history, asked, hidden) if hidden else None
    ahead = None if by is None else max(by - found.now, 0.0)
    return Attainment(found, dated, _notes(found, hidden, tested), tested, ahead)


def ideal_of(runs: Sequence[Run], question: Question) -> float | None:
    """Return the best value imaginable: 1 for what looks like a share, 0 for an error, or None."""
    values = [*(run.value for run in runs), question.target]
    if question.maximise:
        return 1.0 if all(value <= 1.0 for value in values) else None
    return 0.0 if all(value >= 0.0 for value in values) else None


def _notes(found: Outlook, hidden: int, tested: Backtest | None) -> tuple[str, ...]:
    history, level = found.history, found.level
    notes: list[str] = []
    if history.broken:
        notes.append(
            f"{history.broken} runs were evaluated on other data and say nothing here: the history "
            f"begins where the evaluation changed."
        )
    if len(history.runs) < LEAST_RUNS:
        notes.append(_NOT_ENOUGH)
    best, true = history.best.value, history.score(level.score)
    if level.how == "shrunk":
        notes.append(
            f"{level.among} runs cannot be told from the best: {best:g} is partly luck, "
            f"{true:.4g} is expected of that model."
        )
    elif level.how == "held out":
        notes.append(f"The best run's {best:g} is {true:g} on held-out data, which counts.")
    elif level.error == 0.0:
        notes.append("No standard error is known, so what luck made of the best run stays in.")
    notes.extend(_warnings(found))
    if hidden and tested is None:
        notes.append(f"Two runs at least are needed beside the {hidden} hidden; no backtest.")
    return tuple(notes)


def _warnings(found: Outlook) -> list[str]:
    history = found.history
    notes = []
    if found.is_silent:
        notes.append(
            f"The last {history.since_record} of {len(history.runs)} runs brought no record: "
            f"a plateau."
        )
    if found.is_flat:
        notes.append("Twice the effort would hardly reach the target either: a plateau.")
    if not found.plateau:
        for percent in (50, 80):
            if found.percentile(percent) is None:
                notes.append(
                    f"P{percent} falls into never: {_share(found.p_by(found.ahead))} of futures "
                    f"reach the target as far as was looked."
                )
                break
    return notes


def _share(share: float) -> str:
    """Return a share as people say it: never a round certainty."""
    if share > 0.95:
        return "> 95 %"
    return "< 5 %" if share < 0.05 else f"{share * 100:.0f} %"
