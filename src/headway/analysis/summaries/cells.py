"""A model's answers as counts of cells: what judging it takes where its rows do not fit in memory.

One question groups the table by the columns to divide by, what happened, what was given and a
bucket of the score; back come a row for each cell with its count and sums. Scores from 0 to 1 are
cut into `BUCKETS` of equal width, others after z / (1 + |z|): only + - x / abs floor, on which
every engine agrees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from headway.analysis.summaries.by_group import Held, Value
from headway.analysis.summaries.floats import is_finite, is_infinite, is_null
from headway.analysis.summaries.tables import Column, Kind, Table
from headway.errors import Invalid

if TYPE_CHECKING:
    import pyarrow

#: Buckets of a score: a multiple of the ten bins of a reliability table.
BUCKETS = 2_000
#: The most cells that are taken back; finer questions are cut coarser.
MOST_CELLS = 4_000_000
#: Scores are kept this far from 0 and 1 before a logarithm is taken.
SMALLEST = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True)
class Range:
    """The ends of a column of numbers without NaN and infinity (None: nothing is left)."""

    low: float | None
    high: float | None

    @property
    def is_probability(self) -> bool:
        """Return whether the values can be probabilities."""
        return self.low is None or self.high is None or (self.low >= 0 and self.high <= 1)


@dataclass(frozen=True, slots=True)
class Key:
    """A column to divide by: as it is, or cut at `edges` (the inner ones)."""

    column: Column
    edges: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells with their keys as columns, and counts and sums by name."""

    keys: Mapping[str, Held]
    sums: Mapping[str, NDArray[np.float64]]


def missing_of(table: Table, column: str) -> Mapping[str, int]:
    """Return how many values of a column are null, NaN and infinite."""
    values = table.expression[column]
    asked = {"null": values.isnull().sum()}
    if table.column(column).kind is Kind.NUMBER:
        asked = {
            "null": is_null(values).sum(),
            "nan": values.isnan().sum(),
            "infinite": is_infinite(values).sum(),
        }
    found = table.ask(table.expression.aggregate(**asked)).to_pylist()[0]
    return {name: int(found.get(name) or 0) for name in ("null", "nan", "infinite")}


def range_of(table: Table, column: str) -> Range:
    """Return the ends of a column of numbers. Raises Invalid for a column of no numbers."""
    held = table.column(column)
    if not held.kind.is_numeric:
        sentence = (
            f"The column {column!r} of {table.name} holds {held.type}, and numbers are asked for. "
            "Name another column, or convert it."
        )
        raise Invalid(sentence)
    value = _number(table, column)
    known = table.expression.filter(_is_known(table, column))
    found = table.ask(known.aggregate(low=value.min(), high=value.max())).to_pylist()[0]
    return Range(found["low"], found["high"])


def values_of(table: Table, column: str, most: int) -> tuple[Value, ...] | None:
    """Return the distinct values of a column in order; None where there are more than `most`."""
    rows = table.expression.select(column).distinct().limit(most + 2)
    array = table.ask(rows)[column]
    values = Held(table.column(column), table.name, _whole(array)).coded().values
    return None if len(values) > most else values


def inner_edges(table: Table, column: str, bins: int) -> tuple[float, ...]:
    """Return the quantiles that cut a column into `bins`, as the engine approximates them."""
    value = _number(table, column)
    known = table.expression.filter(_is_known(table, column))
    asked = {f"q{at}": value.approx_quantile(at / bins) for at in range(1, bins)}
    found = table.ask(known.aggregate(**asked)).to_pylist()[0]
    return tuple(sorted({float(one) for one in found.values() if one is not None}))


@dataclass(frozen=True, slots=True)
class BinaryAsked:
    """How the answers of a model with two classes are read: see `binary_cells`."""

    label: str
    positive: Value | None
    score: str | None
    range: Range
    prediction: str | None
    given_positive: Value | None
    threshold: float | None


def binary_cells(table: Table, asked: BinaryAsked, keys: Sequence[Key], buckets: int) -> Cells:
    """Return cells by key, `positive`, `given` and `place`, with sums of losses of the scores."""
    import ibis

    rows = table.expression.filter(table.expression[asked.label].notnull())
    positive = _is_value(rows, asked.label, asked.positive)
    named: dict[str, Any] = {**_keys(rows, keys), "positive": positive.cast("int32")}
    sums: dict[str, Any] = {}
    if asked.score is not None:
        rows = rows.filter(_is_known(table, asked.score))
        score = rows[asked.score].cast("float64")
        named["place"] = _place(score, asked.range, buckets)
        named["score"] = score
    if asked.prediction is not None:
        rows = rows.filter(rows[asked.prediction].notnull())
        named["given"] = _is_value(rows, asked.prediction, asked.given_positive).cast("int32")
    elif asked.threshold is not None and asked.score is not None:
        named["given"] = (score >= asked.threshold).cast("int32")
    held = rows.select(**named)
    if asked.score is not None:
        sums = {"low": held.score.min(), "high": held.score.max()}
        if asked.range.is_probability:
            sums |= _losses(ibis, held)
    return _grouped(table, held, [name for name in named if name != "score"], sums, keys)


