"""Health as known at a moment: gathers the facts, and lets the rules judge.

The same call with another `at` answers for another day; nothing here is stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.assessments.queries.evidence import ProjectEvidence, evidence_by_project
from headway.domain.assessments.queries.notes import JudgementLine, judgements_by_program
from headway.domain.assessments.rules import (
    Assessment,
    CostStanding,
    Dimension,
    Evidence,
    RiskStanding,
    ScheduleStanding,
    Verdict,
    all_of,
    assess_cost,
    assess_risk,
    assess_schedule,
    level_of,
)
from headway.domain.assessments.rules.assumptions import AssumptionStanding, assumption_standing
from headway.domain.assessments.rules.project import (
    ProjectFactsForHealth,
    assess_project_compliance,
    assess_project_data,
    assess_promises,
    measured_promises,
)
from headway.domain.assessments.rules.rollup import Part, roll_up
from headway.domain.checks.queries import monitor_verdicts
from headway.domain.checks.rules import MonitorFacts, MonitorVerdict
from headway.domain.finance.queries import actuals_by_program, budgets_by_program
from headway.domain.finance.rules import Actuals, Budget
from headway.domain.plans.queries import ForecastFacts, latest_forecasts
from headway.domain.programs.queries import (
    criteria_by_project,
    projects_by_program,
    releases_of,
    systems_of,
)
from headway.domain.programs.rules import CriterionFacts, ProgramFacts, ProjectFacts, ReleaseFacts
from headway.domain.risks.queries import assumptions_by_program, risks_by_program
from headway.domain.risks.rules import AssumptionFacts, RiskFacts


@dataclass(frozen=True, slots=True)
class ProjectHealth:
    """A project's six dimensions, each criterion of its own, and what people said beside them."""

    project: ProjectFacts
    stage: str
    dimensions: Mapping[Dimension, Assessment]
    criteria: Sequence[tuple[CriterionFacts, Assessment]]
    judgements: Sequence[JudgementLine]
    effect_days: float | None
    effect_money: Decimal | None
    p50: date | None
    p80: date | None
    p_on_time: float | None
    cost_p80: Decimal | None
    spent: Decimal | None
    budget: Decimal | None
    releases: Sequence[ReleaseFacts] = field(default=())
    monitors: Sequence[tuple[MonitorFacts, Assessment]] = field(default=())


@dataclass(frozen=True, slots=True)
class ProgramHealth:
    """A program's six dimensions rolled up from its projects, ranked by simulated effect."""

    program: ProgramFacts
    dimensions: Mapping[Dimension, Assessment]
    projects: Sequence[ProjectHealth]
    judgements: Sequence[JudgementLine]
    forecast: ForecastFacts | None
    budget: Budget
    actuals: Actuals
    ranked: Sequence[str] = field(default=())
    assumptions: Sequence[AssumptionStanding] = field(default=())
    risks: Sequence[RiskFacts] = field(default=())


def program_health(
    actor: Actor, program: ProgramFacts, at: datetime, *, known_at: datetime | None = None
) -> ProgramHealth:
    """Return the health of a program at `at`, from what was known at `known_at` (None: all).

    The two differ only for the present: the rows of now are read from the live tables.
    """
    return programs_health(actor, [program], at, known_at=known_at)[0]


def programs_health(
    actor: Actor,
    programs: Sequence[ProgramFacts],
    at: datetime,
    *,
    known_at: datetime | None = None,
) -> Sequence[ProgramHealth]:
    """Return the health of many programs, in their order; as many queries as for one."""
    for program in programs:
        require(actor, Permission.VIEW, program)
    known = _Known(actor, programs, at, known_at)
    return [_health(_Gathered(known, program, at)) for program in programs]


def _health(gathered: _Gathered) -> ProgramHealth:
    projects = [gathered.project(project) for project in gathered.projects]
    ranked = sorted(projects, key=lambda one: -(one.effect_days or 0.0))
    return ProgramHealth(
        program=gathered.program,
        dimensions=gathered.whole(projects),
        projects=projects,
        judgements=gathered.judgements.get(None, ()),
        forecast=gathered.forecast,
        budget=gathered.budget,
        actuals=gathered.actuals,
        ranked=[one.project.slug for one in ranked],
        assumptions=[gathered.assumption(one) for one in gathered.assumptions],
        risks=gathered.risks,
    )


