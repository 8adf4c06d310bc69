"""Runs from a CSV file: one line a run, the columns named by the question."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import isfinite, sqrt

from headway.analysis.attainment.history import MOST_RUNS, Run
from headway.errors import Invalid

_DAY = 86_400.0
FIRST_YEAR, LAST_YEAR = 1900, 2200


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column says what; "" where none does. `size` counts the rows behind a share."""

    metric: str
    time: str = "time"
    evaluation: str = ""
    error: str = ""
    size: str = ""
    effort: str = ""
    confirmed: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Runs, whether their times are days of the calendar, and how many lines had no metric."""

    runs: Sequence[Run]
    dated: bool
    without: int


def read_runs(text: str, name: str, columns: Columns) -> Table:
    """Return the runs of a CSV file. Raises Invalid, naming the line."""
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        _require_columns(reader.fieldnames or (), columns, name)
        lines = [(reader.line_num, line) for line in reader]
    except csv.Error as error:
        sentence = f"{name}, line {reader.line_num} is not CSV: {error}; correct it there."
        raise Invalid(sentence) from error
    if len(lines) > MOST_RUNS:
        sentence = f"{name} has {len(lines):,} runs; the most is {MOST_RUNS:,}."
        raise Invalid(sentence)
    found: list[Run] = []
    kinds: set[bool] = set()
    without = 0
    for number, line in lines:
        where = f"{name}, line {number}"
        value = _number(where, columns.metric, line)
        if value is None:
            without += 1
            continue
        at, dated = _time(where, columns.time, line)
        kinds.add(dated)
        found.append(_run(where, columns, line, (at, value)))
    if len(kinds) > 1:
        sentence = f"{name}: {columns.time!r} mixes days and numbers; use one of them."
        raise Invalid(sentence)
    return Table(found, True in kinds, without)


def _run(
    where: str, columns: Columns, line: Mapping[str, str | None], seen: tuple[float, float]
) -> Run:
    at, value = seen
    error = _number(where, columns.error, line)
    size = _number(where, columns.size, line)
    if error is None and size is not None:
        error = _error_of_share(where, value, size)
    return Run(
        at,
        value,
        (line.get(columns.evaluation) or "").strip() if columns.evaluation else "",
        error,
        _number(where, columns.effort, line),
        _number(where, columns.confirmed, line),
    )


def _error_of_share(where: str, value: float, size: float) -> float:
    if size < 1 or not 0 <= value <= 1:
        sentence = (
            f"{where}: a metric of {value:g} on {size:g} rows is no share of rows; give its "
            f"standard error instead."
        )
        raise Invalid(sentence)
    return sqrt(value * (1.0 - value) / size)


def _require_columns(header: Sequence[str], columns: Columns, name: str) -> None:
    asked = (columns.metric, columns.time, columns.evaluation, columns.error, columns.size)
    for column in (*asked, columns.effort, columns.confirmed):
        if column and header.count(column) != 1:
            shown = ", ".join(cell[:40] for cell in header[:20]) or "no header"
            what = (
                f"more than one column {column!r}" if column in header else f"no column {column!r}"
            )
            sentence = f"{name} has {what}; its columns are {shown}."
            raise Invalid(sentence)


def _number(where: str, column: str, line: Mapping[str, str | None]) -> float | None:
    """Return a cell as a number; None where it is empty, NaN, or no column was named."""
    text = (line.get(column) or "").strip() if column else ""
    if not text or text.lower() in ("nan", "null", "none"):
        return None
    try:
        number = float(text)
    except ValueError:
        number = float("inf")
    if not isfinite(number):
        sentence = f"{where}: {column} is {text[:40]!r}; write a number, or leave it empty."
        raise Invalid(sentence)
    return number


def _time(where: str, column: str, line: Mapping[str, str | None]) -> tuple[float, bool]:
    """Return a time in days, and whether they are days of the calendar."""
    text = (line.get(column) or "").strip()
    try:
        return days_of(datetime.fromisoformat(text)), True
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        sentence = (
            f"{where}: {column} is {text[:40]!r}; write a day or a time of {FIRST_YEAR} to "
            f"{LAST_YEAR} as 2026-11-30T09:00Z."
        )
        raise Invalid(sentence)
    return number, False


def days_of(moment: datetime) -> float:
    """Return a moment as days of the calendar (in UTC where it has a zone).

    Raises ValueError outside of the years in which runs are made and looked ahead from.
    """
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(moment.year)
    utc = moment.astimezone(UTC) if moment.tzinfo else moment
    seconds = utc.hour * 3600 + utc.minute * 60 + utc.second
    return utc.toordinal() + seconds / _DAY


def day_at(days: float) -> date | None:
    """Return the day of the calendar that `days` falls on; None beyond it."""
    if not 1 <= days < date.max.toordinal():
        return None
    return date.fromordinal(int(days))
