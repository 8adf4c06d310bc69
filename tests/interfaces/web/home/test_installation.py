"""Claims about the trust page and the health check."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from tests.cast import Cast
from tests.doors import browser_of


def test_a_server_whose_database_answers_is_well(db: None) -> None:
    response = Client().get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_a_server_whose_database_is_gone_says_no_more_than_that(db: None) -> None:
    def refuse(*_arguments: object) -> None:
        raise DatabaseError("password of headway is wrong")

    with connection.execute_wrapper(refuse):
        response = Client().get("/healthz")
    assert (response.status_code, response.content) == (503, b"unavailable\n")


def test_the_trust_page_shows_no_value_of_a_setting(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEADWAY_EMAIL_URL", "smtp://me:hunter2@mail.example.org")
    text = browser_of(cast.ana).get("/w/acme/settings/installation/").content.decode()
    assert "HEADWAY_EMAIL_URL" in text
    assert "hunter2" not in text
    assert "mail.example.org" not in text


def test_the_trust_page_speaks_of_its_own_workspace_only(cast: Cast) -> None:
    text = browser_of(cast.alice).get("/w/acme/settings/installation/").content.decode()
    assert "chains of acme" in text
    assert "chains of other" not in text
