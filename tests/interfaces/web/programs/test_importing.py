from __future__ import annotations

import base64
import html
import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from tests.analysis.schedule.readers.project_files import link, project, task
from tests.analysis.schedule.readers.test_xer import activity, xer
from tests.cast import AT, Cast
from tests.connectors.tables.tables import JIRA_EN, plan_workbook
from tests.doors import browser_of
from tests.interfaces.web.programs.world import PLAN

from headway.domain.plans.actions import run_import
from headway.domain.plans.models import ImportJob, WorkItem
from headway.domain.programs.queries import programs_of

PAGE = "/w/acme/import/"


def preview(browser: Client, data: bytes, name: str = "plan.yaml") -> HttpResponse:
    return browser.post(PAGE, {"file": SimpleUploadedFile(name, data)})


def hidden(page: str) -> dict[str, str]:
    found = re.findall(r'type="hidden" name="(job|mapping)" value="([^"]*)"', page)
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


@pytest.mark.parametrize("name", ["plan.xml", "plan.xer"])
def test_a_file_of_another_planner_is_previewed_with_what_is_lost_and_imported(
    cast: Cast, name: str
) -> None:
    files = {
        "plan.xml": project(task(1, "<Notes>Ask Ann</Notes>"), task(2, link(1))),
        "plan.xer": xer(activity("1", suspend_date="2026-02-02 08:00"), activity("2")),
    }
    browser = browser_of(cast.mia)
    page = preview(browser, files[name], name).content.decode()
    assert "2 to create, 0 to update, 0 unchanged" in page
    assert ("Notes of tasks (1)" if name == "plan.xml" else "Work that is suspended") in page
    assert browser.post(PAGE, hidden(page)).status_code == 302
    assert (
        "0 to create, 0 to update, 2 unchanged"
        in preview(browser, files[name], name).content.decode()
    )


def test_a_hostile_file_of_another_planner_is_a_sentence(cast: Cast) -> None:
    laughs = b"<!DOCTYPE p [<!ENTITY a 'x'>]><Project>&a;</Project>"
    response = preview(browser_of(cast.mia), laughs, "plan.xml")
    assert response.status_code == 422
    assert "declares a document type or an entity" in response.content.decode()
    assert programs_of(cast.mia) == []


def test_every_problem_of_a_file_is_listed_with_its_place(cast: Cast) -> None:
    bad = PLAN.replace(b"[20, 30, 60]", b"[60, 30, 20]").replace(b"[LABEL]", b"[NONE]")
    response = preview(browser_of(cast.mia), bad)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Nothing was imported" in page
    assert "LABEL" in page
    assert "line" in page
    assert programs_of(cast.mia) == []


def test_a_file_that_nobody_stored_is_refused(cast: Cast) -> None:
    for job in ("%%%", "", "2f0c9f3e-5f6d-4f6f-9d53-0a3c5f6d7e8f"):
        response = browser_of(cast.mia).post(PAGE, {"job": job})
        assert response.status_code == 422
        assert "Nothing was imported" in response.content.decode()


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


def test_the_page_carries_the_files_id_and_never_the_file(cast: Cast) -> None:
    page = preview(browser_of(cast.mia), JIRA_EN.encode(), "churn.csv").content.decode()
    assert base64.b64encode(JIRA_EN.encode()[:300]).decode()[:200] not in page
    assert set(hidden(page)) == {"job", "mapping"}


def test_a_stored_file_of_another_workspace_cannot_be_imported(cast: Cast) -> None:
    page = preview(browser_of(cast.mia), JIRA_EN.encode(), "churn.csv").content.decode()
    response = browser_of(cast.charlie).post("/w/other/import/", hidden(page))
    assert response.status_code == 422
    assert programs_of(cast.charlie) == []


def test_a_file_is_not_imported_twice_by_two_presses(cast: Cast) -> None:
    browser = browser_of(cast.mia)
    page = preview(browser, PLAN).content.decode()
    assert browser.post(PAGE, hidden(page)).status_code == 302
    again = browser.post(PAGE, hidden(page))
    assert again.status_code == 422
    assert "started already" in again.content.decode()


def large(cast: Cast) -> tuple[Client, str]:
    """Preview and start the import of more rows than are imported at once."""
    browser = browser_of(cast.mia)
    rows = b"".join(b"A-%d,Label batch,3\n" % n for n in range(2_001))
    table = b"Key,Summary,Estimate\n" + rows + b"A-1,Label again,3\n"
    page = preview(browser, table, "work.csv").content.decode()
    assert "2001 to create" in page
    return browser, browser.post(PAGE, hidden(page))["Location"]


def test_a_large_file_waits_on_a_page_of_its_own_that_says_where_it_is(cast: Cast) -> None:
    browser, address = large(cast)
    page = browser.get(address).content.decode()
    assert "Waits for the worker." in page
    assert f'hx-get="{address}" hx-trigger="every 1s"' in page
    fragment = browser.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert 'hx-trigger="every 1s"' in fragment
    assert programs_of(cast.mia) == []


def test_a_page_says_that_no_worker_runs_instead_of_hanging(cast: Cast) -> None:
    browser, address = large(cast)
    ImportJob.objects.update(changed_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert "No worker has taken it up" in browser.get(address).content.decode()


def test_a_finished_import_offers_the_program_the_undo_and_what_was_skipped(cast: Cast) -> None:
    browser, address = large(cast)
    job = UUID(address.split("/")[-2])
    ImportJob.objects.filter(id=job).update(state="running", attempts=1)
    run_import(job, 1, AT)
    response = browser.get(address, headers={"HX-Request": "true"})
    assert response["HX-Refresh"] == "true"
    page = browser.get(address).content.decode()
    assert "2,001 created, 0 updated, 0 as before." in page
    assert "every 1s" not in page
    assert "/w/acme/programs/work/" in page
    assert 'action="/w/acme/projects/work/import/undo/"' in page
    lines = browser.get(f"{address}skipped/").content.decode().splitlines()
    assert lines[0] == "line,reason"
    assert "'A-1' stands on line 3 already" in lines[-1]
    assert browser.post("/w/acme/projects/work/import/undo/").status_code == 302
    assert not WorkItem.objects.exists()


def test_a_cancelled_import_leaves_nothing_and_offers_another_try(cast: Cast) -> None:
    browser, address = large(cast)
    response = browser.post(f"{address}cancel/", headers={"HX-Request": "true"})
    assert "Cancelled: nothing was imported." in response.content.decode()
    assert "every 1s" not in response.content.decode()
    assert browser.get(f"{address}skipped/").status_code == 404
    assert programs_of(cast.mia) == []


def test_what_refuses_a_large_file_is_listed_on_its_page(cast: Cast) -> None:
    browser, address = large(cast)
    job = UUID(address.split("/")[-2])
    ImportJob.objects.filter(id=job).update(
        state="running", attempts=1, mapping={"columns": {"name": 3}}
    )
    run_import(job, 1, AT)
    page = browser.get(address).content.decode()
    assert "Nothing was imported" in page
    assert "Give the heading of a column" in page


def test_an_import_that_changed_nothing_offers_no_undo_of_the_one_before(cast: Cast) -> None:
    browser = browser_of(cast.mia)
    for undo_is_there in (True, False):
        page = preview(browser, JIRA_EN.encode(), "churn.csv").content.decode()
        notice = browser.get(browser.post(PAGE, hidden(page))["Location"]).content.decode()
        assert ("/w/acme/projects/churn/import/undo/" in notice) is undo_is_there
