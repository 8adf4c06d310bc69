"""Reading a source through the API: what goes wrong says whose fault it is, and keeps nothing back.

What a real MLflow brings is tested from the command line (`tests/interfaces/cli/test_sync.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils.dateparse import parse_datetime
from pytest_django.fixtures import Settings
from tests.cast import AT, Cast, a_token
from tests.interfaces.api.callers import Caller, caller, problem_in, value_in
from tests.peers.fault_server import serving
from tests.peers.jira_server import JiraServer, a_jira, issue

from headway.domain.accounts.models import Workspace
from headway.domain.accounts.rules import Scope
from headway.domain.plans.models import WorkItem

LAB = "/sources/lab/readings"


@pytest.fixture
def mia(cast: Cast) -> Caller:
    return caller(cast.mia)


def _connect(mia: Caller, url: str, **more: str) -> None:
    value_in(mia.post("/sources", {"kind": "mlflow", "name": "lab", "url": url, **more}), 201)


def test_a_system_that_refuses_us_is_a_502_and_is_remembered(
    mia: Caller, settings: Settings
) -> None:
    with serving() as server:
        server.answer = lambda exchange, _asked: exchange.reply(401, b"who are you?")
        settings.OUTBOUND_ALLOWED = server.url.removeprefix("http://")
        _connect(mia, server.url)
        problem = problem_in(mia.post(LAB, {}), 502, "source-failed")
    line = value_in(mia.get("/sources/lab"))
    assert (line["failures_in_a_row"], line["failure"]) == (1, problem["detail"])
    assert line["synced_at"] is None


def test_a_failed_reading_may_be_asked_again_with_its_key(mia: Caller) -> None:
    _connect(mia, "http://lab.invalid", secret="s3cret")
    for _ in range(2):
        response = mia.post(LAB, {}, Idempotency_Key="once")
        problem = problem_in(response, 422, "invalid")
        assert "never sent in the clear" in problem["detail"]
        assert "s3cret" not in response.content.decode()


def test_a_source_that_is_disconnected_is_not_read(mia: Caller) -> None:
    _connect(mia, "https://lab.invalid")
    value_in(mia.post("/sources/lab/disconnect"))
    problem_in(mia.post(LAB, {}), 409, "conflict")


@pytest.mark.parametrize("body", [{"sweep": "perhaps"}, {"swipe": True}, []])
def test_a_body_of_another_form_is_a_bad_question(mia: Caller, body: object) -> None:
    problem_in(mia.post(LAB, body), 422, "invalid")


def test_a_source_of_another_name_is_not_there(mia: Caller) -> None:
    problem_in(mia.post("/sources/absent/readings", {}), 404, "not-found")


def test_the_scope_for_evidence_may_read_a_source_and_that_for_reading_may_not(cast: Cast) -> None:
    problem_in(caller(cast.mia, Scope.READ).post(LAB, {}), 403, "refused")
    problem_in(caller(cast.mia, Scope.EVIDENCE).post(LAB, {}), 404, "not-found")


def test_whose_moment_answers_are_of_is_said(mia: Caller, cast: Cast) -> None:
    assert value_in(mia.get("/me"))["is_pinned"] is False
    Workspace.objects.filter(id=cast.acme.id).update(pinned_at=AT)
    me = value_in(mia.get("/me"))
    assert (me["is_pinned"], parse_datetime(me["now"])) == (True, AT)


@pytest.fixture
def jira(mia: Caller, settings: Settings) -> Iterator[JiraServer]:
    """Connect a Jira with two issues for a project."""
    value_in(mia.post("/programs", {"name": "Automation", "currency": "USD"}), 201)
    place = {"name": "Reading", "slug": "reading"}
    value_in(mia.post("/programs/automation/projects", place), 201)
    with a_jira() as running:
        settings.OUTBOUND_ALLOWED = f"127.0.0.1:{running.server.port}"
        running.put(issue(1, timeoriginalestimate=57_600), issue(2, duedate="soon"))
        told = {"kind": "jira", "name": "jira", "url": running.url, "project": "reading"}
        line = value_in(mia.post("/sources", told | {"options": {"projects": ["MLP"]}}), 201)
        assert (line["gives_work"], line["follows"], line["title"]) == (True, False, "Jira")
        yield running


def test_a_tracker_is_checked_read_previewed_imported_followed_and_undone(
    mia: Caller, jira: JiraServer
) -> None:
    told = value_in(mia.post("/sources/jira/check", {}))
    assert told == {"sentence": "Jira Cloud answers at jira; the selection holds issues."}
    assert value_in(mia.post("/sources/jira/readings", {}))["plan"] is None
    tried = value_in(mia.post("/sources/jira/import", {"dry_run": True}))
    assert (tried["read"], tried["created"], len(tried["skipped"])) == (2, 2, 1)
    assert not value_in(mia.get("/sources/jira"))["follows"]
    mapping = tried["mapping"] | {"states": {"Offen": "started"}}
    result = value_in(mia.post("/sources/jira/import", {"mapping": mapping}))
    assert (result["created"], result["mapping"]["states"]) == (2, {"Offen": "started"})
    jira.put(issue(3, updated="2099-01-01T00:00:00+00:00"))
    followed = value_in(mia.post("/sources/jira/readings", {}))["plan"]
    assert (followed["created"], followed["unchanged"]) == (1, 2)
    undone = value_in(mia.post("/projects/reading/undo-import"))
    assert undone["removed"] == 1
    assert not value_in(mia.get("/sources/jira"))["follows"]


@pytest.mark.parametrize(
    "body", [{"mapping": {"unit": "weeks"}}, {"mapping": []}, {"dry": True}, {"dry_run": "maybe"}]
)
def test_an_import_that_is_asked_wrongly_changes_nothing(
    mia: Caller, jira: JiraServer, body: dict[str, object]
) -> None:
    value_in(mia.post("/sources/jira/readings", {}))
    problem_in(mia.post("/sources/jira/import", body), 422, "invalid")
    assert not WorkItem.objects.exists()


def test_a_token_for_evidence_reads_a_tracker_and_moves_no_plan(
    cast: Cast, mia: Caller, jira: JiraServer
) -> None:
    value_in(mia.post("/sources/jira/readings", {}))
    value_in(mia.post("/sources/jira/import", {}))
    jira.put(issue(3, updated="2099-01-01T00:00:00+00:00"))
    narrow = Caller(a_token(cast.mia, Scope.EVIDENCE))
    told = value_in(narrow.post("/sources/jira/readings", {}))
    assert (told["recorded"], told["plan"]) == (1, None)
    problem_in(narrow.post("/sources/jira/import", {}), 403, "refused")
