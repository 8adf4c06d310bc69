"""Bringing a register of risks in from a table: CSV or a workbook, row by row."""

from __future__ import annotations

from datetime import datetime

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.actions.links import set_risk_effects
from headway.domain.plans.queries import risk_standings
from headway.domain.plans.rules.risk_standing import RiskStanding
from headway.domain.plans.rules.risk_tables import RiskRow, read_risk_table
from headway.domain.programs.actions.tables import TableImport, Taken, read_lines, take_rows
from headway.domain.programs.queries import program_named
from headway.domain.risks.actions import set_risk


def import_risks(
    actor: Actor, program: str, data: bytes, name: str, at: datetime, *, dry_run: bool = False
) -> TableImport:
    """Set the risks of a program as a table says; a risk that it does not name stays.

    Each row is taken whole or refused with its reason. A second import of the same file changes
    nothing. With `dry_run` nothing is kept. Raises Invalid for what is no such table.
    """
    require(actor, Permission.PLAN)
    rows = read_risk_table(read_lines(data, name), name)
    parent = program_named(actor, program)
    before = {one.risk.key: one for one in risk_standings(actor, [parent])[parent.id]}

    def take(row: RiskRow) -> Taken:
        held = before.get(row.key)
        differs = _set(actor, program, row, held, at)
        if held is None:
            return "created"
        return "changed" if differs else "unchanged"

    return take_rows(rows, take, thing="risk", dry_run=dry_run)


def _set(actor: Actor, program: str, row: RiskRow, held: RiskStanding | None, at: datetime) -> bool:
    """Set one risk with its items; say whether anything of it differed."""
    saved = set_risk(actor, program, row.key, row.fields, at)
    items = [one.address for one in held.items] if held else []
    moved = row.items is not None and sorted(row.items) != sorted(items)
    if moved:
        set_risk_effects(actor, program, saved.key, row.items or (), at)
    return moved or held is None or saved != held.risk
