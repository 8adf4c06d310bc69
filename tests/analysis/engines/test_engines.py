"""Other engines answer as DuckDB does: integers and words the same, floats to 1e-9."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.analysis.engines import tables
from tests.analysis.engines.questions import QUESTIONS

from headway.analysis.summaries import Table, embedded, from_ibis, open_table

ROOT = Path(__file__).parents[3]
PYTHON = Path(os.environ.get("HEADWAY_SPARK_PYTHON", ROOT / ".venv-spark/bin/python"))
NO_SPARK = (
    "There is no Spark to ask: make .venv-spark from tests/peers/spark/constraints.txt (`make "
    "environments` does) and install Java 17 (Debian: openjdk-17-jre-headless)."
)
#: Seconds for the whole suite; a loaded machine takes many times what a quiet one does.
PATIENCE = 600

pytestmark = pytest.mark.xdist_group("engines")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("engines")
    tables.write(made)
    return made


@pytest.fixture(scope="module")
def here(folder: Path) -> dict[str, object]:
    """Ask DuckDB."""
    with embedded() as engine:

        def open_(name: str) -> Table:
            return open_table(folder / f"{name}.parquet", engine=engine)

        return _asked(open_)


def _asked(open_: Callable[[str], Table]) -> dict[str, object]:
    told = {name: question(open_) for name, question in QUESTIONS.items()}
    read: dict[str, object] = json.loads(json.dumps(told))
    return read


@pytest.fixture(scope="module")
def on_spark(folder: Path) -> dict[str, object]:
    """Ask Spark all questions in one process: it takes longest to start."""
    if not PYTHON.exists() or shutil.which("java") is None:
        pytest.skip(NO_SPARK)
    asked = subprocess.run(
        [PYTHON, "-m", "tests.peers.spark.process", str(folder)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "TZ": "UTC"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr[-4000:]
    told: dict[str, object] = json.loads(asked.stdout.splitlines()[-1])
    return told


@pytest.mark.spark
@pytest.mark.parametrize("question", QUESTIONS)
def test_spark_answers_as_duckdb_does(
    here: dict[str, object], on_spark: dict[str, object], question: str
) -> None:
    _same(here[question], on_spark[question], question)


@pytest.fixture(scope="module")
def on_postgres(folder: Path) -> Iterator[dict[str, object]]:
    """Ask a real PostgreSQL, where this run has one, in tables of its own."""
    import dj_database_url

    where = dj_database_url.parse(os.environ.get("DATABASE_URL", "sqlite://"))
    if "postgresql" not in where["ENGINE"]:
        pytest.skip("There is no PostgreSQL to ask: `make test-postgres` starts one.")
    import ibis
    import pyarrow.parquet

    connection = ibis.postgres.connect(
        host=where["HOST"],
        port=int(where["PORT"] or 5432),
        user=where["USER"],
        password=where["PASSWORD"],
        database=where["NAME"],
    )
    for name in ("june", "july"):
        rows = pyarrow.parquet.read_table(folder / f"{name}.parquet")
        connection.create_table(name, rows, temp=True)
    yield _asked(lambda name: from_ibis(connection.table(name), name=name))
    connection.disconnect()


@pytest.mark.parametrize("question", QUESTIONS)
def test_postgresql_answers_as_duckdb_does(
    here: dict[str, object], on_postgres: dict[str, object], question: str
) -> None:
    _same(here[question], on_postgres[question], question)


def _same(one: object, other: object, where: str) -> None:
    """Compare two answers, part by part, and say where they differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        assert list(one) == list(other), where
        for key in one:
            _same(one[key], other[key], f"{where}.{key}")
    elif isinstance(one, list) and isinstance(other, list):
        assert len(one) == len(other), where
        for place, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            _same(mine, theirs, f"{where}[{place}]")
    elif isinstance(one, float) and isinstance(other, float):
        assert other == pytest.approx(one, rel=1e-9, abs=1e-9), where
    else:
        assert one == other, where


@pytest.mark.parametrize("dialect", ["trino", "bigquery", "snowflake", "postgres"])
def test_the_questions_compile_for_engines_that_are_not_run(dialect: str) -> None:
    import ibis

    from headway.analysis.summaries.buckets import bucketed, valued
    from headway.analysis.summaries.counts import counted, nulls

    number = {"x": "float64", "m": "float64", "f": "float64", "g": "string"}
    for question, types in (
        (bucketed, number),
        (bucketed, number | {"x": "int64"}),
        (lambda rows: valued(rows, 10), {"x": "float64"}),
        (lambda rows: counted(rows, 10), {"x": "string", "g": "string"}),
        (nulls, {"x": "boolean"}),
    ):
        told = ibis.to_sql(question(ibis.table(types, name="asked")), dialect=dialect)
        assert "GROUP BY" in told or question is nulls