def project_health(
    actor: Actor,
    program: ProgramFacts,
    slug: str,
    at: datetime,
    *,
    known_at: datetime | None = None,
) -> ProjectHealth | None:
    """Return the health of one project of a program; None when the program has none of that slug.

    The whole program is gathered: a project's odds come from the joint simulation.
    """
    whole = program_health(actor, program, at, known_at=known_at)
    return next((one for one in whole.projects if one.project.slug == slug), None)


def measured_by_project(
    actor: Actor, health: ProgramHealth, at: datetime, known_at: datetime | None
) -> Mapping[UUID, Mapping[str, Evidence]]:
    """Return the measurement that decides each criterion of a program: by project id, by key."""
    promised = {one.project.id: [facts for facts, _ in one.criteria] for one in health.projects}
    known = evidence_by_project(actor, promised, known_at)
    return {
        project_id: measured_promises(criteria, known.get(project_id, ProjectEvidence()), at)
        for project_id, criteria in promised.items()
    }


class _Known:
    """Everything the rules ask for, read once for all programs."""

    def __init__(
        self,
        actor: Actor,
        programs: Sequence[ProgramFacts],
        at: datetime,
        known_at: datetime | None,
    ) -> None:
        self.projects = projects_by_program(actor, programs, known_at)
        everything = [project for mine in self.projects.values() for project in mine]
        self.forecasts = latest_forecasts(actor, programs, known_at)
        self.budgets = budgets_by_program(actor, programs, known_at)
        self.actuals = actuals_by_program(actor, programs, self.projects, known_at)
        self.criteria = criteria_by_project(actor, everything, known_at)
        self.evidence = evidence_by_project(actor, self.criteria, known_at)
        self.monitors = monitor_verdicts(actor, everything, at, known_at)
        self.risks = risks_by_program(actor, programs, known_at)
        self.assumptions = assumptions_by_program(actor, programs, known_at)
        self.tiers = {system.id: system.tier for system in systems_of(actor, known_at)}
        self.releases: dict[UUID, list[ReleaseFacts]] = {}
        for release in releases_of(actor, at=known_at):
            if release.project_id is not None:
                self.releases.setdefault(release.project_id, []).append(release)
        self.judgements = judgements_by_program(actor, programs, at)


