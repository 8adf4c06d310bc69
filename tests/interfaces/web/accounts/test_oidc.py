"""Single sign-on against a provider that runs: members come in, strangers are told what to do."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client
from tests.cast import Cast, a_member

from headway.domain.accounts.rules import Role

with warnings.catch_warnings(record=True):  # the provider's own libraries are on their way out
    from oidc_provider_mock import User, run_server_in_thread


pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

LOGIN = "/accounts/oidc/oidc/login/"
PEOPLE = [
    User(sub="bob", claims={"email": "bob@example.com", "email_verified": True}),
    User(sub="liar", claims={"email": "alice@example.com", "email_verified": False}),
    User(sub="new", claims={"email": "new@example.com", "email_verified": True}),
]


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Run a provider; return its address."""
    with run_server_in_thread(user_claims=PEOPLE) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def come_as(provider: str, settings: object) -> Callable[[Client, str], HttpResponse]:
    """Return a function that walks through the provider as one of PEOPLE, and back."""
    app = {
        "provider_id": "oidc",
        "name": "House",
        "client_id": "headway",
        "secret": "between us",
        "settings": {"server_url": provider},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}

    def walk(client: Client, sub: str, following: str = "") -> HttpResponse:
        away = client.post(LOGIN, {"next": following} if following else {})
        assert away.status_code == 302
        assert away["Location"].startswith(f"{provider}/oauth2/authorize?")
        back = httpx.post(away["Location"], data={"sub": sub})
        parts = urlsplit(back.headers["Location"])
        return client.get(f"{parts.path}?{parts.query}")

    return walk


def who(client: Client) -> str:
    return str(client.session.get("_auth_user_id", ""))


def test_a_member_comes_in_as_who_they_are(
    cast: Cast, come_as: Callable[..., HttpResponse]
) -> None:
    client = Client()
    answer = come_as(client, "bob")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert who(client) == str(cast.bob.user_id)
    assert client.get("/w/acme/settings/members/").status_code == 200
    assert get_user_model().objects.count() == 7


def test_a_member_comes_in_twice(cast: Cast, come_as: Callable[..., HttpResponse]) -> None:
    for _ in range(2):
        client = Client()
        come_as(client, "bob")
        assert who(client) == str(cast.bob.user_id)


def test_one_lands_where_one_wanted_to_go_and_nowhere_else(
    cast: Cast, come_as: Callable[..., HttpResponse]
) -> None:
    assert come_as(Client(), "bob", "/profile/")["Location"] == "/profile/"
    assert come_as(Client(), "bob", "https://evil.example/")["Location"] == "/"


def test_a_stranger_is_told_whom_to_ask(cast: Cast, come_as: Callable[..., HttpResponse]) -> None:
    client = Client()
    answer = come_as(client, "new")
    assert answer.status_code == 403
    assert b"Ask an owner of the workspace for an invitation" in answer.content
    assert who(client) == ""
    assert not get_user_model().objects.filter(email="new@example.com").exists()


def test_an_address_that_the_provider_has_not_verified_opens_nothing(
    cast: Cast, come_as: Callable[..., HttpResponse]
) -> None:
    client = Client()
    assert come_as(client, "liar").status_code == 403
    assert who(client) == ""


def test_somebody_switched_off_stays_out(cast: Cast, come_as: Callable[..., HttpResponse]) -> None:
    get_user_model().objects.filter(id=cast.bob.user_id).update(is_active=False)
    client = Client()
    assert come_as(client, "bob")["Location"] == "/accounts/inactive/"
    assert who(client) == ""


def test_a_callback_that_this_browser_did_not_start_is_refused(
    cast: Cast, come_as: Callable[..., HttpResponse], provider: str
) -> None:
    """Mallory gives Bob the address with which his own sign-in came back."""
    mallory, bob = Client(), Client()
    away = mallory.post(LOGIN)
    back = httpx.post(away["Location"], data={"sub": "bob"})
    parts = urlsplit(back.headers["Location"])
    answer = bob.get(f"{parts.path}?{parts.query}")
    assert b"did not confirm who you are" in answer.content
    assert who(bob) == ""


def test_the_sign_in_page_offers_the_provider(
    cast: Cast, come_as: Callable[..., HttpResponse]
) -> None:
    assert b"Sign in with House" in Client().get("/accounts/login/").content


def test_single_sign_on_takes_a_password_away_that_no_mail_had_confirmed(
    cast: Cast, come_as: Callable[..., HttpResponse]
) -> None:
    """Whoever made the account by a forwarded link may not be the one who owns the address."""
    get_user_model().objects.filter(email="new@example.com").delete()
    a_member(cast.acme, "New", Role.VIEWER, password="seven green bottles")
    come_as(Client(), "new")
    assert not get_user_model().objects.get(email="new@example.com").has_usable_password()
