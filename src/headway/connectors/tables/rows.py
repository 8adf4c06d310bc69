"""A grid and a mapping in, rows of work out; what could not be read is named by line and column.

Read column by column, each different cell once: the cells of a table repeat themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as Table
from dataclasses import fields
from datetime import UTC, date, datetime, time
from itertools import repeat
from typing import TypeVar

from headway.connectors.tables.dates import day_in
from headway.connectors.tables.grid import Grid
from headway.connectors.tables.links import Links
from headway.connectors.tables.mapping import Mapping
from headway.connectors.tables.numbers import is_believable, length_in, number_in, span_in
from headway.connectors.tables.picking import Cells, Picked, key_of, picked
from headway.connectors.tables.words import (
    Field,
    names_milestone,
    plain,
    progress_of,
    says_milestone,
)
from headway.connectors.work import Progress, Unit, WorkRead, WorkRow
from headway.errors import Invalid, Problem

Key = TypeVar("Key")
Value = TypeVar("Value")
_Range = tuple[float | None, float | None, float | None]  # low, middle, high
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")


def rows_of(grid: Grid, mapping: Mapping) -> WorkRead:
    """Return the items of `grid` as `mapping` says. Raises Invalid for a column it has not."""
    _require_columns(grid, mapping)
    cells = Cells(grid, mapping)
    items = picked(grid, cells)
    rows = _Reader(grid, mapping, items, cells).rows()
    return WorkRead(len(grid.rows), tuple(rows), tuple(items.skipped), grid.notes)


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
    """The reading of the picked rows, field after field; faults keep the order of the fields."""

    def __init__(self, grid: Grid, mapping: Mapping, items: Picked, cells: Cells) -> None:
        self.mapping = mapping
        self.grid = grid
        self.items = items
        self.all_cells = cells
        self.where = [f"line {grid.lines[number]}" for number in items.numbers]
        self.faults: dict[int, list[Problem]] = {}

    def rows(self) -> list[WorkRow]:
        """Return the rows of work, in the order of the table."""
        started, finished = self._days(Field.STARTED), self._days(Field.FINISHED)
        progress = self._progress(started, finished)
        estimates, units = self._estimates()
        start = self._days(Field.START)
        lows, highs = self._ends()
        ranges = self._ranges(lows, estimates, highs)
        due, created = self._days(Field.DUE), self._days(Field.CREATED)
        links = Links(self.grid, self.mapping, self.items, self.blame)
        before, after = links.of(Field.BEFORE), links.of(Field.AFTER)
        kinds = self.cells(Field.KIND)
        ended = [
            day if state is Progress.FINISHED else None
            for day, state in zip(finished, progress, strict=True)
        ]
        columns: dict[str, Iterable[object]] = {
            "key": self.items.keys,
            "name": self.items.names,
            "where": self.where,
            "progress": progress,
            "is_milestone": self._milestones(kinds, ranges),
            "parent": self._parents(),
            "low": [one[0] for one in ranges],
            "estimate": [one[1] for one in ranges],
            "high": [one[2] for one in ranges],
            "unit": units,
            "not_before": start,
            "due": due,
            "created_at": _each(created, _noon),
            "started_at": _each(started, _noon),
            "finished_at": _each(ended, _noon),
            "assignee": _each(self.cells(Field.ASSIGNEE), _owner),
            "kind": _each(kinds, lambda kind: kind[:60]),
            "links": self._sparse(before),
            "blocks": self._sparse(
                {place: tuple(link.other for link in found) for place, found in after.items()}
            ),
            "faults": self._sparse({place: tuple(told) for place, told in self.faults.items()}),
        }
        told = {one.name: one.default for one in fields(WorkRow)}
        return list(map(WorkRow, *(columns.get(name, repeat(told[name])) for name in told)))

    def _sparse(self, found: Table[int, tuple[object, ...]]) -> Iterable[object]:
        """Return what each item has of something that few have."""
        nothing: tuple[object, ...] = ()
        if not found:
            return repeat(nothing)
        return [found.get(place, nothing) for place in range(len(self.where))]

    def cells(self, name: Field) -> Sequence[str]:
        """Return each item's cell of a field: the first filled of its columns."""
        found = self.all_cells.of(name)
        if len(found) == len(self.items.numbers):
            return found
        return [found[number] for number in self.items.numbers]

    def blame(self, place: int, name: Field, cell: str, what: str) -> None:
        """Note that a cell could not be used; the item stands without it."""
        heading = self.mapping.columns[name][0]
        sentence = f"'{heading}' says '{cell[:40]}', {what}; the item stands without it."
        self.faults.setdefault(place, []).append(Problem(self.where[place], sentence))

    def _days(self, name: Field) -> list[date | None]:
        cells = self.cells(name)
        known = {cell: day_in(cell, self.mapping.order) for cell in set(cells) if cell}
        what = "which is no date between 1990 and 2199"
        wrong = {cell: what for cell, day in known.items() if day is None}
        self._blame_all(name, cells, wrong)
        return [known.get(cell) for cell in cells]

    def _lengths(
        self, name: Field, cells: Sequence[str] | None = None, unit: str = ""
    ) -> list[float | None]:
        told, comma = unit or self.mapping.unit, self.mapping.comma
        cells = self.cells(name) if cells is None else cells
        known = {cell: length_in(cell, told, comma=comma) for cell in set(cells) if cell}
        wrong = {cell: what for cell, length in known.items() if (what := _wrong(length))}
        self._blame_all(name, cells, wrong)
        return [None if cell in wrong else known.get(cell) for cell in cells]

    def _blame_all(self, name: Field, cells: Sequence[str], wrong: Table[str, str]) -> None:
        """Blame each of `cells` that is one of the `wrong` ones."""
        for place, cell in enumerate(cells if wrong else ()):
            if cell in wrong:
                self.blame(place, name, cell, wrong[cell])

    def _ends(self) -> tuple[list[float | None], list[float | None]]:
        """Return the ends of each range: of their own columns, else of a cell like "2-3 days"."""
        lows, highs = self._lengths(Field.LOW), self._lengths(Field.HIGH)
        for place, span in enumerate(_each(self.cells(Field.ESTIMATE), self._span)):
            if span is not None and lows[place] is None and highs[place] is None:
                lows[place], highs[place] = span
        return lows, highs

    def _span(self, cell: str) -> tuple[float, float] | None:
        return span_in(cell, self.mapping.unit, comma=self.mapping.comma)

    def _estimates(self) -> tuple[list[float | None], list[Unit]]:
        """Return each estimate and what it counts; story points where there is no length."""
        cells = self.cells(Field.ESTIMATE)
        spans = {cell for cell in set(cells) if self._span(cell) is not None}
        found = self._lengths(Field.ESTIMATE, ["" if one in spans else one for one in cells])
        told = Unit.POINTS if self.mapping.unit == "points" else Unit.DAYS
        units = [Unit.DAYS if length is None else told for length in found]
        if Field.POINTS in self.mapping.columns:
            cells = [
                "" if length is not None else cell
                for cell, length in zip(self.cells(Field.POINTS), found, strict=True)
            ]
            for place, points in enumerate(self._lengths(Field.POINTS, cells, "points")):
                if points is not None:
                    found[place], units[place] = points, Unit.POINTS
        return found, units

    def _ranges(
        self,
        lows: Sequence[float | None],
        middles: Sequence[float | None],
        highs: Sequence[float | None],
    ) -> list[_Range]:
        return [
            self._ordered(place, one)
            for place, one in enumerate(zip(lows, middles, highs, strict=True))
        ]

    def _ordered(self, place: int, told: _Range) -> _Range:
        """Return the range as given; one that runs backwards is not one."""
        low, middle, high = told
        if low is None or high is None:
            return None, middle if middle is not None else low if low is not None else high, None
        if middle is None:
            middle = (low + high) / 2
        if low <= middle <= high:
            return low, middle, high
        shown = f"{low:g}/{middle:g}/{high:g}"
        self.blame(place, Field.LOW, shown, "which is no range from low to high")
        return None, sorted((low, middle, high))[1], None

    def _progress(
        self, started: Sequence[date | None], finished: Sequence[date | None]
    ) -> list[Progress]:
        words = {plain(word): state for word, state in self.mapping.words.items()}
        said = _each(
            self.cells(Field.STATUS), lambda word: words.get(plain(word)) or progress_of(word)
        )
        done = _each(self.cells(Field.DONE), self._done)
        return [
            _state(word or share, begun, ended)
            for word, share, begun, ended in zip(said, done, started, finished, strict=True)
        ]

    def _done(self, cell: str) -> Progress | None:
        """Return what a percentage says; nothing where there is none, and for nothing done."""
        share = number_in(cell.rstrip("% "), comma=self.mapping.comma)
        if share is None:
            return None
        whole = 100.0 if "%" in cell or share > 1 else 1.0
        return Progress.FINISHED if share >= whole else Progress.STARTED if share else None

    def _levels(self) -> Sequence[float | None] | None:
        """Return each item's outline level: its column's, else how far its row is indented."""
        if Field.LEVEL in self.mapping.columns:
            return _each(self.cells(Field.LEVEL), lambda cell: number_in(cell, comma=False))
        if Field.PARENT in self.mapping.columns or not any(self.grid.indents):
            return None
        return [float(self.grid.indents[number]) for number in self.items.numbers]

    def _milestones(self, kinds: Sequence[str], ranges: Sequence[_Range]) -> list[bool]:
        """Say which items are milestones: by their kind, else by a name "Milestone 1: …"."""
        said = _each(kinds, says_milestone)
        named = _each(self.items.names, names_milestone)
        return [
            kind or (name and one == (None, None, None))
            for kind, name, one in zip(said, named, ranges, strict=True)
        ]

    def _parents(self) -> list[str]:
        """Return each item's parent: the one it names, else the last of a smaller outline level."""
        parents = _each(self.cells(Field.PARENT), key_of)
        levels = self._levels()
        if levels is None:
            return parents
        above: list[tuple[float, str]] = []
        for place, (level, key) in enumerate(zip(levels, self.items.keys, strict=True)):
            if level is None:
                continue
            while above and above[-1][0] >= level:
                above.pop()
            parents[place] = parents[place] or (above[-1][1] if above else "")
            above.append((level, key))
        return parents


def _each(values: Sequence[Key], reading: Callable[[Key], Value]) -> list[Value]:
    """Return what each of `values` is read as; equal ones are read once."""
    known = {value: reading(value) for value in set(values)}
    return [known[value] for value in values]


def _wrong(length: float | None) -> str:
    """Return what is wrong with a length; nothing with one that work may have."""
    if length is None:
        return "which is no length of time"
    if is_believable(length):
        return ""
    return "which is negative" if length < 0 else "which is longer than work can take"


def _state(said: Progress | None, started: date | None, finished: date | None) -> Progress:
    """Return how far an item is: by its word, else by its days."""
    if said is None and finished is not None:
        return Progress.FINISHED
    if said in (None, Progress.WAITING) and started is not None:
        return Progress.STARTED
    return said or Progress.WAITING


def _owner(cell: str) -> str:
    owner = cell[:200]
    return "" if _EMAIL.search(owner) else owner


def _noon(day: date | None) -> datetime | None:
    """Return a moment of that day: tables rarely say whose clock their times are of."""
    return datetime.combine(day, time(12), UTC) if day else None
