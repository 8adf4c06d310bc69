"""A phased budget as a table: a row a line, a column a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from headway.domain.finance.rules.lines import Budget, shares_text
from headway.domain.finance.rules.phasing import month_text, read_month
from headway.domain.programs.rules.fields import decimal
from headway.errors import Invalid
from headway.rendering.cells import is_live

#: Headings of what is no month, and which field of a line each holds.
COLUMNS: Mapping[str, str] = {
    "line": "key",
    "name": "name",
    "project": "project",
    "shares": "shares",
    "purpose": "purpose",
    "category": "category",
    "cost centre": "cost_centre",
    "treatment": "treatment",
    "owner": "owner",
    "amount": "amount",
}

Cell = str | Decimal | None


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table that was read: its line in the file, the line's key, its fields.

    `months` are the amounts by month; None where the table has no month at all.
    """

    number: int
    key: str
    fields: Mapping[str, str]
    months: Mapping[str, str] | None


def budget_rows(budget: Budget, slugs: Mapping[UUID, str]) -> list[list[Cell]]:
    """Return a budget as rows, the first of headings; months from the first to the last."""
    months = sorted({month for line in budget.lines for month in line.months})
    rows: list[list[Cell]] = [[*(name.capitalize() for name in COLUMNS), *map(month_text, months)]]
    for line in budget.lines:
        shares = shares_text((slugs.get(one, str(one)), share) for one, share in line.shares)
        project = slugs.get(line.project_id, "") if line.project_id else ""
        rows.append(
            [
                *(line.key, line.name, project, shares, line.purpose, line.category),
                *(line.cost_centre, line.treatment, line.owner, line.amount),
                *(line.months.get(month) for month in months),
            ]
        )
    return rows


def read_table(lines: Sequence[tuple[int, Sequence[str]]], name: str) -> list[TableRow]:
    """Return the rows of a table as text, each with the line of the file it stands on.

    The heading is the first row that names a line and an amount. Raises Invalid without one, and
    for a heading that is neither a field nor a month.
    """
    for place, (_, cells) in enumerate(lines):
        heads = [cell.strip().lower() for cell in cells]
        if {"line", "amount"} <= set(heads):
            columns = [_column(head, name) for head in heads]
            return [_row(number, row, columns) for number, row in lines[place + 1 :] if any(row)]
    sentence = (
        f"{name} has no heading with 'Line' and 'Amount'; export a budget to see its columns."
    )
    raise Invalid(sentence)


def _column(head: str, name: str) -> str | date | None:
    """Return the field of a column, or its month; None for a column without a heading."""
    if not head:
        return None
    if head in COLUMNS:
        return COLUMNS[head]
    try:
        return read_month("heading", head)
    except Invalid:
        known = ", ".join(word.capitalize() for word in COLUMNS)
        sentence = f"{name} has a column '{head[:40]}'; known are {known}, and months as 2026-11."
        raise Invalid(sentence) from None


def _row(number: int, cells: Sequence[str], columns: Sequence[str | date | None]) -> TableRow:
    fields: dict[str, str] = {}
    months: dict[str, str] = {}
    for place, column in enumerate(columns):
        text = _text(cells[place]) if place < len(cells) else ""
        if isinstance(column, date):
            if text:
                months[month_text(column)] = text
        elif column is not None:
            fields[column] = text
    has_months = any(isinstance(column, date) for column in columns)
    return TableRow(number, fields.pop("key", ""), fields, months if has_months else None)


def _text(cell: str) -> str:
    """Return a cell's text, without the apostrophe that an export puts before a formula's sign."""
    found = cell.strip()
    return found[1:] if found[:1] == "'" and is_live(found[1:]) else found


def same_months(told: Mapping[str, str], held: Mapping[date, Decimal]) -> bool:
    """Say whether months that were read hold what a line holds already."""
    read = {read_month("month", month): decimal("amount", amount) for month, amount in told.items()}
    wanted = {month: amount for month, amount in read.items() if amount}
    return wanted == {month: amount for month, amount in held.items() if amount}
