"""How a tracker is named and signed in to; a secret is never shown."""

from __future__ import annotations

import base64

import pytest
from pydantic import ValidationError

from headway.connectors.tracker.options import TrackerOptions
from headway.errors import Invalid


def options(**values: object) -> TrackerOptions:
    return TrackerOptions.model_validate({"url": "https://jira.example.org", **values})


def test_a_token_is_a_bearer_and_with_a_user_it_is_basic() -> None:
    assert options(token="abc").headers == {"authorization": "Bearer abc"}
    basic = base64.b64encode(b"mia:abc").decode()
    assert options(token="mia:abc").headers == {"authorization": f"Basic {basic}"}
    assert options().headers == options(token="  ").headers == {}


def test_the_token_is_not_in_the_picture_of_the_options() -> None:
    assert "abc-secret" not in repr(options(token="abc-secret"))


@pytest.mark.parametrize("token", ["a\nb", "\u00fc", "a\x00b"])
def test_a_token_that_was_copied_wrongly_is_refused_and_not_repeated(token: str) -> None:
    with pytest.raises(ValidationError, match="copy it again") as caught:
        options(token=token)
    assert repr(token) not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("https://jira.example.org/", "jira.example.org"),
        ("https://jira.example.org:8443", "jira.example.org:8443"),
        ("https://example.org/jira/", "example.org/jira"),
    ],
)
def test_the_server_is_named_by_its_address(url: str, server: str) -> None:
    assert options(url=url).server == server
    assert options(url=url, name="ours").server == "ours"


@pytest.mark.parametrize(
    "values",
    [
        {"url": "https://jira.example.org/?jql=x"},
        {"url": "ftp://jira.example.org"},
        {"url": "jira"},
        {"name": "Our Jira"},
        {"page_size": 0},
        {"page_size": 101},
        {"overlap_minutes": -1},
        {"unknown": 1},
    ],
)
def test_what_cannot_be_is_refused(values: dict[str, object]) -> None:
    with pytest.raises((ValidationError, Invalid), match=r"\S"):
        options(**values)
