"""A program's joint network at a moment: a dozen queries, whatever its size."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from headway.analysis.schedule.plan import Plan as PlanValue
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.finance.queries import budget_of, openings_by_program
from headway.domain.finance.rules import Budget, paid_until
from headway.domain.people.queries import people_of, resources_of, working_times
from headway.domain.people.queries.pools import drawn_resources
from headway.domain.people.rules import meant_by_name
from headway.domain.people.rules.working_time import WorkingTimeFacts
from headway.domain.plans.models import Dependency, Need, Plan, RiskEffect, WorkItem
from headway.domain.plans.rules import (
    DependencyFacts,
    ItemFacts,
    JoinedParts,
    NeedFacts,
    PlanFacts,
    joined_plan,
)
from headway.domain.programs.queries import facts, ids_ever, projects_of, rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.domain.risks.models import Risk
from headway.domain.risks.queries import risks_of

#: A plan of at most so many items is simulated while somebody waits for the answer.
AT_ONCE = 1_000


def is_quick(actor: Actor, program: ProgramFacts) -> bool:
    """Say whether simulating a program's plan takes seconds; a larger one is left to the worker."""
    require(actor, Permission.VIEW, program)
    return WorkItem.objects.filter(project__program_id=program.id).count() <= AT_ONCE


def plan_value(
    actor: Actor, program: ProgramFacts, at: datetime | None = None, *, project: str = ""
) -> PlanValue:
    """Return the network of all the program's projects (or of one) as known at `at`.

    It may hold no item at all: then there is nothing to forecast, and the engine says so.
    """
    return joined_plan(joined_parts(actor, program, at, project=project))


def joined_parts(
    actor: Actor, program: ProgramFacts, at: datetime | None = None, *, project: str = ""
) -> JoinedParts:
    """Return the rows that the network is made of."""
    require(actor, Permission.VIEW, program)
    projects = [one for one in projects_of(actor, program, at) if project in ("", one.slug)]
    ids = [one.id for one in projects]
    slugs = {one.id: one.slug for one in projects}
    items = items_of(ids, at)
    places = {project_id: place for place, project_id in enumerate(ids)}
    items.sort(key=lambda item: (places[item.project_id], item.order, item.key))
    mine = {"item_id__in": ids_ever(WorkItem, at, project_id__in=ids)}
    live = {item.id for item in items}
    effects = _effects(program, at, live)
    risks = [
        risk
        for risk in risks_of(actor, program, at)
        if risk.state != "closed" and (not project or risk.project_id in ids or risk.id in effects)
    ]
    resources, quotas = drawn_resources(actor, resources_of(actor, program, at), at)
    budget = budget_of(actor, program, at)
    return JoinedParts(
        name=program.name,
        currency=program.currency,
        target=program.target,
        budget=_budget(budget, ids if project else None),
        calendar=program.calendar,
        slugs=slugs,
        plans=[facts(PlanFacts, row) for row in rows_at(Plan, at, project_id__in=ids)],
        items=items,
        dependencies=[
            facts(DependencyFacts, row)
            for row in sorted(rows_at(Dependency, at, **mine), key=lambda row: row.id)
            if row.item_id in live and row.predecessor_id in live
        ],
        needs=[facts(NeedFacts, row) for row in rows_at(Need, at, **mine) if row.item_id in live],
        resources=resources,
        risks=risks,
        effects=effects,
        calendars={**program.calendars, **quotas},
        hands=hands_of(actor, at),
        progress=program.progress,
        one_point=program.one_point,
        openings=openings_by_program(actor, [program], at)[program.id],
        # Pay is the program's: asked of one project, nobody costs anything on top.
        paid_until=None if project else paid_until(budget, program.target),
    )


def hands_of(actor: Actor, at: datetime | None) -> Mapping[str, WorkingTimeFacts]:
    """Return the working time that people told, by every name that means one of them."""
    told = {who: one for who, one in working_times(actor, at).items() if one.is_told}
    if not told:
        return {}
    names = meant_by_name(people_of(actor))
    return {name: told[who] for name, who in names.items() if who in told}


def items_of(
    project_ids: Collection[UUID], at: datetime | None, *, only: Collection[UUID] | None = None
) -> list[ItemFacts]:
    """Return the work items of these projects (of them `only` these ids), in no order."""
    mine = {"project_id__in": list(project_ids)}
    if only is not None:
        mine["id__in"] = list(only)
    if at is None:  # straight from the columns: a row of Django's for each costs most of the time
        names = [field.name for field in fields(ItemFacts)]
        return [ItemFacts(**row) for row in WorkItem.objects.filter(**mine).values(*names)]
    return [facts(ItemFacts, row) for row in rows_at(WorkItem, at, **mine)]


def _effects(
    program: ProgramFacts, at: datetime | None, live: Collection[UUID]
) -> Mapping[UUID, Sequence[UUID]]:
    """Return the items each risk delays, by risk."""
    effects: dict[UUID, list[UUID]] = {}
    mine = {"risk_id__in": ids_ever(Risk, at, program_id=program.id)}
    for row in sorted(rows_at(RiskEffect, at, **mine), key=lambda row: row.id):
        if row.item_id in live:
            effects.setdefault(row.risk_id, []).append(row.item_id)
    return effects


def _budget(budget: Budget, project_ids: Sequence[UUID] | None) -> Decimal | None:
    """Return budget and contingency without the reserve; None where no line is set."""
    if project_ids is None:
        return budget.total
    return budget.of_project(project_ids[0]) if project_ids else None


def plan_groups(plan: PlanValue) -> Mapping[str, Sequence[str]]:
    """Return the item ids of a joint network by project slug."""
    groups: dict[str, list[str]] = {}
    for item in plan.items:
        groups.setdefault(item.id.partition("/")[0], []).append(item.id)
    return groups
