"""A few rows that break a condition: the second, limited question, for what was broken only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from headway.analysis.summaries.conditions import Condition, columns_of
from headway.analysis.summaries.expressions import condition
from headway.analysis.summaries.scalars import spoken
from headway.analysis.summaries.tables import Table

if TYPE_CHECKING:
    import ibis


def rows_that(
    table: Table, holds: Condition, columns: Sequence[str], most: int
) -> list[dict[str, object]]:
    """Return at most `most` rows for which `holds` is true, in these columns.

    Which rows is up to the engine; DuckDB returns the first of the file.
    """
    with spoken(table):
        rows = table.ask(_rows(table, holds, columns).limit(most)).to_pylist()
    return [{name: row[name] for name in columns} for row in rows]


def _rows(table: Table, holds: Condition, columns: Sequence[str]) -> ibis.Table:
    """Return the rows of a condition. The columns are chosen first: there may be thousands."""
    read = dict.fromkeys([*columns, *columns_of(holds)])
    narrow = table.expression.select(*read)
    return narrow.filter(condition(narrow, holds)).select(*columns)


def query_of_rows(table: Table, holds: Condition, columns: Sequence[str]) -> str:
    """Return the question for all rows of which `holds` is true, in the engine's own language."""
    return str(table.engine.connection.compile(_rows(table, holds, columns)))
