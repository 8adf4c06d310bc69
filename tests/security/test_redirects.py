"""`next=` never leads away from here, and links in mails never to anywhere else."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client, RequestFactory
from tests.cast import Cast, a_member
from tests.doors import browser_of

from headway.domain.accounts.rules import Role
from headway.interfaces.web.programs.addresses import back

_HOSTS = ["evil.example", "evil.example:80", "testserver@evil.example", "evil.example\\@testserver"]
_SHAPES = [
    "http://{}",
    "https://{}/",
    "//{}",
    "///{}",
    "////{}",
    "\\\\{}",
    "/\\{}",
    "\\/{}",
    "/\t/{}",
    "/\n/{}",
    " //{}",
    "http:{}",
    "http:/{}",
    "http:\\\\{}",
    "ftp://{}",
]
ELSEWHERE = [
    *(shape.format(host) for shape in _SHAPES for host in _HOSTS),
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "http://testserver.evil.example/",
    "https://127.0.0.1.evil.example/",
]


def stays(location: str) -> bool:
    parts = urlsplit(location)
    clean = location.startswith("/") and not location.startswith(("//", "/\\"))
    return clean and not parts.netloc and not parts.scheme


@pytest.mark.parametrize("target", ELSEWHERE)
def test_sign_in_and_sign_out_never_lead_away(cast: Cast, target: str) -> None:
    a_member(cast.acme, "Pat", Role.VIEWER, password="seven green bottles")
    client = Client()
    data = {"login": "pat@example.com", "password": "seven green bottles", "next": target}
    response = client.post("/accounts/login/", data)
    assert response.status_code == 302
    assert stays(response["Location"]), response["Location"]
    again = client.get("/accounts/login/", {"next": target})
    assert again.status_code != 302 or stays(again["Location"])
    out = client.post("/accounts/logout/", {"next": target})
    assert stays(out["Location"]), out["Location"]


def test_a_button_goes_back_to_an_address_of_ours_or_to_its_own_page() -> None:
    for target in (*ELSEWHERE, "", "[]", "home", "a\0b", "w/acme/"):
        request = RequestFactory().post("/", {"next": target})
        assert back(request, "/w/acme/")["Location"] == "/w/acme/", target
    asked = {"next": "/w/acme/programs/?at=2026-10-01"}
    assert back(RequestFactory().post("/", asked), "/")["Location"] == asked["next"]


def test_an_own_address_is_where_one_lands(cast: Cast) -> None:
    a_member(cast.acme, "Pat", Role.VIEWER, password="seven green bottles")
    response = Client().get("/w/acme/settings/members/?at=2026-10-01")
    asked = response["Location"]
    data = {"login": "pat@example.com", "password": "seven green bottles"}
    page = Client().post(
        "/accounts/login/", {**data, "next": "/w/acme/settings/members/?at=2026-10-01"}
    )
    assert asked == "/accounts/login/?next=%2Fw%2Facme%2Fsettings%2Fmembers%2F%3Fat%3D2026-10-01"
    assert page["Location"] == "/w/acme/settings/members/?at=2026-10-01"


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "testserver:99999@x"])
def test_a_forged_host_is_refused(db: None, host: str) -> None:
    assert Client(headers={"host": host}).get("/accounts/login/").status_code == 400


def test_the_link_in_a_reset_mail_is_this_server_s_own(cast: Cast) -> None:
    client = Client(headers={"host": "localhost", "x-forwarded-host": "evil.example"})
    client.post("/accounts/password/reset/", {"email": "alice@example.com"})
    (message,) = mail.outbox
    assert "http://127.0.0.1:8000/accounts/password/reset/key/" in message.body
    assert "evil.example" not in message.body
    assert "localhost" not in message.body + message.subject


def test_strangers_get_no_mail_and_no_hint(cast: Cast) -> None:
    known = Client().post("/accounts/password/reset/", {"email": "alice@example.com"})
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert known["Location"] == unknown["Location"]
    assert [message.to for message in mail.outbox] == [["alice@example.com"]]


def test_a_page_for_strangers_says_nothing_of_a_workspace(cast: Cast) -> None:
    real = browser_of(cast.charlie).get("/w/acme/settings/members/")
    none = browser_of(cast.charlie).get("/w/none/settings/members/")
    assert real.status_code == none.status_code == 404
    assert b"Acme" not in real.content
