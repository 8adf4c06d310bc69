"""A grid and a mapping in, rows of work out; what could not be read is named by line and column."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from headway.connectors.tables.dates import day_in
from headway.connectors.tables.grid import Grid
from headway.connectors.tables.mapping import Mapping
from headway.connectors.tables.numbers import is_believable, length_in, number_in
from headway.connectors.tables.words import Field, plain, progress_of, says_milestone
from headway.connectors.work import Link, Progress, Unit, WorkRead, WorkRow
from headway.errors import Invalid, Problem

_LONGEST_KEY, _LONGEST_NAME = 60, 300
_TOTALS = frozenset(
    ("total", "totals", "sum", "summe", "gesamt", "totale", "suma", "итого", "合计")
)
_LINK = re.compile(
    r"^(?P<key>.+?)\s*(?P<kind>FS|SS|FF|SF|EA|AA|EE|AE)?\s*(?P<lag>[+-]\s*[\d.,]+\s*[^\W\d]*)?$"
)
_GERMAN = {"EA": "FS", "AA": "SS", "EE": "FF", "AE": "SF"}
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")


def rows_of(grid: Grid, mapping: Mapping) -> WorkRead:
    """Return the items of `grid` as `mapping` says. Raises Invalid for a column it has not."""
    _require_columns(grid, mapping)
    reader = _Reader(grid, mapping)
    levels = reader.levels()
    for number, row in enumerate(grid.rows):
        reader.take(number, row)
    rows = _with_outline(reader, levels) if levels else reader.rows
    return WorkRead(len(grid.rows), tuple(rows), tuple(reader.skipped), grid.notes)


def _require_columns(grid: Grid, mapping: Mapping) -> None:
    for name, headings in mapping.columns.items():
        for heading in headings:
            if heading not in grid.header:
                told = ", ".join(grid.header[:15])
                sentence = (
                    f"The mapping reads '{name}' from column '{heading[:60]}', which the table "
                    f"does not have; its columns are {told}."
                )
                raise Invalid(sentence)


class _Reader:
    """The reading of one table: what is known of its columns, what was read, what was skipped."""

    def __init__(self, grid: Grid, mapping: Mapping) -> None:
        self.mapping = mapping
        self.grid = grid
        self.places = {
            name: [grid.header.index(heading) for heading in headings]
            for name, headings in mapping.columns.items()
        }
        self.words = {plain(word): state for word, state in mapping.words.items()}
        self.rows: list[WorkRow] = []
        self.numbers: list[int] = []
        self.skipped: list[Problem] = []
        self.first: dict[str, int] = {}
        self.faults: list[Problem] = []

    def levels(self) -> list[str]:
        """Return the outline levels of the rows; nothing where the table has none."""
        places = self.places.get(Field.LEVEL)
        return [row[places[0]] for row in self.grid.rows] if places else []

    def take(self, number: int, row: Sequence[str]) -> None:
        """Read one row, or skip it with its reason."""
        line = self.grid.lines[number]
        where = f"line {line}"
        name, key = self.cell(row, Field.NAME)[:_LONGEST_NAME], self.cell(row, Field.KEY)
        if not name and not (key and self._says_more(row)):
            self.skipped.append(Problem(where, "The row has no name; it is no item."))
            return
        if not key and plain(name) in _TOTALS:
            self.skipped.append(Problem(where, f"'{name}' is a sum, not an item."))
            return
        key = key_of(key or name)
        if key in self.first:
            first = self.first[key]
            sentence = f"'{key}' stands on line {first} already; that row was kept, not this one."
            self.skipped.append(Problem(where, sentence))
            return
        self.first[key] = line
        self.faults = []
        self.rows.append(self._row(row, key, name or key, where))
        self.numbers.append(number)

    def _says_more(self, row: Sequence[str]) -> bool:
        return any(self.cell(row, name) for name in (Field.STATUS, Field.DUE, Field.ESTIMATE))

    def _row(self, row: Sequence[str], key: str, name: str, where: str) -> WorkRow:
        started, finished = (
            self._day(row, Field.STARTED, where),
            self._day(row, Field.FINISHED, where),
        )
        progress = self._progress(row, started, finished)
        estimate, unit = self._estimate(row, where)
        kind = self.cell(row, Field.KIND)
        start = self._day(row, Field.START, where)
        low, high = self._length(row, Field.LOW, where), self._length(row, Field.HIGH, where)
        low, estimate, high = self._ordered(low, estimate, high, where)
        owner = self.cell(row, Field.ASSIGNEE)[:200]
        return WorkRow(
            key=key,
            name=name,
            where=where,
            progress=progress,
            is_milestone=says_milestone(kind),
            parent=key_of(parent) if (parent := self.cell(row, Field.PARENT)) else "",
            estimate=estimate,
            low=low,
            high=high,
            unit=unit,
            not_before=start,
            due=self._day(row, Field.DUE, where),
            created_at=_noon(self._day(row, Field.CREATED, where)),
            started_at=_noon(started),
            finished_at=_noon(finished) if progress is Progress.FINISHED else None,
            assignee="" if _EMAIL.search(owner) else owner,
            kind=kind[:60],
            links=self._links(row, Field.BEFORE, where),
            blocks=tuple(link.other for link in self._links(row, Field.AFTER, where)),
            faults=tuple(self.faults),  # last: reading the fields above finds them
        )

    def cell(self, row: Sequence[str], name: Field) -> str:
        """Return the first filled cell of a field's columns."""
        for place in self.places.get(name, ()):
            if row[place]:
                return row[place]
        return ""

    def blame(self, where: str, name: Field, cell: str, what: str) -> None:
        """Note that a cell could not be used; the item stands without it."""
        heading = self.mapping.columns[name][0]
        sentence = f"'{heading}' says '{cell[:40]}', {what}; the item stands without it."
        self.faults.append(Problem(where, sentence))

    def _day(self, row: Sequence[str], name: Field, where: str) -> date | None:
        cell = self.cell(row, name)
        if not cell:
            return None
        day = day_in(cell, self.mapping.order)
        if day is None:
            self.blame(where, name, cell, "which is no date between 1990 and 2199")
        return day

    def _length(
        self, row: Sequence[str], name: Field, where: str, unit: str | None = None
    ) -> float | None:
        cell = self.cell(row, name)
        if not cell:
            return None
        length = length_in(cell, unit or self.mapping.unit, comma=self.mapping.comma)
        if length is None:
            self.blame(where, name, cell, "which is no length of time")
        elif not is_believable(length):
            what = "which is negative" if length < 0 else "which is longer than work can take"
            self.blame(where, name, cell, what)
            length = None
        return length

    def _estimate(self, row: Sequence[str], where: str) -> tuple[float | None, Unit]:
        unit = self.mapping.unit
        in_days = self._length(row, Field.ESTIMATE, where)
        if in_days is not None:
            return in_days, Unit.POINTS if unit == "points" else Unit.DAYS
        points = self._length(row, Field.POINTS, where, "points")
        return points, Unit.POINTS if points is not None else Unit.DAYS

    def _ordered(
        self, low: float | None, middle: float | None, high: float | None, where: str
    ) -> tuple[float | None, float | None, float | None]:
        """Return the range as given; one that runs backwards is not one."""
        if low is None or high is None:
            return None, middle if middle is not None else low if low is not None else high, None
        if middle is None:
            middle = (low + high) / 2
        if low <= middle <= high:
            return low, middle, high
        self.blame(
            where, Field.LOW, f"{low:g}/{middle:g}/{high:g}", "which is no range from low to high"
        )
        return None, sorted((low, middle, high))[1], None

    def _progress(
        self, row: Sequence[str], started: date | None, finished: date | None
    ) -> Progress:
        word = self.cell(row, Field.STATUS)
        said = self.words.get(plain(word)) or progress_of(word)
        share = number_in(self.cell(row, Field.DONE).rstrip("% "), comma=self.mapping.comma)
        if said is None and share is not None:
            whole = 100.0 if "%" in self.cell(row, Field.DONE) or share > 1 else 1.0
            said = Progress.FINISHED if share >= whole else Progress.STARTED if share else None
        if said is None and finished is not None:
            return Progress.FINISHED
        if said in (None, Progress.WAITING) and started is not None:
            return Progress.STARTED
        return said or Progress.WAITING

    def _links(self, row: Sequence[str], name: Field, where: str) -> tuple[Link, ...]:
        found: list[Link] = []
        for place in self.places.get(name, ()):
            for part in re.split(r"[;,\n]", row[place]) if row[place] else ():
                if part.strip():
                    found.append(self._link(part.strip(), name, where))
        return tuple(dict.fromkeys(found))[:200]

    def _link(self, text: str, name: Field, where: str) -> Link:
        match = _LINK.match(text)
        if match is None or not (match["kind"] or match["lag"]) or text in self.first:
            return Link(key_of(text))
        lag = 0.0
        if match["lag"]:
            length = length_in(match["lag"].replace(" ", ""), "days", comma=self.mapping.comma)
            if length is None:
                self.blame(where, name, text, "whose lag is no length of time")
            lag = length or 0.0
        kind = match["kind"] or "FS"
        return Link(key_of(match["key"]), _GERMAN.get(kind, kind), lag)


def key_of(text: str) -> str:
    """Return a key that fits, the same for the same text: long ones end in a digest of all."""
    if len(text) <= _LONGEST_KEY and not re.search(r"[/\\]", text):
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{re.sub(r'[/]+', '-', text)[: _LONGEST_KEY - 9]}~{digest}"


def _noon(day: date | None) -> datetime | None:
    """Return a moment of that day: tables rarely say whose clock their times are of."""
    return datetime.combine(day, time(12), UTC) if day else None


def _with_outline(reader: _Reader, levels: Sequence[str]) -> list[WorkRow]:
    """Give each row the last one above it of a smaller outline level as its parent."""
    above: list[tuple[float, str]] = []
    found = []
    for number, row in zip(reader.numbers, reader.rows, strict=True):
        level = number_in(levels[number], comma=False)
        if level is not None:
            while above and above[-1][0] >= level:
                above.pop()
            parent = row.parent or (above[-1][1] if above else "")
            above.append((level, row.key))
            row = replace(row, parent=parent)
        found.append(row)
    return found
