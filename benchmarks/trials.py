"""An A/B readout with CUPED over 10 million users from Parquet: `python -m benchmarks.trials`.

Each side runs in a process of its own, imports included; the floor is the sum of the same columns
by DuckDB. `--peers PYTHON` names an interpreter with tea-tasting, which is then measured too.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

USERS = 10_000_000
PEERS = Path(__file__).parents[1] / ".venv-peers" / "bin" / "python"
_CHUNK = 1_000_000


def write_users(path: Path, users: int = USERS, seed: int = 20261123) -> None:
    """Write users of two variants: revenue with what it was before, conversions, clicks, views."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng, writer = np.random.default_rng(seed), None
    for first in range(0, users, _CHUNK):
        n = min(_CHUNK, users - first)
        new = rng.integers(0, 2, n)
        before = rng.gamma(2.0, 10.0, n)
        views = rng.poisson(5.0, n) + 1
        table = pa.table(
            {
                "user": np.arange(first, first + n),
                "variant": pa.array(np.array(["control", "new"])[new]),
                "before": before,
                "revenue": 0.6 * before + rng.gamma(2.0, 8.0, n) * (1 + 0.01 * new),
                "converted": (rng.random(n) < 0.1 + 0.002 * new).astype(np.int64),
                "clicks": rng.binomial(views, 0.2),
                "views": views,
            }
        )
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=250_000)
    if writer is not None:
        writer.close()


def one_metric(path: str) -> str:
    """Read out revenue with its covariate."""
    return _read_out(path, [{"column": "revenue", "covariate": "before"}])


def three_metrics(path: str) -> str:
    """Read out a mean, a proportion and a ratio, each with the covariate."""
    clicks = {"column": "clicks", "kind": "ratio", "denominator": "views", "covariate": "before"}
    converted = {"column": "converted", "kind": "proportion", "covariate": "before"}
    return _read_out(path, [{"column": "revenue", "covariate": "before"}, converted, clicks])


def by_unit(path: str) -> str:
    """Read out revenue with rows added up by user, and users in both variants counted."""
    return _read_out(path, [{"column": "revenue", "covariate": "before"}], unit="user")


def _read_out(path: str, metrics: list[dict[str, str]], **fields: str) -> str:
    from headway.analysis.summaries import open_table
    from headway.analysis.trials import plan_of, read_out

    plan = plan_of({"metrics": metrics, "split": "50/50", **fields})
    return read_out(open_table(path), plan).decision.value


def floor_of_one(path: str) -> str:
    """Sum the columns of one metric."""
    return _sum(path, "revenue", "before")


def floor_of_three(path: str) -> str:
    """Sum the columns of three metrics."""
    return _sum(path, "revenue", "before", "converted", "clicks", "views")


def _sum(path: str, *columns: str) -> str:
    import duckdb

    wanted = ", ".join(f"sum({column})" for column in columns)
    return str(duckdb.execute(f"SELECT count(variant), {wanted} FROM '{path}'").fetchone())


def tea_tasting(path: str) -> str:
    """Do the same by tea-tasting, which runs on Ibis too."""
    import ibis
    import tea_tasting as tt

    experiment = tt.Experiment(revenue=tt.Mean("revenue", "before"))
    return str(experiment.analyze(ibis.duckdb.connect().read_parquet(path)))


_SIDES = {
    side.__name__: side
    for side in (one_metric, three_metrics, by_unit, floor_of_one, floor_of_three, tea_tasting)
}


def spent(side: str, path: Path, python: str = sys.executable) -> tuple[float, float]:
    """Return CPU seconds and the most memory in MB of one side in a process of its own."""
    line = [python, "-m", "benchmarks.trials", "--side", side, "--data", str(path)]
    said = subprocess.run(line, check=True, capture_output=True, text=True).stdout
    found = json.loads(said.splitlines()[-1])
    return found["cpu"], found["rss"]


def _most_memory() -> float:
    """Return the most MB that this process held; `ru_maxrss` counts its parent before exec."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def measure() -> Iterator[tuple[str, float, float]]:
    """Yield (claim, our CPU seconds, the floor's), the better of two runs each."""
    with tempfile.TemporaryDirectory(prefix="headway-trials-") as folder:
        path = Path(folder) / "users.parquet"
        write_users(path)
        for claim, side, floor in (
            ("A/B with CUPED, 10M users", "one_metric", "floor_of_one"),
            ("A/B, 3 metrics with CUPED, 10M users", "three_metrics", "floor_of_three"),
        ):
            ours = min(spent(side, path) for _ in range(2))
            least = min(spent(floor, path) for _ in range(2))
            yield f"{claim} ({ours[1]:.0f} MB)", ours[0], least[0]


def main() -> None:
    """Print CPU seconds and memory of each side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--peers", type=Path, default=PEERS, help="Python with tea-tasting")
    parser.add_argument("--side", choices=sorted(_SIDES), help=argparse.SUPPRESS)
    parser.add_argument("--data", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.side:
        _SIDES[asked.side](asked.data)
        used = resource.getrusage(resource.RUSAGE_SELF)
        print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "rss": _most_memory()}))
        return
    with tempfile.TemporaryDirectory(prefix="headway-trials-") as folder:
        path = Path(folder) / "users.parquet"
        write_users(path, asked.users)
        print(f"{'side':16}{'CPU s':>8}{'MB':>8}   ({asked.users:,} users, better of two)")
        for side in _SIDES:
            python = str(asked.peers) if side == "tea_tasting" else sys.executable
            if Path(python).exists():
                seconds, memory = min(spent(side, path, python) for _ in range(2))
                print(f"{side:16}{seconds:8.2f}{memory:8.0f}", flush=True)
            else:
                print(f"{side:16} left out: {python} is not there")


if __name__ == "__main__":
    main()
