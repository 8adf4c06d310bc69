"""What an issue of Jira says, as a row of work: in any language, with its history."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.peers.jira_server import END, EPIC, POINTS, SPRINT, START, STATES, issue, move, state

from headway.connectors.jira.history import is_cut, moves_of, span_of
from headway.connectors.jira.reading import row_of
from headway.connectors.jira.shape import Shape, category_of, shape_of
from headway.connectors.work import Link, Progress, Unit, WorkRow
from headway.errors import Problem

CATEGORIES = {number: category_of(key) for number, (_, key) in STATES.items()}
SHAPE = Shape(
    points=(POINTS, "customfield_2"),
    sprints=(SPRINT,),
    epics=(EPIC,),
    starts=(START,),
    ends=(END,),
    states={number: told for number, told in CATEGORIES.items() if told},
    front="https://jira.example.org",
)
BEGUN = move("2026-10-06T09:00:00.000+0200", "1", "3")
DONE = move("2026-10-09T17:00:00.000+0200", "4", "5")


def row(payload: dict[str, object]) -> WorkRow:
    log = payload.get("changelog")
    histories = log["histories"] if isinstance(log, dict) else ()
    found = row_of(payload, SHAPE, moves_of(histories))
    assert isinstance(found, WorkRow)
    return found


def told(**fields: object) -> WorkRow:
    return row(issue(7, **fields))


def moment(day: int, hour: int) -> datetime:
    return datetime(2026, 10, day, hour, tzinfo=UTC)


def test_an_issue_is_a_row() -> None:
    found = told(
        summary="Label 20k\u00a0transactions",
        labels=["data"],
        components=[{"name": "Labelling"}],
        assignee={"displayName": "Mia Lindqvist", "emailAddress": "mia@example.com"},
        timeoriginalestimate=28_800,
        duedate="2026-12-18",
        **{POINTS: 5.0, START: "2026-11-02"},
    )
    assert (found.key, found.place, found.kind) == ("MLP-7", "MLP", "Story")
    assert found.name == "Label 20k transactions"
    assert (found.estimate, found.unit, found.points) == (8.0, Unit.HOURS, 5.0)
    assert (found.not_before, found.due) == (date(2026, 11, 2), date(2026, 12, 18))
    assert (found.assignee, found.labels) == ("Mia Lindqvist", ("data", "Labelling"))
    assert found.url == "https://jira.example.org/browse/MLP-7"
    assert found.faults == ()


@pytest.mark.parametrize(
    ("now", "progress", "word"),
    [
        ("1", Progress.WAITING, "Offen"),
        ("3", Progress.STARTED, "In Arbeit"),
        ("5", Progress.FINISHED, "Fertig"),
    ],
)
def test_a_state_counts_by_its_category_in_any_language(
    now: str, progress: Progress, word: str
) -> None:
    found = row(issue(7, now=now))
    assert (found.progress, found.status) == (progress, word)


def test_a_state_without_a_category_is_known_by_its_id_or_else_said() -> None:
    assert told(status={"id": "3", "name": "In Arbeit"}).progress is Progress.STARTED
    found = told(status={"id": "99", "name": "?"})
    assert found.progress is Progress.WAITING
    assert "fields.status has no category" in found.faults[0].sentence


@pytest.mark.parametrize(
    ("resolution", "progress"),
    [
        ("Done", Progress.FINISHED),
        ("Erledigt", Progress.FINISHED),
        ("Won't Do", Progress.DROPPED),
        ("Won\u2019t Fix", Progress.DROPPED),
        ("Duplikat", Progress.DROPPED),
        ("修正しない", Progress.DROPPED),
        ("Our own word", Progress.FINISHED),
    ],
)
def test_done_without_being_done_is_dropped(resolution: str, progress: Progress) -> None:
    found = row(issue(7, now="5", resolution={"name": resolution}))
    assert (found.progress, found.status) == (progress, f"Fertig ({resolution})")


def test_a_resolution_left_on_an_issue_that_was_reopened_says_nothing() -> None:
    assert row(issue(7, now="3", resolution={"name": "Won't Do"})).progress is Progress.STARTED


def test_the_history_says_when_it_was_begun_and_finished() -> None:
    review = move("2026-10-08T09:00:00.000+0200", "3", "4")
    found = row(issue(7, DONE, review, BEGUN, now="5"))  # in no order
    assert (found.started_at, found.finished_at) == (moment(6, 7), moment(9, 15))


def test_an_item_put_back_was_not_begun_and_one_reopened_not_finished() -> None:
    back = move("2026-10-07T09:00:00.000+0200", "3", "1")
    again = move("2026-10-12T09:00:00.000+0200", "1", "3")
    assert row(issue(7, BEGUN, back)).started_at is None
    assert row(issue(7, BEGUN, back, again, now="3")).started_at == moment(12, 7)
    reopened = move("2026-10-10T09:00:00.000+0200", "5", "3")
    found = row(issue(7, BEGUN, DONE, reopened, now="3"))
    assert (found.started_at, found.finished_at) == (moment(6, 7), None)


def test_an_item_made_in_a_state_in_progress_was_begun_when_it_was_made() -> None:
    found = row(issue(7, DONE, now="5", created="2026-10-01T08:00:00.000+0000"))
    assert found.started_at == moment(1, 8)


def test_without_a_history_the_fields_tell_what_they_can() -> None:
    found = row(
        issue(
            7,
            now="5",
            resolutiondate="2026-10-09T15:00:00.000+0000",
            statuscategorychangedate="2026-10-10T15:00:00.000+0000",
        )
    )
    assert (found.started_at, found.finished_at) == (None, moment(9, 15))
    begun = row(issue(7, now="3", statuscategorychangedate="2026-10-02T08:00:00.000+0000"))
    assert begun.started_at == moment(2, 8)


def test_a_state_that_is_not_known_any_more_moves_nothing() -> None:
    strange = {"created": "2026-10-07T09:00:00Z", "items": [{"field": "status", "to": "77"}]}
    assert span_of(moves_of([BEGUN, strange]), SHAPE.states, None) == (moment(6, 7), None)


def test_a_history_written_in_milliseconds_or_seconds_is_read() -> None:
    at = moment(6, 7)
    for number in (at.timestamp() * 1000, at.timestamp()):
        [found] = moves_of([{**BEGUN, "created": number}])
        assert found.at == at


@pytest.mark.parametrize(
    ("log", "cut"),
    [
        ({"total": 2, "histories": [BEGUN, DONE]}, False),
        ({"total": 3, "histories": [BEGUN, DONE]}, True),
        ({"histories": [BEGUN] * 40}, True),
        ({"histories": [BEGUN]}, False),
        (None, False),
    ],
)
def test_a_history_that_is_only_its_latest_part_is_noticed(log: object, cut: bool) -> None:
    assert is_cut({"changelog": log}) is cut


def test_parent_and_epic_are_the_parent_whichever_tells() -> None:
    assert told(parent={"key": "MLP-1"}).parent == "MLP-1"
    assert told(**{EPIC: "MLP-2"}).parent == "MLP-2"
    assert told(parent={"key": "MLP-1"}, **{EPIC: "MLP-2"}).parent == "MLP-1"


def link(side: str, other: str, name: str = "Blocks", outward: str = "blocks") -> dict[str, object]:
    sort = {"name": name, "outward": outward, "inward": "is " + outward}
    return {"type": sort, side: {"key": other}}


def test_links_of_blocking_order_the_work_and_others_do_not() -> None:
    found = told(
        issuelinks=[
            link("inwardIssue", "MLP-1"),
            link("outwardIssue", "MLP-9"),
            link("inwardIssue", "MLP-2", "Blockade", "blockiert"),
            link("outwardIssue", "MLP-3", "Dependency", "depends on"),
            link("outwardIssue", "MLP-4", "Relates", "relates to"),
            link("inwardIssue", "MLP-1"),
        ]
    )
    assert found.links == (Link("MLP-1"), Link("MLP-2"), Link("MLP-3"))
    assert found.blocks == ("MLP-9",)


def test_a_team_s_own_link_type_counts_when_it_is_named() -> None:
    from dataclasses import replace

    own = issue(7, issuelinks=[link("outwardIssue", "MLP-9", "Gates", "gates")])
    assert row_of(own, SHAPE).blocks == ()  # type: ignore[union-attr]
    named = replace(SHAPE, blocking=frozenset({"gates"}))
    assert row_of(own, named).blocks == ("MLP-9",)  # type: ignore[union-attr]


SERVER_SPRINT = (
    "com.atlassian.greenhopper.service.sprint.Sprint@7eede03a[id=2,rapidViewId=2,state={},"
    "name=Sprint 2,goal=<null>,startDate={},endDate=<null>,completeDate=<null>,sequence=2]"
)


@pytest.mark.parametrize(
    ("sprints", "day"),
    [
        ([{"state": "future", "startDate": "2026-12-07T09:00:00.000Z"}], date(2026, 12, 7)),
        ([{"state": "active", "startDate": "2026-11-02T09:00:00.000Z"}], None),
        ([SERVER_SPRINT.format("FUTURE", "2026-12-07T09:00:00.000+01:00")], date(2026, 12, 7)),
        ([SERVER_SPRINT.format("FUTURE", "<null>")], None),
        (["no sprint"], None),
    ],
)
def test_work_of_a_sprint_to_come_waits_for_it(sprints: list[object], day: date | None) -> None:
    assert told(**{SPRINT: sprints}).not_before == day


def test_a_milestone_is_one_in_any_language() -> None:
    assert told(issuetype={"name": "Meilenstein"}).is_milestone
    assert not told(issuetype={"name": "Story"}).is_milestone


def test_an_address_is_never_kept() -> None:
    assert told(assignee={"displayName": "mia@example.com"}).assignee == ""


def test_of_several_fields_with_points_the_first_that_holds_any_counts() -> None:
    assert told(**{"customfield_2": 3}).points == 3.0
    assert told(**{POINTS: 0, "customfield_2": 3}).points == 0.0


def test_the_shape_is_found_by_schema_and_only_then_by_name() -> None:
    kind = "com.atlassian.jira.plugin.system.customfieldtypes:"
    greenhopper = "com.pyxis.greenhopper.jira:"

    def custom(name: str, shown: str, sort: str, schema: str) -> dict[str, object]:
        return {"id": name, "name": shown, "schema": {"type": sort, "custom": schema}}

    shape = shape_of(
        [
            custom("c1", "Story Points", "number", kind + "float"),
            custom(
                "c2",
                "\u30b9\u30c8\u30fc\u30ea\u30fc\u30dd\u30a4\u30f3\u30c8",
                "number",
                kind + "float",
            ),
            custom("c3", "Schätzung", "number", greenhopper + "jsw-story-points"),
            custom("c4", "Story Points", "string", kind + "textfield"),
            custom("c5", "Iteration", "array", greenhopper + "gh-sprint"),
            custom("c6", "Epos", "any", greenhopper + "gh-epic-link"),
            custom("c7", "Début", "date", kind + "datepicker"),
            custom("c8", "Date de début", "date", kind + "datepicker"),
            {"id": "duedate", "name": "Start date", "schema": {"type": "date"}},
            None,
            {"id": 7},
            {"name": "Story Points", "schema": {"type": "number", "custom": kind + "float"}},
        ],
        [state("1"), {"id": "9"}, None],
        blocking=["Gates"],
        front="",
    )
    assert shape.points == ("c3", "c1", "c2")
    assert (shape.sprints, shape.epics, shape.starts) == (("c5",), ("c6",), ("c8",))
    assert shape.states == {"1": Progress.WAITING}
    assert shape.blocking == {"gates"}


@pytest.mark.parametrize(
    "key", [None, 7, "", "MLP", "MLP-", "-7", "MLP-7 ", "MLP-x", "x" * 99 + "-1"]
)
def test_what_has_no_issue_key_is_refused_by_its_id(key: object) -> None:
    found = row_of({**issue(7), "key": key}, SHAPE)
    assert isinstance(found, Problem)
    assert found.where == "Jira entry 10007"
