"""A server that fails, lies or never ends: an error in a sentence, and what was read stays."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from tests.connectors.mlflow.book import AT, Book, connecting, ms
from tests.peers.fault_server import Asked, Exchange, FaultServer, serving

from headway.errors import Invalid, SourceError

Json = dict[str, object]
DAY = 86_400_000


def run_row(number: int, **info: object) -> Json:
    """Return a finished run as MLflow sends it, the later the larger `number`."""
    start = ms(2020) + number * DAY
    held = {"run_id": f"r{number}", "status": "FINISHED", "start_time": start, "end_time": start}
    return {"info": {**held, **info}, "data": {}}


@dataclass(slots=True)
class Script:
    """What a server that looks like MLflow answers, path by path; `runs` answers each page."""

    models: list[Json] = field(default_factory=list)
    versions: list[Json] = field(default_factory=list)
    runs: Callable[[Json], Json] = lambda asked: {}

    def __call__(self, exchange: Exchange, asked: Asked) -> None:
        path = asked.path.partition("?")[0].removeprefix("/api/2.0/mlflow/")
        match path:
            case "experiments/search":
                exchange.reply_json({"experiments": [{"experiment_id": "1", "name": "e"}]})
            case "registered-models/search":
                exchange.reply_json({"registered_models": self.models})
            case "model-versions/search":
                exchange.reply_json({"model_versions": self.versions})
            case "runs/search":
                exchange.reply_json(self.runs(asked.json()))
            case "model-versions/get" | "registered-models/get":
                exchange.reply_json({"model_version": {}, "registered_model": {"name": []}})
            case _:
                exchange.reply_json({"error_code": "RESOURCE_DOES_NOT_EXIST"}, 404)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with serving() as running:
        running.answer = Script()
        yield running


def pages_of(rows: list[Json], size: int) -> Callable[[Json], Json]:
    """Return how an honest server pages `rows` (ordered by start) by key and by token."""

    def answer(asked: Json) -> Json:
        clause = str(asked.get("filter", ""))
        since = int(clause.rpartition(" ")[2]) if ">=" in clause else 0
        wanted = [row for row in rows if row["info"]["start_time"] >= since]  # type: ignore[index]
        if asked["run_view_type"] == "DELETED_ONLY":
            wanted = []
        first = int(str(asked.get("page_token") or 0))
        more = {"next_page_token": str(first + size)} if first + size < len(wanted) else {}
        return {"runs": wanted[first : first + size], **more}

    return answer


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>Sign in</html>", b"[]", b"3", b"null", b'{"experiments": 3}',
     b'{"experiments": {}}', b'{"experiments": [], "next_page_token": 7}', b"\x00" * 1000],
)  # fmt: skip
def test_an_answer_that_is_not_mlflows_is_an_error(server: FaultServer, body: bytes) -> None:
    server.answer = lambda exchange, asked: exchange.reply(200, body)
    with connecting(server) as connector:
        with pytest.raises(SourceError) as caught:
            list(connector.read(None, at=AT))
        assert not caught.value.retry
        with pytest.raises(SourceError):
            connector.check()


@pytest.mark.parametrize("status", [400, 404, 405, 501])
def test_a_refusal_names_the_call_and_repeats_no_text(server: FaultServer, status: int) -> None:
    body = b'{"error_code": "BAD_REQUEST", "message": "token hunter2 is bad"}'
    server.answer = lambda exchange, asked: exchange.reply(status, body)
    with connecting(server) as connector, pytest.raises(SourceError) as caught:
        connector.check()
    assert "experiments/search" in str(caught.value)
    assert "BAD_REQUEST" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_the_token_goes_with_every_call(server: FaultServer) -> None:
    with connecting(server, token="hunter2") as connector:
        Book().sync(connector)
    assert {asked.headers["authorization"] for asked in server.asked} == {"Bearer hunter2"}
    assert not any("hunter2" in asked.path for asked in server.asked)


def test_one_unreadable_run_is_told_and_the_others_come(server: FaultServer) -> None:
    rows = [run_row(number) for number in range(9)]
    rows[4] = run_row(4, status="DANCING")
    server.answer = Script(runs=pages_of(rows, 3))
    book = Book()
    with connecting(server, page_size=3) as connector:
        assert book.sync(connector) == 8
    assert [problem.where for problem in book.refused] == ["Run r4"]


def test_a_run_outside_the_calendar_is_told_and_the_others_come(server: FaultServer) -> None:
    rows = [run_row(0), run_row(1, end_time=10**17), run_row(2)]
    server.answer = Script(runs=pages_of(rows, 3))
    book = Book()
    with connecting(server) as connector:
        assert book.sync(connector) == 2
    assert [problem.where for problem in book.refused] == ["run r1"]


def test_what_was_read_before_a_failure_is_not_read_for_nothing(server: FaultServer) -> None:
    honest = Script(runs=pages_of([run_row(number) for number in range(12)], 3))
    calls = itertools.count()

    def fail_later(exchange: Exchange, asked: Asked) -> None:
        if "runs/search" in asked.path and next(calls) >= 2:
            exchange.reply(500)
        else:
            honest(exchange, asked)

    server.answer = fail_later
    book = Book()
    with connecting(server, page_size=3) as connector:
        with pytest.raises(SourceError) as caught:
            book.sync(connector)
        assert caught.value.retry
        known = len(book.kept)
        assert 0 < known < 12
        server.answer = honest
        server.asked.clear()
        assert book.sync(connector) == 12 - known
    first = next(asked.json() for asked in server.asked if "runs/search" in asked.path)
    assert "start_time >=" in str(first["filter"])


def test_a_server_that_is_busy_now_and_then_is_read_to_the_end(server: FaultServer) -> None:
    honest = Script(runs=pages_of([run_row(number) for number in range(6)], 2))
    calls = itertools.count()

    def stutter(exchange: Exchange, asked: Asked) -> None:
        if next(calls) % 3 == 1:
            exchange.reply(429, headers={"Retry-After": "0"})
        else:
            honest(exchange, asked)

    server.answer = stutter
    book = Book()
    with connecting(server, page_size=2) as connector:
        assert book.sync(connector) == 6


def same_page_same_token(asked: Json) -> Json:
    return {"runs": [run_row(1)], "next_page_token": "again"}


def same_page_new_token(asked: Json) -> Json:
    return {"runs": [run_row(1)], "next_page_token": f"{asked.get('page_token', '')}x"}


def empty_page_new_token(asked: Json) -> Json:
    return {"runs": [], "next_page_token": f"{asked.get('page_token', '')}x"}


def new_runs_for_ever() -> Callable[[Json], Json]:
    numbers = itertools.count()
    return lambda asked: {"runs": [run_row(next(numbers))], "next_page_token": "more"}


@pytest.mark.parametrize(
    "runs", [same_page_same_token, same_page_new_token, empty_page_new_token, new_runs_for_ever()]
)
def test_pages_without_end_end(server: FaultServer, runs: Callable[[Json], Json]) -> None:
    server.answer = Script(runs=runs)
    book = Book()
    with (
        connecting(server, page_limit=30) as connector,
        pytest.raises(SourceError, match="without end"),
    ):
        book.sync(connector)
    assert len(server.asked) < 40


@pytest.mark.parametrize("path", ["experiments", "registered-models", "model-versions"])
def test_a_listing_whose_token_comes_back_ends(server: FaultServer, path: str) -> None:
    honest = Script()

    def loop(exchange: Exchange, asked: Asked) -> None:
        if path in asked.path:
            exchange.reply_json({"next_page_token": "again"})
        else:
            honest(exchange, asked)

    server.answer = loop
    with connecting(server) as connector, pytest.raises(SourceError, match="without end"):
        list(connector.read(None, at=AT))


def test_a_page_larger_than_the_cap_is_an_error(server: FaultServer) -> None:
    name = "x" * 5_000_000
    server.answer = Script(runs=lambda asked: {"runs": [run_row(1, run_name=name)]})
    with connecting(server) as connector, pytest.raises(SourceError, match="smaller pages"):
        list(connector.read(None, at=AT))


def test_what_cannot_be_read_is_not_taken_for_deleted(server: FaultServer) -> None:
    version = {"name": "m", "version": "1", "creation_timestamp": ms(2025)}
    alias = [{"alias": "champion", "version": "1"}]
    server.answer = Script(models=[{"name": "m", "aliases": alias}], versions=[version])
    book = Book()
    with connecting(server) as connector:
        assert book.sync(connector) == 2
        server.answer = Script(models=[{"name": "m", "aliases": 3}], versions=[{"name": "m"}])
        assert book.sync(connector) == 0
    assert book.tombstoned == 0
    assert len(book.refused) == 3


def test_a_version_missing_from_a_listing_is_asked_for_before_it_is_called_deleted(
    server: FaultServer,
) -> None:
    version = {"name": "m", "version": "1", "creation_timestamp": ms(2025)}
    server.answer = Script(models=[{"name": "m"}], versions=[version])
    gone = Script(models=[{"name": "m"}])
    book = Book()
    with connecting(server) as connector:
        book.sync(connector)
        server.answer = gone
        assert (book.sync(connector), book.tombstoned) == (0, 0)
        server.answer = lambda exchange, asked: (
            exchange.reply_json({"error_code": "RESOURCE_DOES_NOT_EXIST"}, 404)
            if "model-versions/get" in asked.path
            else gone(exchange, asked)
        )
        assert (book.sync(connector), book.tombstoned) == (1, 1)


def test_a_run_erased_for_good_is_told_once(server: FaultServer) -> None:
    server.answer = Script(runs=pages_of([run_row(1, status="RUNNING"), run_row(400)], 5))
    book = Book()
    with connecting(server) as connector:
        book.sync(connector)
        server.answer = Script(runs=pages_of([run_row(400)], 5))
        book.sync(connector)
        book.sync(connector)
    assert [problem.where for problem in book.refused] == ["run r1"]
    assert book.runs()["r1"]["deleted"] is False


@pytest.mark.parametrize(
    "cursor", [{"format": 2}, {"experiments": {"1": {"end": "x"}}}, {"models": []}, {"odd": 1}]
)
def test_a_cursor_that_cannot_be_read_is_refused(server: FaultServer, cursor: Json) -> None:
    with connecting(server, name="lab") as connector, pytest.raises(Invalid, match="clear it"):
        list(connector.read({"server": "lab", **cursor}, at=AT))


def test_a_cursor_of_another_server_starts_afresh(server: FaultServer) -> None:
    server.answer = Script(runs=pages_of([run_row(1)], 5))
    book = Book(cursor={"server": "elsewhere", "odd": 1})
    with connecting(server) as connector:
        assert book.sync(connector) == 1
