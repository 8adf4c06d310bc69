from __future__ import annotations

import pytest

from headway.errors import Invalid
from headway.interfaces.cli.address import named_server


@pytest.fixture(autouse=True)
def nothing_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEADWAY_ALLOW_HOSTS", raising=False)


@pytest.mark.parametrize("url", ["https://headway.example.org", "https://10.0.0.7:8443/team/"])
def test_https_is_spoken_to_anybody_and_hides_what_is_said(url: str) -> None:
    server = named_server(url)
    assert (server.url, server.is_private) == (url.rstrip("/"), True)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000",
        "http://127.9.9.9",
        "http://localhost:8000/",
        "http://LOCALHOST.:8000",
        "http://[::1]:8000",
    ],
)
def test_plain_http_is_spoken_to_this_machine_past_any_proxy(url: str) -> None:
    assert not named_server(url).is_private


@pytest.mark.parametrize(
    "url",
    [
        "http://headway.example.org",
        "http://10.0.0.7:8000",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "http://0.0.0.0:8000",
        "http://[::2]:8000",
        "http://localhost@example.org:8000",
        "HTTP://headway.example.org",
    ],
)
def test_plain_http_is_refused_to_anybody_else(url: str) -> None:
    with pytest.raises(Invalid, match="HEADWAY_URL"):
        named_server(url)


def test_what_is_refused_names_the_setting_that_would_allow_it() -> None:
    with pytest.raises(Invalid, match=r"HEADWAY_ALLOW_HOSTS=headway\.internal:80 "):
        named_server("http://headway.internal")


def test_the_operator_allows_a_host_with_its_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADWAY_ALLOW_HOSTS", "headway.internal:8000, [fd00::7]:80")
    assert not named_server("http://Headway.Internal:8000").is_private
    assert not named_server("http://[fd00:0::7]").is_private
    for other in ("http://headway.internal", "http://headway.internal.org:8000"):
        with pytest.raises(Invalid, match="plain http"):
            named_server(other)


@pytest.mark.parametrize("url", ["", "no address", "http://[", "ftp://a", "headway:8000", "//a"])
def test_what_leads_nowhere_is_a_bad_question(url: str) -> None:
    with pytest.raises(Invalid, match="HEADWAY_URL names no server"):
        named_server(url)


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(Invalid) as refused:
        named_server("https://alice:s3cret@headway.example.org")
    assert "s3cret" not in str(refused.value)
