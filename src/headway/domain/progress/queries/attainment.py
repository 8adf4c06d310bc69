"""Promised metrics beside earned value: where each stands, and when it gets to its target.

A metric is never turned into percent of work done; it has a date of its own, or none.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from headway.analysis.attainment.answer import Attainment, attain
from headway.analysis.attainment.history import Question, Run
from headway.analysis.attainment.table import day_at
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.queries import Measurement, measurements_of, run_tags
from headway.domain.programs.queries import criteria_by_project, projects_of
from headway.domain.programs.rules import CriterionFacts, ProgramFacts, ProjectFacts
from headway.domain.progress.rules.runs import (
    PURPOSE,
    TRY,
    Measured,
    effort_of,
    question_of,
    runs_of,
)

#: Futures of a metric that a page is drawn from: a percentile moves by a day or two with more.
DRAWS = 1_000
#: Runs that are read of a metric at most: the newest.
MOST_RUNS = 2_000
#: A metric of a live model is watched; it is not worked towards.
LIVE = "live"


@dataclass(frozen=True, slots=True)
class MetricStanding:
    """A promised metric: its newest and best value, and the forecast of when it is reached.

    `attainment` is None where nothing was measured or a live model is watched: `words` say so.
    `record` opens the newest measurement.
    """

    project: str
    project_name: str
    criterion: CriterionFacts
    newest: float | None
    record: int | None
    attainment: Attainment | None
    words: str
    effort: str = ""  # what runs tell that they were made with, one of EFFORTS

    @property
    def best(self) -> float | None:
        """Return the best measured value on the newest evaluation data."""
        return self.attainment.outlook.history.best.value if self.attainment else self.newest

    @property
    def p_due(self) -> float | None:
        """Return the share of futures that are there by the day it was promised for."""
        due = self.criterion.due
        if self.attainment is None or due is None:
            return None
        outlook = self.attainment.outlook
        # The day counts to its end.
        return outlook.p_by(max(due.toordinal() + 1.0 - outlook.now, 0.0))

    def day(self, percent: int) -> date | None:
        """Return the day by which a share of futures are there; None on a plateau and for never."""
        if self.attainment is None or self.attainment.outlook.plateau:
            return None
        days = self.attainment.outlook.percentile(percent)
        return None if days is None else day_at(self.attainment.outlook.now + days)


def metric_standings(
    actor: Actor, program: ProgramFacts, at: datetime, *, live: bool = True, draws: int = DRAWS
) -> Sequence[MetricStanding]:
    """Return every promised metric of a program with its forecast, in the order of the promises.

    Guardrails are left out: they must hold, and are not worked towards. Five queries.
    """
    require(actor, Permission.VIEW, program)
    known_at = None if live else at
    projects = {project.id: project for project in projects_of(actor, program, known_at)}
    promised = criteria_by_project(actor, projects.values(), known_at)
    asked = [
        (projects[home], criterion)
        for home, criteria in promised.items()
        for criterion in criteria
        if not criterion.is_guardrail
    ]
    measured = metric_tries(actor, projects, asked, known_at)
    return [
        _standing(project, criterion, measured.get(criterion.id, ()), at, draws)
        for project, criterion in asked
    ]


def metric_tries(
    actor: Actor,
    projects: Mapping[UUID, ProjectFacts],
    asked: Sequence[tuple[ProjectFacts, CriterionFacts]],
    known_at: datetime | None,
) -> Mapping[UUID, Sequence[Measured]]:
    """Return the measurements that were tries at each (project, criterion), oldest first.

    By criterion id; `projects` are theirs by id. Two queries.
    """
    metrics = {criterion.metric for _, criterion in asked}
    if not metrics:
        return {}
    rows = measurements_of(actor, list(projects), known_at, kinds=("evaluation",), metrics=metrics)
    studies = _studies(actor, list(projects), known_at)
    found: dict[UUID, list[Measured]] = {criterion.id: [] for _, criterion in asked}
    wanted: dict[tuple[UUID | None, str], list[CriterionFacts]] = {}
    for project, criterion in asked:
        wanted.setdefault((project.id, criterion.metric), []).append(criterion)
    for row in rows:
        for criterion in wanted.get((row.project_id, row.metric), ()):
            if _speaks_of(row, criterion, studies):
                found[criterion.id].append(_one(row))
    worse = {criterion.id: _worse(criterion.direction) for _, criterion in asked}
    return {key: _of_records(rows, worse[key])[-MOST_RUNS:] for key, rows in found.items()}


def _studies(
    actor: Actor, project_ids: Collection[UUID], known_at: datetime | None
) -> frozenset[tuple[str, str]]:
    """Return the runs (name, version) that say they were made for something else than a try."""
    tags = run_tags(actor, project_ids, PURPOSE, known_at)
    return frozenset(subject for subject, purpose in tags.items() if purpose != TRY)


def _speaks_of(
    row: Measurement, criterion: CriterionFacts, studies: frozenset[tuple[str, str]]
) -> bool:
    kind, _, name = criterion.subject.partition(":")
    is_run = row.subject_kind == "run"
    if is_run and (row.subject_name, row.subject_version) in studies:
        return False
    return (
        row.metric == criterion.metric
        and row.split == criterion.split
        and (not criterion.dataset or row.dataset == criterion.dataset)
        and (criterion.segment in ("*", row.segment))
        and (is_run or (row.subject_kind, row.subject_name) == (kind, name.partition("@")[0]))
        and not row.is_estimated
    )


def _one(row: Measurement) -> Measured:
    version = f"@{row.subject_version}" if row.subject_version else ""
    return Measured(
        row.record,
        f"{row.subject_kind}:{row.subject_name}{version}",
        row.value,
        row.low,
        row.high,
        row.confidence,
        row.dataset_digest,
        row.context,
        row.observed_at,
    )


def _worse(direction: str) -> Callable[[Measured], float]:
    """Return by what the worst segment comes first: a promise over all of them rests on it."""
    sign = 1.0 if direction == "maximise" else -1.0
    return lambda row: float("inf") if row.value is None else row.value * sign


def _of_records(rows: Sequence[Measured], worse: Callable[[Measured], float]) -> Sequence[Measured]:
    """Return one measurement a record, the worst of its segments."""
    found: dict[int, Measured] = {}
    for row in rows:
        held = found.get(row.record)
        found[row.record] = row if held is None else min(held, row, key=worse)
    return list(found.values())


def _standing(
    project: ProjectFacts,
    criterion: CriterionFacts,
    rows: Sequence[Measured],
    at: datetime,
    draws: int,
) -> MetricStanding:
    told = [row for row in rows if row.value is not None and row.at <= at]
    newest = told[-1] if told else None
    value, record = (newest.value, newest.record) if newest else (None, None)
    if criterion.split == LIVE:
        words = "A live model is watched, not worked towards; no date."
        return MetricStanding(project.slug, project.name, criterion, value, record, None, words)
    if not told:
        return MetricStanding(
            project.slug, project.name, criterion, None, None, None, "Not measured yet."
        )
    found = attained(told, criterion, at, draws)
    return MetricStanding(
        project.slug,
        project.name,
        criterion,
        value,
        record,
        found,
        found.sentence,
        effort_of(told),
    )


def attained(
    rows: Sequence[Measured], criterion: CriterionFacts, at: datetime, draws: int = DRAWS
) -> Attainment:
    """Return when a criterion's tries reach its target, as looked at from `at`."""
    return _attained(tuple(runs_of(rows, at)), question_of(criterion, at, draws=draws))


@lru_cache(maxsize=1_024)
def _attained(runs: tuple[Run, ...], question: Question) -> Attainment:
    """Return the forecast of these runs; the same question is answered once."""
    return attain(runs, question)
