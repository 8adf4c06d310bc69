"""Composes the executive one-pager: facts generated from the assessment, judgements people's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from headway.analysis.quantities import cents
from headway.domain.accounts.rules import Actor
from headway.domain.assessments.queries import (
    ProgramHealth,
    ProjectCase,
    ProjectHealth,
    program_cases,
)
from headway.domain.assessments.queries.notes import JudgementLine
from headway.domain.assessments.rules import Assessment, Dimension, Verdict
from headway.domain.evidence.queries import ledger_head, record_times
from headway.domain.plans.queries import decisions_of, latest_forecast, score_forecasts, what_moved
from headway.domain.plans.rules import DecisionFacts
from headway.domain.programs.rules import ProgramFacts
from headway.domain.reports.models import Report
from headway.domain.reports.queries.names import Names
from headway.domain.reports.rules import from_snapshot
from headway.domain.risks.queries import risks_of
from headway.domain.risks.rules import RiskFacts
from headway.domain.sources.queries import sources_page
from headway.rendering.charts import FinishOdds, MilestoneRow
from headway.rendering.phrases import day, money, quantity, shift
from headway.rendering.report import (
    DecisionNeeded,
    HealthLine,
    HitRate,
    Judgement,
    LedgerHead,
    OnePager,
    Outlook,
    Pedigree,
    ProjectLine,
    RiskLine,
)
from headway.rendering.report.onepager import Level

#: Changes that fit on the page; the rest is counted.
MOST_CHANGES = 5


def compose_executive(  # noqa: PLR0913 - what a page is made of
    actor: Actor,
    health: ProgramHealth,
    at: datetime,
    last: Report | None,
    names: Names,
    *,
    known_at: datetime | None,
) -> OnePager:
    """Return the one-pager of a program at `at`, compared with the `last` frozen report."""
    program = health.program
    before = from_snapshot(last.snapshot).executive if last else None
    forecast = health.forecast
    cases = program_cases(actor, health.projects, at, known_at=known_at)
    return OnePager(
        program=program.name,
        as_of=at,
        outlook=_outlook(health),
        because=_because(health),
        health=_health(actor, health, before, names),
        pedigree=Pedigree(
            forecast.engine if forecast else "no forecast yet",
            forecast.seed if forecast else 0,
            forecast.trials if forecast else 0,
        ),
        previous=before.outlook if before else None,
        previous_as_of=before.as_of.date() if before else None,
        changes=_changes(actor, program, last.data_date if last else None, known_at),
        decisions=_decisions(actor, program, known_at),
        risks=_risks(actor, program, names, known_at),
        milestones=_milestones(health, at.date()),
        projects=tuple(_project(one, cases.get(one.project.id)) for one in health.projects),
        odds=_odds(actor, health, last),
        sources=_sources(actor, health),
        hit_rate=_hit_rate(actor, program, known_at),
        ledger=_ledger(actor),
    )


def _level(assessment: Assessment) -> Level:
    return cast("Level", str(assessment.level))


def _outlook(health: ProgramHealth) -> Outlook:
    answer = health.forecast.answer if health.forecast else {}
    dates = _mapping(answer.get("finish_dates"))
    cost = _mapping(answer.get("cost"))
    return Outlook(
        level=_level(health.dimensions[Dimension.SCHEDULE]),
        p50=_day(dates.get("p50")),
        p80=_day(dates.get("p80")),
        target=health.program.target,
        p_on_time=health.forecast.p_on_time if health.forecast else None,
        cost_p80=_amount(cost.get("p80")),
        budget=health.budget.total,
        currency=health.program.currency,
    )


def _because(health: ProgramHealth) -> str:
    """Say which project weighs most on the date; nothing when none stands out."""
    heaviest = max(health.projects, key=lambda one: one.effect_days or 0.0, default=None)
    if heaviest is None or not heaviest.effect_days or heaviest.effect_days < 0.5:
        return ""
    days = f"{heaviest.effect_days:.0f}"
    return f"{heaviest.project.name} weighs most: its uncertainty is {days} days of P80."


def _health(
    actor: Actor, health: ProgramHealth, before: OnePager | None, names: Names
) -> tuple[HealthLine, ...]:
    was = {line.dimension: line.level for line in before.health} if before else {}
    said = {line.dimension: line for line in health.judgements}
    records = {number for one in health.dimensions.values() for number in one.records}
    times = record_times(actor, records)
    return tuple(
        HealthLine(
            dimension=str(dimension),
            level=_level(found),
            sentence=found.sentence,
            rule=found.rule,
            evidence=len(found.records),
            newest=max((times[n] for n in found.records if n in times), default=None),
            was=was.get(str(dimension)),
            judgement=_judgement(said.get(str(dimension)), names),
        )
        for dimension, found in health.dimensions.items()
    )


def _judgement(line: JudgementLine | None, names: Names) -> Judgement | None:
    """Return the judgement under its author's name: a report is passed on, an address is not."""
    if line is None:
        return None
    level = cast("Level", line.level or "unknown")
    return Judgement(level, line.words, names.of_label(line.author), line.until)


def _changes(
    actor: Actor, program: ProgramFacts, since: datetime | None, known_at: datetime | None
) -> tuple[str, ...]:
    if since is None:
        return ()
    sentences = [move.sentence for move in what_moved(actor, program, since, known_at)]
    shown = sentences[:MOST_CHANGES]
    left = len(sentences) - len(shown)
    return (*shown, *([f"And {left} smaller changes of the plan."] if left else []))


