"""Risks beside the plan: what they touch, what they do to P80, where they stand in the matrix."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
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
    rank,
    risk_standing,
    with_items,
)
from headway.domain.programs.queries import projects_by_program, rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.calendars import working_days
from headway.domain.risks.queries import (
    open_odds,
    policies_by_program,
    risk_named,
    risks_by_program,
)
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
    asked = list(programs)
    grounds = risk_grounds(actor, asked, at, forecasts=forecasts)
    bare = bare_standings(actor, asked, grounds, at)
    items = iter(mapped(actor, asked, [one for rows in bare.values() for one in rows], at))
    return {one: [next(items) for _ in rows] for one, rows in bare.items()}


def bare_standings(
    actor: Actor,
    programs: Iterable[ProgramFacts],
    grounds: Mapping[UUID, RiskGround],
    at: datetime | None = None,
    *,
    only: Collection[UUID] | None = None,
) -> Mapping[UUID, Sequence[RiskStanding]]:
    """Return the same without the items that each delays: `mapped` adds those of a few; one query.

    A register of thousands is ranked by them; nobody looks at the items of all. `only` are the
    risks that are asked for.
    """
    return {
        one: [risk_standing(risk, (), grounds[one]) for risk in rows]
        for one, rows in risks_by_program(actor, programs, at, only=only).items()
    }


def heaviest_standings(
    actor: Actor,
    programs: Iterable[ProgramFacts],
    at: datetime | None = None,
    *,
    most: int,
) -> tuple[Sequence[tuple[ProgramFacts, RiskStanding]], int]:
    """Return the open risks that move their program's P80 `most`, without items, and how many
    there are in all; seven queries."""
    asked = {program.id: program for program in programs}
    grounds = risk_grounds(actor, asked.values(), at)
    odds = open_odds(actor, asked.values(), at)
    ranked = sorted(
        odds,
        key=lambda one: (
            rank(grounds[one.program_id].at_p80(one.key), one.chance, one.delay),
            asked[one.program_id].slug,
            one.key,
        ),
    )[:most]
    ids = [one.id for one in ranked]
    found = bare_standings(actor, asked.values(), grounds, at, only=ids)
    known = {one.risk.id: (asked[home], one) for home, rows in found.items() for one in rows}
    return [known[one] for one in ids], len(odds)


def mapped(
    actor: Actor,
    programs: Iterable[ProgramFacts],
    standings: Sequence[RiskStanding],
    at: datetime | None = None,
) -> Sequence[RiskStanding]:
    """Return bare standings with the items that each delays, in their order; three queries."""
    asked = {program.id: program for program in programs}
    items = _items(actor, asked, [one.risk for one in standings], at)
    return [with_items(one, items.get(one.risk.id, ())) for one in standings]


def risk_standing_named(
    actor: Actor,
    program: ProgramFacts,
    key: str,
    at: datetime | None = None,
    *,
    forecasts: Mapping[UUID, ForecastFacts] | None = None,
) -> RiskStanding:
    """Return one risk with both views; NotFound with the nearest key."""
    held = risk_named(actor, program, key, at)
    ground = risk_grounds(actor, [program], at, forecasts=forecasts)[program.id]
    return mapped(actor, [program], [risk_standing(held, (), ground)], at)[0]


def risk_grounds(
    actor: Actor,
    programs: Iterable[ProgramFacts],
    at: datetime | None = None,
    *,
    forecasts: Mapping[UUID, ForecastFacts] | None = None,
) -> Mapping[UUID, RiskGround]:
    """Return what the risks of each program are held against; five queries."""
    asked = {program.id: program for program in programs}
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
    return RiskGround.of(policy, scale, program.currency, forecast.answer if forecast else None)


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
