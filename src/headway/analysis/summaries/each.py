"""One question asked of many columns: a query for each, or many at once, as the engine likes it.

DuckDB is quickest a column at a time, and Ibis takes longer to write a small query than DuckDB to
answer it: the question is written once and the column put into its text. A Spark job costs half a
second to start: there, the questions of many columns travel as one union.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from headway.analysis.summaries.engines import told
from headway.analysis.summaries.tables import Table

if TYPE_CHECKING:
    import ibis
    import pyarrow

#: How many columns travel in one union.
TOGETHER = 16

#: A question: from a table with the column `x`, the asked constants, and perhaps `g` to group by.
Question = Callable[["ibis.Table"], "ibis.Table"]

_STAND_IN = "headway_stand_in"
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Asked:
    """A column of the table (an Ibis value of its expression) and the constants of its question."""

    value: ibis.Value
    constants: Mapping[str, float] = field(default_factory=dict)


def ask_each(
    table: Table, question: Question, columns: Sequence[Asked], by: str | None = None
) -> list[pyarrow.Table]:
    """Return the answer for each column, in their order. With `by` the question sees it as `g`.

    The columns of one call must have one data type where the engine asks them together.
    """
    if not columns:
        return []
    if table.engine.batches:
        return _together(table, question, columns, by)
    return _one_by_one(table, question, columns, by)


def _one_by_one(
    table: Table, question: Question, columns: Sequence[Asked], by: str | None
) -> list[pyarrow.Table]:
    """Ask DuckDB by text: the columns are prepared in one view, each query reads one of it."""
    prepared = {f"c{place}": column.value for place, column in enumerate(columns)}
    if by is not None:
        prepared["g"] = table.expression[by].cast("string")
    expression = table.expression.select(**prepared)
    view = f"headway_asked_{next(_numbers)}"
    run, ask = table.engine.connection.con.execute, table.engine.connection.con.sql
    answers = []
    with told(table.name):
        run(f"CREATE TEMP VIEW {view} AS {table.engine.connection.compile(expression)}")
        for place, column in enumerate(columns):
            types = {"x": str(column.value.type()), **dict.fromkeys(column.constants, "float64")}
            if by is not None:
                types["g"] = "string"
            text = _written(question, tuple(types.items()))
            stated = [f"{value!r}::DOUBLE AS {name}" for name, value in column.constants.items()]
            chosen = ", ".join([f"c{place} AS x", *stated, *(["g"] if by is not None else [])])
            source = f"(SELECT {chosen} FROM {view})"
            answers.append(ask(text.replace(f'"{_STAND_IN}"', source)).to_arrow_table())
        run(f"DROP VIEW {view}")
    return answers


@lru_cache(maxsize=64)
def _written(question: Question, types: tuple[tuple[str, str], ...]) -> str:
    """Return the question as DuckDB's text over a table that is put in later."""
    import ibis

    return str(ibis.duckdb.compile(question(ibis.table(dict(types), name=_STAND_IN))))


def _together(
    table: Table, question: Question, columns: Sequence[Asked], by: str | None
) -> list[pyarrow.Table]:
    import ibis
    import pyarrow.compute

    answers = []
    for first in range(0, len(columns), TOGETHER):
        part = columns[first : first + TOGETHER]
        asked = [
            question(_prepared(table, column, by)).mutate(which=ibis.literal(place, "int64"))
            for place, column in enumerate(part)
        ]
        told_ = table.ask(ibis.union(*asked) if len(asked) > 1 else asked[0])
        for place in range(len(part)):
            mine = pyarrow.compute.equal(told_["which"], place)
            answers.append(told_.filter(mine).drop_columns(["which"]))
    return answers


def _prepared(table: Table, column: Asked, by: str | None) -> ibis.Table:
    import ibis

    chosen: dict[str, ibis.Value] = {"x": column.value}
    chosen |= {name: ibis.literal(value, "float64") for name, value in column.constants.items()}
    if by is not None:
        chosen["g"] = table.expression[by].cast("string")
    return table.expression.select(**chosen)
