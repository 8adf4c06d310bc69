"""Claims about what a reader sees when something does not work."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse  # noqa: TID251 (what a middleware is given)
from django.test import RequestFactory
from tests.interfaces.web.layout.pieces import words

from headway.errors import (
    Conflict,
    HeadwayError,
    Invalid,
    NotFound,
    Problem,
    Refused,
    SignInNeeded,
    SourceError,
)
from headway.interfaces.web.layout import errors
from headway.interfaces.web.layout.middleware import ErrorMiddleware, RequestIdMiddleware


def a_request(**headers: str) -> HttpRequest:
    request = RequestFactory().get("/w/acme/", headers=headers)
    request.request_id = "0123456789abcdef"  # type: ignore[attr-defined]
    return request


def answer_to(error: Exception, **headers: str) -> HttpResponse:
    middleware = ErrorMiddleware(lambda request: HttpResponse())
    response = middleware.process_exception(a_request(**headers), error)
    assert response is not None
    return response


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Invalid("Bad."), 400),
        (Refused("No."), 403),
        (NotFound("None."), 404),
        (Conflict("Late."), 409),
        (SourceError("Silent.", retry=True), 502),
    ],
)
def test_each_error_of_ours_has_its_status_sentence_and_request_id(
    error: HeadwayError, status: int
) -> None:
    response = answer_to(error)
    shown = words(response.content.decode())
    assert response.status_code == status
    assert str(error) in shown
    assert "Request id 0123456789abcdef" in shown


@pytest.mark.parametrize("status", [400, 403, 404, 409, 429, 500, 502])
def test_every_error_page_says_the_next_step(status: int) -> None:
    shown = words(errors.error_page(a_request(), status).content.decode())
    assert errors._NEXT_STEPS[status].split(".")[0] in shown


def test_each_problem_of_a_file_is_named_with_its_place() -> None:
    error = Invalid("Nothing was imported.", [Problem("line 12", "3 is below 5.")])
    assert "line 12 : 3 is below 5." in words(answer_to(error).content.decode())


def test_markup_in_a_sentence_stays_text() -> None:
    assert b"<script>x" not in answer_to(Invalid("<script>x</script>")).content


def test_a_fragment_gets_a_toast_and_no_page() -> None:
    response = answer_to(Refused("Only owners may."), **{"HX-Request": "true"})
    assert response["HX-Retarget"] == "#toasts"
    assert b"<html" not in response.content
    assert "Only owners may." in words(response.content.decode())


def test_who_is_not_signed_in_is_sent_there_and_back() -> None:
    assert answer_to(SignInNeeded("Who?"))["Location"] == "/accounts/login/?next=%2Fw%2Facme%2F"


def test_a_bug_is_left_to_django() -> None:
    middleware = ErrorMiddleware(lambda request: HttpResponse())
    assert middleware.process_exception(a_request(), ValueError("oops")) is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abcdef-123456", True), ("short", False), ("x" * 65, False), ("a b", False)],
)
def test_a_well_formed_request_id_of_a_proxy_is_kept(given: str, kept: bool) -> None:
    answer = RequestIdMiddleware(lambda request: HttpResponse())
    name = answer(RequestFactory().get("/", headers={"X-Request-ID": given}))["X-Request-ID"]
    assert (name == given) == kept
    assert len(name) >= 8


def test_handlers_answer_with_their_status() -> None:
    request, error = a_request(), Exception()
    answers = [handler(request, error) for handler in
               (errors.bad_request, errors.forbidden, errors.not_found)]  # fmt: skip
    answers += [errors.server_error(request), errors.form_expired(request)]
    assert [answer.status_code for answer in answers] == [400, 403, 404, 500, 403]
