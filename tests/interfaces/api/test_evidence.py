"""Evidence through the API."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cast import Cast, a_project
from tests.domain.evidence.payloads import a_run, an_observation, as_text, as_value
from tests.interfaces.api.callers import Caller, caller, problem_in, value_in

from headway.domain.accounts.rules import Scope
from headway.domain.evidence.models import Record, Subject

LINES = "application/x-ndjson"


@pytest.fixture
def bob(cast: Cast) -> Caller:
    """Bob, with a token for evidence."""
    return caller(cast.bob, Scope.EVIDENCE)


def _seen(bob: Caller) -> list[int]:
    return [line["sequence"] for line in value_in(bob.get("/evidence"))["items"]]


def test_a_list_is_recorded_and_the_head_answered(bob: Caller) -> None:
    pushed = value_in(bob.post("/evidence", [as_value(an_observation()), as_value(a_run("r1"))]))
    assert (pushed["recorded"], pushed["already_known"], pushed["refused"]) == (2, 0, [])
    assert pushed["head"] == value_in(bob.get("/evidence/head"))
    assert pushed["head"]["sequence"] == 2


def test_json_lines_are_recorded_too(bob: Caller) -> None:
    text = as_text(an_observation(), an_observation(hours=-1))
    assert value_in(bob.post("/evidence", text, kind=LINES))["recorded"] == 2


def test_the_same_records_with_another_key_are_known(bob: Caller) -> None:
    body = [as_value(an_observation())]
    value_in(bob.post("/evidence", body))
    again = value_in(bob.post("/evidence", body))
    assert (again["recorded"], again["already_known"]) == (0, 1)


def test_bad_records_are_named_and_good_ones_kept(bob: Caller) -> None:
    good, bad = as_value(an_observation()), {**as_value(an_observation()), "kind": "vibe"}
    pushed = value_in(bob.post("/evidence", [bad, good, {"a": 1}]))
    assert pushed["recorded"] == 1
    assert [refusal["line"] for refusal in pushed["refused"]] == [1, 3]


def test_when_none_is_good_each_is_pointed_at(bob: Caller) -> None:
    problem = problem_in(bob.post("/evidence", [{"a": 1}, "x"]), 422, "invalid")
    assert [error["pointer"] for error in problem["errors"]] == ["/0", "/1"]
    assert not Record.objects.exists()


def test_lines_are_judged_one_by_one(bob: Caller) -> None:
    pushed = value_in(bob.post("/evidence", "not json\n", kind=LINES))
    assert (pushed["recorded"], pushed["refused"][0]["line"]) == (0, 1)


def test_the_address_says_what_the_lines_leave_out(cast: Cast, bob: Caller) -> None:
    a_project(cast.acme)
    query = "subject=model:meter-reading@4&kind=note&source=ci&project=meter-reading"
    value_in(bob.post(f"/evidence?{query}", '{"text": "a bare payload"}\n', kind=LINES))
    record = value_in(bob.get("/evidence/1"))["record"]
    assert (record["subject"], record["source"]) == ("model:meter-reading@4", "ci")
    assert record["project"] == "meter-reading"


@pytest.mark.parametrize("body", [{"a": 1}, "1", b"null", '"x"'])
def test_a_body_that_is_no_list_is_refused(bob: Caller, body: object) -> None:
    problem_in(bob.post("/evidence", body), 422, "invalid")


def test_an_empty_list_changes_nothing(bob: Caller) -> None:
    assert value_in(bob.post("/evidence", []))["recorded"] == 0


def test_a_push_needs_an_idempotency_key(bob: Caller) -> None:
    problem_in(bob.post("/evidence", [], Idempotency_Key=""), 400, "key-missing")


def test_a_thousand_records_are_the_most(bob: Caller) -> None:
    many = [as_value(a_run(f"r{number}", hours=-1)) for number in range(1_001)]
    problem_in(bob.post("/evidence", many), 413, "too-large")
    assert value_in(bob.post("/evidence", many[:1_000]))["recorded"] == 1_000


def test_a_record_opens_with_its_place_in_the_chain(bob: Caller) -> None:
    value_in(bob.post("/evidence", [as_value(an_observation("evaluation"))]))
    opened = value_in(bob.get("/evidence/1"))
    assert opened["holds"] is True
    assert opened["payload"]["segments"][0]["segment"] == "digit=3"
    assert opened["digest"] == value_in(bob.get("/evidence/head"))["digest"]


@pytest.mark.parametrize("sequence", ["2", "999999999999", "0", "99999999999999999999", "x"])
def test_a_record_that_is_not_there(bob: Caller, sequence: str) -> None:
    response = bob.get(f"/evidence/{sequence}")
    if sequence in {"0", "99999999999999999999"}:
        problem_in(response, 422, "invalid")
    else:
        problem_in(response, 404, "not-found")


def test_pages_of_records_walk_back_once(bob: Caller) -> None:
    value_in(bob.post("/evidence", [as_value(an_observation(hours=-h)) for h in range(7)]))
    found: list[int] = []
    path: str | None = "/evidence?limit=3"
    while path:
        page = value_in(bob.get(path))
        found += [line["sequence"] for line in page["items"]]
        path = f"/evidence?limit=3&cursor={page['next']}" if page["next"] else None
    assert found == [7, 6, 5, 4, 3, 2, 1]


def test_a_moment_of_the_past_shows_what_was_known(bob: Caller) -> None:
    value_in(bob.post("/evidence", [as_value(an_observation())]))
    assert value_in(bob.get("/evidence?at=2020-01-01T00:00:00Z"))["items"] == []
    problem = problem_in(bob.get("/evidence?at=2020-01-01T00:00:00"), 422, "invalid")
    assert problem["errors"][0]["parameter"] == "at"


def test_runs_are_listed_with_the_metrics_asked_for(cast: Cast, bob: Caller) -> None:
    a_project(cast.acme)
    runs = [as_value(a_run(f"r{n}", project="meter-reading", metrics={"auc": n})) for n in range(3)]
    value_in(bob.post("/evidence", runs))
    path = "/runs?project=meter-reading&metrics=auc&sort=-auc&limit=2"
    page = value_in(bob.get(path))
    assert [run["metrics"]["auc"] for run in page["items"]] == [2, 1]
    rest = value_in(bob.get(f"{path}&cursor={page['next']}"))
    assert ([run["metrics"]["auc"] for run in rest["items"]], rest["next"]) == ([0], None)


def test_runs_of_a_project_that_is_not_there(cast: Cast, bob: Caller) -> None:
    a_project(cast.other, "theirs")
    problem_in(bob.get("/runs?project=theirs"), 404, "not-found")
    problem_in(bob.get("/runs"), 422, "invalid")


def test_unplaced_subjects_are_listed_and_placed(cast: Cast, bob: Caller) -> None:
    a_project(cast.acme)
    value_in(bob.post("/evidence", [as_value(a_run(f"r{n}")) for n in range(3)]))
    page = value_in(bob.get("/subjects/unplaced?limit=2"))
    assert [line["text"] for line in page["items"]] == ["run:tracker/r0", "run:tracker/r1"]
    subject = page["items"][0]["id"]
    placed = value_in(bob.post(f"/subjects/{subject}/place", {"project": "meter-reading"}))
    assert placed == {"subject": "run:tracker/r0", "project": "meter-reading"}
    rest = value_in(bob.get(f"/subjects/unplaced?cursor={page['next']}"))
    assert [line["text"] for line in rest["items"]] == ["run:tracker/r2"]


def test_nothing_of_another_workspace_is_found(cast: Cast, bob: Caller) -> None:
    charlie = caller(cast.charlie)
    value_in(charlie.post("/evidence", [as_value(a_run("r1"))]))
    theirs = Subject.objects.get(workspace=cast.other)
    a_project(cast.acme)
    a_project(cast.other, "theirs")
    problem_in(bob.get("/evidence/1"), 404, "not-found")
    place = f"/subjects/{theirs.id}/place"
    problem_in(bob.post(place, {"project": "meter-reading"}), 404, "not-found")
    problem_in(charlie.post(place, {"project": "meter-reading"}), 404, "not-found")
    assert _seen(bob) == []


def test_the_file_of_another_tool_is_recorded_with_its_own_word(bob: Caller) -> None:
    text = (Path(__file__).parents[2] / "cases/results/great-expectations-empty.json").read_text()
    path = "/evidence/results?kind=check&source=nightly"
    pushed = value_in(bob.post(path, text, kind="application/octet-stream"))
    assert (pushed["format"], pushed["recorded"], pushed["refused"]) == (
        "great-expectations",
        6,
        [],
    )
    opened = value_in(bob.get("/evidence/2"))
    assert opened["record"]["subject"] == "dataset:orders"
    assert (opened["payload"]["passed"], opened["payload"]["raw"]) == (None, "success")


@pytest.mark.parametrize(
    ("body", "query", "said"),
    [
        ("hello", "", "of no format that is read here"),
        ("<testsuite name='s'/>", "", "give --subject"),
        ("<testsuite name='s'/>", "format=weka", "no format 'weka'"),
        ("<testsuite name='s'/>", "kind=vibe", "kind 'vibe' is not known"),
        ("[" * 100_000, "", "of no format that is read here"),
    ],
    ids=lambda value: value[:20],
)
def test_a_file_that_nobody_known_wrote_is_refused(
    bob: Caller, body: str, query: str, said: str
) -> None:
    response = bob.post(f"/evidence/results?{query}", body, kind="text/plain")
    assert said in problem_in(response, 422, "invalid")["detail"]


def test_a_check_that_no_tool_gave_is_stored_as_before_tools_were_read(bob: Caller) -> None:
    """A key that is absent stays absent: what was recorded before it came is known again."""
    payload = {"check": "rows", "passed": True}
    body = [{"subject": "dataset:a", "kind": "check", "payload": payload}]
    value_in(bob.post("/evidence", body))
    assert "raw" not in value_in(bob.get("/evidence/1"))["payload"]
