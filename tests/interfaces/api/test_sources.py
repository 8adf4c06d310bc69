"""Reading a source through the API: what goes wrong says whose fault it is, and keeps nothing back.

What a real MLflow brings is tested from the command line (`tests/interfaces/cli/test_sync.py`).
"""

from __future__ import annotations

import pytest
from django.utils.dateparse import parse_datetime
from pytest_django.fixtures import Settings
from tests.cast import AT, Cast
from tests.interfaces.api.callers import Caller, caller, problem_in, value_in
from tests.peers.fault_server import serving

from headway.domain.accounts.models import Workspace
from headway.domain.accounts.rules import Scope

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
