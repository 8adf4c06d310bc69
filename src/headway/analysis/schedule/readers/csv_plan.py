"""The plan file in CSV: id, name, optimistic, most_likely, pessimistic, after; times from 0."""

from __future__ import annotations

import csv
import io
import re

from headway.analysis.documents.text import Node, Scalar, Table
from headway.analysis.schedule.plan import Estimate, Item, Link, Plan
from headway.analysis.schedule.readers.fields import Fields
from headway.analysis.schedule.readers.links import read_link
from headway.analysis.schedule.soundness import MOST_ITEMS
from headway.errors import Invalid, Problem

COLUMNS = ("id", "name", "optimistic", "most_likely", "pessimistic", "after")
NUMBERS = COLUMNS[2:5]
_GUARDED = re.compile(r"'\s*[=+@＝＋－＠-]")


def read_csv(text: str, name: str) -> tuple[Plan, list[Problem]]:
    """Return the plan and the problems of its form. Raises Invalid when the header is not ours,
    a quote is never closed, or there are more rows than a plan may have items.

    `after` holds entries as in YAML, separated by semicolons or commas. One of the three numbers
    alone, most_likely, is certain. Empty lines are skipped.
    """
    # Strict, because a quote that is never closed would swallow the rows below it.
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    problems: list[Problem] = []
    try:
        header = [cell.strip() for cell in next(reader, [])]
        _require_columns(header, name)
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        sentence = f"{name}, line {reader.line_num} is not CSV: {error}; correct it there."
        raise Invalid(sentence) from error
    if len(rows) > MOST_ITEMS:
        sentence = f"{name} has {len(rows):,} items; the most is {MOST_ITEMS:,}. Split it."
        raise Invalid(sentence)
    tables = [_fields(header, row, line, problems) for line, row in rows]
    ids = {item_id for fields in tables if (item_id := fields.text("id")) is not None}
    items = [item for fields in tables if (item := _item(fields, ids)) is not None]
    return Plan(name=name, items=tuple(items)), problems


def _require_columns(header: list[str], name: str) -> None:
    unknown = [column for column in header if column not in COLUMNS]
    if "id" in header and "most_likely" in header and not unknown:
        if len(set(header)) == len(header):
            return
        unknown = [column for column in header if header.count(column) > 1]
    sentence = (
        f"{name}, line 1: the columns are {', '.join(header) or 'missing'}; "
        f"a plan in CSV has {', '.join(COLUMNS)}"
        + (f", so remove or rename {', '.join(map(repr, unknown))}." if unknown else ".")
    )
    raise Invalid(sentence, [Problem("line 1", sentence)])


def _fields(header: list[str], row: list[str], line: int, problems: list[Problem]) -> Fields:
    pairs = [
        (Scalar(column, True, line), Scalar(_unguarded(cell.strip()), True, line))
        for column, cell in zip(header, row, strict=False)
    ]
    place = _unguarded(row[header.index("id")].strip()) if header.index("id") < len(row) else ""
    fields = Fields(Table(tuple(pairs), line), f"item {place}" if place else "row", problems, ())
    if len(row) > len(header):
        fields.note(
            f"The row has {len(row)} cells under {len(header)} columns; quote commas.", line
        )
    return fields


def _unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that keeps spreadsheets from computing it."""
    return cell[1:] if _GUARDED.match(cell) else cell


def _item(fields: Fields, ids: set[str]) -> Item | None:
    line = fields.table.line
    item_id = fields.text("id")
    if item_id is None:
        if fields.node("id") is None:
            fields.note("The row has no `id`; give it one.", line)
        return None
    return Item(
        id=item_id,
        name=fields.text("name") or "",
        estimate=_estimate(fields),
        after=_links(fields.nodes.get("after"), ids),
        line=line,
    )


def _estimate(fields: Fields) -> Estimate | None:
    written = [key for key in NUMBERS if fields.node(key) is not None]
    numbers = [number for key in written if (number := fields.number(key)) is not None]
    if len(numbers) < len(written):
        return None
    if written == ["most_likely"]:
        return Estimate.certain(numbers[0])
    if len(numbers) == 3:
        return Estimate(numbers[0], numbers[1], numbers[2])
    if written:
        sentence = f"Only {', '.join(written)} is given; give all three numbers, or most_likely."
        fields.note(sentence, fields.table.line)
    return None


def _links(node: Node | None, ids: set[str]) -> tuple[Link, ...]:
    cell = node.text if isinstance(node, Scalar) else ""
    if cell in ids:
        return (Link(cell),)
    parts = cell.split(";") if ";" in cell else cell.split(",")
    return tuple(read_link(part, ids) for part in parts if part.strip())
