"""What becomes of MLflow's values, and what never becomes evidence."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.connectors.mlflow.book import ms

from headway.connectors.mlflow.options import MlflowOptions
from headway.connectors.mlflow.personal import without_personal
from headway.connectors.mlflow.reading import AliasMove, Reader, escaped, moment_of
from headway.connectors.mlflow.wire import (
    Experiment,
    Metric,
    ModelVersion,
    RegisteredModel,
    Run,
    read_each,
)
from headway.domain.evidence.rules import read_payload
from headway.errors import Invalid, Problem
from headway.observation import Observation, SubjectRef, canonical

EXPERIMENT = Experiment(experiment_id="1", name="meter", creation_time=ms(2024))
READER = Reader(MlflowOptions(url="https://ml.example.org", series=("*",), project="rest"))


def run_of(**changes: object) -> Run:
    """Return a finished run; `info` and `data` are merged, other keys replaced."""
    info = {
        "run_id": "a1", "status": "FINISHED", "start_time": ms(2025), "end_time": ms(2025, 1, 2),
        "lifecycle_stage": "active", "run_name": "try", **dict(changes.pop("info", {})),
    }  # type: ignore[call-overload] # fmt: skip
    return Run.model_validate({"info": info, "data": changes.pop("data", {}), **changes})


def seen(run: Run) -> Observation:
    told = READER.run(run, EXPERIMENT)
    assert isinstance(told, Observation), told
    return told


def pairs(**tags: str) -> list[dict[str, str]]:
    return [{"key": key.replace("__", "."), "value": value} for key, value in tags.items()]


def test_a_run_has_the_shape_that_the_ledger_demands() -> None:
    run = run_of(
        data={
            "metrics": [{"key": "score", "value": 0.5, "timestamp": 1, "step": 0}],
            "params": [{"key": "depth", "value": "3"}],
            "tags": pairs(
                mlflow__parentRunId="p1", mlflow__source__git__commit="a" * 40, team="meters"
            ),
        },
        inputs={
            "dataset_inputs": [
                {
                    "dataset": {"name": "digits", "digest": "d1", "source": "{}"},
                    "tags": [{"key": "mlflow.data.context", "value": "training"}],
                }
            ]
            * 2
        },
    )
    told = seen(run)
    assert str(told.subject) == "run:ml.example.org/a1"
    assert told.source == "mlflow:ml.example.org"
    assert told.observed_at == datetime(2025, 1, 2, tzinfo=UTC)
    assert told.payload == {
        "run_id": "a1",
        "name": "try",
        "group": "meter",
        "status": "finished",
        "started_at": "2025-01-01T00:00:00.000000Z",
        "ended_at": "2025-01-02T00:00:00.000000Z",
        "parent_run_id": "p1",
        "commit": "a" * 40,
        "params": {"depth": "3"},
        "metrics": {"score": 0.5},
        "tags": {"team": "meters"},
        "datasets": [{"name": "digits", "digest": "d1", "context": "training"}],
        "deleted": False,
    }
    assert read_payload("run", told.payload)


@pytest.mark.parametrize(
    "value", ["NaN", "nan", "Infinity", "-Infinity", 1.7976931348623157e308,
              -1.7976931348623157e308, float("nan"), float("inf"), None]
)  # fmt: skip
def test_no_value_is_null_and_never_a_number(value: object) -> None:
    told = seen(run_of(data={"metrics": [{"key": "loss", "value": value}]}))
    assert told.payload["metrics"] == {"loss": None}


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_every_metric_that_is_kept_is_finite(value: float) -> None:
    told = seen(run_of(data={"metrics": [{"key": "loss", "value": json.loads(json.dumps(value))}]}))
    assert canonical(told.payload)


@pytest.mark.parametrize("status", ["RUNNING", "SCHEDULED"])
def test_an_open_run_has_no_end(status: str) -> None:
    assert seen(run_of(info={"status": status})).payload["ended_at"] is None


def test_a_run_is_seen_at_its_end_else_start_else_metric_else_experiment() -> None:
    bare = {"start_time": 0, "end_time": None}
    metric = {"metrics": [{"key": "a", "value": 1, "timestamp": ms(2026)}]}
    moments = [
        seen(run_of()).observed_at,
        seen(run_of(info={"end_time": None})).observed_at,
        seen(run_of(info=bare, data=metric)).observed_at,
        seen(run_of(info=bare)).observed_at,
    ]
    assert [milliseconds(moment) for moment in moments] == [
        ms(2025, 1, 2), ms(2025), ms(2026), ms(2024)
    ]  # fmt: skip


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


@pytest.mark.parametrize("when", [10**17, -(10**17)])
def test_a_time_outside_the_calendar_is_a_problem(when: int) -> None:
    assert isinstance(READER.run(run_of(info={"end_time": 10**17}), EXPERIMENT), Problem)
    with pytest.raises(Invalid):
        moment_of(when)


PERSONAL = [
    ("mlflow__user", "alice"),
    ("mlflow__databricks__notebookPath", "/Users/alice@example.org/notes"),
    ("mlflow__source__git__repoURL", "https://alice:token@git.example.org/x"),
    ("mlflow__source__git__branch", "alice/fix"),
    ("mlflow__note__content", "ask Alice"),
    ("user", "alice"),
    ("team__owner", "alice"),
    ("Created-By", "alice"),
    ("E-Mail", "alice@example.org"),
]


@pytest.mark.parametrize(("key", "value"), PERSONAL)
def test_a_persons_tag_is_dropped(key: str, value: str) -> None:
    assert "lice" not in canonical(seen(run_of(data={"tags": pairs(**{key: value})})).payload)


def test_user_ids_of_the_server_are_not_read() -> None:
    assert "alice" not in canonical(seen(run_of(info={"user_id": "alice"})).payload)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("mail alice.b+x@example.co.uk now", "mail (e-mail removed) now"),
        ("https://alice:token@git.example.org/x.git", "https://git.example.org/x.git"),
        ("/home/alice/data/train.csv", "~/data/train.csv"),
        ("file:///Users/alice/data", "file://~/data"),
        ("C:\\Users\\alice\\data", "~\\data"),
        ("git@github.com:org/repo.git", "git@github.com:org/repo.git"),
        ("recall@10", "recall@10"),
        ("top@5.accuracy", "top@5.accuracy"),
        ("s3://bucket/key@v2", "s3://bucket/key@v2"),
        ("a\x00b", "ab"),
    ],
)
def test_free_text_loses_addresses_homes_and_sign_ins(text: str, kept: str) -> None:
    assert without_personal(text) == kept


@given(st.text(max_size=300))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = without_personal(text)
    assert "\x00" not in once
    assert without_personal(once).count("@") <= text.count("@")


def test_texts_of_a_run_are_cleaned() -> None:
    told = seen(
        run_of(
            info={"run_name": "for bob@example.org"},
            data={
                "params": [{"key": "path", "value": "/home/bob/x"}],
                "tags": pairs(why="bob@example.org asked", mlflow__source__name="C:\\bob\\fit.py"),
            },
        )
    )
    assert "bob" not in canonical(told.payload)
    assert told.payload["tags"] == {
        "why": "(e-mail removed) asked", "mlflow.source.name": "fit.py"
    }  # fmt: skip


@pytest.mark.parametrize("commit", ["", "HEAD", "A" * 40, "a" * 6, "a" * 65, "g" * 40])
def test_what_is_no_commit_is_null(commit: str) -> None:
    tags = pairs(mlflow__source__git__commit=commit)
    assert seen(run_of(data={"tags": tags})).payload["commit"] is None


def test_a_run_says_where_it_belongs_before_the_mapping_does() -> None:
    options = MlflowOptions(
        url="https://ml.example.org", project="rest", projects={"met*": "meter", "*": "any"}
    )
    reader = Reader(options)
    tagged = reader.run(run_of(data={"tags": pairs(headway__project=" own ")}), EXPERIMENT)
    mapped = reader.run(run_of(), EXPERIMENT)
    assert isinstance(tagged, Observation)
    assert isinstance(mapped, Observation)
    assert (tagged.project, mapped.project) == ("own", "meter")
    assert seen(run_of()).project == "rest"


def test_a_series_is_split_by_dataset_and_sorted() -> None:
    points = [
        Metric(key="loss", value=1.0, timestamp=ms(2025), step=1, dataset_digest="d2"),
        Metric(key="loss", value=None, timestamp=ms(2025, 2), step=2),
        Metric(key="loss", value=3.0, timestamp=ms(2025), step=1),
    ]
    told = READER.series(run_of(), EXPERIMENT, "loss", points)
    assert all(isinstance(one, Observation) for one in told)
    payloads = [one.payload for one in told if isinstance(one, Observation)]
    assert [payload["dataset_digest"] for payload in payloads] == [None, "d2"]
    assert payloads[0]["points"] == [
        {"step": 1, "at": "2025-01-01T00:00:00.000000Z", "value": 3.0},
        {"step": 2, "at": "2025-02-01T00:00:00.000000Z", "value": None},
    ]
    assert all(read_payload("metric_series", payload) for payload in payloads)
    assert told == READER.series(run_of(), EXPERIMENT, "loss", points[::-1])


def test_a_series_outside_the_calendar_is_a_problem() -> None:
    points = [Metric(key="loss", value=1.0, timestamp=10**17, step=1)]
    assert isinstance(READER.series(run_of(), EXPERIMENT, "loss", points)[0], Problem)


def test_a_model_name_too_long_for_a_subject_is_a_problem() -> None:
    move = AliasMove("m" * 300, "champion", None, "1")
    told = READER.alias_move(move, None, None, datetime(2026, 1, 1, tzinfo=UTC))
    assert isinstance(told, Problem)


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_names_stay_apart_in_subjects(first: str, second: str) -> None:
    assert (escaped(first) == escaped(second)) == (first == second)


@given(st.text(min_size=1, max_size=60))
def test_every_name_makes_a_subject(name: str) -> None:
    subject = SubjectRef("model", escaped(name), "1")
    assert SubjectRef.parse(str(subject)) == subject


GARBAGE = [
    None, 3, "x", [], {}, {"info": None}, {"info": {"run_id": "a b", "status": "FINISHED"}},
    {"info": {"run_id": "a", "status": "DANCING"}},
    {"info": {"run_id": "a", "status": "FINISHED", "start_time": "soon"}},
    {"info": {"run_id": "a", "status": "FINISHED"}, "data": 3},
    {"info": {"run_id": "a", "status": "FINISHED"}, "data": {"metrics": [{"value": 1}]}},
    {"info": {"run_id": "a", "status": "FINISHED"}, "data": {"metrics": [{"key": {}, "value": 1}]}},
    {"info": {"run_id": "a", "status": "FINISHED"}, "data": {"params": [3]}},
    {"info": {"run_id": "../../etc", "status": "FINISHED"}},
]  # fmt: skip


@pytest.mark.parametrize("item", GARBAGE)
def test_garbage_is_a_problem_and_breaks_nothing_else(item: object) -> None:
    good = {"info": {"run_id": "a", "status": "FINISHED"}}
    found, problems = read_each(Run, [item, good])
    assert len(found) == len(problems) == 1


def test_a_version_without_a_time_is_a_problem() -> None:
    version = ModelVersion(name="m", version="1")
    assert isinstance(READER.version(version, RegisteredModel(name="m"), None), Problem)
