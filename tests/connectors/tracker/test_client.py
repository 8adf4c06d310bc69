"""The calls to a tracker, against a real server on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from tests.peers.fault_server import FaultServer, serving

from headway.connectors.http import Limits, Outbound
from headway.connectors.tracker.client import TrackerClient, next_query, params_of
from headway.errors import SourceError

CALM = Limits(connect=60, read=60, total=60, size=100_000)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with serving() as running:
        yield running


@pytest.fixture
def client(server: FaultServer) -> Iterator[TrackerClient]:
    with Outbound(allowed=server.allowed, limits=CALM, sleep=lambda _: None) as outbound:
        headers = {"authorization": "Bearer hidden"}
        yield TrackerClient(outbound, "Jira", f"{server.url}/rest/", headers)


def answering(server: FaultServer, value: object, link: str = "", status: int = 200) -> None:
    headers = {"Content-Type": "application/json", **({"Link": link} if link else {})}
    server.answer = lambda exchange, asked: exchange.reply(
        status, json.dumps(value).encode(), headers
    )


def test_a_question_goes_to_the_base_with_the_token(
    server: FaultServer, client: TrackerClient
) -> None:
    answering(server, [1])
    assert client.items("issues", client.get("issues", {"page": 2})) == [1]
    [asked] = server.asked
    assert asked.path == "/rest/issues?page=2"
    assert asked.headers["authorization"] == "Bearer hidden"


def test_a_long_question_goes_as_a_body(server: FaultServer, client: TrackerClient) -> None:
    answering(server, {"issues": []})
    assert client.seek("search", {"jql": "x"}) == {"issues": []}
    assert server.asked[0].json() == {"jql": "x"}
    answering(server, {}, status=404)
    assert client.seek("search", {"jql": "x"}) is None


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_a_refusal_says_where_and_what_to_check_and_is_not_repeated(
    server: FaultServer, client: TrackerClient, status: int
) -> None:
    answering(server, {"message": "hidden"}, status=status)
    with pytest.raises(SourceError, match="what the token may read") as caught:
        client.get("issues?secret=1")
    assert not caught.value.retry
    assert "hidden" not in str(caught.value)
    assert "secret" not in str(caught.value)
    assert len(server.asked) == 1


def test_what_is_not_there_is_none(server: FaultServer, client: TrackerClient) -> None:
    answering(server, {}, status=404)
    assert client.find("field") is None
    answering(server, [{"id": "x"}])
    assert client.find("field") == [{"id": "x"}]


def test_a_server_that_is_down_is_not_taken_for_nothing(
    server: FaultServer, client: TrackerClient
) -> None:
    answering(server, {}, status=503)
    with pytest.raises(SourceError) as caught:
        client.find("field")
    assert caught.value.retry


def test_an_answer_of_another_shape_is_a_stranger_s(
    server: FaultServer, client: TrackerClient
) -> None:
    answering(server, {"login": "page"})
    with pytest.raises(SourceError, match="as Jira does"):
        client.items("issues", client.get("issues"))
    answering(server, [1])
    with pytest.raises(SourceError, match="not an object"):
        client.thing("issues", client.get("issues"))


@pytest.mark.parametrize(
    ("link", "query"),
    [
        ("", ""),
        ('<https://x.example/issues?page=3&per_page=100>; rel="next"', "page=3&per_page=100"),
        ('<https://x/a?p=1>; rel="prev", <https://evil.example/b?p=3>; rel="next"', "p=3"),
        ('<https://x/a?p=9>; rel="last"', ""),
        ("<http://[bad>; rel=next", ""),
    ],
)
def test_only_the_query_of_the_next_page_is_taken(
    server: FaultServer, client: TrackerClient, link: str, query: str
) -> None:
    answering(server, [], link)
    assert next_query(client.get("issues")) == query


def test_a_query_comes_apart_into_parameters() -> None:
    assert params_of("page=3&q=a%20b&=x") == {"page": "3", "q": "a b"}
    assert params_of("") == {}
