"""Bringing a phased budget in from a table: CSV or a workbook, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from headway.connectors.tables.sheets import sheet_lines
from headway.connectors.tables.text import decoded, lines_of
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.finance.actions.lines import set_budget_line
from headway.domain.finance.queries import budget_of
from headway.domain.finance.rules import BudgetLineFacts
from headway.domain.finance.rules.tables import TableRow, read_table, same_months
from headway.domain.programs.queries import program_named
from headway.errors import HeadwayError, Invalid

#: A budget of so many bytes and rows is no budget.
MOST_BYTES = 1_000_000
_MOST_ROWS = 2_000
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken: its line in the file, the budget line it names, and why."""

    number: int
    key: str
    sentence: str


@dataclass(frozen=True, slots=True)
class BudgetImport:
    """What an import did, or would do: budget lines by key, and the rows it refused."""

    created: Sequence[str]
    changed: Sequence[str]
    unchanged: Sequence[str]
    refused: Sequence[RefusedRow]


def import_budget(
    actor: Actor, program: str, data: bytes, name: str, at: datetime, *, dry_run: bool = False
) -> BudgetImport:
    """Set the budget lines of a program as a table says; a line that it does not name stays.

    Each row is taken whole or refused with its reason. A second import of the same file changes
    nothing. With `dry_run` nothing is kept. Raises Invalid for what is no such table.
    """
    require(actor, Permission.PROGRAM)
    rows = read_table(_lines(data, name), name)
    with transaction.atomic():
        done = _take(actor, program, rows, at)
        if dry_run:
            transaction.set_rollback(True)
    return done


def _lines(data: bytes, name: str) -> list[tuple[int, list[str]]]:
    if len(data) > MOST_BYTES:
        sentence = f"{name} has {len(data):,} bytes; a budget of at most {MOST_BYTES:,} is read."
        raise Invalid(sentence)
    if data.startswith(_WORKBOOKS):
        found = sheet_lines(data, name)[2]
    else:
        found = lines_of(decoded(data, name)[0], name, _MOST_ROWS + 1)
    if len(found) > _MOST_ROWS:
        sentence = f"{name} has more than {_MOST_ROWS:,} rows; a budget has fewer lines."
        raise Invalid(sentence)
    return [(number, list(cells)) for number, cells in found]


def _take(actor: Actor, program: str, rows: Sequence[TableRow], at: datetime) -> BudgetImport:
    parent = program_named(actor, program)
    before = {line.key: line for line in budget_of(actor, parent).lines}
    created: list[str] = []
    changed: list[str] = []
    unchanged: list[str] = []
    refused: list[RefusedRow] = []
    seen: set[str] = set()
    for row in rows:
        held = before.get(row.key)
        try:
            with transaction.atomic():
                _require_first(row, seen)
                saved = set_budget_line(actor, program, row.key, _values(row, held), at)
        except HeadwayError as error:
            refused.append(RefusedRow(row.number, row.key, str(error)))
            continue
        seen.add(row.key)
        into = changed if saved != held else unchanged
        (created if held is None else into).append(row.key)
    return BudgetImport(created, changed, unchanged, refused)


def _require_first(row: TableRow, seen: set[str]) -> None:
    if row.key in seen:
        sentence = f"The line '{row.key}' stands in the file twice; the first one was taken."
        raise Invalid(sentence)


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
