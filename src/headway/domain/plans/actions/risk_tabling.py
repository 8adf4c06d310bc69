"""Bringing a register of risks in from a table: CSV or a workbook, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from headway.connectors.tables.sheets import sheet_lines
from headway.connectors.tables.text import decoded, lines_of
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.actions.links import set_risk_effects
from headway.domain.plans.queries import risk_standings
from headway.domain.plans.rules.risk_standing import RiskStanding
from headway.domain.plans.rules.risk_tables import RiskRow, read_risk_table
from headway.domain.programs.queries import program_named
from headway.domain.risks.actions import set_risk
from headway.errors import HeadwayError, Invalid

#: A register of so many bytes and rows is no register.
MOST_RISK_BYTES = 1_000_000
_MOST_ROWS = 2_000
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class RefusedRisk:
    """A row that was not taken: its line in the file, the risk it names, and why."""

    number: int
    key: str
    sentence: str


@dataclass(frozen=True, slots=True)
class RiskImport:
    """What an import did, or would do: risks by key, and the rows it refused."""

    created: Sequence[str]
    changed: Sequence[str]
    unchanged: Sequence[str]
    refused: Sequence[RefusedRisk]


def import_risks(
    actor: Actor, program: str, data: bytes, name: str, at: datetime, *, dry_run: bool = False
) -> RiskImport:
    """Set the risks of a program as a table says; a risk that it does not name stays.

    Each row is taken whole or refused with its reason. A second import of the same file changes
    nothing. With `dry_run` nothing is kept. Raises Invalid for what is no such table.
    """
    require(actor, Permission.PLAN)
    rows = read_risk_table(_lines(data, name), name)
    with transaction.atomic():
        done = _take(actor, program, rows, at)
        if dry_run:
            transaction.set_rollback(True)
    return done


def _lines(data: bytes, name: str) -> list[tuple[int, list[str]]]:
    if len(data) > MOST_RISK_BYTES:
        sentence = f"{name} has {len(data):,} bytes; at most {MOST_RISK_BYTES:,} are read."
        raise Invalid(sentence)
    if data.startswith(_WORKBOOKS):
        found = sheet_lines(data, name)[2]
    else:
        found = lines_of(decoded(data, name)[0], name, _MOST_ROWS + 1)
    if len(found) > _MOST_ROWS:
        sentence = f"{name} has more than {_MOST_ROWS:,} rows; no register has so many risks."
        raise Invalid(sentence)
    return [(number, list(cells)) for number, cells in found]


def _take(actor: Actor, program: str, rows: Sequence[RiskRow], at: datetime) -> RiskImport:
    parent = program_named(actor, program)
    before = {one.risk.key: one for one in risk_standings(actor, [parent])[parent.id]}
    created: list[str] = []
    changed: list[str] = []
    unchanged: list[str] = []
    refused: list[RefusedRisk] = []
    seen: set[str] = set()
    for row in rows:
        held = before.get(row.key)
        try:
            with transaction.atomic():
                _require_first(row, seen)
                differs = _set(actor, program, row, held, at)
        except HeadwayError as error:
            refused.append(RefusedRisk(row.number, row.key, str(error)))
            continue
        seen.add(row.key)
        into = changed if differs else unchanged
        (created if held is None else into).append(row.key)
    return RiskImport(created, changed, unchanged, refused)


def _set(actor: Actor, program: str, row: RiskRow, held: RiskStanding | None, at: datetime) -> bool:
    """Set one risk with its items; say whether anything of it differed."""
    saved = set_risk(actor, program, row.key, row.fields, at)
    items = [one.address for one in held.items] if held else []
    moved = row.items is not None and sorted(row.items) != sorted(items)
    if moved:
        set_risk_effects(actor, program, saved.key, row.items or (), at)
    return moved or held is None or saved != held.risk


def _require_first(row: RiskRow, seen: set[str]) -> None:
    if not row.key:
        sentence = "The row names no risk; write its key into the column Risk."
        raise Invalid(sentence)
    if row.key in seen:
        sentence = f"The risk '{row.key}' stands in the file twice; the first one was taken."
        raise Invalid(sentence)
