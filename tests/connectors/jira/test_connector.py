"""Reading a Jira, Cloud and Server, in the shapes that Atlassian documents, and when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from tests.peers.fault_server import Asked, Exchange
from tests.peers.jira_server import JiraServer, a_jira, issue, move

from headway.connectors.base import WorkBatch, WorkConnector
from headway.connectors.http import Limits, Outbound, Patience
from headway.connectors.jira.connector import JiraConnector
from headway.connectors.jira.options import JiraOptions
from headway.connectors.work import WorkRow
from headway.errors import SourceError

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
CALM = Limits(connect=60, read=60, total=60, size=1_000_000)


@pytest.fixture(params=[True, False], ids=["cloud", "server"])
def jira(request: pytest.FixtureRequest) -> Iterator[JiraServer]:
    with a_jira(is_cloud=request.param) as running:
        yield running


@pytest.fixture
def cloud() -> Iterator[JiraServer]:
    with a_jira() as running:
        yield running


@pytest.fixture
def outbound() -> Iterator[Outbound]:
    patience = Patience(attempts=2, first=0)
    allowed = frozenset(("127.0.0.1", port) for port in range(1, 65_536))
    with Outbound(allowed=allowed, limits=CALM, patience=patience, sleep=lambda _: None) as client:
        yield client


def connector(jira: JiraServer, outbound: Outbound, **more: object) -> JiraConnector:
    values = {"url": jira.url, "token": "hidden", "page_size": 2, "projects": ["MLP"], **more}
    return JiraConnector(JiraOptions.model_validate(values), outbound)


def rows(batches: list[WorkBatch]) -> list[WorkRow]:
    return [row for batch in batches for row in batch.rows]


def keys(batches: list[WorkBatch]) -> list[str]:
    return [row.key for row in rows(batches)]


def test_every_issue_of_the_selection_is_read_once_in_order_of_creation(
    jira: JiraServer, outbound: Outbound
) -> None:
    jira.put(*(issue(number) for number in (3, 1, 2, 5, 4)))
    jira.put({**issue(9), "key": "OPS-9"})
    reader = connector(jira, outbound)
    assert isinstance(reader, WorkConnector)
    assert keys(list(reader.read_work(None, at=AT))) == [f"MLP-{n}" for n in range(1, 6)]
    assert {asked.headers["authorization"] for asked in jira.server.asked} == {"Bearer hidden"}


def test_cloud_is_paged_by_token_and_server_by_offset(jira: JiraServer, outbound: Outbound) -> None:
    jira.put(*(issue(number) for number in range(1, 6)))
    list(connector(jira, outbound).read_work(None, at=AT))
    name = "nextPageToken" if jira.is_cloud else "startAt"
    expected = ["page-2", "page-4"] if jira.is_cloud else ["0", "2", "4"]
    assert [one[name] for one in jira.searches if name in one] == expected
    paths = {urlsplit(one.path).path for one in jira.server.asked if "/search" in one.path}
    assert paths == {"/rest/api/3/search/jql" if jira.is_cloud else "/rest/api/2/search"}


def test_nobody_s_description_is_asked_for(cloud: JiraServer, outbound: Outbound) -> None:
    cloud.put(issue(1))
    list(connector(cloud, outbound).read_work(None, at=AT))
    asked = set(cloud.searches[0]["fields"].split(","))
    assert not asked & {"description", "comment", "reporter", "creator", "*all", "attachment"}


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/Los_Angeles", "Asia/Tokyo", "Nowhere/X"]
)
def test_the_next_read_brings_what_changed_whatever_the_reader_s_time_zone(
    jira: JiraServer, outbound: Outbound, zone: str
) -> None:
    jira.put(*(issue(number) for number in range(1, 4)))
    cursor = list(connector(jira, outbound).read_work(None, at=AT))[-1].cursor
    if zone == "Nowhere/X":  # Jira knows a zone that Headway does not: it asks for more, never less
        jira.before = lambda exchange, asked: zone_of(exchange, asked, zone)
    else:
        jira.zone = zone
    jira.issues["MLP-2"]["fields"]["updated"] = "2026-11-23T09:30:00.000+0000"
    again = list(connector(jira, outbound).read_work(cursor, at=AT + HOUR))
    assert keys(again) == ["MLP-2"]


def zone_of(exchange: Exchange, asked: Asked, zone: str) -> bool:
    if not asked.path.endswith("/myself"):
        return False
    exchange.reply_json({"timeZone": zone})
    return True


def test_a_sweep_names_what_is_gone(jira: JiraServer, outbound: Outbound) -> None:
    jira.put(*(issue(number) for number in range(1, 4)))
    cursor = list(connector(jira, outbound).read_work(None, at=AT))[-1].cursor
    del jira.issues["MLP-2"]
    swept = list(connector(jira, outbound).read_work(cursor, at=AT + HOUR, sweep=True))
    assert swept[-1].gone == ("MLP-2",)


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_a_read_that_was_killed_goes_on_where_it_was(
    jira: JiraServer, outbound: Outbound, kept: int
) -> None:
    jira.put(*(issue(number) for number in range(1, 7)))
    before: list[WorkBatch] = []
    for batch in connector(jira, outbound).read_work(None, at=AT):
        if len(before) == kept:
            break
        before.append(batch)
    jira.server.asked.clear()
    cursor = before[-1].cursor if before else None
    after = list(connector(jira, outbound).read_work(cursor, at=AT + HOUR))
    assert keys(before) + keys(after) == [f"MLP-{n}" for n in range(1, 7)]


def test_a_page_token_that_expired_begins_the_walk_again_and_loses_nothing(
    cloud: JiraServer, outbound: Outbound
) -> None:
    cloud.put(*(issue(number) for number in range(1, 7)))
    first = next(iter(connector(cloud, outbound).read_work(None, at=AT)))
    cloud.tokens.clear()
    after = list(connector(cloud, outbound).read_work(first.cursor, at=AT + HOUR))
    assert keys(after) == [f"MLP-{n}" for n in range(1, 7)]


def test_a_history_that_cloud_cut_off_is_asked_for_whole(
    cloud: JiraServer, outbound: Outbound
) -> None:
    begun = move("2026-10-06T09:00:00.000+0200", "1", "3")
    there = [move(f"2026-10-07T09:{n:02d}:00.000+0200", "3", "4") for n in range(45)]
    cloud.put(issue(1, begun, *there, now="4"), issue(2, begun, now="3"))
    [cut, short] = rows(list(connector(cloud, outbound).read_work(None, at=AT)))
    assert cut.started_at == short.started_at == datetime(2026, 10, 6, 7, tzinfo=UTC)
    asked = [one for one in cloud.server.asked if one.path.endswith("bulkfetch")]
    assert [one.json()["issueIdsOrKeys"] for one in asked] == [["10001"]]


def test_where_the_whole_history_is_not_given_it_is_said(
    cloud: JiraServer, outbound: Outbound
) -> None:
    begun = move("2026-10-06T09:00:00.000+0200", "1", "3")
    there = [move(f"2026-10-07T09:{n:02d}:00.000+0200", "3", "4") for n in range(45)]
    cloud.put(issue(1, begun, *there, now="4"))
    cloud.before = refuse_bulk
    batches = list(connector(cloud, outbound).read_work(None, at=AT))
    assert rows(batches)[0].started_at is None  # unknown; not the oldest change that was sent
    assert [note for batch in batches for note in batch.notes][0].startswith("The histories of")


def refuse_bulk(exchange: Exchange, asked: Asked) -> bool:
    if not asked.path.endswith("bulkfetch"):
        return False
    exchange.reply(403, b"")
    return True


def test_a_page_too_large_is_asked_for_in_smaller_ones(
    jira: JiraServer, outbound: Outbound
) -> None:
    jira.put(*(issue(number, summary="x" * 300_000) for number in range(1, 6)))
    reader = connector(jira, outbound, page_size=5)
    assert keys(list(reader.read_work(None, at=AT))) == [f"MLP-{n}" for n in range(1, 6)]


def test_one_issue_of_ten_megabytes_is_a_sentence(cloud: JiraServer, outbound: Outbound) -> None:
    cloud.put(issue(1, summary="x" * 10_000_000))
    with pytest.raises(SourceError, match="more than 1000000 bytes"):
        list(connector(cloud, outbound).read_work(None, at=AT))


def test_a_busy_jira_is_waited_for_as_long_as_it_says(jira: JiraServer, outbound: Outbound) -> None:
    jira.put(*(issue(number) for number in range(1, 4)))
    answered = []

    def busy_once(exchange: Exchange, asked: Asked) -> bool:
        if "/search" not in asked.path or answered:
            return False
        answered.append(asked)
        exchange.reply(429, b"", {"Retry-After": "1"})
        return True

    jira.before = busy_once
    assert len(keys(list(connector(jira, outbound).read_work(None, at=AT)))) == 3


def test_a_jira_that_fails_in_the_middle_keeps_what_was_read(
    jira: JiraServer, outbound: Outbound
) -> None:
    jira.put(*(issue(number) for number in range(1, 6)))
    seen: list[Asked] = []

    def fail_later(exchange: Exchange, asked: Asked) -> bool:
        seen.extend([asked] if "/search" in asked.path else [])
        if len(seen) < 2:
            return False
        exchange.reply(500, b"hunter2")
        return True

    jira.before = fail_later
    kept: list[WorkBatch] = []
    with pytest.raises(SourceError) as caught:
        kept.extend(connector(jira, outbound).read_work(None, at=AT))
    assert caught.value.retry
    assert "hunter2" not in str(caught.value)
    assert keys(kept) == ["MLP-1", "MLP-2"]
    jira.before = lambda exchange, asked: False
    rest = list(connector(jira, outbound).read_work(kept[-1].cursor, at=AT + HOUR))
    assert keys(rest) == ["MLP-3", "MLP-4", "MLP-5"]


def test_pages_without_end_are_left(jira: JiraServer, outbound: Outbound) -> None:
    jira.put(*(issue(number) for number in range(1, 3)))
    count = iter(range(10_000))

    def endless(exchange: Exchange, asked: Asked) -> bool:
        if "/search" not in asked.path:
            return False
        exchange.reply_json({"issues": [issue(1)], "nextPageToken": f"t{next(count)}"})
        return True

    jira.before = endless
    with pytest.raises(SourceError, match="without end"):
        list(connector(jira, outbound).read_work(None, at=AT))
    assert next(count) < 50


@pytest.mark.parametrize("body", [b"<html>sign in</html>", b"", b"[]", b'{"issues": {}}', b"null"])
def test_an_answer_of_another_kind_is_a_stranger_s(
    jira: JiraServer, outbound: Outbound, body: bytes
) -> None:
    def other(exchange: Exchange, asked: Asked) -> bool:
        if "/search" in asked.path:
            exchange.reply(200, body, {"Content-Type": "text/html"})
        return "/search" in asked.path

    jira.before = other
    with pytest.raises(SourceError) as caught:
        list(connector(jira, outbound).read_work(None, at=AT))
    assert not caught.value.retry


@pytest.mark.parametrize("name", ["serverInfo", "field", "status", "search"])
def test_a_refused_token_is_said_at_every_door(
    jira: JiraServer, outbound: Outbound, name: str
) -> None:
    def refuse(exchange: Exchange, asked: Asked) -> bool:
        if f"/{name}" in asked.path:
            exchange.reply(401, b"")
        return f"/{name}" in asked.path

    jira.before = refuse
    with pytest.raises(SourceError, match="check the token"):
        connector(jira, outbound).check()


def test_a_check_says_which_jira_it_is_and_what_the_selection_holds(
    jira: JiraServer, outbound: Outbound
) -> None:
    reader = connector(jira, outbound)
    assert reader.check().endswith(
        "the selection holds no issue." if jira.is_cloud else "0 issues."
    )
    jira.put(issue(1), issue(2))
    assert (
        connector(jira, outbound)
        .check()
        .endswith("the selection holds issues." if jira.is_cloud else "2 issues.")
    )
    assert {one["maxResults"] for one in jira.searches} == {"1"}


def test_the_query_is_bounded_and_in_our_order(cloud: JiraServer, outbound: Outbound) -> None:
    jql = "labels = ml OR labels = data ORDER BY rank DESC"
    list(connector(cloud, outbound, jql=jql).read_work(None, at=AT))
    assert cloud.searches[0]["jql"] == (
        'project in ("MLP") AND (labels = ml OR labels = data) ORDER BY created ASC, key ASC'
    )


def test_only_reading_is_ever_asked(jira: JiraServer, outbound: Outbound) -> None:
    there = [move(f"2026-10-07T09:{n:02d}:00.000+0200", "3", "4") for n in range(45)]
    jira.put(issue(1, *there, now="4"))
    reader = connector(jira, outbound)
    reader.check()
    list(reader.read_work(None, at=AT, sweep=True))
    asked = {(one.method, urlsplit(one.path).path) for one in jira.server.asked}
    assert all(method == "GET" or path.endswith("/changelog/bulkfetch") for method, path in asked)


@pytest.mark.parametrize(
    "values",
    [
        {"projects": [], "jql": ""},
        {"projects": ['A") OR ("']},
        {"projects": ["1A"]},
        {"jql": "project = A\nOR"},
        {"jql": "ORDER BY created", "projects": []},
        {"jql": "x" * 2_001},
    ],
)
def test_what_selects_nothing_or_cannot_be_asked_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        JiraOptions.model_validate({"url": "https://jira.example.org", **values})
