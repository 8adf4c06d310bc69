"""The registers of a program as tables: a row a risk, issue, assumption or decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from headway.domain.plans.rules.inputs import range_text
from headway.errors import Invalid
from headway.rendering.cells import restored


@dataclass(frozen=True, slots=True)
class RegisterTable:
    """A register as a table: headings in small letters, and which field each holds.

    A heading has to name `needed`; an empty cell leaves `kept` fields alone, because they cannot
    be empty; `told` ones are written for readers and not read again.
    """

    sort: str
    word: str
    columns: Mapping[str, str]
    needed: Sequence[str]
    kept: frozenset[str]
    told: frozenset[str] = field(default=frozenset())

    @property
    def title(self) -> str:
        """Return what its sheet is called."""
        return f"{self.word.capitalize()}s"

    @property
    def headings(self) -> list[str]:
        """Return the headings as a table writes them."""
        return [name.capitalize() for name in self.columns]


RISKS = RegisterTable(
    "risks",
    "risk",
    {
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
        "rests on": "assumption",
        "probability with the response": "mitigated_probability",
        "delay with the response": "mitigated_delay",
        "cost with the response": "mitigated_cost",
        "cost of the response": "mitigation_cost",
        "response carried out": "is_mitigated",
        "stage": "stage",
        "state": "state",
        "owner": "owner",
        "escalated to": "escalated_to",
        "next action": "next_action",
        "review": "review_on",
    },
    ("risk", "probability"),
    frozenset({"name", "kind", "probability", "stage", "state", "is_mitigated"}),
)
ISSUES = RegisterTable(
    "issues",
    "issue",
    {
        "issue": "key",
        "name": "name",
        "note": "note",
        "owner": "owner",
        "due": "due",
        "days": "days",
        "money": "money",
        "state": "state",
        "resolution": "resolution",
        "from the risk": "risk_key",
        "raised": "raised_at",
    },
    ("issue", "name"),
    frozenset({"name", "state", "resolution"}),
    frozenset({"risk_key", "raised_at"}),
)
ASSUMPTIONS = RegisterTable(
    "assumptions",
    "assumption",
    {
        "assumption": "key",
        "name": "name",
        "rests on it": "rests_on_it",
        "watched by": "criterion",
        "bound": "bound",
        "owner": "owner",
        "review": "review_on",
        "state": "state",
        "note": "note",
    },
    ("assumption", "name"),
    frozenset({"name", "state"}),
)
DECISIONS = RegisterTable(
    "decisions",
    "decision",
    {
        "decision": "key",
        "question": "question",
        "background": "background",
        "owner": "owner",
        "due": "due",
        "recommended": "recommended",
        "reopen when": "reopen_when",
        "state": "state",
        "options": "options",
        "chosen": "chosen",
        "taken": "taken_at",
        "reason": "reason",
        "P80 as promised": "promised",
    },
    ("decision", "question"),
    frozenset({"question", "state"}),
    frozenset({"options", "chosen", "taken_at", "reason", "promised"}),
)
#: The registers that go out and come back as tables, by what addresses call them.
TABLES: Mapping[str, RegisterTable] = {
    one.sort: one for one in (RISKS, ISSUES, ASSUMPTIONS, DECISIONS)
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a register as it stands: its version, and its cells by field as text."""

    key: str
    version: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row that was read: its line in the file, the entry's key, and its fields as text."""

    number: int
    key: str
    fields: Mapping[str, str]

    def repeats(self, held: Entry | None) -> bool:
        """Say whether it tells nothing that an entry does not hold already."""
        return held is not None and all(
            held.cells.get(name) == value for name, value in self.fields.items()
        )


def table_rows(table: RegisterTable, entries: Sequence[Entry]) -> list[list[str]]:
    """Return entries as rows of text, the first of headings."""
    rows = [table.headings]
    rows += [[one.cells[name] for name in table.columns.values()] for one in entries]
    return rows


def read_table(
    table: RegisterTable, lines: Sequence[tuple[int, Sequence[str]]], name: str
) -> list[TableRow]:
    """Return the rows of a table as text, each with the line of the file it stands on.

    The heading is the first row that names what is needed. Raises Invalid without one, and for a
    heading that is no field.
    """
    for place, (_, cells) in enumerate(lines):
        heads = [cell.strip().lower() for cell in cells]
        if set(table.needed) <= set(heads):
            columns = [_column(table, head, name) for head in heads]
            rest = lines[place + 1 :]
            return [_row(table, number, row, columns) for number, row in rest if any(row)]
    wanted = " and ".join(f"'{one.capitalize()}'" for one in table.needed)
    sentence = f"{name} has no heading with {wanted}; export the register to see its columns."
    raise Invalid(sentence)


def cell(value: object) -> str:
    """Return a value as a cell that reading understands."""
    if isinstance(value, tuple):
        return range_text(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _column(table: RegisterTable, head: str, name: str) -> str | None:
    if not head:
        return None
    found = {each.lower(): column for each, column in table.columns.items()}
    if head not in found:
        sentence = f"{name} has a column '{head[:40]}'; known are {', '.join(table.headings)}."
        raise Invalid(sentence)
    return found[head]


def _row(
    table: RegisterTable, number: int, cells: Sequence[str], columns: Sequence[str | None]
) -> TableRow:
    told = {
        column: restored(cells[place].strip()) if place < len(cells) else ""
        for place, column in enumerate(columns)
        if column is not None and column not in table.told
    }
    fields = {name: text for name, text in told.items() if text or name not in table.kept}
    return TableRow(number, fields.pop("key", ""), fields)
