"""A table as it stands in a file: one header, rows of text, each with the line it was read on."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from headway.connectors.tables.header import find_header
from headway.connectors.tables.sheets import sheet_lines
from headway.connectors.tables.text import Line, decoded, lines_of
from headway.errors import Invalid

#: What is taken of a file before anything is made of it.
MOST_BYTES = 64 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 1_000
#: What other things begin with that people name .csv or .xls.
_OTHERS = (
    (b"%PDF", "is a PDF"),
    (b"\x89PNG", "is a picture"),
    (b"\xff\xd8\xff", "is a picture"),
    (b"{", "is JSON"),
    (b"<", "is a web page or XML, whatever its name says"),
    (b"7z\xbc\xaf", "is a packed archive"),
    (b"\x1f\x8b", "is a packed archive"),
)


@dataclass(frozen=True, slots=True)
class Grid:
    """`header` names the columns, each once; a row has as many cells. `lines` number the rows.

    `indents` count the spaces before a row's text where there are two or more: an outline's levels.
    `sheet` is the one that was read of `sheets` (empty for CSV); `notes` say how it was read.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    indents: tuple[int, ...] = ()

    def column(self, name: str) -> list[str]:
        """Return the cells below a heading."""
        place = self.header.index(name)
        return [row[place] for row in self.rows]


def read_grid(data: bytes, name: str, *, sheet: str = "") -> Grid:
    """Return the table in `data`, told by what it holds and not by its `name`.

    Raises Invalid with a sentence for what is empty, too large or no table.
    """
    _require_plausible(data, name)
    notes: list[str] = []
    sheets: tuple[str, ...] = ()
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        sheet, sheets, lines = sheet_lines(data, name, sheet)
        if len(sheets) > 1:
            notes.append(f"Sheet '{sheet}' was read, of {len(sheets)}.")
    else:
        text, guess = decoded(data, name)
        notes += [guess] if guess else []
        lines = lines_of(text, name, MOST_ROWS + 101)
        if len(lines) > MOST_ROWS + 100:
            _too_many(name)
    indents = {line: indent for line, cells in lines if (indent := _indent(cells))}
    lines = [(line, row) for line, cells in lines if any(row := _cleaned(cells))]
    if len(lines) > MOST_ROWS:
        _too_many(name)
    if not lines:
        sentence = f"{name} holds no rows; export the table with its heading."
        raise Invalid(sentence)
    found = _grid(lines, name, sheet, sheets, notes)
    return replace(found, indents=tuple(indents.get(line, 0) for line in found.lines))


def _grid(
    lines: list[Line], name: str, sheet: str, sheets: tuple[str, ...], notes: list[str]
) -> Grid:
    header, first = find_header([row for _, row in lines])
    if len(header) > MOST_COLUMNS:
        sentence = f"{name} has {len(header):,} columns; at most {MOST_COLUMNS:,} are read."
        raise Invalid(sentence)
    if len(header) < 2 or not lines[first:]:
        sentence = (
            f"{name} has no table below a heading: "
            f"{len(header)} column and {len(lines[first:])} rows were found. "
            "Give it a row of headings, and a column for each."
        )
        raise Invalid(sentence)
    width = len(header)
    rows, numbers = [], []
    long = 0
    for line, row in lines[first:]:
        numbers.append(line)
        if len(row) == width:
            rows.append(tuple(row))
            continue
        long += any(row[width:])
        rows.append(tuple((row + [""] * (width - len(row)))[:width]))
    if long:
        told = f"{long} row{'s have' if long > 1 else ' has'} more cells than the heading"
        notes.append(f"{told}; those beyond it were not read.")
    return Grid(header, tuple(rows), tuple(numbers), sheet, sheets, tuple(notes))


def _require_plausible(data: bytes, name: str) -> None:
    if len(data) > MOST_BYTES:
        sentence = f"{name} has {len(data):,} bytes; at most {MOST_BYTES:,} are read. Export less."
        raise Invalid(sentence)
    head = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        sentence = f"{name} is empty; export the table again."
        raise Invalid(sentence)
    for mark, what in _OTHERS:
        if head.startswith(mark):
            sentence = f"{name} {what}; export the table as CSV or XLSX."
            raise Invalid(sentence)


def _too_many(name: str) -> None:
    sentence = f"{name} has more than {MOST_ROWS:,} rows; export what is open, or a shorter span."
    raise Invalid(sentence)


def _cleaned(cells: list[str]) -> list[str]:
    """Return a row's cells on one line each, without what cannot be seen."""
    whole = "".join(cells)
    if whole.isascii() and whole.isprintable():
        return [cell.strip() for cell in cells]
    return [_clean(cell) for cell in cells]


def _indent(cells: list[str]) -> int:
    """Return how many spaces stand before the first cell that begins with several."""
    if "  " not in "".join(cells):
        return 0
    return next(
        (len(one) - len(one.lstrip()) for one in cells if one[:2] == "  " and one.strip()), 0
    )


def _clean(cell: str) -> str:
    if cell.isprintable():
        # Of all spaces only the common one is printable; many at once are one.
        return cell.strip() if cell.isascii() else " ".join(cell.split())
    kept = "".join(
        " " if unicodedata.category(one) in {"Cc", "Cs", "Zs", "Cf"} else one for one in cell
    )
    return " ".join(kept.split())


def samples(grid: Grid, name: str, most: int = 3) -> Sequence[str]:
    """Return the first different cells of a column, for a person to tell what it holds."""
    return list(dict.fromkeys(cell for cell in grid.column(name) if cell))[:most]
