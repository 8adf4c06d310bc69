"""What every connector promises, whatever it reads."""

from __future__ import annotations

import contextlib
import inspect
import json
from collections.abc import Callable, Iterator

import pytest
from tests.connectors.mlflow.book import AT
from tests.peers.fault_server import Asked, Exchange, FaultServer, serving

from headway.connectors.base import Batch, Connector, WorkBatch, WorkConnector
from headway.connectors.http import Limits, Outbound, Patience
from headway.connectors.registry import KINDS, WORK_KINDS, connect, connect_work, title_of
from headway.errors import HeadwayError, Invalid, SourceError

#: What an empty but healthy system of each kind answers.
EMPTY: dict[str, Callable[[Exchange, Asked], None]] = {
    "mlflow": lambda exchange, asked: exchange.reply_json({}),
    "prometheus": lambda exchange, asked: exchange.reply_json(
        {"status": "success", "data": {"resultType": "vector", "result": []}}
    ),
}


def fail(exchange: Exchange, asked: Asked) -> None:
    exchange.reply(500, b"hunter2")


def babble(exchange: Exchange, asked: Asked) -> None:
    exchange.reply(200, b"hunter2 <html>")


def hang_up(exchange: Exchange, asked: Asked) -> None:
    exchange.hang_up()


FAULTS = [fail, babble, hang_up]


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with serving() as running:
        yield running


@pytest.fixture(params=sorted(KINDS))
def connector(request: pytest.FixtureRequest, server: FaultServer) -> Iterator[Connector]:
    server.answer = EMPTY[request.param]
    with Outbound(
        allowed=server.allowed,
        limits=Limits(connect=1, read=1, total=2),
        patience=Patience(attempts=2, first=0),
    ) as outbound:
        yield connect(request.param, {"url": server.url, "token": "hunter2"}, outbound)


def test_every_kind_is_held_to_this_contract() -> None:
    assert EMPTY.keys() == KINDS.keys()


def test_it_is_a_connector(connector: Connector) -> None:
    assert isinstance(connector, Connector)
    promised = inspect.signature(Connector.read)
    assert str(inspect.signature(type(connector).read)) == str(promised)
    assert connector.source
    assert len(connector.source) <= 200


def test_reading_nothing_still_moves_the_cursor(connector: Connector) -> None:
    batches = list(connector.read(None, at=AT))
    assert batches
    assert all(isinstance(batch, Batch) for batch in batches)
    assert [batch.observations for batch in batches] == [()] * len(batches)
    assert json.loads(json.dumps(batches[-1].cursor)) == batches[-1].cursor


@pytest.mark.parametrize("sweep", [False, True])
def test_the_same_read_from_the_same_cursor_is_equal(connector: Connector, sweep: bool) -> None:
    cursor = list(connector.read({}, at=AT))[-1].cursor
    first = list(connector.read(cursor, at=AT, sweep=sweep))[-1]
    again = list(connector.read(cursor, at=AT, sweep=sweep))[-1]
    assert first.observations == again.observations
    assert first.cursor.keys() == again.cursor.keys()


def test_reading_changes_no_cursor_that_was_given(connector: Connector) -> None:
    cursor = list(connector.read(None, at=AT))[-1].cursor
    text = json.dumps(cursor)
    list(connector.read(cursor, at=AT, sweep=True))
    assert json.dumps(cursor) == text


def test_a_healthy_system_is_described(connector: Connector) -> None:
    assert connector.check().endswith(".")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failing_system_is_a_sentence_without_secrets(
    connector: Connector, server: FaultServer, fault: Callable[[Exchange, Asked], None]
) -> None:
    server.answer = fault
    told = []
    for deed in (connector.check, lambda: list(connector.read(None, at=AT))):
        with pytest.raises(SourceError) as caught:
            deed()
        told.append(str(caught.value))
    assert all(sentence.endswith(".") and "hunter2" not in sentence for sentence in told)


