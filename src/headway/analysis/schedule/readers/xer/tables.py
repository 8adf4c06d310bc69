"""A Primavera P6 XER file as tables: %T names one, %F its fields, each %R is a row.

Cells are separated by tabs. A line that begins with none of these goes on where the row before it
ended: a note with line breaks. Text is UTF-8 or, as older versions write it, Windows-1252.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from headway.errors import Invalid, Problem

MOST_BYTES = 40_000_000
MOST_ROWS = 1_000_000
LONGEST = 200
FIRST_YEAR, LAST_YEAR = 1900, 2200
_NUMBER = re.compile(r"[+-]?(\d{1,30}[.,]?\d{0,30}|[.,]\d{1,30})([eE][+-]?\d{1,3})?")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2})(?::\d{2})?)?")


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its cells by field, and where it stands."""

    table: str
    cells: Mapping[str, str]
    line: int
    problems: list[Problem]

    def text(self, field_: str) -> str:
        """Return the cell, as it is written; empty when there is none."""
        return self.cells.get(field_, "").strip()

    def name(self, field_: str) -> str:
        """Return a name: one line of at most 200 characters that can be printed."""
        words = " ".join(self.text(field_).split())
        return "".join(sign for sign in words if sign.isprintable())[:LONGEST].strip()

    def number(self, field_: str) -> float | None:
        """Return the number of a cell; words, NaN and infinity are noted."""
        text = self.text(field_)
        if not text:
            return None
        plain = text.replace(",", ".")
        if _NUMBER.fullmatch(text) and math.isfinite(float(plain)):
            return float(plain)
        self.note(f"{field_} is {self.shown(field_)}; it has to be a finite number.")
        return None

    def amount(self, field_: str) -> Decimal:
        """Return the number of a cell exactly as written; 0 where there is none."""
        if self.number(field_) is None:
            return Decimal(0)
        return Decimal(self.text(field_).replace(",", "."))

    def moment(self, field_: str) -> datetime | None:
        """Return the date and time of a cell."""
        text = self.text(field_)
        if not text:
            return None
        written = _MOMENT.fullmatch(text)
        try:
            found = (
                datetime.fromisoformat(f"{written[1]} {written[2] or '00:00'}") if written else None
            )
        except ValueError:
            found = None
        if found is None:
            self.note(
                f"{field_} is {self.shown(field_)}; it has to be a date, like 2026-06-30 08:00."
            )
        elif not FIRST_YEAR <= found.year <= LAST_YEAR:
            years = f"{FIRST_YEAR} to {LAST_YEAR}"
            self.note(f"{field_} is {self.shown(field_)}; a plan's dates are in the years {years}.")
            return None
        return found

    def day(self, field_: str) -> date | None:
        """Return the date of a cell."""
        found = self.moment(field_)
        return None if found is None else found.date()

    def note(self, sentence: str) -> None:
        """Remember a problem of this row."""
        self.problems.append(Problem(f"{self.table}, line {self.line}", sentence))

    def shown(self, field_: str) -> str:
        """Return a cell, shortened for a message."""
        text = self.text(field_)
        return repr(text if len(text) <= 60 else text[:57] + "…")


@dataclass(slots=True)
class Tables:
    """The tables of a file by name; `problems` are those of its rows.

    A file `is_closed` that ends with %E, as each that P6 has written to its end does.
    """

    is_closed: bool
    rows: dict[str, list[Record]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def of(self, table: str) -> list[Record]:
        """Return the rows of a table; none when the file has no such table."""
        return self.rows.get(table, [])


def read_tables(data: bytes, name: str) -> Tables:
    """Return the tables of a file. Raises Invalid when it is none, or too large."""
    if len(data) > MOST_BYTES:
        sentence = f"{name} has {len(data):,} bytes; a plan in XER may have {MOST_BYTES:,}."
        raise Invalid(sentence)
    text = _decoded(data)
    if not text.startswith("ERMHDR"):
        sentence = f"{name} is no XER file: it does not begin with ERMHDR; export it from P6 again."
        raise Invalid(sentence, [Problem("line 1", sentence)])
    tables = Tables(is_closed=text.rstrip("\r\n\x00\x1a \t").endswith("%E"))
    if not tables.is_closed and not text.endswith("\n"):
        sentence = f"{name} is cut off: it ends within a line and without %E; export it again."
        raise Invalid(sentence)
    fields: list[str] = []
    table = ""
    for line, words in _lines(text, name):
        mark, *cells = words.split("\t")
        if mark == "%T":
            table, fields = (cells[0].strip() if cells else ""), []
        elif mark == "%F":
            fields = [cell.strip() for cell in cells]
        elif mark == "%R":
            _row(tables, table, fields, cells, line)
    return tables


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _lines(text: str, name: str) -> Iterator[tuple[int, str]]:
    """Yield each mark with all its lines, numbered by the first of them."""
    held: list[str] = []
    begun = 1
    count = 0
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip("\r")
        if line[:3] in ("%T\t", "%F\t", "%R\t", "%E") or line.startswith("ERMHDR"):
            if held:
                yield begun, "\n".join(held)
            held, begun = [line], number
            count += 1
            if count > MOST_ROWS:
                sentence = f"{name} has more than {MOST_ROWS:,} rows; export less."
                raise Invalid(sentence)
        elif held and line.strip("\x00\x1a \t"):
            held.append(line)
    if held:
        yield begun, "\n".join(held)


def _row(tables: Tables, table: str, fields: list[str], cells: list[str], line: int) -> None:
    """Keep a row. Empty cells at its end may be missing; too many cells are noted."""
    if not table or not fields:
        sentence = "A row stands before the fields of its table (%T, %F); export the file again."
        tables.problems.append(Problem(f"line {line}", sentence))
        return
    if len(cells) > len(fields) and any(cell.strip() for cell in cells[len(fields) :]):
        sentence = f"The row has {len(cells)} cells under {len(fields)} fields; export it again."
        tables.problems.append(Problem(f"{table}, line {line}", sentence))
        return
    record = Record(table, dict(zip(fields, cells, strict=False)), line, tables.problems)
    tables.rows.setdefault(table, []).append(record)
