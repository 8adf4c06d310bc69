"""`headway sync` brings what a real MLflow has seen: here and through a server, in one schema."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pytest_django.fixtures import Settings
from tests.cast import Cast, a_project
from tests.connectors.mlflow.book import Bench, ms
from tests.interfaces.cli.conftest import SCHEMAS
from tests.interfaces.cli.there import There, a_server
from tests.peers.mlflow_server import MlflowServer

Ask = Callable[..., Any]

_NUMBERS = itertools.count(1)

pytestmark = [pytest.mark.mlflow, pytest.mark.xdist_group("mlflow"), pytest.mark.slow]


@pytest.fixture(scope="module")
def bench(mlflow: MlflowServer) -> Bench:
    """An MLflow with two finished runs and a model version of ours, under a name of their own.

    Tests with a database are run first, those of other modules between: it is made twice then.
    """
    bench = Bench(mlflow, f"command-line-{next(_NUMBERS)}-")
    group = bench.experiment()
    runs = [bench.finished(group, ms(2026, 1, day), recall=0.9) for day in (1, 2)]
    bench.version(bench.model("model"), runs[0])
    return bench


@pytest.fixture(scope="module")
def there(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    """A server that may reach that MLflow and is connected to it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEADWAY_ALLOW_HOSTS", f"127.0.0.1:{bench.server.port}")
        with a_server(tmp_path_factory.mktemp("there")) as there:
            code, _, err = there.beside(_connect(bench), "--project", "scores")
            assert code == 0, err
            yield there


def _connect(bench: Bench) -> str:
    """Return the command that connects it: its own experiments only, for others share it."""
    return f"source add mlflow {bench.server.url} --name lab --experiments {bench.name}*"


def _is_whole(document: dict[str, Any]) -> None:
    """Hold what the first reading brought to what is there: two runs and more, all recorded."""
    assert document["source"] == "lab"
    assert document["read"] == document["recorded"] + document["already_known"]
    assert document["recorded"] >= 3
    assert document["refused"] == []


def test_a_source_is_read_once(
    cast: Cast, bench: Bench, settings: Settings, asked: Ask, answered: Ask
) -> None:
    settings.OUTBOUND_ALLOWED = f"127.0.0.1:{bench.server.port}"
    a_project(cast.acme, "scores")
    code, _, err = asked(f"{_connect(bench)} --workspace acme --project scores")
    assert code == 0, err
    _is_whole(answered("sync lab --workspace acme", schema="sync"))
    assert answered("sync lab --workspace acme", schema="sync")["recorded"] == 0
    code, out, _ = asked("sync --workspace acme")
    assert (code, out.partition(":")[0]) == (0, "lab")


def test_a_server_reads_its_source_once(
    there: There, asked: Ask, answered: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in there.environment().items():
        monkeypatch.setenv(name, value)
    first = answered("sync lab", schema="sync")
    _is_whole(first)
    again = json.loads(there.beside("sync lab --json")[1])
    assert (again["recorded"], again.keys()) == (0, first.keys())
    assert asked("sync") == there.beside("sync")
    assert answered("sync lab --sweep", schema="sync")["recorded"] == 0


def test_all_sources_are_a_list_of_the_same_document(
    there: There, answered: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in there.environment().items():
        monkeypatch.setenv(name, value)
    schema = json.loads((SCHEMAS / "sync.schema.json").read_text())
    documents = answered("sync")
    assert [one["source"] for one in documents] == ["lab"]
    Draft202012Validator({"type": "array", "items": schema}).validate(documents)


def test_the_schema_refuses_what_is_not_promised() -> None:
    schema = json.loads((SCHEMAS / "sync.schema.json").read_text())
    good = dict.fromkeys(("read", "recorded", "already_known", "tombstoned"), 0)
    good |= {"source": "lab", "refused": [], "cursor": {}}
    judge = Draft202012Validator(schema)
    assert judge.is_valid(good)
    for bad in ({"read": -1}, {"refused": [{"line": 1}]}, {"cursor": None}, {"extra": 1}):
        assert not judge.is_valid(good | bad)
