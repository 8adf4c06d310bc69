"""The register of risks as a table: a row a risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.domain.plans.rules.inputs import range_text
from headway.domain.plans.rules.risk_standing import RiskStanding
from headway.errors import Invalid
from headway.rendering.cells import is_live

#: Headings, and which field of a risk each holds; "items" are addresses with commas between.
RISK_COLUMNS: Mapping[str, str] = {
    "risk": "key",
    "name": "name",
    "kind": "kind",
    "category": "category",
    "cause": "cause",
    "event": "event",
    "effect": "effect",
    "probability": "probability",
    "delay": "delay",
    "cost": "cost",
    "items": "items",
    "strategy": "strategy",
    "response": "response",
    "trigger": "trigger",
    "probability with the response": "mitigated_probability",
    "delay with the response": "mitigated_delay",
    "cost with the response": "mitigated_cost",
    "cost of the response": "mitigation_cost",
    "stage": "stage",
    "state": "state",
    "owner": "owner",
    "next action": "next_action",
    "review": "review_on",
}

_RANGES = frozenset({"delay", "cost", "mitigated_delay", "mitigated_cost"})
#: Fields that an empty cell leaves alone: they cannot be empty.
_KEPT = frozenset({"name", "kind", "probability", "stage", "state"})


@dataclass(frozen=True, slots=True)
class RiskRow:
    """A row that was read: its line in the file, the risk's key, its fields, its items if told."""

    number: int
    key: str
    fields: Mapping[str, str]
    items: Sequence[str] | None


def risk_rows(standings: Sequence[RiskStanding]) -> list[list[str]]:
    """Return risks as rows of text, the first of headings."""
    rows = [[name.capitalize() for name in RISK_COLUMNS]]
    rows += [[_cell(one, field) for field in RISK_COLUMNS.values()] for one in standings]
    return rows


def read_risk_table(lines: Sequence[tuple[int, Sequence[str]]], name: str) -> list[RiskRow]:
    """Return the rows of a table as text, each with the line of the file it stands on.

    The heading is the first row that names a risk and a probability. Raises Invalid without one,
    and for a heading that is no field.
    """
    for place, (_, cells) in enumerate(lines):
        heads = [cell.strip().lower() for cell in cells]
        if {"risk", "probability"} <= set(heads):
            columns = [_column(head, name) for head in heads]
            return [_row(number, row, columns) for number, row in lines[place + 1 :] if any(row)]
    sentence = (
        f"{name} has no heading with 'Risk' and 'Probability'; export the register to see its "
        "columns."
    )
    raise Invalid(sentence)


def _column(head: str, name: str) -> str | None:
    if not head:
        return None
    if head not in RISK_COLUMNS:
        known = ", ".join(word.capitalize() for word in RISK_COLUMNS)
        sentence = f"{name} has a column '{head[:40]}'; known are {known}."
        raise Invalid(sentence)
    return RISK_COLUMNS[head]


def _row(number: int, cells: Sequence[str], columns: Sequence[str | None]) -> RiskRow:
    told = {
        column: _text(cells[place]) if place < len(cells) else ""
        for place, column in enumerate(columns)
        if column is not None
    }
    items = told.pop("items", None)
    addresses = (
        None if items is None else [part.strip() for part in items.split(",") if part.strip()]
    )
    fields = {field: text for field, text in told.items() if text or field not in _KEPT}
    return RiskRow(number, fields.pop("key", ""), fields, addresses)


def _text(cell: str) -> str:
    """Return a cell's text, without the apostrophe that an export puts before a formula's sign."""
    found = cell.strip()
    return found[1:] if found[:1] == "'" and is_live(found[1:]) else found


def _cell(one: RiskStanding, field: str) -> str:
    if field == "items":
        return ", ".join(item.address for item in one.items)
    value = getattr(one.risk, field)
    if field in _RANGES:
        return range_text(value)
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)
