"""Risks beside the plan: what they touch, what they do to P80, where they stand in the matrix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor
from headway.domain.finance.queries import budgets_by_program
from headway.domain.plans.models import Plan, RiskEffect, WorkItem
from headway.domain.plans.queries.forecasts import ForecastFacts, latest_forecasts
from headway.domain.plans.rules.risk_standing import (
    MappedItem,
    RiskGround,
    RiskStanding,
    risk_standing,
)
from headway.domain.programs.queries import projects_by_program, rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.calendars import working_days
from headway.domain.risks.queries import policies_by_program, risk_named, risks_by_program
from headway.domain.risks.rules import PolicyFacts, RiskFacts, Scale


def risk_standings(
    actor: Actor,
    programs: Iterable[ProgramFacts],
    at: datetime | None = None,
    *,
    forecasts: Mapping[UUID, ForecastFacts] | None = None,
) -> Mapping[UUID, Sequence[RiskStanding]]:
    """Return the risks of many programs with both views of them, by key; eight queries.

    `forecasts` are the newest ones by program, where they are known already.
    """
    asked = {program.id: program for program in programs}
    risks = risks_by_program(actor, asked.values(), at)
    grounds = _grounds(actor, asked, at, forecasts)
    items = _items(actor, asked, [one for rows in risks.values() for one in rows], at)
    return {
        one: [risk_standing(risk, items.get(risk.id, ()), grounds[one]) for risk in rows]
        for one, rows in risks.items()
    }


def risk_standing_named(
    actor: Actor, program: ProgramFacts, key: str, at: datetime | None = None
) -> RiskStanding:
    """Return one risk with both views; NotFound with the nearest key."""
    held = risk_named(actor, program, key, at)
    rows = risk_standings(actor, [program], at)[program.id]
    return next(one for one in rows if one.risk.id == held.id)


def risk_scale(actor: Actor, program: ProgramFacts, at: datetime | None = None) -> Scale:
    """Return what the impacts of a program are measured against."""
    return _grounds(actor, {program.id: program}, at, {})[program.id].scale


def _grounds(
    actor: Actor,
    asked: Mapping[UUID, ProgramFacts],
    at: datetime | None,
    forecasts: Mapping[UUID, ForecastFacts] | None,
) -> Mapping[UUID, RiskGround]:
    policies = policies_by_program(actor, asked.values(), at)
    if forecasts is None:
        forecasts = latest_forecasts(actor, asked.values(), at)
    budgets = budgets_by_program(actor, asked.values(), at)
    starts = _starts(actor, asked, at)
    return {
        one: _ground(
            program, policies[one], forecasts.get(one), budgets[one].total, starts.get(one)
        )
        for one, program in asked.items()
    }


def _ground(
    program: ProgramFacts,
    policy: PolicyFacts,
    forecast: ForecastFacts | None,
    budget: object,
    start: date | None,
) -> RiskGround:
    end = program.target or (forecast.finish("p50") if forecast else None)
    days = working_days(program.calendar, start, end) if start and end and start < end else None
    scale = Scale(days or None, budget or None)  # type: ignore[arg-type]
    return RiskGround(policy, scale, program.currency, forecast.answer if forecast else None)


def _starts(
    actor: Actor, asked: Mapping[UUID, ProgramFacts], at: datetime | None
) -> Mapping[UUID, date]:
    """Return the first day of each program's plans; two queries."""
    projects = projects_by_program(actor, asked.values(), at)
    homes = {project.id: one for one, rows in projects.items() for project in rows}
    found: dict[UUID, date] = {}
    for row in rows_at(Plan, at, project_id__in=list(homes)):
        home = homes[row.project_id]
        found[home] = min(row.start, found.get(home, row.start))
    return found


def _items(
    actor: Actor,
    asked: Mapping[UUID, ProgramFacts],
    risks: Sequence[RiskFacts],
    at: datetime | None,
) -> Mapping[UUID, Sequence[MappedItem]]:
    """Return the items that each risk delays, by address; three queries, or none."""
    if not risks:
        return {}
    links = [
        (row.risk_id, row.item_id)
        for row in rows_at(RiskEffect, at, risk_id__in=[one.id for one in risks])
    ]
    projects = projects_by_program(actor, asked.values(), at)
    slugs = {project.id: project.slug for rows in projects.values() for project in rows}
    known = {
        row.id: MappedItem(
            f"{slugs[row.project_id]}/{row.key}",
            row.name,
            row.finished is not None,
            row.remaining or row.estimate,
        )
        for row in rows_at(WorkItem, at, id__in=list({item for _, item in links}))
        if row.project_id in slugs
    }
    found: dict[UUID, list[MappedItem]] = {}
    for one, item in links:
        if item in known:
            found.setdefault(one, []).append(known[item])
    return {one: sorted(rows, key=lambda row: row.address) for one, rows in found.items()}
