"""93 quality checks on a million rows of 50 columns, in CPU seconds, against reading them once.

The floor is `SELECT sum(c), min(c), max(c), count(c)` over the same columns (sums of numbers only),
in process, in the same run. Columns of the seeded table: an id, 31 floats with 1 % nulls, 9 whole
numbers, 7 of a dozen words, an address, a moment.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.timing import best_of
from headway.analysis.quality import Answer, check, read_rules
from headway.analysis.quality.rules import Rules
from headway.analysis.summaries import embedded, open_table

ROWS = 1_000_000
FLOATS, WHOLES, WORDS = 31, 9, 7
AT = datetime(2026, 11, 23, tzinfo=UTC)


def columns() -> dict[str, str]:
    """Return each column with the SQL that makes it of `i`, the row's number."""
    return {
        "id": "i::BIGINT",
        **{
            f"f{n}": "CASE WHEN random() < 0.01 THEN NULL ELSE random() * 100 END"
            for n in range(FLOATS)
        },
        **{f"n{n}": "(random() * 1000)::INT" for n in range(WHOLES)},
        **{f"s{n}": "'c' || (random() * 12)::INT" for n in range(WORDS)},
        "email": "'user' || i || '@example' || (i % 100) || '.com'",
        "seen": "TIMESTAMP '2026-11-11' + to_seconds(i)",
    }


def rules() -> Rules:
    """Return the 93 rules: rows, schema, 50 nulls, 31 ranges, 7 sets, unique, regex, freshness."""
    own = {
        "id": "unique: true, ",
        "email": "matches: '^[^@]+@[^@]+$', ",
        "seen": "fresh: 24h, ",
        **{f"f{n}": "min: 0, max: 100, " for n in range(FLOATS)},
        **{f"s{n}": f"in: [{', '.join(f'c{word}' for word in range(13))}], " for n in range(WORDS)},
    }
    lines = [f"  {name}: {{{own.get(name, '')}nulls: 0.02}}" for name in columns()]
    head = ["rows: {min: 1}", f"schema: {{columns: [{', '.join(columns())}], order: true}}"]
    return read_rules("\n".join([*head, "columns:", *lines]).encode(), "bench.yaml")


def measure() -> Iterator[tuple[str, float, float]]:
    """Yield the checks with the footer's help, and without any: on a table of DuckDB's own."""
    asked = rules()
    with tempfile.TemporaryDirectory(prefix="headway-bench-") as folder:
        _make(Path(folder))
        for name, source in (("Parquet", "t.parquet"), ("DuckDB's own table", "t.duckdb")):
            where = Path(folder) / source
            ours = best_of(3, lambda where=where: _checked(where, asked), time.process_time)
            floor = best_of(3, lambda where=where: _floor(where), time.process_time)
            yield f"{len(asked.rules)} quality checks, 1M x 50, {name}", ours, floor


def _make(folder: Path) -> None:
    import duckdb

    with duckdb.connect(str(folder / "t.duckdb")) as made:
        made.execute("SELECT setseed(0.20261123)")
        listed = ", ".join(f"{sql} AS {name}" for name, sql in columns().items())
        made.execute("SET threads = 1")
        made.execute(f"CREATE TABLE t AS SELECT {listed} FROM range({ROWS}) r(i)")
        made.execute(f"COPY t TO '{folder / 't.parquet'}' (FORMAT parquet)")


def _checked(where: Path, asked: Rules) -> Answer:
    answer = check(where, asked, at=AT)
    if not answer.passed:
        raise RuntimeError(answer.headline)
    return answer


def _floor(where: Path) -> None:
    with embedded() as engine:
        table = open_table(where, engine=engine)
        asked = [
            part
            for name, column in table.columns.items()
            for part in (
                *([f"sum({name})"] if column.kind.is_numeric else []),
                *(f"min({name})", f"max({name})", f"count({name})"),
            )
        ]
        source = f"'{where}'" if where.suffix == ".parquet" else "held_t_0.main.t"
        engine.connection.con.execute(f"SELECT {', '.join(asked)} FROM {source}").fetchall()


if __name__ == "__main__":
    for claim, ours, floor in measure():
        print(f"{claim:52}{ours:9.3f}s{floor:9.3f}s{ours / floor:8.2f}", flush=True)
