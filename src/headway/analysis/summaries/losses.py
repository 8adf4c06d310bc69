"""By bucket of what a model said: how many rows, and what became of them where that is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from headway.analysis.summaries.buckets import as_number, bucket_number
from headway.analysis.summaries.histograms import Floats, Integers, Scale
from headway.analysis.summaries.tables import Table
from headway.errors import Invalid

if TYPE_CHECKING:
    import ibis

#: Rows that are looked at to place the buckets.
_SAMPLE = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Losses:
    """Buckets of what a model said, lowest first: rows, mean said, and two sums over the labels.

    `first` and `second` are Σ positive and 0 for classes, Σ |error| and Σ error² for numbers; both
    are 0 where no labels were asked for. `left` counts rows without what the model said, or
    without a label where labels were asked for.
    """

    scale: Scale
    bucket: Integers
    n: Integers
    said: Floats
    first: Floats
    second: Floats
    rows: int

    @property
    def left(self) -> int:
        """Rows that could not be counted."""
        return self.rows - int(self.n.sum())


def ask_losses(
    table: Table,
    said: str,
    label: str | None = None,
    positive: str | None = None,
    scale: Scale | None = None,
) -> Losses:
    """Return what a model said by bucket, with what became of it where `label` names a column.

    `positive` is the label's value, as text, that counts; without it the label is a number and the
    losses are those of `said` as its prediction. Raises Invalid for columns that are no numbers.
    """
    column = table.column(said)
    if not column.kind.is_numeric:
        sentence = f"{table.name}, column {said!r} holds {column.type}; a number is needed."
        raise Invalid(sentence)
    rows = table.expression.select(
        x=as_number(table, column).cast("float64"), **_label(table, label, positive)
    )
    scale = scale or _scale(table, rows)
    rows = _known(rows)
    rows = rows.mutate(m=scale.centre, f=scale.factor)
    rows = rows.mutate(b=bucket_number(rows), **_sums(rows, label, positive))
    asked = rows.group_by("b").aggregate(
        n=rows.count(), said=rows["x"].mean(), first=rows["l1"].sum(), second=rows["l2"].sum()
    )
    answer = table.ask(asked.order_by("b")).to_pydict()
    told, first, second = (
        np.array(answer[name], dtype=np.float64) for name in ("said", "first", "second")
    )
    bucket, n = (np.array(answer[name], dtype=np.int64) for name in ("b", "n"))
    return Losses(scale, bucket, n, told, first, second, table.rows())


def _label(table: Table, label: str | None, positive: str | None) -> dict[str, Any]:
    if label is None:
        return {}
    column = table.column(label)
    if positive is not None:
        return {"y": table.expression[label].cast("string")}
    if not column.kind.is_numeric:
        sentence = f"{table.name}, column {label!r} holds {column.type}; a number is needed."
        raise Invalid(sentence)
    return {"y": as_number(table, column).cast("float64")}


def _known(rows: ibis.Table) -> ibis.Table:
    """Keep rows with all their values; x - x is 0 for finite numbers alone."""
    for name in rows.columns:
        rows = rows.filter(rows[name].notnull())
        if rows[name].type().is_floating():
            rows = rows.filter(rows[name] * 0.0 == 0.0)
    return rows


def _sums(rows: ibis.Table, label: str | None, positive: str | None) -> dict[str, Any]:
    nothing = rows["x"].abs() * 0.0  # PostgreSQL makes a decimal of a nought that is written
    if label is None:
        return {"l1": nothing, "l2": nothing}
    if positive is not None:
        return {"l1": (rows["y"] == positive).cast("int32").cast("float64"), "l2": nothing}
    error = rows["y"] - rows["x"]
    return {"l1": error.abs(), "l2": error * error}


def _scale(table: Table, rows: ibis.Table) -> Scale:
    sample = table.ask(rows.select("x").limit(_SAMPLE))["x"].drop_null().to_numpy()
    return Scale.of(sample[np.isfinite(sample)])


def ask_labels(table: Table, label: str) -> list[str]:
    """Return the different values of a label as text, at most a few; null is none."""
    value = table.expression[table.column(label).name].cast("string")
    asked = table.expression.select(y=value).distinct().limit(8)
    return sorted(one for one in table.ask(asked)["y"].to_pylist() if one is not None)
