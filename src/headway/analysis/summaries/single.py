"""The numbers of one column, from one reading: what is there, what is not, and where it lies."""

from __future__ import annotations

import math
from dataclasses import dataclass

from headway.analysis.summaries.floats import is_finite, is_infinite, is_null
from headway.analysis.summaries.tables import Kind, Table
from headway.errors import Invalid


@dataclass(frozen=True, slots=True)
class ColumnNumbers:
    """Of `rows`, so many are null, NaN or infinite; the rest has a mean and ends (None of none)."""

    rows: int
    nulls: int
    nans: int
    infinite: int
    mean: float | None = None
    minimum: float | None = None
    maximum: float | None = None

    @property
    def n(self) -> int:
        """Return how many values are finite numbers."""
        return self.rows - self.nulls - self.nans - self.infinite


def column_numbers(table: Table, name: str) -> ColumnNumbers:
    """Return the numbers of a numeric column; null, NaN and infinity are counted apart.

    Raises Invalid for a column that is not there, or that holds no numbers.
    """
    column = table.column(name)
    if not column.kind.is_numeric and column.kind is not Kind.BOOLEAN:
        sentence = f"The column {name!r} of {table.name} is {column.kind}; it holds no numbers."
        raise Invalid(sentence)
    rows = table.expression
    values = rows[name].cast("float64")
    is_float = column.kind is Kind.NUMBER
    nan = values.isnan() if is_float else values.isnull() & values.notnull()
    beyond = is_infinite(values) if is_float else nan
    nulls, finite = values.isnull(), values.notnull()
    if is_float:
        nulls, finite = is_null(values), is_finite(values)
    said = table.ask(
        rows.aggregate(
            rows=rows.count(),
            nulls=nulls.sum(),
            nans=nan.sum(),
            infinite=beyond.sum(),
            mean=values.mean(where=finite),
            minimum=values.min(where=finite),
            maximum=values.max(where=finite),
        )
    ).to_pylist()[0]
    counts = [int(said[key] or 0) for key in ("rows", "nulls", "nans", "infinite")]
    ends = [_number(said[key]) for key in ("mean", "minimum", "maximum")]
    return ColumnNumbers(*counts, *ends)


def _number(value: object) -> float | None:
    found = float(value) if isinstance(value, int | float) else None
    return found if found is not None and math.isfinite(found) else None
