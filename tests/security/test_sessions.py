"""A session is one's own: no id planted before, none that outlives its end."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import Client
from tests.cast import Cast, a_member

from headway.domain.accounts.rules import Role

PASSWORD = "seven green bottles"
NEW = "eight green bottles"


@pytest.fixture
def pat(cast: Cast) -> str:
    a_member(cast.acme, "Pat", Role.VIEWER, password=PASSWORD)
    return "pat@example.com"


def signed_in(email: str, client: Client | None = None) -> Client:
    client = client or Client()
    client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    assert is_in(client)
    return client


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def with_cookie(key: str) -> Client:
    """Return another browser that presents this session id."""
    client = Client()
    client.cookies["sessionid"] = key
    return client


def key_of(client: Client) -> str:
    return client.cookies["sessionid"].value


def test_an_id_planted_before_sign_in_opens_nothing_afterwards(pat: str) -> None:
    """Mallory visits first, and makes Pat's browser carry her id."""
    mallory = Client()
    session = mallory.session
    session["seen"] = "mallory"
    session.save()
    planted = str(session.session_key)
    victim = signed_in(pat, with_cookie(planted))
    assert key_of(victim) != planted
    assert not is_in(with_cookie(planted))
    assert not Session.objects.filter(session_key=planted).exists()


def test_an_id_that_somebody_made_up_is_not_taken_over(pat: str) -> None:
    made_up = "a" * 32
    assert key_of(signed_in(pat, with_cookie(made_up))) != made_up
    assert not Session.objects.filter(session_key=made_up).exists()


def test_signing_out_ends_the_session_and_not_only_the_cookie(pat: str) -> None:
    client = signed_in(pat)
    stolen = key_of(client)
    assert is_in(with_cookie(stolen))
    client.post("/accounts/logout/")
    assert not is_in(client)
    assert not is_in(with_cookie(stolen))
    assert not Session.objects.filter(session_key=stolen).exists()


def test_a_mere_visit_signs_nobody_out(pat: str) -> None:
    client = signed_in(pat)
    client.get("/accounts/logout/")
    assert is_in(client), "an image on a foreign page could do that"


def test_signing_out_here_leaves_the_other_browser_in(pat: str) -> None:
    home, cafe = signed_in(pat), signed_in(pat)
    cafe.post("/accounts/logout/")
    assert is_in(home)


def test_a_new_password_ends_every_other_session_and_keeps_this_one(pat: str) -> None:
    home, cafe, stolen = signed_in(pat), signed_in(pat), signed_in(pat)
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    home.post("/accounts/password/change/", data)
    assert [is_in(client) for client in (home, cafe, stolen)] == [True, False, False]
    assert not is_in(with_cookie(key_of(stolen)))


def test_a_wrong_old_password_changes_nothing(pat: str) -> None:
    home, cafe = signed_in(pat), signed_in(pat)
    data = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    home.post("/accounts/password/change/", data)
    assert is_in(cafe)
    assert get_user_model().objects.get(email=pat).check_password(PASSWORD)


def test_a_member_who_is_switched_off_is_out_with_every_session(pat: str) -> None:
    clients = [signed_in(pat) for _ in range(2)]
    get_user_model().objects.filter(email=pat).update(is_active=False)
    assert not any(is_in(client) for client in clients)


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(pat: str) -> None:
    cookie = signed_in(pat).cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["domain"] == ""
