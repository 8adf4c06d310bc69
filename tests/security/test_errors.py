"""What breaks tells its reader an id and a next step, and nobody anything about the inside."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings
from django.test import Client, RequestFactory, override_settings
from tests.cast import Cast
from tests.doors import browser_of

from headway.interfaces.web.layout.middleware import ProxyMiddleware, RequestIdFilter

SECRET = "a planted password"


@override_settings(ROOT_URLCONF="tests.security.bomb_urls")
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_bug_shows_its_id_and_nothing_of_the_inside(
    db: None, caplog: pytest.LogCaptureFixture, headers: dict[str, str]
) -> None:
    client = Client(raise_request_exception=False, headers=headers)
    answer = client.post("/bomb/", {"password": SECRET})
    page = answer.content.decode()
    assert answer.status_code == 500
    assert answer["X-Request-ID"] in page
    for inside in ("RuntimeError", "Traceback", "/srv/", ".py", "headway.site", SECRET):
        assert inside not in page
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    RequestIdFilter().filter(record)
    assert record.request_id == answer["X-Request-ID"]
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    "address",
    [
        "/w/acme/settings/members/not-an-id/role/",
        "/w/../settings/",
        "/w/acme/settings/audit/?before=%00",
        "/w/acme/settings/audit/?action=%ff",
        "/w/acme/settings/members/?at=%00",
        "/start/%00/",
        "/start/" + "x" * 5000 + "/",
        "/accounts/login/?next=%00",
        "/accounts/password/reset/key/zzzzzzzzzzzzzzzzzzzzzzzz-x/",
        "/accounts/password/reset/key/0-x/",
    ],
)
def test_mangled_addresses_break_nothing(cast: Cast, address: str) -> None:
    answer = browser_of(cast.alice).get(address)
    assert answer.status_code < 500
    assert "Traceback" not in answer.content.decode()


@pytest.mark.parametrize(
    ("method", "data", "kind"),
    [
        ("POST", b"\xff\xfe", "application/x-www-form-urlencoded"),
        ("POST", b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        ("POST", b"{", "application/json"),
        (
            "POST",
            "&".join(f"a{n}=1" for n in range(3000)).encode(),
            "application/x-www-form-urlencoded",
        ),
        ("POST", b"name=%00", "application/x-www-form-urlencoded"),
    ],
)
@pytest.mark.parametrize("address", ["/profile/", "/w/acme/settings/members/invite/"])
def test_mangled_bodies_break_nothing(
    cast: Cast, address: str, method: str, data: bytes, kind: str
) -> None:
    answer = browser_of(cast.alice).generic(method, address, data, content_type=kind)
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("0123456789abcdef", True),
        ("x", False),
        ("a\r\nSet-Cookie: evil=1", False),
        ("<script>alert(1)</script>", False),
        ("a" * 65, False),
    ],
)
def test_a_proxy_s_request_id_is_kept_when_it_is_well_formed(
    db: None, given: str, kept: bool
) -> None:
    answer = Client(headers={"X-Request-ID": given}).get("/accounts/login/")
    assert (answer["X-Request-ID"] == given) is kept


def test_only_the_proxy_s_own_entry_tells_the_address() -> None:
    seen = []
    middleware = ProxyMiddleware(lambda request: seen.append(request.META["REMOTE_ADDR"]))
    make = RequestFactory(REMOTE_ADDR="10.0.0.1").get
    middleware(make("/", headers={"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}))
    middleware(make("/"))
    assert seen == ["203.0.113.9", "10.0.0.1"]


def test_without_a_proxy_its_header_is_not_believed() -> None:
    assert not any("ProxyMiddleware" in name for name in settings.MIDDLEWARE)


def test_passwords_and_secrets_stay_out_of_the_log(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="headway")
    Client().post("/accounts/login/", {"login": "alice@example.com", "password": SECRET})
    Client().post("/accounts/password/reset/", {"email": "alice@example.com"})
    browser_of(cast.alice).post(
        "/w/acme/settings/tokens/create/", {"name": "ci", "scopes": ["read"]}
    )
    assert "sign-in failed from 127.0.0.1" in caplog.text
    for secret in (SECRET, "hw_", "alice@example.com"):
        assert secret not in caplog.text
