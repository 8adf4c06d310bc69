"""A GitHub issue as a row of work, from the shape that the interface documents."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from headway.connectors.github.reading import row_of
from headway.connectors.work import Progress, WorkRow
from headway.errors import Problem

REPOSITORY = "acme/reader"


def issue(number: int = 7, **more: object) -> dict[str, object]:
    """Return an open issue as version 2022-11-28 of the interface writes it."""
    return {
        "number": number,
        "title": "Label the images",
        "state": "open",
        "state_reason": None,
        "html_url": f"https://github.com/{REPOSITORY}/issues/{number}",
        "created_at": "2026-10-05T08:00:00Z",
        "closed_at": None,
        "assignee": {"login": "mia-l", "id": 1},
        "labels": [{"id": 1, "name": "data"}],
        "milestone": {"number": 2, "title": "Beta", "due_on": "2026-12-18T08:00:00Z"},
        **more,
    }


def row(**more: object) -> WorkRow:
    found = row_of(issue(**more), REPOSITORY)
    assert isinstance(found, WorkRow)
    return found


def labelled(*names: str) -> WorkRow:
    return row(labels=[{"name": name} for name in names])


def test_an_issue_is_a_row() -> None:
    found = row()
    assert (found.key, found.where, found.name) == (
        "acme/reader#7", "acme/reader#7", "Label the images",
    )  # fmt: skip
    assert found.due == date(2026, 12, 18)
    assert found.created_at == datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
    assert (found.assignee, found.labels, found.progress) == ("mia-l", ("data",), Progress.WAITING)
    assert (found.estimate, found.points, found.faults) == (None, None, ())
    assert (found.status, found.place) == ("open", "acme/reader")


@pytest.mark.parametrize(
    ("reason", "progress"),
    [
        ("completed", Progress.FINISHED),
        (None, Progress.FINISHED),
        ("not_planned", Progress.DROPPED),
        ("duplicate", Progress.DROPPED),
    ],
)
def test_why_it_was_closed_says_whether_it_was_done(reason: str | None, progress: Progress) -> None:
    found = row(state="closed", state_reason=reason, closed_at="2026-11-02T10:00:00Z")
    assert found.progress is progress
    assert found.finished_at == datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
    assert found.status == ", ".join(filter(None, ("closed", reason)))


@pytest.mark.parametrize("name", ["in progress", "In-Progress", "status: doing", "WIP"])
def test_a_label_says_that_work_was_begun(name: str) -> None:
    assert labelled(name).progress is Progress.STARTED
    assert labelled(name).status == f"open, {name}"


@pytest.mark.parametrize("name", ["not in progress", "progress", "started-by-bot"])
def test_a_label_that_only_sounds_so_does_not(name: str) -> None:
    assert labelled(name).progress is Progress.WAITING


@pytest.mark.parametrize(
    ("name", "points"),
    [("points: 5", 5.0), ("SP 3", 3.0), ("estimate/0.5", 0.5), ("size: L", None), ("p5", None)],
)
def test_points_stand_in_a_label(name: str, points: float | None) -> None:
    assert labelled(name).points == points


def test_two_numbers_of_points_are_none_and_said() -> None:
    found = labelled("points: 5", "points: 8")
    assert found.points is None
    assert "more than one number" in found.faults[0].sentence
    assert labelled("points: 5", "sp 5").points == 5.0


def test_a_sub_issue_knows_its_parent() -> None:
    url = "https://api.github.com/repos/acme/plan/issues/41"
    assert row(parent_issue_url=url).parent == "acme/plan#41"
    assert row(parent_issue_url="https://api.github.com/x").parent == ""


def test_a_pull_request_is_no_work_item() -> None:
    assert row_of(issue(pull_request={"url": "x"}), REPOSITORY) is None


@pytest.mark.parametrize(
    "payload", [None, [], {}, {"number": "7"}, {"number": 0}, {"number": True}]
)
def test_what_is_no_issue_is_a_problem(payload: object) -> None:
    assert isinstance(row_of(payload, REPOSITORY), Problem)


def test_an_address_is_never_kept() -> None:
    assert row(assignee={"login": "mia@example.com"}).assignee == ""


def test_an_issue_without_a_title_is_called_by_its_key() -> None:
    assert row(title=None).name == "acme/reader#7"


@given(
    some.fixed_dictionaries(
        {},
        optional={
            name: some.none() | some.text() | some.integers() | some.lists(some.text(), max_size=3)
            for name in issue()
            if name != "number"
        },
    )
)
def test_no_value_of_any_field_breaks_the_reading(more: dict[str, object]) -> None:
    found = row_of(issue() | more, REPOSITORY)
    assert isinstance(found, WorkRow)
    assert found.key == "acme/reader#7"