def test_nothing_but_reading_is_ever_asked(connector: Connector, server: FaultServer) -> None:
    list(connector.read(None, at=AT, sweep=True))
    asked = [(one.method, one.path.partition("?")[0]) for one in server.asked]
    assert all(method == "GET" or path.endswith("/search") for method, path in asked)


@pytest.mark.parametrize("odd", [{"x": 1}, {"server": 3}, {"format": "no"}])
def test_an_odd_cursor_is_a_sentence_or_a_fresh_start(
    connector: Connector, odd: dict[str, object]
) -> None:
    with contextlib.suppress(HeadwayError):
        assert list(connector.read(odd, at=AT))


def _empty_jira(exchange: Exchange, asked: Asked) -> None:
    is_list = asked.path.endswith(("/field", "/status"))
    exchange.reply_json([] if is_list else {"deploymentType": "Cloud", "issues": []})


def _empty_list(exchange: Exchange, asked: Asked) -> None:
    exchange.reply_json([] if "/issues" in asked.path else {})


#: What an empty but healthy tracker of each kind answers, and the least that selects something.
TRACKERS: dict[str, tuple[Callable[[Exchange, Asked], None], dict[str, object]]] = {
    "jira": (_empty_jira, {"projects": ["ML"]}),
    "github": (_empty_list, {"repositories": ["acme/reader"]}),
    "gitlab": (_empty_list, {"projects": ["acme/reader"]}),
}


@pytest.fixture(params=sorted(WORK_KINDS))
def tracker(request: pytest.FixtureRequest, server: FaultServer) -> Iterator[WorkConnector]:
    server.answer, options = TRACKERS[request.param]
    with Outbound(
        allowed=server.allowed,
        limits=Limits(connect=1, read=1, total=2),
        patience=Patience(attempts=2, first=0),
    ) as outbound:
        told = {"url": server.url, "token": "hunter2", **options}
        yield connect_work(request.param, told, outbound)


def test_every_tracker_is_held_to_this_contract() -> None:
    assert TRACKERS.keys() == WORK_KINDS.keys()
    assert not KINDS.keys() & WORK_KINDS.keys()


def test_it_is_a_work_connector_with_a_short_name(tracker: WorkConnector) -> None:
    assert isinstance(tracker, WorkConnector)
    promised = inspect.signature(WorkConnector.read_work)
    assert str(inspect.signature(type(tracker).read_work)) == str(promised)
    assert 0 < len(tracker.source) <= 200
    assert tracker.check().endswith(".")


def test_an_empty_tracker_still_moves_the_cursor(tracker: WorkConnector) -> None:
    batches = list(tracker.read_work(None, at=AT))
    assert all(isinstance(batch, WorkBatch) and not batch.rows for batch in batches)
    cursor = batches[-1].cursor
    assert json.loads(json.dumps(cursor)) == cursor
    again = list(tracker.read_work(cursor, at=AT, sweep=True))[-1]
    assert (again.gone, again.cursor) == ((), cursor)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failing_tracker_is_a_sentence_without_secrets(
    tracker: WorkConnector, server: FaultServer, fault: Callable[[Exchange, Asked], None]
) -> None:
    server.answer = fault
    told = []
    for deed in (tracker.check, lambda: list(tracker.read_work(None, at=AT))):
        with pytest.raises(SourceError) as caught:
            deed()
        told.append(str(caught.value))
    assert all(sentence.endswith(".") and "hunter2" not in sentence for sentence in told)


def test_a_tracker_is_never_written_to(tracker: WorkConnector, server: FaultServer) -> None:
    list(tracker.read_work(None, at=AT, sweep=True))
    assert {one.method for one in server.asked} == {"GET"}


@pytest.mark.parametrize("make", [connect, connect_work])
def test_a_kind_that_is_not_there_names_those_that_are(
    make: Callable[..., object],
) -> None:
    with (
        Outbound() as outbound,
        pytest.raises(Invalid, match="mlflow, prometheus, jira, github, gitlab"),
    ):
        make("trello", {}, outbound)
    assert title_of("gitlab") == "GitLab"
