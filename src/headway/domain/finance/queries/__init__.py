"""Every read of finance: what a program may spend, and what evidence says it spent."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.costs.queries import charges_of
from headway.domain.costs.rules import ChargeFacts
from headway.domain.evidence.queries import costs_of
from headway.domain.finance.models import BudgetLine
from headway.domain.finance.rules import (
    ActualFacts,
    Actuals,
    Budget,
    BudgetLineFacts,
    parted,
)
from headway.domain.programs.queries import facts, projects_by_program, rows_at
from headway.domain.programs.rules import ProgramFacts, ProjectFacts
from headway.domain.programs.rules.fields import from_minor

__all__ = [
    "actuals_by_program",
    "actuals_of",
    "budget_line_facts",
    "budget_of",
    "budgets_by_program",
]


def budget_of(actor: Actor, program: ProgramFacts, at: datetime | None = None) -> Budget:
    """Return the money of a program, lines by key; one query."""
    return budgets_by_program(actor, [program], at)[program.id]


def budgets_by_program(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None = None
) -> Mapping[UUID, Budget]:
    """Return the money of many programs by program id, lines by key; one query."""
    asked = {program.id: program for program in programs}
    for program in asked.values():
        require(actor, Permission.VIEW, program)
    lines: dict[UUID, list[BudgetLineFacts]] = {program_id: [] for program_id in asked}
    rows = rows_at(BudgetLine, at, workspace_id=actor.workspace_id, program_id__in=list(asked))
    for row in sorted(rows, key=lambda row: row.key):
        currency = asked[row.program_id].currency
        lines[row.program_id].append(budget_line_facts(row, currency))
    return {
        program_id: Budget(program.currency, tuple(lines[program_id]))
        for program_id, program in asked.items()
    }


def actuals_of(actor: Actor, program: ProgramFacts, at: datetime | None = None) -> Actuals:
    """Return what `cost` records and bills say was spent on the projects of a program.

    Amounts in another currency are not converted and not added: they stand apart, to be said.
    """
    projects = projects_by_program(actor, [program], at)
    return actuals_by_program(actor, [program], projects, at)[program.id]


def actuals_by_program(
    actor: Actor,
    programs: Iterable[ProgramFacts],
    projects: Mapping[UUID, Iterable[ProjectFacts]],
    at: datetime | None = None,
) -> Mapping[UUID, Actuals]:
    """Return what was spent on many programs, by program id; two queries where there is no bill.

    What a bill's charges only explain is not added: see `rules.parted`. `projects` are theirs, by
    program id, as `projects_by_program` gives them.
    """
    homes = {project.id: home for home, mine in projects.items() for project in mine}
    costs: dict[UUID, list[ActualFacts]] = {home: [] for home in projects}
    charges: dict[UUID, list[ActualFacts]] = {home: [] for home in projects}
    for cost in costs_of(actor, list(homes), at):
        if cost.project_id is not None:
            told = facts(ActualFacts, cost, source="cost", billed=None, adds=False)
            costs[homes[cost.project_id]].append(told)
    for charge in charges_of(actor, programs, at, projects=projects):
        charges[homes[charge.project_id]].append(_charged(charge))
    return {
        program.id: _actuals(program.currency, costs[program.id], charges[program.id])
        for program in programs
    }


def _charged(charge: ChargeFacts) -> ActualFacts:
    """Return a month's charges of a bill as money that was spent: burn."""
    last = monthrange(charge.month.year, charge.month.month)[1]
    return ActualFacts(
        charge.project_id,
        charge.effective,
        charge.currency,
        charge.category,
        charge.month,
        charge.month.replace(day=last),
        charge.record,
        "bill",
        charge.billed,
        charge.adds,
    )


def _actuals(
    currency: str, costs: Sequence[ActualFacts], charges: Sequence[ActualFacts]
) -> Actuals:
    told, explained = parted(costs, charges)
    return Actuals(
        currency,
        tuple(row for row in told if row.currency == currency),
        tuple(row for row in told if row.currency != currency),
        tuple(explained),
    )


def budget_line_facts(row: BudgetLine, currency: str) -> BudgetLineFacts:
    """Return a budget line as a frozen value."""
    return facts(BudgetLineFacts, row, amount=from_minor(row.amount_minor, currency))
