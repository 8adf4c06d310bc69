"""Numeric columns as histograms: one GROUP BY a column, by value where few distinct values stand.

Times and dates count as whole seconds since 1970. Decimals, and integers beyond 64 bits, are
compared as the nearest double; 64-bit integers keep every value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from headway.analysis.summaries.each import Asked, ask_each
from headway.analysis.summaries.histograms import HALF, Gaps, Histogram, Scale, Values
from headway.analysis.summaries.tables import Column, Kind, Table

if TYPE_CHECKING:
    import ibis
    import pyarrow

#: More distinct values than these are counted by bucket.
DISTINCT = 100_000
#: Infinite and NaN: no bucket.
_NO_VALUE = -1


@dataclass(frozen=True, slots=True)
class Numbers:
    """What one question found of a numeric column: its values as a histogram, and its gaps."""

    histogram: Histogram
    gaps: Gaps


def as_number(table: Table, column: Column) -> ibis.Value:
    """Return a column's values as float64, or as int64 where it holds whole numbers or times."""
    value: Any = table.expression[column.name]
    if column.kind is Kind.DATE:
        value = value.cast("timestamp")
    if column.kind in (Kind.TIME, Kind.DATE):
        return value.epoch_seconds().cast("int64")
    whole = column.kind is Kind.INTEGER and column.type.lstrip("!") != "uint64"
    return value.cast("int64" if whole else "float64")


def ask_buckets(
    table: Table, columns: Sequence[Column], scales: Sequence[Scale], by: str | None = None
) -> list[dict[str, Numbers]]:
    """Return for each column its histogram by bucket, by segment of `by` ("" without it)."""
    asked = [
        Asked(as_number(table, column), {"m": scale.centre, "f": scale.factor})
        for column, scale in zip(columns, scales, strict=True)
    ]
    answers = _by_type(table, bucketed, asked, by)
    found = []
    for one, column, scale in zip(answers, columns, scales, strict=True):
        parts = {group: _numbers(part, scale) for group, part in _groups(one).items()}
        found.append({group: _split(table, column, group, by, one) for group, one in parts.items()})
    return found