class _Gathered:
    """What is known of one program, and its judgement."""

    def __init__(self, known: _Known, program: ProgramFacts, at: datetime) -> None:
        self.known, self.program, self.at = known, program, at
        self.projects = known.projects[program.id]
        self.forecast = known.forecasts.get(program.id)
        answer = self.forecast.answer if self.forecast else {}
        self.groups = _mapping(answer.get("projects"))
        self.effects = _mapping(answer.get("effects"))
        self.budget = known.budgets[program.id]
        self.actuals = known.actuals[program.id]
        self.risks = known.risks[program.id]
        self.assumptions = known.assumptions[program.id]
        self.watched = {
            criterion.id: (project, criterion)
            for project in self.projects
            for criterion in known.criteria.get(project.id, ())
        }
        self.judgements = known.judgements[program.id]

    def project(self, project: ProjectFacts) -> ProjectHealth:
        """Return the health of one project."""
        group = _mapping(self.groups.get(project.slug))
        effect = _mapping(self.effects.get(project.slug))
        evidence = self.known.evidence.get(project.id, ProjectEvidence())
        criteria = assess_promises(self.known.criteria.get(project.id, ()), evidence, self.at)
        releases = self.known.releases.get(project.id, [])
        facts = ProjectFactsForHealth(
            tier=self.known.tiers.get(project.system_id, "standard")
            if project.system_id
            else "standard",
            stage=releases[-1].stage if releases else "",
        )
        spent = self.actuals.of_project(project.id)
        budget = self.budget.of_project(project.id)
        dimensions = {
            Dimension.SCHEDULE: assess_schedule(self._schedule(group), self.at),
            Dimension.COST: assess_cost(self._cost(group, budget, spent, project.id)),
            Dimension.QUALITY: _quality(criteria),
            Dimension.DATA: assess_project_data(evidence, self.at),
            Dimension.RISK: self._risk(
                [risk for risk in self.risks if risk.project_id == project.id]
            ),
            Dimension.COMPLIANCE: assess_project_compliance(facts, evidence, self.at),
        }
        return ProjectHealth(
            project=project,
            stage=facts.stage,
            dimensions=dimensions,
            criteria=criteria,
            judgements=self.judgements.get(project.id, ()),
            effect_days=_number(effect.get("days_p80")),
            effect_money=_money(effect.get("money_p80")),
            p50=_day(group.get("p50")),
            p80=_day(group.get("p80")),
            p_on_time=_number(group.get("p_on_time")),
            cost_p80=_money(group.get("cost_p80")),
            spent=spent,
            budget=budget,
            releases=releases,
            monitors=[
                (monitor, _of_monitor(verdict))
                for monitor, verdict in self.known.monitors.get(project.id, ())
            ],
        )

    def assumption(self, assumption: AssumptionFacts) -> AssumptionStanding:
        """Return an assumption with the verdict on what it watches."""
        if assumption.criterion_id not in self.watched:
            return AssumptionStanding(assumption)
        project, criterion = self.watched[assumption.criterion_id]
        evidence = self.known.evidence.get(project.id, ProjectEvidence())
        return assumption_standing(assumption, (project.slug, criterion), evidence, self.at)

    def whole(self, projects: Sequence[ProjectHealth]) -> Mapping[Dimension, Assessment]:
        """Return the program's dimensions: schedule, cost and risk its own, the rest rolled up."""
        answer = self.forecast.answer if self.forecast else {}
        dates = _mapping(answer.get("finish_dates"))
        odds = {"p_on_time": answer.get("p_on_time"), "p_never": answer.get("p_never")}
        cost = _mapping(answer.get("cost"))
        money = {"cost_p50": cost.get("p50"), "cost_p80": cost.get("p80")}
        schedule = self._schedule({**dates, **odds})
        spent = self.actuals.total
        found = {
            Dimension.SCHEDULE: assess_schedule(schedule, self.at),
            Dimension.COST: assess_cost(self._cost(money, self.budget.total, spent, None)),
            Dimension.RISK: self._risk(self.risks),
        }
        for dimension in (Dimension.QUALITY, Dimension.DATA, Dimension.COMPLIANCE):
            parts = [
                Part(one.project.name, one.dimensions[dimension], one.effect_days)
                for one in projects
            ]
            found[dimension] = roll_up(dimension, parts)
        return {dimension: found[dimension] for dimension in Dimension}

    def _schedule(self, odds: Mapping[str, object]) -> ScheduleStanding:
        return ScheduleStanding(
            p_on_time=_number(odds.get("p_on_time")),
            target=self.program.target,
            p50=_day(odds.get("p50")),
            p80=_day(odds.get("p80")),
            p_never=_number(odds.get("p_never")) or 0.0,
            made_at=self.forecast.at if self.forecast and odds else None,
            problem=self.forecast.problem if self.forecast else "",
        )

    def _cost(
        self,
        money: Mapping[str, object],
        budget: Decimal | None,
        spent: Decimal | None,
        project_id: UUID | None,
    ) -> CostStanding:
        rows = [row for row in self.actuals.rows if project_id in (None, row.project_id)]
        return CostStanding(
            budget=budget,
            p50=_money(money.get("cost_p50")),
            p80=_money(money.get("cost_p80")),
            spent=spent or Decimal(0),
            currency=self.program.currency,
            records=tuple(sorted(row.record for row in rows)),
        )

    def _risk(self, risks: Sequence[RiskFacts]) -> Assessment:
        threats = [risk for risk in risks if risk.kind == "threat" and risk.state == "open"]
        return assess_risk(
            [_standing(risk) for risk in threats],
            self.budget.contingency or None,
            self.program.currency,
            self.at,
        )


def _of_monitor(found: MonitorVerdict) -> Assessment:
    """Return what a monitor's runs say as an assessment."""
    verdict = Verdict(found.verdict)
    return Assessment(verdict, level_of(verdict), found.sentence, found.rule, found.records)


def _quality(criteria: Sequence[tuple[CriterionFacts, Assessment]]) -> Assessment:
    return all_of(
        [assessment for _, assessment in criteria],
        rule="quality: every success criterion is met by evidence",
        nothing="No success criterion is set: nothing was promised of the model.",
    )


def _standing(risk: RiskFacts) -> RiskStanding:
    """Return a threat with its expected loss, as the register tells it."""
    loss = Decimal(str(round(risk.expected_money or 0.0, 2)))
    return RiskStanding(risk.key, risk.name, risk.owner, risk.review_on, loss)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _money(value: object) -> Decimal | None:
    return Decimal(value) if isinstance(value, str) else None


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
