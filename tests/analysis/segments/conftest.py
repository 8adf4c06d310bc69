from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from headway.analysis.summaries import Engine, Table, embedded, from_arrow

pa = pytest.importorskip("pyarrow")

CASE = json.loads((Path(__file__).parents[2] / "cases/segments/scikit-learn.json").read_text())


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    with embedded(threads=1) as found:
        yield found


@pytest.fixture
def table_of(engine: Engine) -> Any:
    """Return a function that makes a table of columns given by name."""

    def make(**columns: Any) -> Table:
        return from_arrow(pa.table(columns), name="scored.parquet", engine=engine)

    return make
