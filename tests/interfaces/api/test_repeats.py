"""Idempotency-Key: repeated, reused for something else, and still running."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from tests.cast import Cast, a_program
from tests.domain.evidence.payloads import an_observation, as_value
from tests.interfaces.api.callers import Caller, caller, problem_in, value_in

from headway import clock
from headway.domain.accounts.models import AuditEntry, IdempotentReply
from headway.domain.evidence.models import Record
from headway.domain.programs.models import Program

BODY = [as_value(an_observation())]


@pytest.fixture
def mia(cast: Cast) -> Caller:
    """Mia, with a token for everything."""
    return caller(cast.mia)


def test_a_repeated_request_is_answered_byte_for_byte_and_done_once(mia: Caller) -> None:
    first = mia.post("/evidence", BODY, Idempotency_Key="k1")
    again = mia.post("/evidence", BODY, Idempotency_Key="k1")
    assert "Idempotent-Replayed" not in first.headers
    assert again["Idempotent-Replayed"] == "true"
    assert (again.content, again.status_code) == (first.content, first.status_code)
    assert value_in(again)["recorded"] == 1
    assert Record.objects.count() == 1


def test_a_repeat_brings_the_same_etag_and_status(mia: Caller) -> None:
    first = mia.post("/programs", {"name": "A"}, Idempotency_Key="k1")
    again = mia.post("/programs", {"name": "A"}, Idempotency_Key="k1")
    assert (again.status_code, again["ETag"]) == (201, first["ETag"])
    assert AuditEntry.objects.filter(action="create_program").count() == 1


def test_a_key_used_for_something_else_is_refused(mia: Caller) -> None:
    value_in(mia.post("/evidence", BODY, Idempotency_Key="k1"))
    problem_in(mia.post("/evidence", [], Idempotency_Key="k1"), 422, "invalid")
    problem_in(mia.post("/programs", {"name": "A"}, Idempotency_Key="k1"), 422, "invalid")


def test_a_key_whose_first_request_still_runs_is_a_conflict(cast: Cast, mia: Caller) -> None:
    value_in(mia.post("/evidence", BODY, Idempotency_Key="k1"))
    IdempotentReply.objects.update(status=None)
    problem_in(mia.post("/evidence", BODY, Idempotency_Key="k1"), 409, "conflict")


def test_a_claim_whose_process_died_is_taken_over(mia: Caller) -> None:
    first = mia.post("/evidence", BODY, Idempotency_Key="k1")
    long_ago = clock.now() - timedelta(minutes=11)
    IdempotentReply.objects.update(status=None, created_at=long_ago)
    again = value_in(mia.post("/evidence", BODY, Idempotency_Key="k1"))
    assert (again["recorded"], again["already_known"]) == (0, 1)
    assert again["head"] == value_in(first)["head"]


def test_a_refused_request_may_be_corrected_and_sent_again(cast: Cast, mia: Caller) -> None:
    path = "/programs/automation/projects"
    problem_in(mia.post(path, {"name": "A"}, Idempotency_Key="k1"), 404, "not-found")
    a_program(cast.acme)
    value_in(mia.post(path, {"name": "A"}, Idempotency_Key="k1"), 201)


def test_a_slow_request_that_is_refused_lets_its_key_go(cast: Cast, mia: Caller) -> None:
    path = "/programs/automation/forecasts"
    problem_in(mia.post(path, {}, Idempotency_Key="k1"), 404, "not-found")
    assert not IdempotentReply.objects.exists()


def test_two_members_may_use_the_same_key(cast: Cast, mia: Caller) -> None:
    value_in(mia.post("/programs", {"name": "A"}, Idempotency_Key="k1"), 201)
    charlie = caller(cast.charlie)
    made = charlie.post("/programs", {"name": "B"}, Idempotency_Key="k1")
    assert value_in(made, 201)["slug"] == "b"


@pytest.mark.parametrize("key", ["", " ", "k" * 256])
def test_a_key_has_1_to_255_characters(mia: Caller, key: str) -> None:
    response = mia.send("POST", "/programs", {"name": "A"}, Idempotency_Key=key)
    if len(key) > 255:
        problem_in(response, 422, "invalid")
    else:
        value_in(response, 201)


def test_without_a_key_a_post_is_done_each_time(mia: Caller) -> None:
    value_in(mia.post("/programs", {"name": "A"}, Idempotency_Key=""), 201)
    problem_in(mia.post("/programs", {"name": "A"}, Idempotency_Key=""), 409, "conflict")


@pytest.mark.django_db(transaction=True)
def test_the_same_request_ten_times_at_once_is_done_once(lasting_cast: Cast) -> None:
    mia = caller(lasting_cast.mia)
    start = threading.Barrier(10)
    answers: list[HttpResponse] = []

    def send() -> None:
        try:
            start.wait(timeout=60)
            one = Caller(mia.secret).post("/programs", {"name": "A"}, Idempotency_Key="k1")
            answers.append(one)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert Program.objects.count() == 1
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
