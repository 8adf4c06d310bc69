"""Claims about the report pages: a preview now, a frozen page, files to take away."""

from __future__ import annotations

import pytest
from tests.cast import Cast, a_program, a_project
from tests.doors import browser_of

from headway.domain.reports.models import Report

HERE = "/w/acme/programs/automation/reports/"
FOR_ALL = {"audiences": ["executive", "finance"], "template": "-"}


@pytest.fixture
def acme(cast: Cast) -> Cast:
    a_project(cast.acme, program=a_program(cast.acme))
    return cast


def test_the_page_shows_what_the_report_would_say_now(acme: Cast) -> None:
    text = browser_of(acme.vera).get(HERE).content.decode()
    assert "No pack is frozen yet." in text
    assert '<article class="hw-report hw-executive">' in text
    assert "Freeze the pack" not in text


def test_a_manager_freezes_a_report_and_reads_it(acme: Cast) -> None:
    response = browser_of(acme.mia).post(HERE + "freeze/", FOR_ALL)
    assert (response.status_code, response["Location"]) == (302, HERE + "1/")
    text = browser_of(acme.vera).get(HERE + "1/").content.decode()
    assert Report.objects.get().snapshot_digest in text


@pytest.mark.parametrize(
    ("form", "content_type", "start"),
    [
        ("html", "text/html; charset=utf-8", b"<!doctype html>"),
        ("md", "text/markdown; charset=utf-8", b"# "),
        (
            "pptx",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            b"PK",
        ),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
        ("pdf", "application/pdf", b"%PDF-"),
    ],
)
def test_a_file_is_an_attachment_of_its_kind(
    acme: Cast, form: str, content_type: str, start: bytes
) -> None:
    browser_of(acme.mia).post(HERE + "freeze/", FOR_ALL)
    response = browser_of(acme.vera).get(f"{HERE}1.{form}")
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == (f'attachment; filename="automation-report-1.{form}"')
    assert "sandbox" in response["Content-Security-Policy"]
    assert response.content.startswith(start)


@pytest.mark.parametrize("address", ["2/", "1.docx", "2.md"])
def test_what_is_not_there_is_not_found(acme: Cast, address: str) -> None:
    browser_of(acme.mia).post(HERE + "freeze/", FOR_ALL)
    assert browser_of(acme.vera).get(HERE + address).status_code == 404
