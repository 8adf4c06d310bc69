"""Categories as counts of each value: text, booleans, and whatever else has few distinct values."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from headway.analysis.summaries.each import Asked, ask_each
from headway.analysis.summaries.histograms import Counts, Gaps
from headway.analysis.summaries.tables import Column, Table

if TYPE_CHECKING:
    import ibis
    import pyarrow

#: How many values of a category are kept, the most frequent first; the others are counted together.
KEPT = 100_000


def ask_counts(
    table: Table, columns: Sequence[Column], by: str | None = None, most: int = KEPT
) -> list[dict[str, tuple[Counts, Gaps]]]:
    """Return for each column how often each value stands, by segment of `by` ("" without it)."""
    asked = [Asked(table.expression[column.name].cast("string")) for column in columns]
    question = _COUNTED.setdefault(most, partial(counted, most=most))
    return [_found(answer) for answer in ask_each(table, question, asked, by)]


_COUNTED: dict[int, Any] = {}


def counted(rows: ibis.Table, most: int) -> ibis.Table:
    """Count each value; the rows of those that are not kept are in `all`, by segment."""
    import ibis

    keys = [name for name in ("g", "x") if name in rows.columns]
    found = rows.group_by(keys).aggregate(n=rows.count())
    window = ibis.window(group_by="g") if "g" in keys else ibis.window()
    found = found.mutate(all=found["n"].sum().over(window).cast("int64"))
    order = [found["x"].isnull().desc(), ibis.desc("n"), *(ibis.asc(key) for key in keys)]
    return found.order_by(order).limit(most)


def _found(answer: pyarrow.Table) -> dict[str, tuple[Counts, Gaps]]:
    columns = answer.to_pydict()
    groups = columns.get("g", [""] * answer.num_rows)
    kept: dict[str, dict[str, int]] = {}
    missing: dict[str, int] = {}
    rows: dict[str, int] = {}
    for group, value, n, all_ in zip(
        groups, columns["x"], columns["n"], columns["all"], strict=True
    ):
        if group is None:
            continue
        rows[group] = int(all_)
        kept.setdefault(group, {})
        if value is None:
            missing[group] = n
        else:
            kept[group][value] = n
    if "g" not in columns and not rows:
        return {"": (Counts({}), Gaps())}
    return {
        group: (
            Counts(kept[group], all_ - sum(kept[group].values()) - missing.get(group, 0)),
            Gaps(nulls=missing.get(group, 0)),
        )
        for group, all_ in rows.items()
    }


def ask_nulls(
    table: Table, columns: Sequence[Column], by: str | None = None
) -> list[dict[str, tuple[int, Gaps]]]:
    """Return for each column how many rows there are and how many are null, by segment of `by`."""
    asked = [Asked(table.expression[column.name].isnull()) for column in columns]
    found = []
    for answer in ask_each(table, nulls, asked, by):
        columns_ = answer.to_pydict()
        groups = columns_.get("g", [""] * answer.num_rows)
        rows = zip(groups, columns_["n"], columns_["nulls"], strict=True)
        found.append(
            {group: (n, Gaps(missing or 0)) for group, n, missing in rows if group is not None}
        )
    return found


def nulls(rows: ibis.Table) -> ibis.Table:
    """Count rows and those whose `x` (whether a value is null) is true."""
    keys = ["g"] if "g" in rows.columns else []
    parts = rows.group_by(keys) if keys else rows
    return parts.aggregate(n=rows.count(), nulls=rows["x"].cast("int32").sum())
