"""Whatever goes wrong is a problem that says what and where: RFC 9457, on every path."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client
from tests.cast import Cast, a_token
from tests.interfaces.api.callers import BASE, Caller, caller, problem_in, value_in

from headway.domain.accounts.rules import Scope
from headway.interfaces.api.bodies import LARGEST_BODY
from headway.interfaces.api.problems import SORTS

DOCUMENT = Path(__file__).parents[3] / "docs" / "reference" / "problems.md"


@pytest.fixture
def mia(cast: Cast) -> Caller:
    """Mia, with a token for everything."""
    return caller(cast.mia)


@pytest.mark.parametrize("slug", SORTS)
def test_the_type_of_a_problem_is_an_address_that_answers(slug: str) -> None:
    response = Client().get(f"/problems/{slug}")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain")
    assert str(SORTS[slug].status) in response.content.decode()  # type: ignore[index]


@pytest.mark.parametrize("slug", SORTS)
def test_the_reference_lists_every_sort_of_problem(slug: str) -> None:
    sort = SORTS[slug]  # type: ignore[index]
    row = f"| `/problems/{slug}` | {sort.status} | {sort.title} | {sort.advice} |"
    assert row in DOCUMENT.read_text().splitlines()


@pytest.mark.parametrize(
    "path", ["/nothing", "/", "/evidence/", "/programs/a/b/c", "/../x", "/people/a%0Ab"]
)
def test_what_is_not_there_is_a_problem(mia: Caller, path: str) -> None:
    problem_in(mia.get(path), 404, "not-found")


def test_another_version_of_the_api_is_not_there(db: None) -> None:
    response = Client().get("/api/v2/programs")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("PUT", "/programs", "GET, POST"), ("POST", "/me", "GET"), ("TRACE", "/me", "GET")],
)
def test_a_method_that_is_not_answered(mia: Caller, method: str, path: str, allowed: str) -> None:
    response = mia.send(method, path, {})
    problem_in(response, 405, "method-not-allowed")
    assert sorted(response["Allow"].split(", ")) == allowed.split(", ")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_content_type_that_is_not_read(mia: Caller, kind: str) -> None:
    problem_in(mia.send("POST", "/programs", {"name": "A"}, kind), 415, "unsupported-media-type")
    problem_in(mia.send("POST", "/evidence", [], kind), 415, "unsupported-media-type")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff",
        b'{"name": NaN}',
        b'{"name": 1e999}',
        b'{"name": Infinity}',
        b'{"name": "a", "name": "b"}',
        b'{"name": "\\ud800"}',
        b'{"name": "a\\u0000"}',
        b"[" * 100_000,
        b"[" * 33 + b"]" * 33,
        b'{"order": ' + b"9" * 5_000 + b"}",
    ],
    ids=lambda body: repr(body[:30]),
)
def test_a_body_that_is_not_json_we_can_keep(mia: Caller, body: bytes) -> None:
    problem_in(mia.send("POST", "/programs", body), 400, "malformed")


def test_a_backslash_before_u0000_is_text(mia: Caller) -> None:
    made = value_in(mia.post("/programs", {"name": "A", "purpose": "\\u0000"}), 201)
    assert made["purpose"] == "\\u0000"


def test_a_body_that_is_too_large_is_not_read(mia: Caller) -> None:
    problem_in(mia.send("POST", "/evidence", b" " * (LARGEST_BODY + 1)), 413, "too-large")


@pytest.mark.parametrize(
    "cursor", ["x", "!!", "", "A" * 501, "MTIzYQ", "LTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5"]
)
def test_a_cursor_that_was_never_given_out(mia: Caller, cursor: str) -> None:
    response = mia.get(f"/evidence?cursor={cursor}")
    if not cursor:
        value_in(response)
    elif len(cursor) > 500:
        problem_in(response, 422, "invalid")
    else:
        problem_in(response, 400, "malformed")


@pytest.mark.parametrize("limit", ["0", "201", "x", "-1", "1e3", "99999999999999999999"])
def test_a_page_holds_one_to_two_hundred(mia: Caller, limit: str) -> None:
    problem = problem_in(mia.get(f"/programs?limit={limit}"), 422, "invalid")
    assert [error["parameter"] for error in problem["errors"]] == ["limit"]


@pytest.mark.parametrize(
    "path", ["/programs/a%00b", "/evidence?project=a%00b", "/runs?project=%00"]
)
def test_a_nul_in_the_address(mia: Caller, path: str) -> None:
    problem_in(mia.get(path), 400, "malformed")


def test_what_breaks_tells_nothing_but_its_id(mia: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_args: object) -> None:
        sentence = "the password is hunter2"
        raise RuntimeError(sentence)

    monkeypatch.setattr("headway.interfaces.api.workspace.workspace_of", break_down)
    response = mia.get("/me")
    problem_in(response, 500, "broken")
    assert b"hunter2" not in response.content


def test_answers_are_not_kept_by_caches_and_carry_the_security_headers(mia: Caller) -> None:
    response = mia.get("/me")
    assert response["Cache-Control"] == "no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Request-ID"]


# --- who calls ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer hw_wrong", "Basic aHc6aHc=", "hw_wrong", "Bearer é"]
)
def test_without_a_good_token_nobody_is_let_in(db: None, header: str) -> None:
    headers = {"Authorization": header} if header else {}
    response = Client().get(f"{BASE}/me", headers=headers)
    problem_in(response, 401, "sign-in-needed")  # type: ignore[arg-type]
    assert response["WWW-Authenticate"] == "Bearer"


def test_a_browser_session_is_not_taken(cast: Cast, browser_of: object) -> None:
    client = browser_of(cast.alice)  # type: ignore[operator]
    problem_in(client.get(f"{BASE}/me"), 401, "sign-in-needed")


def test_a_token_answers_who_it_is(cast: Cast) -> None:
    me = value_in(Caller(a_token(cast.bob, Scope.EVIDENCE, name="ci")).get("/me"))
    assert me["label"] == "bob@example.com by token ci"
    assert (me["workspace"], me["role"], me["scopes"]) == ("acme", "contributor", ["evidence"])
    assert me["permissions"] == ["evidence", "self", "sync", "view"]


def test_a_revoked_token_stops_with_the_next_request(cast: Cast) -> None:
    from headway import clock
    from headway.domain.accounts.actions import revoke_token
    from headway.domain.accounts.models import Token

    bob = caller(cast.bob)
    value_in(bob.get("/me"))
    revoke_token(cast.bob, Token.objects.get().id, clock.now())
    problem_in(bob.get("/me"), 401, "sign-in-needed")


def test_wrong_tokens_run_out_and_good_ones_do_not(cast: Cast) -> None:
    wrong, good = Caller("hw_wrong"), caller(cast.bob)
    answers = [wrong.get("/me").status_code for _ in range(12)]
    assert answers == [401] * 10 + [429] * 2
    response = wrong.get("/me")
    problem_in(response, 429, "too-many-guesses")
    wait = int(response["Retry-After"])
    assert wait > 0
    assert response["RateLimit"] == f'"wrong-tokens";r=0;t={wait}'
    assert response["RateLimit-Policy"] == '"wrong-tokens";q=20;w=3600'
    value_in(good.get("/me"))


def test_openapi_is_open_and_is_3_1(db: None) -> None:
    response = Client().get(f"{BASE}/openapi.json")
    assert response.status_code == 200
    assert json.loads(response.content)["openapi"].startswith("3.1")


def test_openapi_says_what_a_limited_answer_carries(db: None) -> None:
    described = json.loads(Client().get(f"{BASE}/openapi.json").content)
    for path in described["paths"].values():
        for operation in path.values():
            headers = operation["responses"]["429"]["headers"]
            assert set(headers) == {"Retry-After", "RateLimit-Policy", "RateLimit"}
