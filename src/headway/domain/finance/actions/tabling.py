"""Bringing a phased budget in from a table: CSV or a workbook, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.finance.actions.lines import set_budget_line
from headway.domain.finance.queries import budget_of
from headway.domain.finance.rules import BudgetLineFacts
from headway.domain.finance.rules.tables import TableRow, read_table, same_months
from headway.domain.programs.actions.tables import TableImport, Taken, read_lines, take_rows
from headway.domain.programs.queries import program_named


def import_budget(
    actor: Actor, program: str, data: bytes, name: str, at: datetime, *, dry_run: bool = False
) -> TableImport:
    """Set the budget lines of a program as a table says; a line that it does not name stays.

    Each row is taken whole or refused with its reason. A second import of the same file changes
    nothing. With `dry_run` nothing is kept. Raises Invalid for what is no such table.
    """
    require(actor, Permission.PROGRAM)
    rows = read_table(read_lines(data, name), name)
    before = {line.key: line for line in budget_of(actor, program_named(actor, program)).lines}

    def take(row: TableRow) -> Taken:
        held = before.get(row.key)
        saved = set_budget_line(actor, program, row.key, _values(row, held), at)
        if held is None:
            return "created"
        return "changed" if saved != held else "unchanged"

    return take_rows(rows, take, thing="line", dry_run=dry_run)


def _values(row: TableRow, held: BudgetLineFacts | None) -> dict[str, object]:
    """Return what a row says of its line; months that are there already stay as they are held."""
    values: dict[str, object] = {
        field: text
        for field, text in row.fields.items()
        # A new line without a word for it takes the usual one; a held one keeps its own.
        if text or field not in ("name", "purpose", "category", "amount")
    }
    if row.months is not None and not (held and same_months(row.months, held.months)):
        months: Mapping[str, str] = row.months
        values["phasing"] = {"months": dict(months)} if months else ""
    return values