def ask_values(
    table: Table,
    columns: Sequence[Column],
    scales: Sequence[Scale],
    by: str | None = None,
    most: int = DISTINCT,
) -> list[dict[str, Numbers] | None]:
    """Return for each column its histogram by value; None where more than `most` are distinct."""
    from functools import partial

    asked = [Asked(as_number(table, column)) for column in columns]
    answers = _by_type(table, _VALUED.setdefault(most, partial(valued, most=most)), asked, by)
    return [
        {group: _valued_numbers(part, scale) for group, part in _groups(one).items()}
        if one.num_rows <= most
        else None
        for one, scale in zip(answers, scales, strict=True)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The first values of a column: finite ones, about how many differ in all, and the gaps.

    `is_whole`: the table has no more rows than were looked at.
    """

    values: Values
    distinct: int
    gaps: Gaps
    is_whole: bool

    def numbers(self, scale: Scale) -> Numbers:
        """Return what a question would find, of a sample that is the whole."""
        return Numbers(
            Histogram.of_values(scale, *np.unique(self.values, return_counts=True)), self.gaps
        )


def ask_sample(table: Table, columns: Sequence[Column], size: int) -> dict[str, Sample]:
    """Return the first `size` rows of each column.

    The estimate of distinct values is Chao's: seen + once² / (2 · twice), a lower bound.
    """
    if not columns:
        return {}
    named = {f"c{n}": as_number(table, column) for n, column in enumerate(columns)}
    rows = table.ask(table.expression.select(**named).limit(size))
    found = {}
    for place, column in enumerate(columns):
        held = rows[f"c{place}"]
        known = held.drop_null().to_numpy()
        values = known[np.isfinite(known)] if known.dtype.kind == "f" else known
        nans = int(np.isnan(known).sum()) if known.dtype.kind == "f" else 0
        gaps = Gaps(held.null_count, nans, len(known) - len(values) - nans)
        _, n = np.unique(values, return_counts=True)
        once, twice = int((n == 1).sum()), int((n == 2).sum())
        distinct = len(n) + once * (once - 1) // (2 * (twice + 1))
        found[column.name] = Sample(values, distinct, gaps, rows.num_rows < size)
    return found


_VALUED: dict[int, Any] = {}


def _by_type(
    table: Table, question: Any, asked: Sequence[Asked], by: str | None
) -> list[pyarrow.Table]:
    """Ask the columns of each data type together, and return the answers in the given order."""
    answers: dict[int, pyarrow.Table] = {}
    for type_ in sorted({str(one.value.type()).lstrip("!") for one in asked}):
        mine = [n for n, one in enumerate(asked) if str(one.value.type()).lstrip("!") == type_]
        told = ask_each(table, question, [asked[n] for n in mine], by)
        answers |= dict(zip(mine, told, strict=True))
    return [answers[n] for n in range(len(asked))]


def bucket_number(rows: ibis.Table) -> ibis.Value:
    """Return the bucket of `x` for the centre `m` and the factor `f` (see `Scale`).

    Null stays null; NaN and infinite values are -1. Sixteen bits hold it: by them DuckDB groups
    without hashing.
    """
    import ibis

    z = (rows["x"].cast("float64") - rows["m"]) * rows["f"]
    bucket = ((z / (z.abs() + 1.0) + 1.0) * float(HALF)).floor()
    if rows["x"].type().is_floating():
        bucket = ibis.cases((z * 0.0 != 0.0, ibis.literal(_NO_VALUE, "int64")), else_=bucket)
    return bucket.cast("int16")


def bucketed(rows: ibis.Table) -> ibis.Table:
    """Group `x` by bucket for the centre `m` and the factor `f`."""
    z = (rows["x"].cast("float64") - rows["m"]) * rows["f"]
    rows = rows.mutate(z=z, b=bucket_number(rows))
    return rows.group_by([name for name in ("g", "b") if name in rows.columns]).aggregate(
        n=rows.count(), total=rows["z"].sum(), low=rows["x"].min(), high=rows["x"].max()
    )


def valued(rows: ibis.Table, most: int) -> ibis.Table:
    """Group by `x` itself; one row more than `most` says that there are more."""
    keys = [name for name in ("g", "x") if name in rows.columns]
    return rows.group_by(keys).aggregate(n=rows.count()).limit(most + 1)


def _groups(answer: pyarrow.Table) -> dict[str, dict[str, Any]]:
    """Return the answer's columns as arrays, by segment. Rows whose segment is null are left."""
    arrays = {name: answer[name] for name in answer.column_names}
    if "g" not in arrays:
        return {"": arrays}
    groups = arrays.pop("g").to_numpy(zero_copy_only=False)
    found = {}
    for group in sorted({group for group in groups if group is not None}):
        mine = groups == group
        found[str(group)] = {name: column.filter(mine) for name, column in arrays.items()}
    return found


def _numbers(answer: dict[str, Any], scale: Scale) -> Numbers:
    """Return what the engine counted by bucket; `infinite` holds NaN too until it is split."""
    bucket, is_null = filled(answer["b"])
    n = answer["n"].to_numpy().astype(np.int64)
    held = ~is_null & (bucket != _NO_VALUE)
    total, low, high = (filled(answer[name])[0][held] for name in ("total", "low", "high"))
    with np.errstate(over="ignore"):
        parts = (bucket[held].astype(np.int64), n[held], total / scale.factor, low, high)
    histogram = Histogram.of_buckets(scale, *parts)
    no_value = ~is_null & (bucket == _NO_VALUE)
    return Numbers(histogram, Gaps(nulls=int(n[is_null].sum()), infinite=int(n[no_value].sum())))


def _valued_numbers(answer: dict[str, Any], scale: Scale) -> Numbers:
    values, is_null = filled(answer["x"])
    n = answer["n"].to_numpy().astype(np.int64)
    is_float = values.dtype.kind == "f"
    nan = ~is_null & np.isnan(values) if is_float else np.zeros(len(values), bool)
    infinite = np.isinf(values) if is_float else np.zeros(len(values), bool)
    held = ~(is_null | nan | infinite)
    gaps = Gaps(*(int(n[part].sum()) for part in (is_null, nan, infinite)))
    return Numbers(Histogram.of_values(scale, values[held], n[held]), gaps)


def filled(column: pyarrow.ChunkedArray) -> tuple[Any, Any]:
    """Return a column of an answer as an array with 0 for nulls, and where they were."""
    is_null = column.is_null().to_numpy(zero_copy_only=False)
    return column.fill_null(0).to_numpy(), is_null


def _split(table: Table, column: Column, group: str, by: str | None, found: Numbers) -> Numbers:
    """Tell NaN from infinite where there are any: a second, short question."""
    if not found.gaps.infinite:
        return found
    rows = table.expression
    if by is not None:
        rows = rows.filter(rows[by].cast("string") == group)
    nans = int(
        table.ask(rows.aggregate(n=rows[column.name].cast("float64").isnan().sum()))["n"][0].as_py()
    )
    gaps = Gaps(found.gaps.nulls, nans, found.gaps.infinite - nans)
    return Numbers(found.histogram, gaps)
