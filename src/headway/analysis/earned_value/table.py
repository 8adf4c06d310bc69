"""A table of status dates as CSV: date, pv, ev, ac; all cumulative, dates or numbered periods."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from headway.errors import Invalid, Problem

COLUMNS = ("date", "pv", "ev", "ac")
CURVE_COLUMNS = ("date", "pv")
MOST_ROWS = 100_000
#: Amounts above this are a slip of the keyboard, and would cost digits.
MOST_AMOUNT = Decimal(10) ** 15

#: Periods are numbered up to here: hours of a century.
MOST_PERIODS = 1_000_000

#: When a row holds: a day, or the number of a period since the start.
When = date | Decimal


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what was planned by then; earned and spent are None for a day yet to come."""

    when: When
    planned: Decimal
    earned: Decimal | None
    spent: Decimal | None


def read_table(text: str, name: str) -> Sequence[Row]:
    """Return the rows of a status table in order of time. Raises Invalid, each fault located."""
    return _read(text, name, COLUMNS)


def read_curve(text: str, name: str) -> Sequence[Row]:
    """Return the rows of a planned curve (date, pv) in order of time. Raises Invalid."""
    return _read(text, name, CURVE_COLUMNS)


def _read(text: str, name: str, wanted: Sequence[str]) -> Sequence[Row]:
    problems: list[Problem] = []
    rows = [
        row
        for line, cells in _cells(text, name, wanted)
        if (row := _row(line, cells, problems)) is not None
    ]
    _require_one_kind(rows, problems)
    if problems:
        first = problems[0]
        sentence = f"{name}, {first.where}: {first.sentence}"
        if len(problems) > 1:
            sentence = f"{name} cannot be read in {len(problems):,} places; correct them."
        raise Invalid(sentence, problems)
    if not rows:
        sentence = f"{name} has no rows; give one line a status date: {', '.join(wanted)}."
        raise Invalid(sentence)
    return sorted(rows, key=_place)


def _place(row: Row) -> Decimal:
    """Return where a row stands among others of its kind."""
    return Decimal(row.when.toordinal()) if isinstance(row.when, date) else row.when


def _cells(text: str, name: str, wanted: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Return the cells of each line by column. Raises Invalid for what is no such table."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        first = next((cells for cells in reader if any(cells)), [])
        header = [cell.strip().lower() for cell in first]
        missing = [column for column in wanted if column not in header]
        if missing or len(set(header)) != len(header):
            shown = ", ".join(cell[:40] for cell in header[:20]) or "missing"
            sentence = (
                f"{name}, line {max(reader.line_num, 1)}: the columns are {shown}; "
                f"a table of status dates has {', '.join(wanted)}, each once."
            )
            raise Invalid(sentence)
        found = []
        for cells in reader:
            if any(cell.strip() for cell in cells):
                padded = [*cells, *[""] * (len(header) - len(cells))]
                found.append((reader.line_num, dict(zip(header, padded, strict=False))))
    except csv.Error as error:
        sentence = f"{name}, line {reader.line_num} is not CSV: {error}; correct it there."
        raise Invalid(sentence) from error
    if len(found) > MOST_ROWS:
        sentence = f"{name} has {len(found):,} rows; the most is {MOST_ROWS:,}."
        raise Invalid(sentence)
    return found


def _row(line: int, cells: dict[str, str], problems: list[Problem]) -> Row | None:
    where = f"line {line}"
    before = len(problems)
    when = _when(where, cells["date"].strip(), problems)
    planned = _amount(where, "pv", cells["pv"], problems)
    earned = _amount(where, "ev", cells.get("ev", ""), problems)
    spent = _amount(where, "ac", cells.get("ac", ""), problems)
    if len(problems) == before and (earned is None) != (spent is None):
        sentence = "ev and ac are given together, or both left empty for a day yet to come."
        problems.append(Problem(where, sentence))
    if len(problems) == before and planned is None:
        problems.append(Problem(where, "pv is empty; give what was planned by then."))
    if len(problems) > before or when is None or planned is None:
        return None
    return Row(when, planned, earned, spent)


def _when(where: str, text: str, problems: list[Problem]) -> When | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    number = _number(text)
    if number is None or not 0 <= number <= MOST_PERIODS:
        sentence = f"date is {text[:40]!r}; write a day as 2026-11-30, or the number of a period."
        problems.append(Problem(where, sentence))
        return None
    return number


def _amount(where: str, column: str, text: str, problems: list[Problem]) -> Decimal | None:
    bare = text.strip()
    if not bare:
        return None
    number = _number(bare)
    if number is None or not 0 <= number <= MOST_AMOUNT:
        sentence = (
            f"{column} is {bare[:40]!r}; write a plain amount from 0, without currency or "
            "separators."
        )
        problems.append(Problem(where, sentence))
        return None
    return number


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _require_one_kind(rows: Sequence[Row], problems: list[Problem]) -> None:
    """Refuse days and periods in one table, and a moment that stands there twice."""
    kinds = {isinstance(row.when, date) for row in rows}
    if len(kinds) > 1:
        problems.append(Problem("date", "days and numbered periods are mixed; use one of them."))
    times = Counter(row.when for row in rows)
    twice = next((when for when, count in times.items() if count > 1), None)
    if twice is not None:
        problems.append(Problem("date", f"{twice} stands there twice; keep one row of it."))
