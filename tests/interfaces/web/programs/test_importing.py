from __future__ import annotations

import html
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from tests.cast import Cast
from tests.connectors.tables.tables import JIRA_EN, plan_workbook
from tests.doors import browser_of
from tests.interfaces.web.programs.world import PLAN

from headway.domain.programs.queries import programs_of

PAGE = "/w/acme/import/"


def preview(browser: Client, data: bytes, name: str = "plan.yaml") -> HttpResponse:
    return browser.post(PAGE, {"file": SimpleUploadedFile(name, data)})


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'type="hidden" name="(name|content|mapping)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


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


def test_a_trackers_export_is_previewed_with_its_columns_and_imported(cast: Cast) -> None:
    browser = browser_of(cast.mia)
    page = preview(browser, JIRA_EN.encode(), "churn.csv").content.decode()
    assert "4 to create, 0 to update, 0 unchanged" in page
    assert "not your history" in page
    assert "Which column is what" in page
    response = browser.post(PAGE, hidden(page))
    assert response.status_code == 302
    assert "Lands" in browser.get(response["Location"]).content.decode()


def test_a_column_chosen_otherwise_is_read_again_before_anything_is_kept(cast: Cast) -> None:
    browser = browser_of(cast.mia)
    page = preview(browser, plan_workbook(), "plan.xlsx").content.decode()
    chosen = hidden(page) | {"column-due": "", "unit": "weeks", "again": "1"}
    again = browser.post(PAGE, chosen).content.decode()
    assert "4 to create" in again
    assert '"unit": "weeks"' in hidden(again)["mapping"]
    assert '"due": []' not in hidden(again)["mapping"]
    assert programs_of(cast.mia) == []


def test_what_was_skipped_comes_as_a_file_that_computes_nothing(cast: Cast) -> None:
    browser = browser_of(cast.mia)
    table = b"Key,Summary\n=1+1,Train\n=1+1,Train again\n"
    page = preview(browser, table, "x.csv").content.decode()
    response = browser.post(PAGE, hidden(page) | {"skipped": "1"})
    assert response["Content-Type"].startswith("text/csv")
    lines = response.content.decode().splitlines()
    assert lines[0] == "line,reason"
    assert lines[1].startswith("3,")
    assert programs_of(cast.mia) == []


def test_a_mapping_that_was_tampered_with_is_refused(cast: Cast) -> None:
    browser = browser_of(cast.mia)
    page = preview(browser, JIRA_EN.encode(), "churn.csv").content.decode()
    for bad in ("[1, 2]", '{"columns": 3}', '{"columns": {"name": [["a"]]}}'):
        response = browser.post(PAGE, hidden(page) | {"mapping": bad, "again": "1"})
        assert response.status_code == 422
    assert programs_of(cast.mia) == []


def test_an_import_is_undone_from_its_notice(cast: Cast) -> None:
    browser = browser_of(cast.mia)
    page = preview(browser, JIRA_EN.encode(), "churn.csv").content.decode()
    notice = browser.get(browser.post(PAGE, hidden(page))["Location"]).content.decode()
    assert "/w/acme/projects/churn/import/undo/" in notice
    response = browser.post("/w/acme/projects/churn/import/undo/")
    assert response.status_code == 302
    assert (
        "4 removed, 0 as before the import." in browser.get(response["Location"]).content.decode()
    )
