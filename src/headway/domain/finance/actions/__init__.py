"""Every write of finance: setting and removing budget lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.finance.models import BudgetLine
from headway.domain.finance.queries import budget_line_facts
from headway.domain.finance.rules import BUDGET_FIELDS, BudgetLineFacts
from headway.domain.programs.actions.rows import add_row, change_row, drop_row, put_back
from headway.domain.programs.queries import program_named, project_within
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import clean, meant, to_minor
from headway.domain.programs.rules.fields import key as read_key
from headway.errors import Invalid, NotFound

__all__ = ["remove_budget_line", "restore_budget_line", "set_budget_line"]


@transaction.atomic
def set_budget_line(
    actor: Actor,
    program: str,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> BudgetLineFacts:
    """Set the budget line `key` of a program: made from `values`, or changed by them.

    Fields are BUDGET_FIELDS and `project` (its address). A new line needs its amount, which is in
    the program's currency.
    """
    require(actor, Permission.PROGRAM)
    parent = program_named(actor, program)
    key = str(read_key("key", key))
    fields = _read(actor, parent, values)
    row = BudgetLine.objects.select_for_update().filter(program_id=parent.id, key=key).first()
    if row is not None:
        change_row(actor, row, fields, at, "set_budget_line", version)
        return budget_line_facts(row, parent.currency)
    if "amount_minor" not in fields:
        sentence = f"The budget line '{key}' is new and needs an amount in {parent.currency}."
        raise Invalid(sentence)
    fields = {"name": key, **fields}
    row = BudgetLine(workspace_id=actor.workspace_id, program_id=parent.id, key=key, **fields)
    add_row(actor, row, at, "set_budget_line", program=parent.slug, **fields)
    return budget_line_facts(row, parent.currency)


@transaction.atomic
def remove_budget_line(
    actor: Actor, program: str, key: str, at: datetime, *, version: int | None = None
) -> None:
    """Take a budget line away; that it was there stays in the history."""
    require(actor, Permission.PROGRAM)
    parent = program_named(actor, program)
    rows = BudgetLine.objects.select_for_update().filter(program_id=parent.id)
    lines = {row.key: row for row in rows}
    if key not in lines:
        sentence = f"There is no budget line '{key}' in {parent.name}{meant(key, lines) or '.'}"
        raise NotFound(sentence)
    minor = lines[key].amount_minor
    drop_row(actor, lines[key], at, "remove_budget_line", version, amount_minor=minor)


@transaction.atomic
def restore_budget_line(
    actor: Actor, program: str, key: str, version: int, at: datetime
) -> BudgetLineFacts:
    """Put a budget line back to its earlier `version`: the undo of a change or a removal."""
    require(actor, Permission.PROGRAM)
    parent = program_named(actor, program)
    row = put_back(actor, BudgetLine, version, at, program_id=parent.id, key=key)
    return budget_line_facts(row, parent.currency)


def _read(actor: Actor, program: ProgramFacts, values: Mapping[str, object]) -> dict[str, object]:
    given = dict(values)
    placed: dict[str, object] = {}
    if "project" in given:
        slug = str(given.pop("project") or "")
        placed["project_id"] = project_within(actor, program, slug).id if slug else None
    fields = clean(given, BUDGET_FIELDS)
    if "amount" in fields:
        amount = Decimal(str(fields.pop("amount")))
        fields["amount_minor"] = to_minor(amount, program.currency)
    return {**fields, **placed}
