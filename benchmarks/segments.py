"""115 segments of a model's answers, in CPU seconds: `python -m benchmarks.segments`.

Four categories, one column of numbers in quarters, and all their pairs: a million rows, AUC exact,
with F1, log loss, Brier, calibration, fairness gaps and the interval of each. The floor is
DuckDB's sum, min, max and count of the same columns of the same file. `--peers PYTHON` names an
interpreter with scikit-learn, which computes AUC, F1 and log loss of the same segments.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.timing import cpu_of

ROWS = 1_000_000
SIZES = {"plan": 2, "device": 2, "region": 3, "channel": 5}
BY = (*SIZES, "age")
PEER = Path(__file__).parent / "peers" / "segment.py"
PEERS = Path(__file__).parents[1] / ".venv-peers" / "bin" / "python"


def measure() -> Iterator[tuple[str, float, float]]:
    """Yield the segments beside the floor, each in a process of its own, start and import apart."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scored.parquet"
        write(path, ROWS)
        floor = _spent("floor", path)
        yield f"115 segments of {ROWS:,} rows, in process", _spent("ours", path), floor


def write(path: Path, rows: int, seed: int = 20261123) -> None:
    """Write answers of a model that is weak on one pair of segments."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(seed)
    truth = rng.random(rows) < 0.3
    columns = {
        name: np.array([f"{name} {at}" for at in range(size)])[rng.integers(0, size, rows)]
        for name, size in SIZES.items()
    }
    weak = (columns["plan"] == "plan 1") & (columns["region"] == "region 2")
    logit = rng.normal(size=rows) + np.where(weak, 0.2, 1.2) * truth - 1.4
    table = {"y": truth.astype(np.int8), "score": 1 / (1 + np.exp(-logit)), **columns}
    pq.write_table(pa.table({**table, "age": rng.normal(40, 12, rows)}), path)


def floor_of(path: Path) -> object:
    """Return sum, min, max and count of every column: what reading it costs."""
    import duckdb

    numbers = ", ".join(f"sum({c}), min({c}), max({c}), count({c})" for c in ("y", "score", "age"))
    texts = ", ".join(f"min({c}), max({c}), count({c})" for c in SIZES)
    with duckdb.connect(config={"threads": 2}) as connection:
        return connection.execute(f"SELECT {numbers}, {texts} FROM '{path}'").fetchall()


def ours_of(path: Path) -> object:
    """Return our answer with every pair."""
    from headway.analysis.segments.segments import Question, segments
    from headway.analysis.segments.task import Columns
    from headway.analysis.summaries import open_table

    return segments(open_table(path), Question(Columns("y", "score"), BY, pairs=True))


def _spent(what: str, path: Path) -> float:
    """Return the CPU seconds of one piece of work in a fresh process, once it is warm."""
    line = [sys.executable, "-m", "benchmarks.segments", "--one", what, str(path)]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    """Print ours, the floor and the peer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", nargs=2, help="floor or ours, and a file: for ourselves")
    parser.add_argument("--peers", type=Path, default=PEERS, help="Python with scikit-learn")
    parser.add_argument("--rows", type=int, default=ROWS)
    asked = parser.parse_args()
    if asked.one:
        work = {"floor": floor_of, "ours": ours_of}[asked.one[0]]
        print(cpu_of(3, lambda: work(Path(asked.one[1]))))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scored.parquet"
        write(path, asked.rows)
        floor, ours = _spent("floor", path), _spent("ours", path)
        print(f"{asked.rows:,} rows: floor {floor:.3f}, ours {ours:.3f} ({ours / floor:.1f})")
        line = [
            sys.executable,
            "-m",
            "headway.interfaces.cli.main",
            "check",
            "segments",
            str(path),
            "--label",
            "y",
            "--score",
            "score",
            "--by",
            ",".join(BY),
            "--pairs",
            "--json",
        ]
        whole = cpu_of(2, lambda: subprocess.run(line, capture_output=True, check=False))
        print(f"the command, process start and imports counted: {whole:.3f}")
        if asked.peers.exists():
            done = subprocess.run(
                [str(asked.peers), str(PEER), str(path), *BY], capture_output=True, text=True
            )
            print(f"scikit-learn: {done.stdout.strip() or done.stderr[-300:]}")


if __name__ == "__main__":
    main()
