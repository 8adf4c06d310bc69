"""One question asked of many columns: a query for each, or many at once, as the engine likes it.

DuckDB is quickest a column at a time, and Ibis takes longer to write a small query than DuckDB to
answer it: the question is written once and the column put into its text. A Spark job costs half a
second to start: there, the questions of many columns travel as one union.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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
#: How many columns DuckDB is prepared for at once.
PREPARED = 100
#: A table of more columns than this, and of no more rows than that, is held while it is asked.
WIDE, SHORT = 200, 200_000

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
    """Ask DuckDB by text: some columns are prepared in one view, each query reads one of it."""
    answers = []
    for first in range(0, len(columns), PREPARED):
        part = columns[first : first + PREPARED]
        prepared = {f"c{place}": column.value for place, column in enumerate(part)}
        if by is not None:
            prepared["g"] = table.expression[by].cast("string")
        with told(table.name), _view(table, table.expression.select(**prepared)) as view:
            answers += [
                _one(table, question, f"c{place}", column, view, by)
                for place, column in enumerate(part)
            ]
    return answers


@contextmanager
def _view(table: Table, expression: ibis.Table) -> Iterator[str]:
    """Hold an expression as a view for some queries; of wide, short tables as a table.

    Each query binds all columns of the file, which costs more than reading a short one.
    """
    connection = table.engine.connection
    name = f"headway_asked_{next(_numbers)}"
    kind = "TABLE" if len(table.columns) > WIDE and table.rows() <= SHORT else "VIEW"
    connection.con.execute(f"CREATE TEMP {kind} {name} AS {connection.compile(expression)}")
    try:
        yield name
    finally:
        connection.con.execute(f"DROP {kind} {name}")


def _one(
    table: Table, question: Question, name: str, column: Asked, view: str, by: str | None
) -> pyarrow.Table:
    types = {"x": str(column.value.type()), **dict.fromkeys(column.constants, "float64")}
    if by is not None:
        types["g"] = "string"
    text = _written(question, tuple(types.items()))
    stated = [f"{value!r}::DOUBLE AS {name_}" for name_, value in column.constants.items()]
    chosen = ", ".join([f"{name} AS x", *stated, *(["g"] if by is not None else [])])
    asked = text.replace(f'"{_STAND_IN}"', f"(SELECT {chosen} FROM {view})")
    return table.engine.connection.con.sql(asked).to_arrow_table()


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
