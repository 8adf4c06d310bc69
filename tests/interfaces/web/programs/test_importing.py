from __future__ import annotations

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from tests.cast import Cast
from tests.doors import browser_of
from tests.interfaces.web.programs.world import PLAN

from headway.domain.programs.queries import programs_of

PAGE = "/w/acme/import/"


def preview(browser: Client, data: bytes, name: str = "plan.yaml") -> HttpResponse:
    return browser.post(PAGE, {"file": SimpleUploadedFile(name, data)})


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'type="hidden" name="(name|content)" value="([^"]*)"', page)
    return dict(found)


def test_a_preview_says_what_would_come_and_changes_nothing(cast: Cast) -> None:
    page = preview(browser_of(cast.mia), PLAN).content.decode()
    assert "3 to create, 0 to update, 0 unchanged" in page
    assert programs_of(cast.mia) == []


def test_what_was_previewed_is_imported_and_forecast(cast: Cast) -> None:
    browser = browser_of(cast.mia)
    page = preview(browser, PLAN).content.decode()
    response = browser.post(PAGE, hidden(page))
    assert response.status_code == 302
    assert "Lands" in browser.get(response["Location"]).content.decode()


def test_every_problem_of_a_file_is_listed_with_its_place(cast: Cast) -> None:
    bad = PLAN.replace(b"[20, 30, 60]", b"[60, 30, 20]").replace(b"[LABEL]", b"[NONE]")
    response = preview(browser_of(cast.mia), bad)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Nothing was imported" in page
    assert "LABEL" in page
    assert "line" in page
    assert programs_of(cast.mia) == []


def test_a_file_that_was_tampered_with_between_the_steps_is_refused(cast: Cast) -> None:
    response = browser_of(cast.mia).post(PAGE, {"name": "plan.yaml", "content": "%%%"})
    assert response.status_code == 422
    assert "choose it again" in response.content.decode()


def test_an_empty_form_asks_for_a_file(cast: Cast) -> None:
    assert browser_of(cast.mia).post(PAGE, {}).status_code == 422
