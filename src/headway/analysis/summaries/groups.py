"""Questions that group rows: values outside a set, keys that come twice, segments, links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headway.analysis.summaries import conditions as asked
from headway.analysis.summaries.conditions import Value
from headway.analysis.summaries.expressions import fixed, valued
from headway.analysis.summaries.scalars import spoken
from headway.analysis.summaries.tables import Table
from headway.errors import Invalid

if TYPE_CHECKING:
    import ibis

#: Segments of one question: more are no segments but rows.
MOST_SEGMENTS = 10_000


@dataclass(frozen=True, slots=True)
class Outside:
    """How many rows hold other values than they may, and the commonest of those with their rows."""

    rows: int
    values: tuple[tuple[str, int], ...] = ()


def outside(table: Table, column: str, allowed: Sequence[Value], most: int = 5) -> Outside:
    """Return the rows whose value is not among `allowed`; null and NaN are not looked at.

    One grouping, which reads a column of few values several times faster than comparing each row.
    """
    import ibis

    with spoken(table):
        term = valued(table.expression, asked.Named(column))
        counted = table.expression.select(v=term).group_by("v").aggregate(n=ibis._.count())
        other = counted.filter(
            ibis._.v.notnull() & ~ibis._.v.isin([fixed(value, counted.v) for value in allowed])
        )
        whole = ibis.window(order_by=[ibis.desc("n"), "v"])
        ranked = other.mutate(
            all=other.n.sum().over(ibis.window()), place=ibis.row_number().over(whole)
        )
        found = table.ask(ranked.filter(ibis._.place < max(most, 1)).order_by("place")).to_pylist()
    return Outside(
        int(found[0]["all"]) if found else 0,
        tuple((str(row["v"]), int(row["n"])) for row in found[:most]),
    )


@dataclass(frozen=True, slots=True)
class Repeated:
    """How many rows have a whole key, and how many of them repeat that of another row."""

    rows: int
    surplus: int


def repeated(table: Table, columns: Sequence[str]) -> Repeated:
    """Return how often the values of `columns` together come again; a null makes no key."""
    import ibis

    with spoken(table):
        counted = _keys(table, columns)
        row = table.ask(counted.aggregate(rows=ibis._.n.sum(), keys=ibis._.count()))
    rows, keys = row.column("rows")[0].as_py(), row.column("keys")[0].as_py()
    return Repeated(int(rows or 0), int(rows or 0) - int(keys or 0))


def keys_that_repeat(table: Table, columns: Sequence[str], most: int) -> list[dict[str, object]]:
    """Return the keys that come most often, at most `most`, each with its number of `rows`."""
    import ibis

    with spoken(table):
        found = _keys(table, columns).filter(ibis._.n > 1)
        ordered = found.order_by([ibis.desc("n"), *(f"k{n}" for n in range(len(columns)))])
        rows = table.ask(ordered.limit(most)).to_pylist()
    return [
        {**{name: row[f"k{n}"] for n, name in enumerate(columns)}, "rows": row["n"]} for row in rows
    ]


def _keys(table: Table, columns: Sequence[str]) -> ibis.Table:
    import ibis

    named = {f"k{n}": valued(table.expression, asked.Named(c)) for n, c in enumerate(columns)}
    whole = table.expression.select(**named).drop_null(how="any")
    return whole.group_by(list(named)).aggregate(n=ibis._.count())


def segment_counts(
    table: Table, columns: Sequence[str], weight: str | None = None
) -> dict[tuple[str, ...], float]:
    """Return the rows of each combination of values, or the sum of `weight`; a null is "(null)".

    Raises Invalid beyond 10,000 combinations.
    """
    import ibis

    with spoken(table):
        named = {
            f"k{n}": table.expression[c].cast("string").fill_null("(null)")
            for n, c in enumerate(columns)
        }
        rows = table.expression.select(
            **named, w=table.expression[weight] if weight else ibis.literal(1)
        )
        counted = rows.group_by(list(named)).aggregate(n=ibis._.w.sum())
        found = table.ask(counted.limit(MOST_SEGMENTS + 1)).to_pylist()
    if len(found) > MOST_SEGMENTS:
        sentence = (
            f"{', '.join(columns)} of {table.name} make more than {MOST_SEGMENTS:,} segments; "
            "choose columns of fewer values."
        )
        raise Invalid(sentence)
    return {tuple(row[f"k{n}"] for n in range(len(columns))): float(row["n"] or 0) for row in found}


def without_match(
    table: Table, column: str, other: Table, other_column: str, most: int = 5
) -> Outside:
    """Return the rows whose value stands nowhere in `other_column` of `other`, of the same engine.

    Null and NaN are not looked at.
    """
    import ibis

    with spoken(table):
        values = table.expression.select(v=valued(table.expression, asked.Named(column)))
        known = other.expression.select(v=other.expression[other_column]).distinct()
        counted = values.filter(values.v.notnull()).group_by("v").aggregate(n=ibis._.count())
        lost = counted.anti_join(known, "v")
        whole = ibis.window(order_by=[ibis.desc("n"), "v"])
        ranked = lost.mutate(
            all=lost.n.sum().over(ibis.window()), place=ibis.row_number().over(whole)
        )
        found = table.ask(ranked.filter(ibis._.place < max(most, 1)).order_by("place")).to_pylist()
    return Outside(
        int(found[0]["all"]) if found else 0,
        tuple((str(row["v"]), int(row["n"])) for row in found[:most]),
    )
