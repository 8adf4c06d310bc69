"""Drift of 41 columns, both sides read from Parquet, against the floor of scanning them once.

The floor is `SELECT sum(c), min(c), max(c), count(c)` over the same columns of both files by DuckDB
(sum of numbers only). Each side runs in a process of its own, imports done before, better of two.

    python -m benchmarks.drift                 1 million rows
    python -m benchmarks.drift 10000000        10 million rows (4.6 GB in a temporary folder)
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from benchmarks.timing import cpu_of

ROWS = 1_000_000
ROW_GROUP = 122_880
CATEGORIES = (2, 5, 12, 50, 200, 1000, 3, 5000)
#: Processors and MiB that DuckDB may use, on both sides.
THREADS, MEMORY = 2, 256
FILES = ("reference.parquet", "current.parquet")


def generate(folder: Path, rows: int) -> None:
    """Write both files: 30 numeric columns, 8 categories, a boolean, an integer, a time."""
    import pyarrow.parquet

    for seed, name in enumerate(FILES):
        rng = np.random.default_rng(seed)
        writer = None
        for first in range(0, rows, 2 * ROW_GROUP):
            part = _rows(rng, min(2 * ROW_GROUP, rows - first), drifts=seed > 0)
            writer = writer or pyarrow.parquet.ParquetWriter(folder / name, part.schema)
            writer.write_table(part, row_group_size=ROW_GROUP)
        assert writer is not None
        writer.close()


def _rows(rng: np.random.Generator, n: int, *, drifts: bool) -> object:
    import pyarrow as pa

    columns = {}
    for number in range(30):
        values = _numbers(rng, number % 6, n)
        if drifts and number < 6:
            values = values * 1.05 + 0.05
        columns[f"n{number:02}"] = pa.array(values, mask=rng.random(n) < 0.02)
    for number, levels in enumerate(CATEGORIES):
        odds = 1 / np.arange(1, levels + 1)
        odds[0] *= 1.2 if drifts and number in (0, 3) else 1.0
        words = np.array([f"v{level}" for level in range(levels)])
        columns[f"c{number:02}"] = pa.array(words[rng.choice(levels, n, p=odds / odds.sum())])
    columns["b0"] = pa.array(rng.random(n) < 0.3)
    columns["i0"] = pa.array(rng.poisson(20, n))
    at = (1.7e15 + rng.random(n) * 1e13).astype(np.int64)
    columns["t0"] = pa.array(at).cast(pa.timestamp("us"))
    return pa.table(columns)


def _numbers(rng: np.random.Generator, shape: int, n: int) -> np.ndarray:
    draw: Callable[[], np.ndarray] = (
        lambda: rng.normal(size=n),
        lambda: rng.lognormal(0, 1, n),
        lambda: rng.gamma(2, 3, n),
        lambda: rng.integers(0, 100, n).astype(float),
        lambda: np.round(rng.normal(50, 10, n), 2),
        lambda: rng.uniform(0, 1, n),
    )[shape]
    return draw()


def floor(folder: Path) -> Callable[[], object]:
    """Return what scans every column of both files once."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET threads = {THREADS}; SET memory_limit = '{MEMORY}MiB'")
    queries = []
    for name in FILES:
        told = connection.execute(f"DESCRIBE SELECT * FROM '{folder / name}'").fetchall()
        asked = [f"min({c}), max({c}), count({c})" for c, *_ in told]
        asked += [f"sum({c})" for c, type_, *_ in told if type_ in ("DOUBLE", "BIGINT")]
        queries.append(f"SELECT {', '.join(asked)} FROM '{folder / name}'")
    return lambda: [connection.execute(query).fetchall() for query in queries]


def ours(folder: Path) -> Callable[[], object]:
    """Return what compares both files, column by column."""
    from headway.analysis.drift import compare_tables
    from headway.analysis.summaries import embedded, open_table

    engine = embedded(threads=THREADS, memory=MEMORY)

    def compare() -> None:
        answer = compare_tables(*(open_table(folder / name, engine=engine) for name in FILES))
        found = [name for name, one in answer.columns.items() if one.drifted]
        assert found == ["n00", "n01", "n02", "n03", "n04", "n05", "c00", "c03"], found

    import scipy.special  # noqa: F401  the floor pays for none of its imports either

    return compare


def measured(which: str, folder: Path) -> tuple[float, float]:
    """Return the CPU seconds and the most memory (MiB) of one side, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.drift", which, str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(told[0]), float(told[1])


def measure() -> Iterator[tuple[str, float, float]]:
    """Yield (claim, our CPU seconds, the floor's CPU seconds)."""
    with tempfile.TemporaryDirectory(prefix="headway-drift-") as folder:
        generate(Path(folder), ROWS)
        least = measured("floor", Path(folder))
        found = measured("ours", Path(folder))
    yield "drift of 41 columns, 2 × 1 million rows", found[0], least[0]


def _main(arguments: list[str]) -> None:
    if arguments and arguments[0] in ("floor", "ours"):
        work = {"floor": floor, "ours": ours}[arguments[0]](Path(arguments[1]))
        seconds = cpu_of(2, work)
        print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    rows = int(arguments[0]) if arguments else ROWS
    with tempfile.TemporaryDirectory(prefix="headway-drift-") as folder:
        generate(Path(folder), rows)
        least, found = (measured(which, Path(folder)) for which in ("floor", "ours"))
    print(f"{rows:,} rows: floor {least[0]:.2f} s, {least[1]:.0f} MiB; ", end="")
    print(f"ours {found[0]:.2f} s, {found[1]:.0f} MiB; ratio {found[0] / least[0]:.2f}")


if __name__ == "__main__":
    _main(sys.argv[1:])
