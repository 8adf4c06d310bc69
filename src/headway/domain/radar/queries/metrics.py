"""What the radar sees of promised metrics: tries at them, and the outlook that those give."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from headway.domain.accounts.rules import Actor
from headway.domain.evidence.queries import run_values
from headway.domain.programs.queries import criteria_by_project
from headway.domain.programs.rules import CriterionFacts, ProjectFacts
from headway.domain.progress.queries import attained, metric_tries
from headway.domain.progress.queries.attainment import LIVE
from headway.domain.progress.rules.runs import Measured
from headway.domain.radar.rules.models import LEAST_RUNS, RunsSeen

#: Outlooks that are worked out at most: those whose best value is oldest, in runs.
MOST_ASKED = 20

_Asked = tuple[ProjectFacts, CriterionFacts]


@dataclass(frozen=True, slots=True)
class _Tried:
    """A promise that no run has reached, with its tries, oldest first."""

    project: ProjectFacts
    criterion: CriterionFacts
    rows: Sequence[Measured]
    first: int  # place of the first try with the best value

    @property
    def since_best(self) -> int:
        """Return how many tries were made since the best one."""
        return len(self.rows) - 1 - self.first


def metrics_seen(
    actor: Actor, projects: Sequence[ProjectFacts], at: datetime, known_at: datetime | None
) -> Sequence[RunsSeen]:
    """Return what the unreached promises of `projects` are heading for; five queries.

    Tries are evaluations; of a promise with too few of them, what its runs logged. The day is
    looked from, not the minute, so that an outlook holds for a day.
    """
    criteria = criteria_by_project(actor, projects, known_at)
    homes = {one.id: one for one in projects}
    asked = [
        (homes[home], one)
        for home, mine in criteria.items()
        for one in mine
        if not one.is_guardrail and one.split != LIVE
    ]
    tries = dict(metric_tries(actor, homes, asked, known_at))
    few = [pair for pair in asked if len(tries.get(pair[1].id, ())) < LEAST_RUNS]
    tries |= _logged(actor, few, known_at)
    tried = [_tried(project, one, tries.get(one.id, ()), at) for project, one in asked]
    open_ones = [one for one in tried if one is not None]
    open_ones.sort(key=lambda one: (-one.since_best / len(one.rows), one.project.slug))
    return [_seen(one, at) for one in open_ones[:MOST_ASKED]]


def _logged(
    actor: Actor, asked: Sequence[_Asked], known_at: datetime | None
) -> Mapping[UUID, Sequence[Measured]]:
    """Return what runs logged towards promises, plainly named or with the split in front."""
    names = {name for _, one in asked for name in _names(one)}
    wanted: Collection[UUID] = {project.id for project, _ in asked}
    found: dict[tuple[UUID | None, str], list[Measured]] = {}
    for row in run_values(actor, wanted, known_at, metrics=names) if names else ():
        subject = f"{row.subject_kind}:{row.subject_name}"
        found.setdefault((row.project_id, row.metric), []).append(
            Measured(
                row.record,
                subject,
                row.value,
                row.low,
                row.high,
                row.confidence,
                row.dataset_digest,
                row.context,
                row.observed_at,
            )
        )
    return {
        one.id: next(
            (found[project.id, name] for name in _names(one) if (project.id, name) in found), ()
        )
        for project, one in asked
    }


def _names(criterion: CriterionFacts) -> tuple[str, str]:
    return criterion.metric, f"{criterion.split}_{criterion.metric}"


def _tried(
    project: ProjectFacts, criterion: CriterionFacts, rows: Sequence[Measured], at: datetime
) -> _Tried | None:
    """Return a promise with its tries; None where they are too few, or one has reached it."""
    known = [row for row in rows if row.value is not None and row.at <= at]
    if len(known) < LEAST_RUNS:
        return None
    rises = criterion.direction == "maximise"
    values = [row.value or 0.0 for row in known]
    best = max(values) if rises else min(values)
    if best >= criterion.target if rises else best <= criterion.target:
        return None
    return _Tried(project, criterion, known, values.index(best))


def _seen(one: _Tried, at: datetime) -> RunsSeen:
    midnight = datetime.combine(at.date(), time(), UTC)
    found = attained(one.rows, one.criterion, midnight).outlook
    due = one.criterion.due
    days = found.ahead
    if due is not None and due > at.date():
        days = float((due - at.date()).days)
    best = one.rows[one.first]
    return RunsSeen(
        criterion=f"{one.project.slug}/{one.criterion.key}",
        name=one.criterion.name,
        target=one.criterion.target,
        best=best.value or 0.0,
        true_best=found.history.score(found.level.score),
        runs=len(one.rows),
        since_best=one.since_best,
        is_plateau=found.plateau,
        is_reachable=found.percentile(50) is not None,
        p_missed=1.0 - found.p_by(days),
        until=at.date() + timedelta(days=round(days)),
        record=best.record,
    )
