"""Opens what a run reads: files and DuckDB by name, PostgreSQL by its address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headway.domain.checks.rules.results import Opened

if TYPE_CHECKING:
    from headway.analysis.summaries import Engine, Table


def open_data(data: Opened, engine: Engine | None = None) -> Table:
    """Return the table of a request, called as people call it. Raises Invalid in a sentence.

    Pass the `engine` of another table to open two that are asked together; a database brings its
    own.
    """
    from dataclasses import replace

    from headway.analysis.summaries import open_table
    from headway.analysis.summaries.databases import open_postgres

    if data.sort == "postgres":
        return open_postgres(data.address, data.table, name=data.name)
    where = f"{data.address}#{data.table}" if data.sort == "duckdb" else data.address
    return replace(open_table(where, engine=engine), name=data.name)
