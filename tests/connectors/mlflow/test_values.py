"""What a real MLflow server makes of odd values, and what of it becomes evidence."""

from __future__ import annotations

import pytest
from tests.connectors.mlflow.book import Bench, Book, ms

pytestmark = [pytest.mark.mlflow, pytest.mark.xdist_group("mlflow")]


def test_metrics_without_a_value_are_null(bench: Bench) -> None:
    run_id = bench.finished(
        bench.experiment(), ms(2025), nan="NaN", up="Infinity", down="-Infinity", loss=0.25
    )
    book = Book()
    with bench.connecting() as connector:
        book.sync(connector)
    metrics = {"nan": None, "up": None, "down": None, "loss": 0.25}
    assert book.runs()[run_id]["metrics"] == metrics


def test_nested_runs_datasets_and_commits_are_kept_and_users_are_not(bench: Bench) -> None:
    experiment = bench.experiment()
    parent = bench.finished(experiment, ms(2025))
    tags = {"mlflow.parentRunId": parent, "mlflow.user": "alice", "mlflow.source.name": "/a/fit.py",
            "mlflow.source.git.commit": "c" * 40, "headway.project": "meter"}  # fmt: skip
    child = bench.start(experiment, ms(2025, 2), tags=tags)
    bench.server.post(
        "runs/log-inputs",
        run_id=child,
        datasets=[
            {
                "dataset": {"name": "d", "digest": "x1", "source_type": "local", "source": "{}"},
                "tags": [{"key": "mlflow.data.context", "value": "training"}],
            }
        ],
    )
    book = Book()
    with bench.connecting(project="rest") as connector:
        book.sync(connector)
    run = book.runs()[child]
    assert (run["parent_run_id"], run["commit"]) == (parent, "c" * 40)
    assert run["datasets"] == [{"name": "d", "digest": "x1", "context": "training"}]
    assert run["tags"] == {"mlflow.source.name": "fit.py", "headway.project": "meter"}
    assert [seen.project for seen in book.observations] == ["rest", "meter"]


def test_a_history_is_read_where_it_was_asked_for(bench: Bench) -> None:
    run_id = bench.start(bench.experiment(), ms(2025))
    rows = [
        {"key": key, "value": 1 / (step + 1), "timestamp": ms(2025) + step, "step": step}
        for key in ("val_loss", "noise")
        for step in range(40)
    ]
    bench.server.post("runs/log-batch", run_id=run_id, metrics=rows)
    book = Book()
    with bench.connecting(series=["val_*"]) as connector:
        book.sync(connector)
        assert book.of("metric_series") == []
        bench.end(run_id, ms(2025, 2))
        assert book.sync(connector) == 2
        assert book.sync(connector, sweep=True) == 0
    (series,) = book.of("metric_series")
    points = series["points"]
    assert isinstance(points, list)
    assert [point["step"] for point in points] == list(range(40))
    assert points[1]["value"] == 0.5
