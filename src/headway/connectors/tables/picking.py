"""Which rows of a table are items of work: those with a name, no sums, each key once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from headway.connectors.tables.grid import Grid
from headway.connectors.tables.mapping import Mapping
from headway.connectors.tables.words import Field, names_heading, plain
from headway.errors import Problem

_LONGEST_KEY, _LONGEST_NAME = 60, 300
_TOTALS = frozenset(
    ("total", "totals", "sum", "summe", "gesamt", "totale", "suma", "итого", "合计")
)


@dataclass(frozen=True, slots=True)
class Picked:
    """The items of a table: the numbers of their rows, their keys and names; what was skipped."""

    numbers: Sequence[int]
    keys: Sequence[str]
    names: Sequence[str]
    skipped: Sequence[Problem]


class Cells:
    """The cells of a table by field: the columns of its rows, turned once."""

    def __init__(self, grid: Grid, mapping: Mapping) -> None:
        self.count = len(grid.rows)
        columns = list(zip(*grid.rows, strict=True))
        self.columns = {
            name: [columns[grid.header.index(heading)] for heading in headings]
            for name, headings in mapping.columns.items()
            if headings
        }

    def of(self, name: Field) -> Sequence[str]:
        """Return for each row the first filled cell of the field's columns."""
        columns = self.columns.get(name)
        if columns is None:
            return [""] * self.count
        if len(columns) == 1:
            return columns[0]
        return [next(filter(None, cells), "") for cells in zip(*columns, strict=True)]


def picked(grid: Grid, cells: Cells) -> Picked:
    """Return the rows of `grid` that are items; each other one is skipped with its reason."""
    names, keys = cells.of(Field.NAME), cells.of(Field.KEY)
    more = [cells.of(field) for field in (Field.STATUS, Field.DUE, Field.ESTIMATE)]
    first: dict[str, int] = {}
    numbers, kept, skipped = [], [], []
    for number, (name, key) in enumerate(zip(names, keys, strict=True)):
        name = name[:_LONGEST_NAME]
        said = key_of(key or name)
        reason = ""
        if not name and not (key and any(column[number] for column in more)):
            reason = "The row has no name; it is no item."
        elif name and names_heading(name) and sum(map(bool, grid.rows[number])) == 1:
            reason = f"'{name}' stands alone on its line: a heading, not an item."
        elif not key and plain(name) in _TOTALS:
            reason = f"'{name}' is a sum, not an item."
        elif said in first:
            line = grid.lines[first[said]]
            reason = f"'{said}' stands on line {line} already; that row was kept, not this one."
        if reason:
            skipped.append(Problem(f"line {grid.lines[number]}", reason))
            continue
        first[said] = number
        numbers.append(number)
        kept.append(name or said)
    return Picked(numbers, list(first), kept, skipped)


def key_of(text: str) -> str:
    """Return a key that fits, the same for the same text: long ones end in a digest of all."""
    if len(text) <= _LONGEST_KEY and "/" not in text and "\\" not in text:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{re.sub(r'[/]+', '-', text)[: _LONGEST_KEY - 9]}~{digest}"
