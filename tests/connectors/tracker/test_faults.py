"""GitHub and GitLab when they fail: what was read is kept, the next reading goes on, nothing hangs.

Jira's own faults are in `tests/connectors/jira/test_connector.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.connectors.github.test_reading import issue as github_issue
from tests.connectors.gitlab.test_gitlab import issue as gitlab_issue
from tests.peers.fault_server import Asked, Exchange, FaultServer, serving

from headway.connectors.base import WorkBatch, WorkConnector
from headway.connectors.http import Limits, Outbound, Patience
from headway.connectors.registry import connect_work
from headway.errors import SourceError

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
_KINDS: dict[str, tuple[Callable[..., dict[str, Any]], dict[str, object]]] = {
    "github": (github_issue, {"repositories": ["acme/reader"]}),
    "gitlab": (gitlab_issue, {"projects": ["acme/reader"]}),
}


@dataclass
class Tracker:
    """Six issues on three pages; `fault` may answer a page in its stead."""

    server: FaultServer
    reader: WorkConnector
    make: Callable[..., dict[str, Any]]
    fault: Callable[[Exchange, int], bool] = lambda exchange, page: False
    waits: list[float] = field(default_factory=list)

    def answer(self, exchange: Exchange, asked: Asked) -> None:
        query = parse_qs(urlsplit(asked.path).query)
        page = int(query.get("page", ["1"])[0])
        if self.fault(exchange, page):
            return
        self.page(exchange, page, page + 1 if page < 3 else None)

    def page(self, exchange: Exchange, page: int, following: int | None) -> None:
        shown = [self.make(number) for number in (2 * page - 1, 2 * page)]
        headers = {"Content-Type": "application/json"}
        if following is not None:
            headers["Link"] = f'<{self.server.url}/x?per_page=2&page={following}>; rel="next"'
        exchange.reply(200, json.dumps(shown).encode(), headers)

    def read(self, cursor: object = None, at: datetime = AT) -> Iterator[WorkBatch]:
        return self.reader.read_work(cursor, at=at)  # type: ignore[arg-type]


@pytest.fixture(params=sorted(_KINDS))
def tracker(request: pytest.FixtureRequest) -> Iterator[Tracker]:
    make, options = _KINDS[request.param]
    waits: list[float] = []
    limits = Limits(connect=60, read=60, total=60, size=100_000)
    patience = Patience(attempts=2, first=0)
    with (
        serving() as server,
        Outbound(
            allowed=server.allowed, limits=limits, patience=patience, sleep=waits.append
        ) as outbound,
    ):
        told = {"url": server.url, "token": "hunter2", "page_size": 2, **options}
        found = Tracker(server, connect_work(request.param, told, outbound), make, waits=waits)
        server.answer = found.answer
        yield found


def numbers(batches: list[WorkBatch]) -> list[int]:
    return [int(row.key.rpartition("#")[2]) for batch in batches for row in batch.rows]


def test_a_busy_tracker_is_waited_for_as_long_as_it_says(tracker: Tracker) -> None:
    told: list[int] = []

    def busy_once(exchange: Exchange, page: int) -> bool:
        if page != 2 or told:
            return False
        told.append(page)
        exchange.reply(429, b"", {"Retry-After": "7"})
        return True

    tracker.fault = busy_once
    assert numbers(list(tracker.read())) == [1, 2, 3, 4, 5, 6]
    assert tracker.waits == [7.0]


def test_one_that_asks_for_an_hour_is_left_for_the_next_time(tracker: Tracker) -> None:
    def busy(exchange: Exchange, page: int) -> bool:
        exchange.reply(429, b"", {"Retry-After": "3600"})
        return True

    tracker.fault = busy
    with pytest.raises(SourceError, match="in 3600 seconds"):
        list(tracker.read())
    assert tracker.waits == []


def test_a_failure_in_the_middle_keeps_what_was_read_and_goes_on_there(tracker: Tracker) -> None:
    def fail(exchange: Exchange, page: int) -> bool:
        if page != 2:
            return False
        exchange.reply(500, b"hunter2")
        return True

    tracker.fault = fail
    kept: list[WorkBatch] = []
    with pytest.raises(SourceError) as caught:
        kept.extend(tracker.read())
    assert caught.value.retry
    assert "hunter2" not in str(caught.value)
    assert numbers(kept) == [1, 2]
    tracker.fault = lambda exchange, page: False
    assert numbers(list(tracker.read(kept[-1].cursor, AT + HOUR))) == [3, 4, 5, 6]


def test_a_page_that_is_no_longer_known_begins_the_walk_again(tracker: Tracker) -> None:
    first = next(tracker.read())
    told: list[int] = []

    def expired(exchange: Exchange, page: int) -> bool:
        if page != 2 or told:
            return False
        told.append(page)
        exchange.reply(422, b"{}")
        return True

    tracker.fault = expired
    after = list(tracker.read(first.cursor, AT + HOUR))
    assert numbers(after) == [1, 2, 3, 4, 5, 6]


def test_pages_without_end_are_left(tracker: Tracker) -> None:
    def endless(exchange: Exchange, page: int) -> bool:
        tracker.page(exchange, 1, page + 1)
        return True

    tracker.fault = endless
    with pytest.raises(SourceError, match="without end"):
        list(tracker.read())
    assert len(tracker.server.asked) < 50


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html>sign in</html>", "text/html"),
        (b"x" * 10_000_000, "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"{}", "application/json"),
        (b"null", "application/json"),
        (b"", "application/json"),
        (b"[1", "application/json"),
    ],
    ids=["html", "ten megabytes", "deep", "an object", "null", "nothing", "half"],
)
def test_an_answer_of_another_kind_is_a_sentence(tracker: Tracker, body: bytes, kind: str) -> None:
    def other(exchange: Exchange, page: int) -> bool:
        exchange.reply(200, body, {"Content-Type": kind})
        return True

    tracker.fault = other
    with pytest.raises(SourceError) as caught:
        list(tracker.read())
    assert not caught.value.retry
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("target", ["http://169.254.169.254/", "//evil.example.org/", "/elsewhere"])
def test_a_redirect_and_a_next_page_elsewhere_lead_nowhere(tracker: Tracker, target: str) -> None:
    def away(exchange: Exchange, page: int) -> bool:
        exchange.reply(302, b"", {"Location": target})
        return True

    tracker.fault = away
    with pytest.raises(SourceError, match="never followed"):
        list(tracker.read())

    def linked(exchange: Exchange, page: int) -> bool:
        if page != 1:
            return False
        body = json.dumps([tracker.make(1), tracker.make(2)]).encode()
        exchange.reply(200, body, {"Link": f'<{target}?page=2>; rel="next"'})
        return True

    tracker.fault = linked
    assert numbers(list(tracker.read())) == [1, 2, 3, 4, 5, 6]  # its query alone was used, here
