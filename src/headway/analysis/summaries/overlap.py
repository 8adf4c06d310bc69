"""What two tables of one engine share: values of a column, whole rows, a stretch of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.analysis.summaries.tables import Kind, Table
from headway.errors import Invalid


@dataclass(frozen=True, slots=True)
class Shared:
    """Of `of` distinct values (or rows) of the second table, `count` are in the first one too."""

    count: int
    of: int

    @property
    def share(self) -> float:
        """Return the share that is in both; 0 of nothing."""
        return self.count / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Order:
    """When the first table ends, when the second begins, and its rows that are not newer."""

    ends: str | None
    begins: str | None
    not_newer: int
    of: int


def shared_values(first: Table, second: Table, column: str) -> Shared:
    """Return how many distinct values of a column of `second` are in `first`; null is no value."""
    first.column(column)
    second.column(column)
    values = [
        table.expression.filter(table.expression[column].notnull()).select(column).distinct()
        for table in (first, second)
    ]
    kept = values[1].semi_join(values[0], column)
    return Shared(_count(second, kept), _count(second, values[1]))


def shared_rows(first: Table, second: Table, columns: Sequence[str]) -> Shared:
    """Return how many distinct rows of `second`, over these columns, are in `first` as a whole."""
    rows = [table.expression.select(*columns).distinct() for table in (first, second)]
    both = rows[1].intersect(rows[0], distinct=True)
    return Shared(_count(second, both), _count(second, rows[1]))


def common_columns(first: Table, second: Table) -> tuple[str, ...]:
    """Return the columns that both have with the same type, in the order of `second`."""
    return tuple(
        name
        for name, column in second.columns.items()
        if name in first.columns
        and first.columns[name].type == column.type
        and column.kind is not Kind.OTHER
    )


def order_in_time(first: Table, second: Table, column: str) -> Order:
    """Return how `second` follows `first` in a column that orders rows: a time, date or number."""
    for table in (first, second):
        kind = table.column(column).kind
        if kind not in (Kind.TIME, Kind.DATE) and not kind.is_numeric:
            sentence = (
                f"The column {column!r} of {table.name} holds {table.column(column).type}, which "
                "has no order in time. Name a time, a date or a number."
            )
            raise Invalid(sentence)
    ends = first.ask(first.expression.aggregate(at=first.expression[column].max()))["at"][0]
    begins = second.ask(second.expression.aggregate(at=second.expression[column].min()))["at"][0]
    newest, oldest = ends.as_py(), begins.as_py()
    known = second.expression.filter(second.expression[column].notnull())
    of = _count(second, known)
    if newest is None or oldest is None:
        return Order(_text(newest), _text(oldest), 0, of)
    old = known.filter(known[column] <= newest)
    return Order(_text(newest), _text(oldest), _count(second, old), of)


def _count(table: Table, rows: object) -> int:
    counted = table.ask(rows.aggregate(n=rows.count()))  # type: ignore[attr-defined]
    return int(counted["n"][0].as_py())


def _text(at: object) -> str | None:
    if at is None:
        return None
    return at.isoformat(sep=" ") if isinstance(at, datetime) else str(at)
