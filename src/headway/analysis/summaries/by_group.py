"""Columns of a table as arrays: what judging a model row by row needs, read in one question.

Exact ranks need every score, so here rows come back: eight bytes a number, two or four a category.
Categories come as codes into their values; null, NaN and infinity are told apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from headway.analysis.summaries.tables import Column, Kind, Table
from headway.errors import Invalid

if TYPE_CHECKING:
    import pyarrow

Value = bool | int | float | str

#: Integers from here on are not all told apart as floats.
LARGEST = 2**53


@dataclass(frozen=True, slots=True)
class Coded:
    """A column as categories: `codes` into `values`, -1 where there is none."""

    codes: NDArray[np.int32]
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """One column of a table, read. `of` is the table's name, for sentences."""

    column: Column
    of: str
    array: pyarrow.Array = field(repr=False)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.array)

    def numbers(self) -> NDArray[np.float64]:
        """Return the values as floats, null as NaN. Raises Invalid for a column of no numbers."""
        import pyarrow
        import pyarrow.compute as compute

        if self.array.null_count == len(self.array):
            return np.full(len(self.array), np.nan)  # an empty column of CSV has no type
        if not (self.column.kind.is_numeric or self.column.kind is Kind.BOOLEAN):
            sentence = (
                f"The column {self.column.name!r} of {self.of} holds {self.column.type}, and "
                "numbers are asked for. Name another column, or convert it."
            )
            raise Invalid(sentence)
        array = self.array
        if pyarrow.types.is_boolean(array.type):
            array = compute.cast(array, pyarrow.int8())
        floats = compute.cast(array, pyarrow.float64(), safe=False)
        return np.asarray(floats.to_numpy(zero_copy_only=False), dtype=np.float64)

    def missing(self) -> Mapping[str, int]:
        """Return how many values are null, NaN and infinite."""
        nulls = int(self.array.null_count)
        if self.column.kind is not Kind.NUMBER:
            return {"null": nulls, "nan": 0, "infinite": 0}
        values = self.numbers()
        nan, infinite = int(np.isnan(values).sum()) - nulls, int(np.isinf(values).sum())
        return {"null": nulls, "nan": nan, "infinite": infinite}

    def is_rounded(self) -> bool:
        """Return whether an integer is too large to keep its value as a float."""
        import pyarrow.compute as compute

        if self.column.kind is not Kind.INTEGER or self.array.null_count == len(self.array):
            return False
        ends = compute.min_max(self.array).as_py()
        return bool(max(abs(ends["min"]), abs(ends["max"])) > LARGEST)

    def coded(self) -> Coded:
        """Return the values as categories, in ascending order; whole floats as integers.

        NaN and infinity are no category; a time or date stands for its month.
        """
        import pyarrow
        import pyarrow.compute as compute

        array = self.array
        if pyarrow.types.is_nested(array.type):
            sentence = (
                f"The column {self.column.name!r} of {self.of} holds {self.column.type}, which is "
                "no category. Name another column."
            )
            raise Invalid(sentence)
        if self.column.kind in (Kind.TIME, Kind.DATE):
            array = compute.strftime(array, format="%Y-%m")
        if not pyarrow.types.is_dictionary(array.type):
            array = compute.dictionary_encode(array)
        found = [_plain(value) for value in array.dictionary.to_pylist()]
        values = sorted({value for value in found if value is not None}, key=_rank)
        place = {value: at for at, value in enumerate(values)}
        turned = np.array([-1 if v is None else place[v] for v in found] + [-1], dtype=np.int32)
        indices = array.indices.fill_null(len(found)).to_numpy(zero_copy_only=False)
        return Coded(turned[indices], tuple(values))


def read_columns(table: Table, names: Sequence[str]) -> Mapping[str, Held]:
    """Return these columns with all their rows. Raises Invalid on a name that is not there."""
    columns = table.chosen(tuple(dict.fromkeys(names)))
    rows = table.ask(table.expression.select(*(column.name for column in columns)))
    return {column.name: Held(column, table.name, _one(rows[column.name])) for column in columns}


def _one(chunks: pyarrow.ChunkedArray) -> pyarrow.Array:
    import pyarrow

    if chunks.num_chunks == 1:
        return chunks.chunk(0)
    return pyarrow.concat_arrays(chunks.chunks) if chunks.num_chunks else _empty(chunks)


def _empty(chunks: pyarrow.ChunkedArray) -> pyarrow.Array:
    import pyarrow

    return pyarrow.array([], type=chunks.type)


def _plain(value: Any) -> Value | None:
    """Return a value as a plain one; None for what is no category."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        if not np.isfinite(value):
            return None
        return int(value) if value.is_integer() else value
    return str(value)


def _rank(value: Value) -> tuple[bool, float, str]:
    """Return a key that puts numbers before texts."""
    is_text = isinstance(value, str)
    return is_text, 0.0 if isinstance(value, str) else float(value), str(value)