def _losses(ibis: Any, held: Any) -> dict[str, Any]:
    own = ibis.ifelse(held.positive == 1, held.score, 1.0 - held.score)
    kept = ibis.least(ibis.greatest(own, SMALLEST), 1.0 - SMALLEST)
    loss, square = -kept.ln(), (1.0 - own) * (1.0 - own)
    return {
        "score": held.score.sum(),
        "log_loss": loss.sum(),
        "log_loss2": (loss * loss).sum(),
        "brier": square.sum(),
        "brier2": (square * square).sum(),
    }


def class_cells(table: Table, label: str, prediction: str, keys: Sequence[Key]) -> Cells:
    """Return counts by key, label and prediction."""
    rows = table.expression.filter(
        table.expression[label].notnull() & table.expression[prediction].notnull()
    )
    named = {**_keys(rows, keys), "truth": rows[label], "given": rows[prediction]}
    answers = {"truth": table.column(label), "given": table.column(prediction)}
    return _grouped(table, rows.select(**named), list(named), {}, keys, answers)


def number_cells(
    table: Table, label: str, prediction: str, keys: Sequence[Key], centre: float
) -> Cells:
    """Return sums of errors by key, and of their products with the truth about `centre`."""
    rows = table.expression.filter(_is_known(table, label) & _is_known(table, prediction))
    truth, given = (rows[name].cast("float64") for name in (label, prediction))
    held = rows.select(**_keys(rows, keys), error=given - truth, away=truth - centre)
    error, away = held.error, held.away
    square = error * error
    sums = {
        "error": error.sum(),
        "absolute": error.abs().sum(),
        "error2": square.sum(),
        "error4": (square * square).sum(),
        "away": away.sum(),
        "away2": (away * away).sum(),
        "away3": (away * away * away).sum(),
        "away4": (away * away * away * away).sum(),
        "error2_away": (square * away).sum(),
        "error2_away2": (square * away * away).sum(),
    }
    return _grouped(table, held, [key.column.name for key in keys], sums, keys)


def _grouped(  # noqa: PLR0913  what a question by group is made of
    table: Table,
    held: Any,
    names: Sequence[str],
    sums: Mapping[str, Any],
    keys: Sequence[Key],
    answers: Mapping[str, Column] | None = None,
) -> Cells:
    asked = {f"sum_{name}": value for name, value in sums.items()}
    counted = {"sum_n": held.count(), **asked}
    grouped = held.group_by(names).aggregate(**counted) if names else held.aggregate(**counted)
    found = table.ask(grouped)
    columns = {key.column.name: _key_column(key) for key in keys} | dict(answers or {})
    return Cells(
        {
            name: Held(columns.get(name, _INTEGER), table.name, _whole(found[name]))
            for name in names
        },
        {
            name: np.nan_to_num(
                _whole(found[f"sum_{name}"]).to_numpy(zero_copy_only=False).astype(np.float64)
            )
            for name in ("n", *sums)
        },
    )


_INTEGER = Column("", Kind.INTEGER, "int64")


def _key_column(key: Key) -> Column:
    """Return what the values of a key are: a cut column and a month come back as whole numbers."""
    if key.edges is not None or key.column.kind in (Kind.TIME, Kind.DATE):
        return Column(key.column.name, Kind.INTEGER, "int64")
    return key.column


def _keys(rows: Any, keys: Sequence[Key]) -> dict[str, Any]:
    """Return the expression of each key: the value, the number of edges below it, or its month."""
    found = {}
    for key in keys:
        value = rows[key.column.name]
        if key.edges is not None:
            number = value.cast("float64")
            below = sum((number >= edge).cast("int32") for edge in key.edges)
            value = is_finite(number).ifelse(below, -1)
        elif key.column.kind in (Kind.TIME, Kind.DATE):
            value = value.year() * 100 + value.month()
        found[key.column.name] = value
    return found


def _place(score: Any, ends: Range, buckets: int) -> Any:
    """Return the bucket of a score, 0 … buckets - 1."""
    import ibis

    share = score
    if not ends.is_probability:
        low, high = float(ends.low or 0), float(ends.high or 0)
        away = (score - (low + high) / 2) / ((high - low) / 4 or 1.0)
        share = (away / (1.0 + away.abs()) + 1.0) / 2.0
    return ibis.least((share * buckets).floor().cast("int32"), buckets - 1)


def _number(table: Table, column: str) -> Any:
    return table.expression[column].cast("float64")


def _is_known(table: Table, column: str) -> Any:
    value = table.expression[column]
    if table.column(column).kind is not Kind.NUMBER:
        return value.notnull()
    return is_finite(value)


def _is_value(rows: Any, column: str, value: Value | None) -> Any:
    """Return whether a column is a value; nothing is None."""
    import ibis

    if value is None:
        return ibis.literal(value=False)
    held = rows[column]
    if held.type().is_boolean():
        return held if bool(value) else ~held
    return held == value


def _whole(chunks: pyarrow.ChunkedArray) -> pyarrow.Array:
    import pyarrow

    return (
        pyarrow.concat_arrays(chunks.chunks)
        if chunks.num_chunks
        else pyarrow.array([], chunks.type)
    )
