"""One-time links in the browser."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from tests.cast import Cast
from tests.doors import browser_of

from headway import clock
from headway.domain.accounts.actions import issue_link
from headway.domain.accounts.queries import actor_for_user, headway_actor
from headway.domain.accounts.rules import Role

GOOD = {"name": "Nora", "password": "seven green bottles"}


def invitation(cast: Cast, email: str = "new@example.com") -> str:
    return f"/start/{issue_link(cast.alice, Role.CONTRIBUTOR, clock.now(), email=email)}/"


def test_a_newcomer_reads_where_the_link_leads_makes_an_account_and_is_in(cast: Cast) -> None:
    client, address = Client(), invitation(cast)
    page = client.get(address).content.decode()
    assert "Join Acme" in page
    assert "new@example.com" in page
    answer = client.post(address, GOOD)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/").headers["Location"] == "/w/acme/"
    user = get_user_model().objects.get(email="new@example.com")
    assert actor_for_user(user.id, "acme").role == Role.CONTRIBUTOR


@pytest.mark.parametrize(
    "bad",
    [
        {"password": "short"},
        {"password": "q1w2e3r4t5y6"},
        {"password": "new@example.com"},
        {"name": ""},
        {"password": ""},
    ],
)
def test_what_was_typed_badly_is_said_and_the_link_is_not_spent(
    cast: Cast, bad: dict[str, str]
) -> None:
    client, address = Client(), invitation(cast)
    answer = client.post(address, GOOD | bad)
    assert answer.status_code == 422
    assert "Nothing was saved yet" in answer.content.decode()
    assert client.post(address, GOOD).status_code == 302


def test_the_first_owner_gives_the_address_too(cast: Cast) -> None:
    headway = headway_actor(cast.other.id)
    secret = issue_link(headway, Role.OWNER, clock.now(), purpose="first_owner")
    client = Client()
    assert "Make the first account" in client.get(f"/start/{secret}/").content.decode()
    assert client.post(f"/start/{secret}/", GOOD).status_code == 422
    client.post(f"/start/{secret}/", {**GOOD, "email": "First@example.com"})
    user = get_user_model().objects.get(email="first@example.com")
    assert actor_for_user(user.id, "other").role == Role.OWNER


def test_a_spent_a_stale_and_an_unknown_link_say_so(cast: Cast) -> None:
    address = invitation(cast)
    Client().post(address, GOOD)
    assert Client().get(address).status_code == 409
    old = issue_link(
        cast.alice, Role.VIEWER, clock.now() - timedelta(days=8), email="x@example.com"
    )
    stale = Client().get(f"/start/{old}/")
    assert (stale.status_code, b"has expired" in stale.content) == (409, True)
    assert Client().get("/start/in_unknown/").status_code == 404


def test_an_account_that_exists_is_not_opened_by_the_link(cast: Cast) -> None:
    """Charlie invites Bob and opens the link himself: with nobody, and with himself signed in."""
    secret = issue_link(cast.charlie, Role.VIEWER, clock.now(), email="bob@example.com")
    address = f"/start/{secret}/"
    for client in (Client(), browser_of(cast.charlie)):
        before = client.session.get("_auth_user_id")
        page = client.get(address)
        assert b"Sign in to it" in page.content
        client.post(address, GOOD)
        assert client.session.get("_auth_user_id") == before
    bob = browser_of(cast.bob)
    assert b"join as viewer" in bob.get(address).content
    assert bob.post(address).headers["Location"] == "/"
    assert actor_for_user(cast.bob.user_id, "other").role == Role.VIEWER


def sample(cast: Cast) -> str:
    headway = headway_actor(cast.acme.id)
    secret = issue_link(headway, Role.OWNER, clock.now(), email="sam@example.com", purpose="sample")
    return f"/start/{secret}/"


@pytest.mark.parametrize("here", ["127.0.0.1", "::1", "127.3.2.1"])
def test_the_sample_opens_at_one_click_on_this_machine(cast: Cast, here: str) -> None:
    client = Client(REMOTE_ADDR=here)
    address = sample(cast)
    assert client.get(address).headers["Location"] == "/"
    assert client.get("/").headers["Location"] == "/w/acme/"
    assert client.get(address).headers["Location"] == "/", "a reload leads home"


@pytest.mark.parametrize("there", ["203.0.113.9", "10.0.0.1", "2001:db8::1", "unknown"])
def test_from_elsewhere_the_sample_asks_for_a_click(cast: Cast, there: str) -> None:
    client, address = Client(REMOTE_ADDR=there), sample(cast)
    assert client.get(address).status_code == 200
    assert "_auth_user_id" not in client.session


def test_an_invitation_does_not_open_at_a_click(cast: Cast) -> None:
    client = Client(REMOTE_ADDR="127.0.0.1")
    assert client.get(invitation(cast)).status_code == 200
    assert "_auth_user_id" not in client.session
