"""Every read of finance: what a program may spend, and what evidence says it spent."""

from __future__ import annotations

from datetime import datetime

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.queries import costs_of
from headway.domain.finance.models import BudgetLine
from headway.domain.finance.rules import ActualFacts, Actuals, Budget, BudgetLineFacts
from headway.domain.programs.queries import facts, projects_of, rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import from_minor

__all__ = ["actuals_of", "budget_line_facts", "budget_of"]


def budget_of(actor: Actor, program: ProgramFacts, at: datetime | None = None) -> Budget:
    """Return the money of a program, lines by key; one query."""
    require(actor, Permission.VIEW, program)
    rows = rows_at(BudgetLine, at, workspace_id=actor.workspace_id, program_id=program.id)
    lines = (budget_line_facts(row, program.currency) for row in rows)
    return Budget(program.currency, tuple(sorted(lines, key=lambda line: line.key)))


def actuals_of(actor: Actor, program: ProgramFacts, at: datetime | None = None) -> Actuals:
    """Return what `cost` records say was spent on the projects of a program; two queries.

    Amounts in another currency are not converted and not added: they stand apart, to be said.
    """
    projects = projects_of(actor, program, at)
    costs = costs_of(actor, [project.id for project in projects], at)
    rows = tuple(facts(ActualFacts, cost) for cost in costs)
    return Actuals(
        program.currency,
        tuple(row for row in rows if row.currency == program.currency),
        tuple(row for row in rows if row.currency != program.currency),
    )


def budget_line_facts(row: BudgetLine, currency: str) -> BudgetLineFacts:
    """Return a budget line as a frozen value."""
    return facts(BudgetLineFacts, row, amount=from_minor(row.amount_minor, currency))
