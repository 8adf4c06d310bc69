"""The registry: versions once, and alias moves as intervals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from tests.connectors.mlflow.book import AT, Bench, Book, ms

from headway.connectors.mlflow.connector import MlflowConnector

pytestmark = [pytest.mark.mlflow, pytest.mark.xdist_group("mlflow")]

LATER = AT + timedelta(hours=1)


@pytest.fixture
def connector(bench: Bench) -> Iterator[MlflowConnector]:
    with bench.connecting(name="lab") as made:
        yield made


def at(payload: object, key: str) -> datetime:
    assert isinstance(payload, dict)
    return datetime.fromisoformat(payload[key])


def test_every_version_comes_once(bench: Bench, connector: MlflowConnector) -> None:
    models = [bench.model(letter) for letter in "ab"]
    for model in models * 3:
        bench.version(model)
    book = Book()
    assert book.sync(connector) == 6
    assert set(book.latest("model_version")) == {
        f"model:{model}@{version}" for model in models for version in (1, 2, 3)
    }
    assert book.sync(connector) == 0
    book.cursor = None
    assert book.sync(connector) == 0


def test_a_version_carries_its_run_stage_tags_and_description(
    bench: Bench, connector: MlflowConnector
) -> None:
    run_id = bench.finished(bench.experiment(), ms(2025))
    model = bench.model()
    version = bench.version(model, run_id, licence="MIT", owner="Alice")
    book = Book()
    book.sync(connector)
    bench.server.post(
        "model-versions/transition-stage",
        name=model,
        version=version,
        stage="Production",
        archive_existing_versions=False,
    )
    bench.server.post(
        "model-versions/set-tag", name=model, version=version, key="headway.project", value="meter"
    )
    assert book.sync(connector) == 1
    assert book.latest("model_version")[f"model:{model}@1"] == {
        "status": "ready",
        "run_id": run_id,
        "source": "s3://bucket/model",
        "tags": {"licence": "MIT", "headway.project": "meter", "mlflow.stage": "Production"},
        "description": None,
        "deleted": False,
    }
    assert book.observations[-1].project == "meter"


def test_the_first_look_knows_no_beginning(bench: Bench, connector: MlflowConnector) -> None:
    model = bench.model()
    bench.point(model, "champion", bench.version(model))
    book = Book()
    book.sync(connector)
    move = book.latest("alias_move")[f"alias:lab/{model}/champion"]
    assert (move["from_version"], move["version"], move["seen_after"]) == (None, "1", None)
    assert at(move, "seen_by") >= AT


def test_an_alias_moved_twice_between_looks_is_one_interval(
    bench: Bench, connector: MlflowConnector
) -> None:
    model = bench.model()
    for _ in range(3):
        bench.version(model)
    bench.point(model, "champion", "1")
    book = Book()
    book.sync(connector)
    bench.point(model, "champion", "2")
    bench.point(model, "champion", "3")
    assert book.sync(connector, LATER) == 1
    move = book.of("alias_move")[-1]
    assert (move["from_version"], move["version"]) == ("1", "3")
    assert at(move, "seen_after") < AT + timedelta(minutes=1)
    assert LATER <= at(move, "seen_by") < LATER + timedelta(minutes=1)
    assert book.sync(connector, LATER + timedelta(hours=1)) == 0


def test_a_move_and_its_return_are_three_records(bench: Bench, connector: MlflowConnector) -> None:
    model = bench.model()
    bench.version(model)
    bench.version(model)
    book = Book()
    for hour, version in enumerate("121"):
        bench.point(model, "champion", version)
        assert book.sync(connector, AT + timedelta(hours=hour)) >= 1
    assert [move["version"] for move in book.of("alias_move")] == ["1", "2", "1"]


def test_a_new_alias_lies_between_two_looks(bench: Bench, connector: MlflowConnector) -> None:
    model = bench.model()
    bench.version(model)
    book = Book()
    book.sync(connector)
    bench.point(model, "canary", "1")
    book.sync(connector, LATER)
    move = book.of("alias_move")[-1]
    assert move["from_version"] is None
    assert AT <= at(move, "seen_after") < at(move, "seen_by")


def test_an_alias_taken_away_points_to_nothing(bench: Bench, connector: MlflowConnector) -> None:
    model = bench.model()
    bench.point(model, "champion", bench.version(model))
    book = Book()
    book.sync(connector)
    bench.server.delete("registered-models/alias", name=model, alias="champion")
    assert book.sync(connector, LATER) == 1
    move = book.of("alias_move")[-1]
    assert (move["from_version"], move["version"]) == ("1", None)


def test_models_chosen_later_were_not_watched_before(bench: Bench) -> None:
    first, second = bench.model("a"), bench.model("b")
    for model in (first, second):
        bench.point(model, "champion", bench.version(model))
    book = Book()
    with bench.connecting(models=[first]) as connector:
        book.sync(connector)
    with bench.connecting() as connector:
        book.sync(connector, LATER)
    assert book.of("alias_move")[-1]["model"] == second
    assert book.of("alias_move")[-1]["seen_after"] is None


def test_a_slow_look_widens_the_interval(bench: Bench) -> None:
    model = bench.model()
    bench.point(model, "champion", bench.version(model))
    ticks = iter([0.0, *[90.0] * 20])
    with bench.connecting(monotonic=ticks.__next__) as connector:
        book = Book()
        book.sync(connector)
    assert at(book.of("alias_move")[0], "seen_by") == AT + timedelta(seconds=90)


def test_a_deleted_version_becomes_a_tombstone(bench: Bench, connector: MlflowConnector) -> None:
    run_id = bench.finished(bench.experiment(), ms(2025))
    model = bench.model()
    bench.version(model, run_id)
    bench.version(model)
    book = Book()
    book.sync(connector)
    bench.server.delete("model-versions/delete", name=model, version="1")
    assert (book.sync(connector), book.tombstoned) == (1, 1)
    tombstone = book.latest("model_version")[f"model:{model}@1"]
    assert (tombstone["deleted"], tombstone["run_id"]) == (True, run_id)
    assert book.sync(connector) == 0


def test_a_deleted_model_takes_versions_and_aliases_with_it(
    bench: Bench, connector: MlflowConnector
) -> None:
    model = bench.model()
    bench.point(model, "champion", bench.version(model))
    bench.version(model)
    book = Book()
    book.sync(connector)
    bench.server.delete("registered-models/delete", name=model)
    assert (book.sync(connector, LATER), book.tombstoned) == (3, 2)
    assert book.of("alias_move")[-1]["version"] is None
    assert book.sync(connector, LATER) == 0


def test_a_version_belongs_where_its_run_belongs(bench: Bench) -> None:
    runs = [bench.finished(bench.experiment(letter), ms(2025)) for letter in "ab"]
    model = bench.model()
    for run_id in [*runs, ""]:
        bench.version(model, run_id)
    bench.point(model, "champion", "1")
    book = Book()
    projects = {f"{bench.name}a": "screening"}
    with bench.connecting(projects=projects, project="rest") as connector:
        book.sync(connector)
        assert book.sync(connector) == 0
    found = {str(seen.subject.version or seen.kind): seen.project for seen in book.observations}
    assert [found[key] for key in ("1", "2", "3")] == ["screening", "rest", "rest"]
    assert found["alias_move"] == "screening"


def test_a_name_with_odd_characters_stays_one_subject(bench: Bench) -> None:
    model = bench.model("odd name@50%")
    bench.version(model)
    book = Book()
    with bench.connecting(model_prefix="plant/") as connector:
        book.sync(connector)
    assert list(book.latest("model_version")) == [f"model:plant/{bench.name}odd name%4050%25@1"]