def _decisions(
    actor: Actor, program: ProgramFacts, known_at: datetime | None
) -> tuple[DecisionNeeded, ...]:
    """Return the decisions that wait, each option with what it would do at P80."""
    waiting = [one for one in decisions_of(actor, program, known_at) if one.is_open]
    return tuple(
        DecisionNeeded(
            question=one.question,
            options=tuple(_option(one, option.key, option.name) for option in one.options),
            recommendation=one.advised.name if one.advised else "",
            by=one.due,
            waiting_costs=_waiting(one),
        )
        for one in waiting
    )


def _option(decision: DecisionFacts, key: str, name: str) -> str:
    found = decision.outlook.of(key) if decision.outlook else None
    if found is None or found.finish_p80 is None:
        return f"{name} (no P80)"
    moved = f", {shift(found.days_p80)}" if found.days_p80 else ""
    return f"{name} (P80 {day(found.finish_p80)}{moved})"


def _waiting(decision: DecisionFacts) -> str:
    days = decision.waiting.waiting_days if decision.waiting else None
    return f"one more week adds {quantity(days, 'day')} at P80" if days and days > 0 else ""


def _risks(
    actor: Actor, program: ProgramFacts, names: Names, known_at: datetime | None
) -> tuple[RiskLine, ...]:
    """Return the open threats, the dearest in days and money first."""
    threats = [
        risk
        for risk in risks_of(actor, program, known_at)
        if risk.kind == "threat" and risk.state != "closed"
    ]
    threats.sort(key=_exposure, reverse=True)
    return tuple(
        RiskLine(
            name=risk.name,
            owner=names.of_key(risk.owner),
            next_action=risk.next_action,
            due=risk.review_on,
            probability=None if risk.state == "occurred" else risk.chance,
            impact=_impact(risk, program.currency),
        )
        for risk in threats
    )


def _exposure(risk: RiskFacts) -> float:
    return (risk.expected_days or 0.0) + (risk.expected_money or 0.0) / 1_000


def _impact(risk: RiskFacts, currency: str) -> str:
    parts = []
    if risk.delay:
        parts.append(f"{risk.delay[0]:g} to {risk.delay[2]:g} days")
    if risk.cost:
        parts.append(f"up to {money(Decimal(str(risk.cost[2])), currency)}")
    return ", ".join(parts)


def _milestones(health: ProgramHealth, today: date) -> tuple[MilestoneRow, ...]:
    """Return the milestones that lie ahead, the next first; what was reached is no news."""
    answer = health.forecast.answer if health.forecast else {}
    rows = answer.get("milestones")
    found = [
        MilestoneRow(
            name=str(row["name"]),
            planned=_day(row.get("start")),
            p50=_day(row.get("p50")),
            p80=_day(row.get("p80")),
            due=_day(row.get("deadline")),
        )
        for row in (rows if isinstance(rows, list) else ())
    ]
    ahead = [row for row in found if row.p80 is None or row.p80 >= today]
    return tuple(sorted(ahead, key=lambda row: row.p50 or date.max))


def _project(one: ProjectHealth, case: ProjectCase | None) -> ProjectLine:
    return ProjectLine(
        name=one.project.name,
        stage=one.stage,
        level=_level(one.dimensions[Dimension.SCHEDULE]),
        p50=one.p50,
        p80=one.p80,
        p_on_time=one.p_on_time,
        quality=_quality(one),
        worth=_worth(case),
    )


def _worth(case: ProjectCase | None) -> tuple[Decimal, Decimal] | None:
    """Return what a project earns a year at its target, P10 and P90, to the cent."""
    if case is None or not case.lines:
        return None
    net = case.promised.net
    return Decimal(cents(net.p10 or 0.0)), Decimal(cents(net.p90 or 0.0))


def _quality(one: ProjectHealth) -> str:
    """Return the first promise that is not met, else that all are."""
    for _, assessment in one.criteria:
        if assessment.verdict not in (Verdict.MET, Verdict.NOT_APPLICABLE):
            return assessment.sentence
    return one.criteria[0][1].sentence if one.criteria else ""


def _odds(actor: Actor, health: ProgramHealth, last: Report | None) -> FinishOdds | None:
    forecast = health.forecast
    points = curve_of(forecast.answer if forecast else {})
    if forecast is None or len(points) < 2:
        return None
    older = latest_forecast(actor, health.program, last.data_date) if last else None
    return FinishOdds(
        points=points,
        p50=forecast.finish("p50"),
        p80=forecast.finish("p80"),
        as_of=forecast.at.date(),
        target=health.program.target,
        p_on_time=forecast.p_on_time,
        previous=curve_of(older.answer) if older else (),
        previous_as_of=older.at.date() if older else None,
    )


def curve_of(answer: Mapping[str, object]) -> tuple[tuple[date, float], ...]:
    """Return the S-curve kept in a forecast's answer."""
    points = answer.get("curve")
    rows: Iterable[Sequence[object]] = points if isinstance(points, list) else ()
    return tuple((date.fromisoformat(str(day)), float(str(share))) for day, share in rows)


def _sources(actor: Actor, health: ProgramHealth) -> tuple[str, ...]:
    """Say where the numbers come from: connected sources, and how many records were used."""
    named = [source.name for source in sources_page(actor) if source.is_enabled]
    used = {number for one in health.dimensions.values() for number in one.records}
    return (*named, f"{len(used)} records of the ledger")


def _hit_rate(actor: Actor, program: ProgramFacts, known_at: datetime | None) -> HitRate | None:
    score = score_forecasts(actor, program, known_at)
    return HitRate(score.held, score.judged) if score.judged else None


def _ledger(actor: Actor) -> LedgerHead | None:
    head = ledger_head(actor)
    return LedgerHead(head.sequence, head.digest) if head.sequence else None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _amount(value: object) -> Decimal | None:
    return Decimal(value) if isinstance(value, str) else None
