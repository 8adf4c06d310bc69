"""Where a table begins: below a preamble, under one heading row or two merged ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from headway.connectors.tables.words import field_of

#: Rows looked at for the heading: titles, dates of export and filters stand above it.
_DEEPEST = 40


def find_header(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], int]:
    """Return the headings, each different, and the number of the first row below them."""
    place = _place(rows)
    if place + 1 < len(rows) and _is_lower(rows[place + 1], rows[place]):
        place += 1
    width = max(len(rows[place]), len(rows[place - 1]) if place else 0)
    names = [*rows[place], *[""] * (width - len(rows[place]))]
    above = rows[place - 1] if place else []
    if _is_upper(above, names):
        names = [
            f"{upper} {lower}" if lower and upper and upper != lower else lower or upper
            for upper, lower in zip(_filled(above, len(names)), names, strict=True)
        ]
    below = [row for row in rows[place + 1 :][: _DEEPEST * 5] if row]
    used = max((len(row) for row in below), default=0)
    while names and not names[-1] and used < len(names):
        names.pop()
    return _different(names), place + 1


def _place(rows: Sequence[Sequence[str]]) -> int:
    """Return the row that names most known fields; else the first as full as the rows below."""
    head = rows[:_DEEPEST]
    known = [len({field_of(cell) for cell in row if cell} - {None}) for row in head]
    best = max(range(len(head)), key=lambda number: (known[number], -number))
    if known[best] >= 2:
        return best
    widths = Counter(_width(row) for row in rows[: _DEEPEST * 5])
    usual = max(widths.items(), key=lambda one: (one[1], one[0]))[0]
    for number, row in enumerate(head):
        cells = [cell for cell in row if cell]
        if len(cells) >= max(2, usual * 0.6) and not any(_is_number(cell) for cell in cells):
            return number
    return 0


def _width(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell)


def _is_number(cell: str) -> bool:
    return cell.replace(".", "").replace(",", "").replace("-", "").isdigit()


def _is_upper(above: Sequence[str], names: Sequence[str]) -> bool:
    """Say whether the row above is a merged heading: its cells span columns that need it."""
    filled = [number for number, cell in enumerate(above[: len(names)]) if cell]
    if len(filled) < 2 or any(_is_number(above[number]) for number in filled):
        return False
    repeated = len({name for name in names if name}) < _width(names)
    return repeated or any(not names[number] for number in filled)


def _is_lower(row: Sequence[str], above: Sequence[str]) -> bool:
    """Say whether `row` is the second half of a heading: known words, and nothing else."""
    cells = [cell for cell in row if cell]
    spans = _width(above) < max(len(row), len(above))
    return bool(cells) and spans and all(field_of(cell) is not None for cell in cells)


def _filled(above: Sequence[str], width: int) -> list[str]:
    """Return the upper heading of each column: a merged cell holds for those right of it."""
    last, found = "", []
    for number in range(width):
        last = (above[number] if number < len(above) else "") or last
        found.append(last)
    return found


def _different(names: Sequence[str]) -> tuple[str, ...]:
    """Return names that differ: empty ones by their column, repeated ones by a number."""
    seen: Counter[str] = Counter()
    found = []
    for number, name in enumerate(names, start=1):
        told = name[:200] or f"column {number}"
        seen[told] += 1
        found.append(told if seen[told] == 1 else f"{told} ({seen[told]})")
    return tuple(found)
