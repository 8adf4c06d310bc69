"""Taking a table into a register row by row: each whole or refused, and a second time nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from django.db import transaction

from headway.connectors.tables.sheets import sheet_lines
from headway.connectors.tables.text import decoded, lines_of
from headway.errors import HeadwayError, Invalid

#: A table of so many bytes and rows is no register that people keep.
MOST_BYTES = 2_000_000
_MOST_ROWS = 5_000
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

#: What became of a row that was taken.
Taken = Literal["created", "changed", "unchanged"]


class Row(Protocol):
    """A row that was read."""

    @property
    def number(self) -> int:
        """Its line in the file."""

    @property
    def key(self) -> str:
        """The key of what it names."""


RowT = TypeVar("RowT", bound=Row)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken: its line in the file, the key of what it names, and why."""

    number: int
    key: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TableImport:
    """What an import did, or would do: what it named by key, and the rows it refused."""

    created: Sequence[str]
    changed: Sequence[str]
    unchanged: Sequence[str]
    refused: Sequence[RefusedRow]

    @property
    def words(self) -> str:
        """Say how many rows became what."""
        new, changed, same = (len(one) for one in (self.created, self.changed, self.unchanged))
        return f"{new} new, {changed} changed, {same} as before, {len(self.refused)} refused"


def read_lines(data: bytes, name: str) -> list[tuple[int, list[str]]]:
    """Return the lines of a CSV or a workbook, each with its number in the file.

    Raises Invalid for what is too large, or no table.
    """
    if len(data) > MOST_BYTES:
        sentence = f"{name} has {len(data):,} bytes; at most {MOST_BYTES:,} are read."
        raise Invalid(sentence)
    if data.startswith(_WORKBOOKS):
        found = sheet_lines(data, name)[2]
    else:
        found = lines_of(decoded(data, name)[0], name, _MOST_ROWS + 1)
    if len(found) > _MOST_ROWS:
        sentence = f"{name} has more than {_MOST_ROWS:,} rows; no register has so many."
        raise Invalid(sentence)
    return [(number, list(cells)) for number, cells in found]


def take_rows(
    rows: Sequence[RowT], take: Callable[[RowT], Taken], *, thing: str, dry_run: bool
) -> TableImport:
    """Let `take` set what each row says; a row that it refuses leaves nothing behind.

    `thing` is what a row names ("line"), for sentences. Of rows with the same key the first is
    taken. With `dry_run` nothing is kept.
    """
    done: dict[Taken, list[str]] = {"created": [], "changed": [], "unchanged": []}
    refused: list[RefusedRow] = []
    seen: set[str] = set()
    with transaction.atomic():
        for row in rows:
            try:
                with transaction.atomic():
                    _require_one(row, seen, thing)
                    done[take(row)].append(row.key)
            except HeadwayError as error:
                refused.append(RefusedRow(row.number, row.key, str(error)))
            else:
                seen.add(row.key)
        if dry_run:
            transaction.set_rollback(True)
    return TableImport(done["created"], done["changed"], done["unchanged"], refused)


def _require_one(row: Row, seen: set[str], thing: str) -> None:
    if not row.key:
        sentence = f"The row names no {thing}; write its key into the first column."
        raise Invalid(sentence)
    if row.key in seen:
        sentence = f"The {thing} '{row.key}' stands in the file twice; the first one was taken."
        raise Invalid(sentence)
