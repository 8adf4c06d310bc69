"""What a project is worth a year: as promised, at today's metric, and as it came after launch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from headway.analysis.benefits import (
    NOTHING,
    Benefit,
    BenefitLine,
    share_of_the_way,
    yearly_benefit,
)
from headway.domain.accounts.rules import Actor
from headway.domain.assessments.queries.evidence import evidence_by_project
from headway.domain.assessments.queries.health import ProjectHealth
from headway.domain.assessments.rules import Assessment, Evidence, Verdict
from headway.domain.assessments.rules.benefits import Counted, after_launch, assess_line, yearly
from headway.domain.evidence.queries import measurements_of
from headway.domain.programs.queries import cases_by_project, moves_of, releases_of
from headway.domain.programs.rules import BusinessCaseFacts, CaseLine, CriterionFacts

#: Verdicts whose number stands: others are no evidence, and earn nothing.
_STANDS = (Verdict.MET, Verdict.UNMET)


@dataclass(frozen=True, slots=True)
class LineStanding:
    """A line of the case: what it earns a year (p50), and what was counted since the launch.

    `came` is the counted figure brought to a year; None where nothing stands.
    """

    line: CaseLine
    promised: float
    assessment: Assessment
    came: float | None


@dataclass(frozen=True, slots=True)
class ProjectCase:
    """A project's business case at a moment. Money is in the program's currency, a year.

    `measured` is the target metric's standing number that decides (the bad end of its interval
    where the promise asks for that), opened by `record`; `reached` its share of
    the way, and `now` what that earns: None where no evidence stands. `realised` is what the lines
    earn by what was counted, when every line has a standing figure. `late_days` are from the
    promised launch to the project's P80, and `late_money` what they forgo.
    """

    case: BusinessCaseFacts
    criterion: CriterionFacts | None
    measured: float | None
    record: int | None
    reached: float | None
    promised: Benefit
    now: Benefit | None
    launched: date | None
    lines: Sequence[LineStanding]
    realised: Benefit | None
    late_days: int | None
    late_money: float | None
    payback_years: float | None


def project_case(
    actor: Actor, health: ProjectHealth, at: datetime, *, known_at: datetime | None = None
) -> ProjectCase | None:
    """Return the business case of a project at `at`; None when nobody wrote one."""
    return program_cases(actor, [health], at, known_at=known_at).get(health.project.id)


def program_cases(
    actor: Actor,
    healths: Sequence[ProjectHealth],
    at: datetime,
    *,
    known_at: datetime | None = None,
) -> Mapping[UUID, ProjectCase]:
    """Return the business cases of projects by project id, those that have one."""
    cases = cases_by_project(actor, [one.project for one in healths], known_at)
    held = [one for one in healths if one.project.id in cases]
    if not held:
        return {}
    counted = _counted(actor, [one.project.id for one in held], known_at)
    launched = _launches(actor, set(cases), known_at)
    targets = {one.project.id: _target(cases[one.project.id], one) for one in held}
    metrics = _metrics(actor, targets, known_at)
    return {
        one.project.id: _case(
            cases[one.project.id],
            one,
            metrics.get(one.project.id),
            launched.get(one.project.id),
            counted.get(one.project.id, {}),
            at,
        )
        for one in held
    }


def _case(  # noqa: PLR0913 - the plan's side, the evidence's side, and the moment
    case: BusinessCaseFacts,
    health: ProjectHealth,
    metric: Evidence | None,
    launched: date | None,
    counted: Mapping[str, Sequence[Counted]],
    at: datetime,
) -> ProjectCase:
    target = _target(case, health)
    criterion = target[0] if target else None
    promised = yearly_benefit(_lines(case), _running(case))
    reached = _reached(criterion, metric)
    lines = [
        _standing(line, promised, launched, counted.get(line.key, ()), at) for line in case.lines
    ]
    late = (health.p80 - case.launch).days if health.p80 and case.launch and not launched else None
    return ProjectCase(
        case=case,
        criterion=criterion,
        measured=_decides(criterion, metric),
        record=metric.record if metric else None,
        reached=reached,
        promised=promised,
        now=None
        if reached is None
        else yearly_benefit(_lines(case), _running(case), reached=reached),
        launched=launched,
        lines=lines,
        realised=_realised(case, lines),
        late_days=late,
        late_money=None if late is None else late / 7 * promised.week,
        payback_years=_payback(health, promised),
    )


def _standing(
    line: CaseLine,
    promised: Benefit,
    launched: date | None,
    counted: Sequence[Counted],
    at: datetime,
) -> LineStanding:
    assessment = assess_line(line, launched, counted, at)
    stands = launched is not None and assessment.verdict in _STANDS
    came = yearly(after_launch(counted, launched)) if stands and launched else None
    return LineStanding(line, promised.lines[line.key], assessment, came)


def _realised(case: BusinessCaseFacts, lines: Sequence[LineStanding]) -> Benefit | None:
    """Return what came, when every line has a figure that stands: half a sum is no sum."""
    figures = {one.line.key: one.came for one in lines}
    if not figures or None in figures.values():
        return None
    came = [
        replace(one, at_target=(figures[one.key] or 0.0,) * 3)  # the figure is counted, not a range
        for one in _lines(case)
    ]
    return yearly_benefit(came, _running(case))


def _payback(health: ProjectHealth, promised: Benefit) -> float | None:
    net = promised.net.p50
    return float(health.budget) / net if health.budget and net and net > 0 else None


def _reached(criterion: CriterionFacts | None, metric: Evidence | None) -> float | None:
    measured = _decides(criterion, metric)
    if criterion is None or criterion.start_value is None or measured is None:
        return None
    return share_of_the_way(criterion.start_value, criterion.target, measured)


def _decides(criterion: CriterionFacts | None, metric: Evidence | None) -> float | None:
    """Return the number that was promised about: the estimate, or the bad end of its interval."""
    if criterion is None or metric is None:
        return None
    if criterion.basis == "estimate":
        return metric.value
    return metric.low if criterion.direction == "maximise" else metric.high


def _lines(case: BusinessCaseFacts) -> list[BenefitLine]:
    return [
        BenefitLine(one.key, one.start, one.at_target, one.worth, one.less_is_better)
        for one in case.lines
    ]


def _running(case: BusinessCaseFacts) -> tuple[float, float, float]:
    if not case.running:
        return NOTHING
    low, likely, high = case.running
    return low, likely, high


def _target(
    case: BusinessCaseFacts, health: ProjectHealth
) -> tuple[CriterionFacts, Assessment] | None:
    """Return the criterion that is the case's target metric, with its verdict."""
    return next((pair for pair in health.criteria if pair[0].key == case.criterion), None)


