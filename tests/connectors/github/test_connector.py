"""Reading repositories from a server that pages as GitHub does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError
from tests.peers.fault_server import Asked, Exchange, FaultServer, serving

from headway.connectors.base import WorkConnector
from headway.connectors.github.connector import GithubConnector
from headway.connectors.github.options import GithubOptions
from headway.connectors.http import Limits, Outbound
from headway.errors import SourceError

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CALM = Limits(connect=60, read=60, total=60, size=1_000_000)


class Hub:
    """Issues by repository, answered as `GET /repos/{owner}/{name}/issues` does."""

    def __init__(self, server: FaultServer, **issues: int) -> None:
        self.url = server.url
        self.issues = {
            f"acme/{name}": [self.issue(name, number + 1) for number in range(count)]
            for name, count in issues.items()
        }
        server.answer = self.answer

    @staticmethod
    def issue(name: str, number: int) -> dict[str, object]:
        about = {"html_url": f"https://github.com/acme/{name}/issues/{number}", "state": "open"}
        times = {"created_at": "2026-10-05T08:00:00Z", "updated_at": "2026-10-05T08:00:00Z"}
        return {"number": number, "title": f"Issue {number}", **about, **times}

    def answer(self, exchange: Exchange, asked: Asked) -> None:
        address = urlsplit(asked.path)
        repository = "/".join(address.path.split("/")[2:4])
        if repository not in self.issues:
            exchange.reply_json({"message": "Not Found"}, 404)
        elif not address.path.endswith("/issues"):
            exchange.reply_json({"full_name": repository})
        else:
            self.page(exchange, repository, parse_qs(address.query))

    def page(self, exchange: Exchange, repository: str, query: dict[str, list[str]]) -> None:
        since = query.get("since", [""])[0]
        rows = [one for one in self.issues[repository] if str(one["updated_at"]) >= since]
        page, size = int(query.get("page", ["1"])[0]), int(query["per_page"][0])
        headers = {"Content-Type": "application/json"}
        if page * size < len(rows):
            more = f"state=all&sort=created&direction=asc&per_page={size}&page={page + 1}"
            headers["Link"] = f'<{self.url}/repositories/1/issues?{more}>; rel="next"'
        shown = rows[(page - 1) * size : page * size]
        exchange.reply(200, json.dumps(shown).encode(), headers)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with serving() as running:
        yield running


@pytest.fixture
def outbound(server: FaultServer) -> Iterator[Outbound]:
    with Outbound(allowed=server.allowed, limits=CALM, sleep=lambda _: None) as client:
        yield client


def connector(server: FaultServer, outbound: Outbound, *names: str) -> GithubConnector:
    values = {"url": server.url, "repositories": names, "token": "hidden", "page_size": 2}
    return GithubConnector(GithubOptions.model_validate(values), outbound)


def test_every_issue_of_every_repository_is_read_once(
    server: FaultServer, outbound: Outbound
) -> None:
    Hub(server, reader=5, plan=1)
    reader = connector(server, outbound, "acme/reader", "acme/plan")
    assert isinstance(reader, WorkConnector)
    batches = list(reader.read_work(None, at=AT))
    keys = [row.key for batch in batches for row in batch.rows]
    assert keys == [*(f"acme/reader#{number}" for number in range(1, 6)), "acme/plan#1"]
    assert {asked.headers["authorization"] for asked in server.asked} == {"Bearer hidden"}
    assert {asked.headers["x-github-api-version"] for asked in server.asked} == {"2022-11-28"}


def test_the_next_read_brings_what_changed_and_a_sweep_what_is_gone(
    server: FaultServer, outbound: Outbound
) -> None:
    hub = Hub(server, reader=3)
    reader = connector(server, outbound, "acme/reader")
    cursor = list(reader.read_work(None, at=AT))[-1].cursor
    hub.issues["acme/reader"][1]["updated_at"] = "2026-11-23T10:00:00Z"
    later = AT + timedelta(hours=2)
    batches = list(reader.read_work(cursor, at=later))
    assert [row.key for batch in batches for row in batch.rows] == ["acme/reader#2"]
    del hub.issues["acme/reader"][0]
    swept = list(reader.read_work(batches[-1].cursor, at=later, sweep=True))
    assert swept[-1].gone == ("acme/reader#1",)


def test_pull_requests_are_left_out_and_strangers_are_told(
    server: FaultServer, outbound: Outbound
) -> None:
    hub = Hub(server, reader=2)
    hub.issues["acme/reader"][0]["pull_request"] = {"url": "x"}
    hub.issues["acme/reader"][1]["number"] = None
    batches = list(connector(server, outbound, "acme/reader").read_work(None, at=AT))
    assert [row for batch in batches for row in batch.rows] == []
    [problem] = [one for batch in batches for one in batch.refused]
    assert "no issue number" in problem.sentence


def test_a_repository_that_is_not_there_says_what_to_check(
    server: FaultServer, outbound: Outbound
) -> None:
    Hub(server, reader=1)
    reader = connector(server, outbound, "acme/reader", "acme/lost")
    with pytest.raises(SourceError, match="repos/acme/lost"):
        reader.check()
    kept = reader.read_work(None, at=AT)
    assert [row.key for row in next(kept).rows] == ["acme/reader#1"]
    with pytest.raises(SourceError, match="what the token may read"):
        next(kept)


def test_a_check_names_how_many_answered(server: FaultServer, outbound: Outbound) -> None:
    Hub(server, reader=1, plan=1)
    assert connector(server, outbound, "acme/reader").check() == "GitHub answers for 1 repository."
    both = connector(server, outbound, "acme/reader", "acme/plan")
    assert both.check() == "GitHub answers for 2 repositories."


@pytest.mark.parametrize(
    "names", [(), ("acme",), ("a/b", "A/B"), ("../x",), ("a/b/c",), ("a/..",), ("a b/c",)]
)
def test_a_repository_is_owner_and_name(names: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError):
        GithubOptions.model_validate({"repositories": names})


def test_the_source_is_named_by_its_server() -> None:
    with Outbound() as outbound:
        options = GithubOptions.model_validate({"repositories": ("a/b",)})
        assert GithubConnector(options, outbound).source == "github:api.github.com"
