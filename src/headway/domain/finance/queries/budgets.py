"""Budgets: lines, agreements and changes of programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.finance.models import BudgetAgreement, BudgetChange, BudgetLine
from headway.domain.finance.rules import (
    AgreedLine,
    AgreementFacts,
    Budget,
    BudgetChangeFacts,
    BudgetLineFacts,
)
from headway.domain.finance.rules.tables import Cell, budget_rows
from headway.domain.programs.queries import facts, projects_of, rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import from_minor, meant
from headway.errors import NotFound


def budget_of(actor: Actor, program: ProgramFacts, at: datetime | None = None) -> Budget:
    """Return the money of a program, lines by key; one query."""
    return budgets_by_program(actor, [program], at)[program.id]


def budgets_by_program(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None = None
) -> Mapping[UUID, Budget]:
    """Return the money of many programs by program id, lines by key; one query."""
    asked = _asked(actor, programs)
    lines: dict[UUID, list[BudgetLineFacts]] = {program_id: [] for program_id in asked}
    rows = rows_at(BudgetLine, at, workspace_id=actor.workspace_id, program_id__in=list(asked))
    for row in sorted(rows, key=lambda row: row.key):
        currency = asked[row.program_id].currency
        lines[row.program_id].append(budget_line_facts(row, currency))
    return {
        program_id: Budget(program.currency, tuple(lines[program_id]))
        for program_id, program in asked.items()
    }


def budget_line_named(
    actor: Actor, program: ProgramFacts, key: str, at: datetime | None = None
) -> BudgetLineFacts:
    """Return the budget line of a program with this key; NotFound with the nearest key."""
    known = {line.key: line for line in budget_of(actor, program, at).lines}
    if key not in known:
        sentence = f"There is no budget line '{key}' in {program.name}{meant(key, known) or '.'}"
        raise NotFound(sentence)
    return known[key]


def budget_table(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> list[list[Cell]]:
    """Return a program's budget as rows of a table, the first of headings."""
    slugs = {one.id: one.slug for one in projects_of(actor, program, at)}
    return budget_rows(budget_of(actor, program, at), slugs)


def agreements_by_program(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None = None
) -> Mapping[UUID, AgreementFacts]:
    """Return the agreement that holds for each program that has one; one query."""
    asked = _asked(actor, programs)
    rows = BudgetAgreement.objects.filter(
        workspace_id=actor.workspace_id, program_id__in=list(asked)
    )
    if at is None:
        rows = rows.filter(withdrawn_at__isnull=True)
    else:
        still = Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=at)
        rows = rows.filter(still, at__lte=at)
    return {row.program_id: agreement_facts(row) for row in rows.order_by("number")}


def agreement_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> AgreementFacts | None:
    """Return the agreement that holds for a program; None before its budget is agreed."""
    return agreements_by_program(actor, [program], at).get(program.id)


def budget_changes_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[BudgetChangeFacts]:
    """Return the changes of a program's budget: what waits first, then the newest; one query."""
    require(actor, Permission.VIEW, program)
    rows = rows_at(BudgetChange, at, workspace_id=actor.workspace_id, program_id=program.id)
    rows.sort(key=lambda row: (row.state != "requested", -row.requested_at.timestamp(), row.key))
    return [budget_change_facts(row, program.currency) for row in rows]


def waiting_changes(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None = None
) -> Sequence[tuple[ProgramFacts, BudgetChangeFacts]]:
    """Return the budget changes that nobody answered yet, the oldest first; one query."""
    asked = _asked(actor, programs)
    rows = rows_at(BudgetChange, at, workspace_id=actor.workspace_id, program_id__in=list(asked))
    waiting = sorted(
        (row for row in rows if row.state == "requested"),
        key=lambda row: (row.requested_at, row.key),
    )
    return [
        (asked[row.program_id], budget_change_facts(row, asked[row.program_id].currency))
        for row in waiting
    ]


def budget_change_named(
    actor: Actor, program: ProgramFacts, key: str, at: datetime | None = None
) -> BudgetChangeFacts:
    """Return the budget change of a program with this key; NotFound with the nearest key."""
    known = {one.key: one for one in budget_changes_of(actor, program, at)}
    if key not in known:
        sentence = f"There is no budget change '{key}' in {program.name}{meant(key, known) or '.'}"
        raise NotFound(sentence)
    return known[key]


def budget_line_facts(row: BudgetLine, currency: str) -> BudgetLineFacts:
    """Return a budget line as a frozen value."""
    amount = from_minor(row.amount_minor, currency)
    shares = tuple((UUID(project), Decimal(share)) for project, share in row.shares)
    return facts(BudgetLineFacts, row, amount=amount, shares=shares)


def budget_change_facts(row: BudgetChange, currency: str) -> BudgetChangeFacts:
    """Return a budget change as a frozen value."""
    return facts(BudgetChangeFacts, row, amount=from_minor(row.amount_minor, currency))


def agreement_facts(row: BudgetAgreement) -> AgreementFacts:
    """Return an agreement as a frozen value."""
    lines = [AgreedLine(**{**one, "amount": Decimal(one["amount"])}) for one in row.lines]
    return facts(AgreementFacts, row, lines=lines)


def _asked(actor: Actor, programs: Iterable[ProgramFacts]) -> dict[UUID, ProgramFacts]:
    asked = {program.id: program for program in programs}
    for program in asked.values():
        require(actor, Permission.VIEW, program)
    return asked
