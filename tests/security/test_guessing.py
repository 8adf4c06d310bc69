"""On every path that checks a secret, guessing stops: by address, and by account."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from tests.cast import AT, Cast, a_member
from tests.doors import browser_of

from headway.domain.accounts.actions import issue_link
from headway.domain.accounts.rules import Role

PASSWORD = "seven green bottles"
#: More than any door evaluates; the buckets hold 5 at an account and 10 from an address.
TRIES = 30


@pytest.fixture
def pat(cast: Cast) -> str:
    a_member(cast.acme, "Pat", Role.VIEWER, password=PASSWORD)
    return "pat@example.com"


def evaluated(guess: Callable[[int], int]) -> int:
    """Return how many of many guesses were looked at; the others were answered with 429."""
    return sum(guess(number) != 429 for number in range(TRIES))


def from_many(number: int) -> dict[str, str]:
    return {"REMOTE_ADDR": f"203.0.113.{number + 1}"}


def sign_in(password: str, email: str = "pat@example.com", **extra: str) -> int:
    data = {"login": email, "password": password}
    return Client().post("/accounts/login/", data, **extra).status_code


def test_sign_in_at_one_account_from_many_addresses(pat: str) -> None:
    assert evaluated(lambda n: sign_in(f"guess {n}", **from_many(n))) <= 10
    assert sign_in(PASSWORD, REMOTE_ADDR="192.0.2.1") == 429


def test_sign_in_at_many_accounts_from_one_address(pat: str) -> None:
    assert evaluated(lambda n: sign_in("guess", f"user{n}@example.com")) <= 20
    assert sign_in(PASSWORD) == 429
    assert sign_in(PASSWORD, REMOTE_ADDR="192.0.2.1") == 302


def test_a_forged_forwarding_header_is_no_new_address(pat: str) -> None:
    def guess(number: int) -> int:
        forged = {"HTTP_X_FORWARDED_FOR": f"198.51.100.{number}"}
        return sign_in("guess", f"user{number}@example.com", **forged)

    assert evaluated(guess) <= 20


def test_signing_in_rightly_is_never_counted(pat: str) -> None:
    assert {sign_in(PASSWORD) for _ in range(TRIES)} == {302}


def test_guessing_elsewhere_does_not_lock_out_a_browser_that_knows_the_account(pat: str) -> None:
    home = Client(REMOTE_ADDR="192.0.2.1")
    data = {"login": pat, "password": PASSWORD}
    home.post("/accounts/login/", data)
    home.post("/accounts/logout/")
    for number in range(TRIES):
        sign_in("guess", **from_many(number))
    assert sign_in(PASSWORD, REMOTE_ADDR="192.0.2.2") == 429
    assert home.post("/accounts/login/", data).status_code == 302


def test_a_known_browser_may_not_guess_for_ever_either(pat: str) -> None:
    home = Client(REMOTE_ADDR="192.0.2.1")
    home.post("/accounts/login/", {"login": pat, "password": PASSWORD})
    home.post("/accounts/logout/")

    def guess(number: int) -> int:
        data = {"login": pat, "password": f"guess {number}"}
        return home.post("/accounts/login/", data, **from_many(number)).status_code

    assert evaluated(guess) <= 10


def test_a_browser_known_for_one_account_is_a_stranger_to_another(cast: Cast, pat: str) -> None:
    a_member(cast.acme, "Olga", Role.OWNER, password="another long password")
    home = Client(REMOTE_ADDR="192.0.2.1")
    home.post("/accounts/login/", {"login": pat, "password": PASSWORD})
    home.post("/accounts/logout/")
    for number in range(TRIES):
        sign_in("guess", "olga@example.com", **from_many(number))
    data = {"login": "olga@example.com", "password": "another long password"}
    assert home.post("/accounts/login/", data).status_code == 429


def test_changing_the_password(pat: str, cast: Cast) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": pat, "password": PASSWORD})

    def guess(number: int) -> int:
        new = "eight green bottles"
        data = {"oldpassword": f"guess {number}", "password1": new, "password2": new}
        address = "/accounts/password/change/"
        cache.clear()
        return client.post(address, data, **from_many(number)).status_code

    assert evaluated(guess) <= 10


def test_confirming_the_password(pat: str) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": pat, "password": PASSWORD})

    def guess(number: int) -> int:
        cache.clear()
        data = {"password": f"guess {number}"}
        return client.post("/accounts/reauthenticate/", data, **from_many(number)).status_code

    assert evaluated(guess) <= 10


def test_asking_for_a_new_password(pat: str) -> None:
    def guess(number: int) -> int:
        cache.clear()
        data = {"email": pat}
        return Client().post("/accounts/password/reset/", data, **from_many(number)).status_code

    assert evaluated(guess) <= 10


def test_the_key_of_a_reset_link(pat: str) -> None:
    def guess(number: int) -> int:
        address = f"/accounts/password/reset/key/7-key{number}/"
        return Client().get(address, **from_many(number)).status_code

    assert evaluated(guess) <= 10


def with_second_factor(email: str) -> str:
    """Set up an authenticator for `email`; return its secret."""
    secret = generate_totp_secret()
    TOTP.activate(get_user_model().objects.get(email=email), secret)
    return secret


def current_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def challenged(email: str, **extra: str) -> Client:
    """Return a browser that has given the password and now owes the code."""
    client = Client(**extra)
    answer = client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    return client


def test_the_code_of_the_second_factor(pat: str) -> None:
    secret = with_second_factor(pat)

    def guess(number: int) -> int:
        cache.clear()
        client = challenged(pat, **from_many(number))
        return client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code

    assert evaluated(guess) <= 10
    last = challenged(pat, REMOTE_ADDR="192.0.2.1")
    answer = last.post("/accounts/2fa/authenticate/", {"code": current_code(secret)})
    assert answer.status_code == 429


def test_a_code_works_once(pat: str) -> None:
    code = current_code(with_second_factor(pat))
    first, second = challenged(pat), challenged(pat)
    assert first.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert second.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200


def test_one_time_links(cast: Cast) -> None:
    assert evaluated(lambda n: Client().get(f"/start/in_guess{n}/").status_code) <= 20
    secret = issue_link(cast.alice, Role.VIEWER, AT, email="new@example.com")
    assert Client().get(f"/start/{secret}/").status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.1").get(f"/start/{secret}/").status_code != 429


def test_being_signed_in_does_not_open_the_doors_wider(cast: Cast) -> None:
    client = browser_of(cast.bob)
    assert evaluated(lambda n: client.get(f"/start/in_guess{n}/").status_code) <= 20
