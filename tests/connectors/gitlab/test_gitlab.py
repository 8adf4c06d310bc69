"""GitLab issues as rows of work, and reading them from a server that pages as GitLab does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import ValidationError
from tests.peers.fault_server import Asked, Exchange, FaultServer, serving

from headway.connectors.base import WorkConnector
from headway.connectors.gitlab.connector import GitlabConnector
from headway.connectors.gitlab.options import GitlabOptions
from headway.connectors.gitlab.reading import row_of
from headway.connectors.http import Limits, Outbound
from headway.connectors.work import Progress, Unit, WorkRow
from headway.errors import Problem, SourceError

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CALM = Limits(connect=60, read=60, total=60, size=1_000_000)
PROJECT = "acme/ml/reader"


def issue(number: int = 7, **more: object) -> dict[str, object]:
    """Return an open issue as version 4 of the interface writes it."""
    return {
        "iid": number,
        "title": "Label the images",
        "state": "opened",
        "web_url": f"https://gitlab.com/{PROJECT}/-/issues/{number}",
        "created_at": "2026-10-05T08:00:00.000Z",
        "updated_at": "2026-10-05T08:00:00.000Z",
        "closed_at": None,
        "due_date": None,
        "assignees": [{"name": "Mia Lindqvist", "username": "mia-l"}],
        "labels": ["data"],
        "milestone": {"due_date": "2026-12-18"},
        "time_stats": {"time_estimate": 0},
        "weight": None,
        "issue_type": "issue",
        **more,
    }


def row(**more: object) -> WorkRow:
    found = row_of(issue(**more), PROJECT)
    assert isinstance(found, WorkRow)
    return found


def test_an_issue_is_a_row() -> None:
    found = row()
    assert (found.key, found.name, found.kind) == (f"{PROJECT}#7", "Label the images", "issue")
    assert (found.due, found.assignee) == (date(2026, 12, 18), "Mia Lindqvist")
    assert (found.progress, found.estimate, found.faults) == (Progress.WAITING, None, ())


def test_its_own_date_comes_before_its_milestone_s() -> None:
    assert row(due_date="2026-12-01").due == date(2026, 12, 1)


def test_time_is_the_estimate_and_weight_the_points_beside_it() -> None:
    both = row(time_stats={"time_estimate": 28_800}, weight=3)
    assert (both.estimate, both.unit, both.points) == (8.0, Unit.HOURS, 3.0)
    assert (row(weight=0).estimate, row(weight=0).points) == (None, 0.0)
    assert row(labels=["points: 5"]).points == 5.0


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({}, "opened"),
        ({"labels": ["workflow::doing"]}, "opened, workflow::doing"),
        ({"state": "closed"}, "closed"),
        ({"state": "closed", "moved_to_id": 5}, "closed, moved"),
    ],
)
def test_its_state_is_told_in_words_that_can_be_told_apart(
    more: dict[str, object], word: str
) -> None:
    assert row(**more).status == word


@pytest.mark.parametrize(
    ("more", "progress"),
    [
        ({"state": "closed"}, Progress.FINISHED),
        ({"state": "closed", "moved_to_id": 5}, Progress.DROPPED),
        ({"state": "closed", "duplicated_to_id": 5}, Progress.DROPPED),
        ({"labels": ["workflow::doing"]}, Progress.STARTED),
    ],
)
def test_how_far_it_is(more: dict[str, object], progress: Progress) -> None:
    assert row(**more).progress is progress


def test_an_address_is_never_kept() -> None:
    assert row(assignees=[{"name": "mia@example.com", "username": "mia-l"}]).assignee == "mia-l"
    assert row(assignees=[]).assignee == ""


@pytest.mark.parametrize("payload", [None, [], {}, {"iid": "7"}, {"iid": 0}, {"iid": True}])
def test_what_is_no_issue_is_a_problem(payload: object) -> None:
    assert isinstance(row_of(payload, PROJECT), Problem)


@given(
    some.fixed_dictionaries(
        {},
        optional={
            name: some.none() | some.text() | some.integers() | some.lists(some.text(), max_size=3)
            for name in issue()
            if name != "iid"
        },
    )
)
def test_no_value_of_any_field_breaks_the_reading(more: dict[str, object]) -> None:
    assert isinstance(row_of(issue() | more, PROJECT), WorkRow)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with serving() as running:
        yield running


@pytest.fixture
def reader(server: FaultServer) -> Iterator[GitlabConnector]:
    with Outbound(allowed=server.allowed, limits=CALM, sleep=lambda _: None) as outbound:
        values = {"url": f"{server.url}/api/v4", "projects": [PROJECT], "page_size": 2}
        yield GitlabConnector(GitlabOptions.model_validate(values), outbound)


def serve(server: FaultServer, count: int) -> None:
    def answer(exchange: Exchange, asked: Asked) -> None:
        query = parse_qs(urlsplit(asked.path).query)
        page = int(query.get("page", ["1"])[0])
        shown = [issue(number) for number in range(2 * page - 1, min(2 * page, count) + 1)]
        headers = {"Content-Type": "application/json"}
        if 2 * page < count:
            more = f"per_page=2&scope=all&order_by=created_at&sort=asc&page={page + 1}"
            headers["Link"] = f'<{server.url}/api/v4/elsewhere?{more}>; rel="next"'
        exchange.reply(200, json.dumps(shown).encode(), headers)

    server.answer = answer


def test_every_issue_is_read_once_and_the_project_s_path_is_one_part(
    server: FaultServer, reader: GitlabConnector
) -> None:
    serve(server, 5)
    assert isinstance(reader, WorkConnector)
    batches = list(reader.read_work(None, at=AT))
    keys = [one.key for batch in batches for one in batch.rows]
    assert keys == [f"{PROJECT}#{number}" for number in range(1, 6)]
    paths = {urlsplit(asked.path).path for asked in server.asked}
    assert paths == {"/api/v4/projects/acme%2Fml%2Freader/issues"}


def test_the_next_read_asks_for_what_changed(server: FaultServer, reader: GitlabConnector) -> None:
    serve(server, 1)
    cursor = list(reader.read_work(None, at=AT))[-1].cursor
    list(reader.read_work(cursor, at=AT))
    assert "updated_after=2026-11-23T08%3A00%3A00Z" in server.asked[-1].path


def test_a_project_that_is_not_there_says_what_to_check(
    server: FaultServer, reader: GitlabConnector
) -> None:
    server.answer = lambda exchange, asked: exchange.reply_json({"message": "404"}, 404)
    with pytest.raises(SourceError, match="what the token may read"):
        reader.check()
    server.answer = lambda exchange, asked: exchange.reply_json({"id": 1})
    assert reader.check() == "GitLab answers for 1 project."
    assert reader.source.startswith("gitlab:127.0.0.1")


@pytest.mark.parametrize("names", [(), ("acme",), ("a/b", "A/B"), ("../x",), ("a//b",), ("a b/c",)])
def test_a_project_is_named_by_its_whole_path(names: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError):
        GitlabOptions.model_validate({"projects": names})