def _metrics(
    actor: Actor,
    targets: Mapping[UUID, tuple[CriterionFacts, Assessment] | None],
    known_at: datetime | None,
) -> Mapping[UUID, Evidence]:
    """Return the number that each standing verdict rests on, by project."""
    standing = {
        project_id: pair
        for project_id, pair in targets.items()
        if pair is not None and pair[1].verdict in _STANDS and pair[1].records
    }
    promised = {project_id: [criterion] for project_id, (criterion, _) in standing.items()}
    found = evidence_by_project(actor, promised, known_at) if promised else {}
    deciding = {
        project_id: _deciding(criterion, assessment, found[project_id].measured)
        for project_id, (criterion, assessment) in standing.items()
    }
    return {project_id: one for project_id, one in deciding.items() if one is not None}


def _deciding(
    criterion: CriterionFacts, assessment: Assessment, measured: Sequence[Evidence]
) -> Evidence | None:
    """Return the number of the deciding record; of several segments, the worst."""
    found = [
        one
        for one in measured
        if one.record == assessment.records[0]
        and one.metric == criterion.metric
        and one.value is not None
        and (one.segment == criterion.segment or (criterion.segment == "*" and one.segment))
    ]
    sign = 1.0 if criterion.direction == "maximise" else -1.0
    return min(found, key=lambda one: sign * (one.value or 0.0), default=None)


def _counted(
    actor: Actor, projects: Sequence[UUID], known_at: datetime | None
) -> Mapping[UUID, Mapping[str, Sequence[Counted]]]:
    """Return the business figures of each project by their name."""
    found: dict[UUID, dict[str, list[Counted]]] = {}
    for row in measurements_of(actor, projects, known_at, kinds=("kpi",)):
        if row.project_id is None:
            continue
        start, end = (
            date.fromisoformat(str(row.context[name])) for name in ("period_start", "period_end")
        )
        one = Counted(row.record, row.value, start, end, row.observed_at)
        found.setdefault(row.project_id, {}).setdefault(row.metric, []).append(one)
    return found


def _launches(actor: Actor, projects: set[UUID], at: datetime | None) -> Mapping[UUID, date]:
    """Return the first day on which a release of each project reached its last stage."""
    found: dict[UUID, date] = {}
    for release in releases_of(actor, at):
        if release.project_id not in projects or not release.moves or not release.stages:
            continue
        last = release.stages[-1].id
        days = [one.at.date() for one in moves_of(actor, release, at) if one.to_stage == last]
        if days and release.project_id is not None:
            found[release.project_id] = min(days[0], found.get(release.project_id, days[0]))
    return found
