"""Bringing a register in from a table: CSV or a workbook, row by row, each whole or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.actions.decisions import set_decision
from headway.domain.plans.actions.links import set_risk_effects
from headway.domain.plans.queries.raid_tables import register_entries
from headway.domain.plans.rules.raid_tables import TABLES, Entry, TableRow, read_table
from headway.domain.programs.actions.tables import TableImport, Taken, read_lines, take_rows
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.fields import choice
from headway.domain.risks.actions import (
    reopen_assumption,
    reopen_issue,
    resolve_issue,
    set_assumption,
    set_issue,
    set_risk,
    settle_assumption,
)
from headway.errors import Invalid


def import_register(  # noqa: PLR0913 - a file, its name, and where it goes
    actor: Actor,
    place: tuple[str, str],
    data: bytes,
    name: str,
    at: datetime,
    *,
    dry_run: bool = False,
) -> TableImport:
    """Set the entries of the register at `place` (program, one of TABLES) as a table says.

    An entry that it does not name stays. Each row is taken whole or refused with its reason. A
    second import of the same file changes nothing. With `dry_run` nothing is kept. Raises Invalid
    for what is no such table.
    """
    require(actor, Permission.PLAN)
    program, sort = place
    table = TABLES[sort]
    rows = read_table(table, read_lines(data, name), name)
    parent = program_named(actor, program)
    before = {one.key: one for one in register_entries(actor, parent, sort)}

    def take(row: TableRow) -> Taken:
        held = before.get(row.key)
        if row.repeats(held):
            return "unchanged"
        differs = _SETTERS[sort](actor, program, row, held, at)
        if held is None:
            return "created"
        return "changed" if differs else "unchanged"

    return take_rows(rows, take, thing=table.word, dry_run=dry_run)


def _risk(actor: Actor, program: str, row: TableRow, held: Entry | None, at: datetime) -> bool:
    """Set a risk with its items; say whether anything of it differed."""
    fields = dict(row.fields)
    told = fields.pop("items", None)
    saved = set_risk(actor, program, row.key, fields, at)
    moved = False
    if told is not None:
        items = sorted(part.strip() for part in told.split(",") if part.strip())
        moved = ", ".join(items) != (held.cells["items"] if held else "")
        if moved:
            set_risk_effects(actor, program, saved.key, items, at)
    return moved or held is None or saved.version != held.version


def _issue(actor: Actor, program: str, row: TableRow, held: Entry | None, at: datetime) -> bool:
    fields = dict(row.fields)
    how = fields.pop("resolution", "")
    state = fields.pop("state", "")
    saved = set_issue(actor, program, row.key, fields, at)
    if state:
        choice("open", "resolved")("state", state)
    if state == "resolved" and saved.is_open:
        saved = resolve_issue(actor, program, row.key, at, how=how)
    elif state == "open" and not saved.is_open:
        saved = reopen_issue(actor, program, row.key, at)
    return held is None or saved.version != held.version


def _assumption(
    actor: Actor, program: str, row: TableRow, held: Entry | None, at: datetime
) -> bool:
    fields = dict(row.fields)
    state = fields.pop("state", "")
    saved = set_assumption(actor, program, row.key, fields, at)
    if state:
        choice("open", "held", "failed")("state", state)
    if state and state != saved.state:
        if not saved.is_open:
            saved = reopen_assumption(actor, program, row.key, at)
        if state != "open":
            saved = settle_assumption(actor, (program, row.key), state, at)
    return held is None or saved.version != held.version


def _decision(actor: Actor, program: str, row: TableRow, held: Entry | None, at: datetime) -> bool:
    """Set a decision's question; its options and its answer are given on its page."""
    fields = dict(row.fields)
    was = held.cells["state"] if held else "open"
    if fields.get("state") == was:
        del fields["state"]
    if fields.get("state") == "taken":
        sentence = (
            f"The decision '{row.key}' is {was}; it is taken on its page, where the forecast of "
            "that moment is kept."
        )
        raise Invalid(sentence)
    saved = set_decision(actor, program, row.key, fields, at)
    return held is None or saved.version != held.version


_Setter = Callable[[Actor, str, TableRow, Entry | None, datetime], bool]
_SETTERS: Mapping[str, _Setter] = {
    "risks": _risk,
    "issues": _issue,
    "assumptions": _assumption,
    "decisions": _decision,
}
