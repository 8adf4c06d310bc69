"""Every page carries the headers that keep a browser from being turned against its reader.

`test_permissions.py` asks this of every address, of each answer that it gets anyway.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.cast import a_member
from tests.prepared import prepare_folder
from tests.security.conftest import World

from headway.domain.accounts.rules import Role

INLINE = re.compile(
    r"<style|<script(?![^>]*\bsrc=)|\son[a-z]+\s*=\s*[\"']|\sstyle\s*=|javascript:", re.IGNORECASE
)


def directives(response: HttpResponse) -> dict[str, str]:
    parts = response["Content-Security-Policy"].split(";")
    return dict(part.strip().split(" ", 1) for part in parts)


#: Addresses that carry a secret: not even this site is told which page its reader came from.
SEALED = ("/answer/", "/shared/")
#: And one whose form needs an origin to be sent from: it is kept from search engines alone.
UNLISTED = (*SEALED, "/check-in/")


def assert_guarded(response: HttpResponse, referrer: str = "same-origin") -> None:
    policy = directives(response)
    assert policy["default-src"] == policy["script-src"] == policy["style-src"] == "'self'"
    assert (policy["frame-ancestors"], policy["base-uri"]) == ("'none'", "'none'")
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == referrer
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]
    assert re.fullmatch(r"[0-9a-f]{32}", response["X-Request-ID"])
    assert "Strict-Transport-Security" not in response


def assert_guarded_as(address: str, response: HttpResponse) -> None:
    """Check the headers of an answer, by where it came from."""
    is_sealed = address.startswith(SEALED)
    assert_guarded(response, "no-referrer" if is_sealed else "same-origin")
    is_unlisted = address.startswith(UNLISTED)
    assert ("noindex" in response.get("X-Robots-Tag", "")) == is_unlisted


def has_inline(response: HttpResponse) -> bool:
    """Say whether a page brings script or style within itself."""
    is_page = response["Content-Type"].startswith("text/html")
    return is_page and bool(INLINE.search(response.content.decode()))


@pytest.mark.parametrize(
    "page",
    [
        "<style>p {}</style>",
        "<script>1</script>",
        '<p onclick = "x()">',
        '<p style="top: 0">',
        '<a href="javascript:x">',
    ],
)
def test_what_is_inline_is_seen(page: str) -> None:
    assert has_inline(HttpResponse(page))
    assert not has_inline(HttpResponse('<script src="/static/a.js"></script><p>on="no"</p>'))


def test_an_address_that_leads_nowhere_is_guarded_as_well(db: None) -> None:
    response = Client().get("/nowhere/")
    assert response.status_code == 404
    assert_guarded(response)


def test_cookies_are_for_http_only_and_the_same_site(world: World) -> None:
    a_member(world.cast.acme, "Pat", Role.VIEWER, password="seven green bottles")
    client = Client()
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": "pat@example.com", "password": "seven green bottles"})
    assert set(client.cookies) >= {"csrftoken", "sessionid", "known"}
    for cookie in client.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"


CHECK_HTTPS = """
import django
django.setup()
from django.conf import settings
from django.test import Client
from django.test.utils import setup_test_environment
setup_test_environment()
answer = Client().get("/accounts/login/", secure=True)
assert answer["Strict-Transport-Security"] == "max-age=31536000", answer.headers
for cookie in answer.cookies.values():
    assert cookie.key.startswith("__Host-") and cookie["secure"] and cookie["httponly"], cookie
    assert cookie["path"] == "/" and not cookie["domain"]
assert settings.SESSION_COOKIE_SECURE and settings.SESSION_COOKIE_NAME == "__Host-session"
"""


@pytest.mark.slow
def test_under_https_there_is_hsts_and_cookies_belong_to_the_host(tmp_path: Path) -> None:
    environment = {
        "HEADWAY_HOME": str(tmp_path),
        "HEADWAY_BASE_URL": "https://headway.example.com",
        "DJANGO_SETTINGS_MODULE": "headway.site.settings",
        "PATH": "/usr/bin:/bin",
    }
    prepare_folder(tmp_path)
    subprocess.run([sys.executable, "-c", CHECK_HTTPS], env=environment, check=True)
