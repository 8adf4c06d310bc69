"""Does a pipeline keep its service level? The last run, its rhythm, its length, its data's age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from headway.analysis.verdicts import Verdict
from headway.domain.inventory.rules.judged import Judged, worst_of

RULE = "service level 1"


@dataclass(frozen=True, slots=True)
class PipelineRun:
    """A run of a pipeline as its record tells it."""

    record: int
    pipeline: str
    run_id: str
    status: str
    started_at: datetime | None
    ended_at: datetime | None
    trigger: str
    commit: str
    produced: str
    rows: int | None
    data_until: datetime | None
    observed_at: datetime

    @property
    def moment(self) -> datetime:
        """Return when it ended, else when it was seen."""
        return self.ended_at or self.observed_at

    @property
    def hours(self) -> float | None:
        """Return how many hours it took."""
        if self.started_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds() / 3600


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """What is expected of a pipeline, in hours; None asks nothing."""

    every_hours: float | None = None
    within_hours: float | None = None
    data_hours: float | None = None

    @property
    def words(self) -> str:
        """Return what is expected, in words."""
        parts = [
            f"a success every {_hours(self.every_hours)}" if self.every_hours else "",
            f"done within {_hours(self.within_hours)}" if self.within_hours else "",
            f"data at most {_hours(self.data_hours)} old" if self.data_hours else "",
        ]
        return ", ".join(part for part in parts if part)


def latest_of_each(runs: Sequence[PipelineRun]) -> Sequence[PipelineRun]:
    """Return the last state of each run, the newest run first: a run is told of more than once."""
    last: dict[str, PipelineRun] = {}
    for run in sorted(runs, key=lambda one: (one.observed_at, one.record)):
        last[run.run_id] = run
    return sorted(last.values(), key=lambda one: (one.moment, one.record), reverse=True)


def kept(level: ServiceLevel, runs: Sequence[PipelineRun], at: datetime) -> Judged:
    """Return whether the service level is kept at `at`; `runs` as `latest_of_each` gives them.

    A pipeline that falls silent is stale, one that was never heard of is missing.
    """
    known = [run for run in runs if run.observed_at <= at]
    if not known:
        return Judged(Verdict.MISSING, "No run is known.", RULE)
    successes = [run for run in known if run.status == "succeeded"]
    last_success = successes[0] if successes else None
    parts = [_last(known)]
    if level.every_hours is not None:
        parts.append(_rhythm(level.every_hours, last_success, at))
    if level.within_hours is not None:
        parts.append(_length(level.within_hours, known[0], at))
    if level.data_hours is not None:
        parts.append(_data(level.data_hours, last_success, at))
    verdict = worst_of(parts)
    deciding = [part.sentence for part in parts if part.verdict is verdict]
    if verdict is Verdict.MET and len(deciding) > 1:
        deciding = [deciding[0], "It keeps its service level."]
    sentence = " ".join(deciding)
    records = sorted({record for part in parts for record in part.records})
    return Judged(verdict, sentence, RULE, tuple(records))


def _last(known: Sequence[PipelineRun]) -> Judged:
    """Judge the last run that came to an end."""
    ended = next((run for run in known if run.status != "running"), None)
    if ended is None:
        return Judged(Verdict.INSUFFICIENT, "No run came to an end yet.", RULE, (known[0].record,))
    said = f"Run {ended.run_id} {ended.status} on {ended.moment:%-d %b %Y, %H:%M}."
    verdicts = {"succeeded": Verdict.MET, "failed": Verdict.UNMET}
    verdict = verdicts.get(ended.status, Verdict.INSUFFICIENT)
    return Judged(verdict, said, RULE, (ended.record,))


def _rhythm(every: float, success: PipelineRun | None, at: datetime) -> Judged:
    if success is None:
        return Judged(Verdict.MISSING, "No run has succeeded yet.", RULE)
    records = (success.record,)
    late = at - success.moment - timedelta(hours=every)
    if late > timedelta(0):
        age = _hours((at - success.moment).total_seconds() / 3600)
        sentence = f"The last success is {age} old; one is expected every {_hours(every)}."
        return Judged(Verdict.STALE, sentence, RULE, records)
    return Judged(Verdict.MET, f"It succeeded within {_hours(every)}.", RULE, records)


def _length(within: float, last: PipelineRun, at: datetime) -> Judged:
    records = (last.record,)
    took = last.hours
    if last.status == "running" and last.started_at is not None:
        took = (at - last.started_at).total_seconds() / 3600
        if took <= within:
            return Judged(Verdict.MET, "The run under way is in time.", RULE, records)
    if took is None:
        sentence = f"Run {last.run_id} does not say when it started and ended."
        return Judged(Verdict.MISSING, sentence, RULE, records)
    sentence = f"Run {last.run_id} took {_hours(took)}; {_hours(within)} are allowed."
    return Judged(Verdict.MET if took <= within else Verdict.UNMET, sentence, RULE, records)


def _data(hours: float, success: PipelineRun | None, at: datetime) -> Judged:
    if success is None or success.data_until is None:
        records = () if success is None else (success.record,)
        sentence = "Nothing says how new its data is."
        return Judged(Verdict.MISSING, sentence, RULE, records)
    age = (at - success.data_until).total_seconds() / 3600
    sentence = f"Its newest datum is {_hours(age)} old; {_hours(hours)} are allowed."
    verdict = Verdict.MET if age <= hours else Verdict.STALE
    return Judged(verdict, sentence, RULE, (success.record,))


def _hours(hours: float) -> str:
    """Say a length: "90 minutes", "36 hours", "12 days"."""
    if hours < 2:
        return f"{round(hours * 60)} minutes"
    if hours < 72:
        return f"{round(hours)} hours"
    return f"{round(hours / 24)} days"
