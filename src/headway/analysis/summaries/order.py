"""Whether a column only rises or falls, in the order of another column or of the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headway.analysis.summaries import conditions as asked
from headway.analysis.summaries.expressions import valued
from headway.analysis.summaries.scalars import spoken
from headway.analysis.summaries.tables import Table
from headway.errors import Invalid

if TYPE_CHECKING:
    import pyarrow


@dataclass(frozen=True, slots=True)
class Turns:
    """How many values were looked at, and how many of them go the wrong way after the one before.

    `examples` are some of those as (the one before, the value).
    """

    values: int
    wrong: int
    examples: tuple[tuple[object, object], ...] = ()


def turns(
    table: Table, column: str, by: str | None, *, falls: bool, strict: bool, most: int = 5
) -> Turns:
    """Return where a column turns; null and NaN are passed over, in `column` and in `by`.

    With `by`, rows that are equal in it are taken in the order that suits. Without it the order is
    the file's, which only DuckDB keeps: elsewhere Invalid is raised.
    """
    if by is not None:
        return _by(table, column, by, falls=falls, strict=strict, most=most)
    if table.engine.name != "duckdb":
        sentence = (
            f"Rows of {table.name} have no order on {table.engine.name}: say `by:` which column "
            f"they are to be taken."
        )
        raise Invalid(sentence)
    return _in_file(table, column, falls=falls, strict=strict, most=most)


def _by(table: Table, column: str, by: str, *, falls: bool, strict: bool, most: int) -> Turns:
    import ibis

    with spoken(table):
        rows = table.expression.select(
            b=valued(table.expression, asked.Named(by)),
            v=valued(table.expression, asked.Named(column)),
        ).drop_null(how="any")
        order = [ibis.asc("b"), ibis.desc("v") if falls else ibis.asc("v")]
        paired = rows.mutate(p=rows.v.lag().over(ibis.window(order_by=order)))
        wrong = paired.v > paired.p if falls else paired.v < paired.p
        if strict:
            wrong = wrong | (paired.v == paired.p)
        counted = table.ask(
            paired.aggregate(n=paired.count(), wrong=paired.count(where=wrong))
        ).to_pylist()[0]
        shown = []
        if counted["wrong"]:
            shown = table.ask(paired.filter(wrong).order_by("b").limit(most)).to_pylist()
    examples = tuple((row["p"], row["v"]) for row in shown)
    return Turns(int(counted["n"] or 0), int(counted["wrong"] or 0), examples)


def _in_file(table: Table, column: str, *, falls: bool, strict: bool, most: int) -> Turns:
    """Read the column once, batch by batch, as the file has it."""
    import pyarrow
    import pyarrow.compute as compute

    better = compute.greater if falls else compute.less
    worse = (compute.greater_equal if falls else compute.less_equal) if strict else better
    count, wrong = 0, 0
    examples: list[tuple[object, object]] = []
    last: pyarrow.Array | None = None
    with spoken(table):
        for values in _batches(table, column):
            joined = values if last is None else pyarrow.concat_arrays([last, values])
            bad = worse(joined.slice(1), joined.slice(0, len(joined) - 1))
            count += len(values)
            wrong += compute.sum(bad).as_py() or 0
            if wrong and len(examples) < most:
                places = compute.indices_nonzero(bad).to_pylist()[: most - len(examples)]
                examples += [(joined[at].as_py(), joined[at + 1].as_py()) for at in places]
            last = joined.slice(len(joined) - 1)
    return Turns(count, wrong, tuple(examples))


def _batches(table: Table, column: str) -> Iterator[pyarrow.Array]:
    values = table.expression.select(v=valued(table.expression, asked.Named(column)))
    compiled = table.engine.connection.compile(values)
    for batch in table.engine.connection.con.sql(compiled).to_arrow_reader(100_000):
        kept = batch.column(0).drop_null()
        if len(kept):
            yield kept
