"""Claims about the first page: what it says, to whom, and how few questions it asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.builders.workspace import MOMENT, Size, build_workspace
from tests.cast import AT, Cast, a_member, a_program
from tests.doors import browser_of

from headway import clock
from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor, Role
from headway.domain.checkins.actions import issue_check_in_link
from headway.domain.evidence.actions import record_evidence
from headway.domain.people.actions import set_person
from headway.domain.plans.actions import (
    add_item,
    edit_item,
    make_forecast,
    set_blocked_items,
    set_promise_items,
)
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import programs_of
from headway.domain.risks.actions import set_action, set_assumption, set_blocker
from headway.domain.sources.models import Source
from headway.domain.stakeholders.actions import set_promise
from headway.observation import Observation, SubjectRef

Browser = Callable[[Actor], Client]


def page(actor: Actor, address: str = "/w/acme/") -> str:
    response = browser_of(actor).get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_workspace_says_what_to_connect_next(cast: Cast) -> None:
    text = page(cast.alice)
    assert "Nothing is planned here yet." in text
    assert text.index(">Import a plan<") < text.index(">Connect MLflow<")
    assert "answers 3 of 10 open questions" in text
    assert "promised of the model" not in text  # there is no project to promise it of
    assert "/w/acme/settings/sources/add/" in text


def test_what_is_connected_leaves_the_list_and_not_due_is_not_missing(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud", "target": "2027-06-30"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores", "slug": "scores"}, AT)
    text = page(cast.mia)
    assert "Scores has no plan: answers 4 of" in text
    assert "data check" not in text
    add_item(cast.mia, "scores", "label", {"name": "Label", "estimate": [5, 8, 12]}, AT)
    text = page(cast.mia)
    assert "has no plan" not in text
    assert "/w/acme/projects/scores/new-criterion/" in text
    assert "Connect this next" in page(cast.mia, "/w/acme/programs/")
    assert "Connect this next" not in page(cast.mia, "/w/acme/?at=2026-11-20")


def test_who_may_not_connect_is_not_sent_there(cast: Cast) -> None:
    assert "/w/acme/settings/sources/add/" not in page(cast.vera)


def test_a_vendor_gets_a_calm_page_without_programs(cast: Cast) -> None:
    a_program(cast.acme, "secret-plan")
    text = page(cast.vic)
    assert "Nothing needs you." in text
    assert "Secret-Plan" not in text


def test_a_program_without_a_forecast_says_so(cast: Cast) -> None:
    a_program(cast.acme)
    assert "No forecast yet" in page(cast.alice)


def test_a_failing_source_comes_first(cast: Cast) -> None:
    a_program(cast.acme)
    Source.objects.create(
        workspace=cast.acme,
        name="lab",
        kind="mlflow",
        url="https://lab.example.org",
        failed_at=AT,
        failure="lab did not answer.",
        failures_in_a_row=2,
    )
    assert "Failed 2 times in a row: lab did not answer." in page(cast.alice)


def test_unplaced_evidence_waits_for_somebody(cast: Cast) -> None:
    a_program(cast.acme)
    note = Observation(SubjectRef.parse("model:x@1"), "note", "tests", AT, {"text": "hello"})
    record_evidence(cast.alice, [note], AT, may_lack_project=True)
    text = page(cast.alice)
    assert "1 record of 1 subject belong" in text
    assert "/w/acme/evidence/unplaced/" in text


def test_reading_notices_leads_back_home(cast: Cast) -> None:
    response = browser_of(cast.alice).post("/w/acme/notices/read/")
    assert (response.status_code, response["Location"]) == (302, "/w/acme/")


def queries_at(size: Size, slug: str) -> list[int]:
    """Return how many queries each list takes in a workspace of `size`, when warm."""
    workspace = build_workspace(size, slug=slug)
    actor = headway_actor(workspace.id)
    for program in programs_of(actor):
        make_forecast(actor, program.slug, MOMENT, trials=20)
    reader = browser_of(a_member(workspace, f"reader-{slug}", Role.OWNER))
    counts = []
    for address in (f"/w/{slug}/", f"/w/{slug}/programs/"):
        reader.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(address).status_code == 200
        counts.append(len(queries))
    return counts


def test_neither_more_programs_nor_larger_ones_take_more_queries(db: None) -> None:
    counts = [
        queries_at(size, slug)
        for slug, size in (
            ("small", Size(projects=2, items=20, records=60)),
            ("large", Size(projects=6, items=120, records=600)),
            ("five", Size(projects=5, items=20, records=60, programs=5)),
            ("twenty", Size(projects=40, items=80, records=400, programs=20)),
        )
    ]
    assert counts == [counts[0]] * 4
    assert max(counts[0]) <= 45


def test_what_was_written_down_takes_no_more_queries_for_more_of_it(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud", "slug": "fraud"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores", "slug": "scores"}, AT)
    add_item(cast.bob, "scores", "a", {"name": "Train", "estimate": [20, 30, 80]}, AT)

    def write(number: int) -> None:
        words = {"name": f"Thing {number}"}
        set_action(cast.bob, "fraud", f"a{number}", {**words, "due": "2026-01-02"}, AT)
        set_assumption(cast.bob, "fraud", f"s{number}", {**words, "review_on": "2026-01-02"}, AT)
        set_blocker(cast.bob, "fraud", f"b{number}", {**words, "since": "2026-01-02"}, AT)
        set_blocked_items(cast.bob, "fraud", f"b{number}", ["scores/a"], AT)
        set_promise(cast.bob, "fraud", f"p{number}", {**words, "giver": "x"}, AT)
        set_promise_items(cast.bob, "fraud", f"p{number}", ["scores/a"], AT)

    def counted() -> int:
        reader = browser_of(cast.vera)
        reader.get("/w/acme/")
        with CaptureQueriesContext(connection) as queries:
            assert reader.get("/w/acme/").status_code == 200
        return len(queries)

    write(0)
    few = counted()
    for number in range(1, 10):
        write(number)
    assert counted() == few
    assert few <= 50


def test_a_quiet_week_says_that_nothing_needs_you(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud", "slug": "fraud"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores", "slug": "scores"}, AT)
    add_item(cast.bob, "scores", "a", {"name": "Train", "estimate": [20, 30, 80]}, AT)
    make_forecast(cast.bob, "fraud", AT, trials=50)
    text = page(cast.vera)
    assert "Nothing needs you." in text
    assert "Overdue actions" not in text
    set_action(cast.bob, "fraud", "a", {"name": "Late", "due": "2026-01-02"}, AT)
    text = page(cast.vera)
    assert "Nothing needs you" not in text
    assert "1 thing waits." in text


def test_the_bridge_says_what_each_cause_did(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud", "slug": "fraud", "target": "2027-06-30"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores", "slug": "scores"}, AT)
    add_item(cast.bob, "scores", "a", {"name": "Train", "estimate": [20, 30, 80]}, AT)
    make_forecast(cast.bob, "fraud", AT, trials=200)
    edit_item(cast.bob, ("scores", "a"), {"estimate": [60, 90, 240]}, AT + timedelta(days=1))
    make_forecast(cast.bob, "fraud", AT + timedelta(days=7), trials=200)
    text = page(cast.alice)
    assert "Estimates changed" in text
    assert "20–30–80" in text or "Train" in text
    assert "Together" in text


def test_a_silent_worker_is_told_before_the_numbers_it_left_behind(cast: Cast) -> None:
    a_program(cast.acme)
    text = page(cast.alice)
    assert text.index("The worker has not run yet") < text.index("What needs you")
    assert "The worker has not run" not in page(cast.alice, "/w/acme/?at=2026-03-02")


def test_who_has_not_checked_in_is_named_on_home(cast: Cast) -> None:
    a_program(cast.acme)
    set_person(cast.mia, "dana", {"name": "Dana Roe"}, AT)
    assert "Who has not checked in" not in page(cast.vera)
    issue_check_in_link(cast.mia, "dana", clock.now())
    text = page(cast.vera)
    assert text.index("Who has not checked in") < text.index("Dana Roe")
