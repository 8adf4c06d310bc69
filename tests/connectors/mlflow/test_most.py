"""A run that holds more than a record may is kept without the rest, and says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.connectors.mlflow.book import Bench, Book, connecting, ms
from tests.peers.fault_server import Asked, Exchange, FaultServer, serving

from headway.connectors.mlflow.most import (
    LEFT_OUT,
    MOST_DATASETS,
    MOST_TAGS,
    MOST_VALUES,
    within_bounds,
)
from headway.connectors.mlflow.wire import (
    Dataset,
    DatasetInput,
    Metric,
    Pair,
    Run,
    RunData,
    RunInfo,
    RunInputs,
)
from headway.errors import SourceError


def a_run(
    metrics: list[str] | None = None, *, params: int = 0, tags: int = 0, datasets: int = 0
) -> Run:
    return Run(
        info=RunInfo(run_id="r1", status="FINISHED", start_time=ms(2026)),
        data=RunData(
            metrics=tuple(Metric(key=key, value=0.5) for key in metrics or []),
            params=tuple(Pair(key=f"p{n}", value="1") for n in range(params)),
            tags=tuple(Pair(key=f"t{n}", value="1") for n in range(tags)),
        ),
        inputs=RunInputs(
            dataset_inputs=tuple(
                DatasetInput(dataset=Dataset(name=f"d{n}", digest="x")) for n in range(datasets)
            )
        ),
    )


def test_a_run_within_bounds_is_itself() -> None:
    run = a_run(["recall"] * MOST_VALUES, params=MOST_VALUES, tags=MOST_TAGS, datasets=100)
    assert within_bounds(run, ()) == (run, "")


def test_everything_beyond_is_counted() -> None:
    names = [f"m{n}" for n in range(MOST_VALUES + 500)]
    run = a_run(names, params=MOST_VALUES + 1, tags=MOST_TAGS + 2, datasets=MOST_DATASETS + 3)
    kept, said = within_bounds(run, ())
    assert said == "500 of 2500 metrics, 1 of 2001 parameters, 2 of 1992 tags, 3 of 103 datasets"
    assert len(kept.data.metrics) == len(kept.data.params) == MOST_VALUES
    assert (len(kept.data.tags), len(kept.inputs.dataset_inputs)) == (MOST_TAGS, MOST_DATASETS)


def test_what_was_chosen_and_plain_names_are_kept_before_machine_readings() -> None:
    readings = [f"system/gpu_{n:04}" for n in range(MOST_VALUES)]
    kept, _ = within_bounds(a_run([*readings, "system/chosen", "recall"]), ("system/chosen",))
    names = [metric.key for metric in kept.data.metrics]
    assert names[:3] == ["system/chosen", "recall", "system/gpu_0000"]


def test_the_tags_that_place_a_run_are_kept() -> None:
    run = a_run(tags=MOST_TAGS)
    placing = (Pair(key="zz", value="1"), Pair(key="headway.project", value="meter-reading"))
    run = run.model_copy(
        update={"data": run.data.model_copy(update={"tags": (*run.data.tags, *placing)})}
    )
    kept, _ = within_bounds(run, ())
    keys = {tag.key for tag in kept.data.tags}
    assert "headway.project" in keys
    assert "zz" not in keys


@settings(max_examples=10)
@given(st.integers(0, 2**32))
def test_the_order_in_which_the_server_sends_changes_nothing(seed: int) -> None:
    order = Random(seed).sample(range(MOST_VALUES + 5), MOST_VALUES + 5)
    kept, _ = within_bounds(a_run([f"m{n:05}" for n in order]), ())
    assert [metric.key for metric in kept.data.metrics] == [f"m{n:05}" for n in range(MOST_VALUES)]


@pytest.mark.mlflow
@pytest.mark.xdist_group("mlflow")
@pytest.mark.slow
def test_a_real_run_with_more_metrics_than_a_record_holds_is_kept_once(bench: Bench) -> None:
    group = bench.experiment()
    run = bench.start(group, ms(2026))
    for first in range(0, 3_000, 1_000):
        named = {f"layer/{number}": 0.5 for number in range(first, first + 1_000)}
        bench.log(run, ms(2026), **named)
    bench.log(run, ms(2026), recall=0.9)
    bench.end(run, ms(2026, 1, 2))
    book = Book()
    with bench.connecting() as connector:
        assert book.sync(connector) == 1
        kept = book.runs()[run]
        assert len(kept["metrics"]) == MOST_VALUES  # type: ignore[arg-type]
        assert kept["metrics"]["recall"] == 0.9  # type: ignore[index]
        assert kept["tags"][LEFT_OUT] == "1001 of 3001 metrics"  # type: ignore[index]
        assert [(one.where, "without 1001" in one.sentence) for one in book.refused] == [
            (f"run {run}", True)
        ]
        assert book.sync(connector, sweep=True) == 0


# --- pages that grow too large


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with serving() as running:
        yield running


def answers(sizes: list[int], row_bytes: int) -> object:
    """Return a server of 40 runs of `row_bytes` each that notes the sizes it was asked for."""
    rows = [
        {
            "info": {"run_id": f"r{n}", "status": "FINISHED", "start_time": ms(2020) + n * 60_000},
            "data": {"tags": [{"key": "mlflow.note.content", "value": "x" * row_bytes}]},
        }
        for n in range(40)
    ]

    def answer(exchange: Exchange, asked: Asked) -> None:
        if "experiments/search" in asked.path:
            exchange.reply_json({"experiments": [{"experiment_id": "1", "name": "e"}]})
            return
        if "runs/search" not in asked.path:
            exchange.reply_json({})
            return
        body = asked.json()
        size = int(str(body["max_results"]))
        sizes.append(size)
        since = int(str(body.get("filter", "0")).rpartition(" ")[2])
        found = [row for row in rows if row["info"]["start_time"] >= since]  # type: ignore[index]
        more = {"next_page_token": "more"} if len(found) > size else {}
        exchange.reply(200, json.dumps({"runs": found[:size], **more}).encode())

    return answer


def test_a_page_too_large_to_read_is_asked_for_again_in_smaller_ones(server: FaultServer) -> None:
    sizes: list[int] = []
    server.answer = answers(sizes, 200_000)  # type: ignore[assignment]
    book = Book()
    with connecting(server, page_size=200) as connector:
        book.sync(connector)
    assert len(book.runs()) == 40
    assert sizes[:3] == [200, 25, 3]
    assert set(sizes[3:]) == {3}, "the size that worked is kept"


def test_a_single_run_too_large_to_read_is_an_error_in_a_sentence(server: FaultServer) -> None:
    sizes: list[int] = []
    server.answer = answers(sizes, 5_000_000)  # type: ignore[assignment]
    with (
        connecting(server, page_size=3) as connector,
        pytest.raises(SourceError, match="more than 4000000 bytes"),
    ):
        Book().sync(connector)
    assert sizes == [3, 1]
