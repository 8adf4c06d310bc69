"""The tables that every engine is asked about: small, with all that engines like to differ on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 6000


def write(folder: Path) -> None:
    """Write `june.parquet` and `july.parquet`: times in microseconds, which Spark can read."""
    for name, seed, shift in (("june", 1, 0.0), ("july", 2, 0.2)):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=ROWS) + shift
        x[::500], x[1::900], x[2::900] = np.nan, np.inf, -np.inf
        columns = {
            "x": pa.array(x, mask=rng.random(ROWS) < 0.02),
            "small": pa.array(rng.lognormal(0, 2, ROWS).astype(np.float32)),
            "cents": pa.array(np.round(rng.normal(50, 10, ROWS), 1)),
            "id": pa.array(2**61 + rng.integers(0, 60, ROWS)),
            "land": pa.array(rng.choice(["DE", "FR"], ROWS, p=[0.7, 0.3])),
            "c": pa.array(rng.choice(["a", "b", "ü", ""], ROWS), mask=rng.random(ROWS) < 0.01),
            "is_new": pa.array(rng.random(ROWS) < 0.3),
            "at": pa.array(
                (1_700_000_000 + rng.integers(0, 9000, ROWS)) * 10**6, pa.timestamp("us", "UTC")
            ),
            "day": pa.array(rng.integers(19_000, 19_090, ROWS).astype(np.int32), pa.date32()),
        }
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")
