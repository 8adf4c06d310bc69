"""Claims about the report pages: a preview now, a frozen page, files to take away."""

from __future__ import annotations

import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.cast import AT, Cast, a_program, a_project
from tests.doors import browser_of

from headway.domain.assessments.actions import judge_health
from headway.domain.assessments.rules import JudgementDraft
from headway.domain.reports.models import DeckTemplate, Report
from headway.rendering.report.starter import starter_deck
from headway.rendering.report.template import MOST_BYTES

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


def overrule(acme: Cast) -> None:
    draft = JudgementDraft(
        "automation", "quality", "It holds.", level="good", until=(AT + timedelta(days=9)).date()
    )
    judge_health(acme.mia, draft, AT)


def test_a_greener_judgement_is_frozen_only_with_a_reason(acme: Cast) -> None:
    overrule(acme)
    browser = browser_of(acme.mia)
    page = browser.get(HERE).content.decode()
    assert "Judged greener than the evidence" in page
    assert 'name="reason"' in page
    refused = browser.post(HERE + "freeze/", FOR_ALL)
    assert refused.status_code == 422
    assert "write the reason" in refused.content.decode()
    assert not Report.objects.exists()
    browser.post(HERE + "freeze/", {**FOR_ALL, "reason": "Two labs agree."})
    assert "Two labs agree." in browser.get(HERE + "1/?audience=finance").content.decode()


@pytest.mark.parametrize("audience", ["executive", "engineering", "finance", "compliance"])
def test_the_preview_is_that_of_the_chosen_audience(acme: Cast, audience: str) -> None:
    text = browser_of(acme.vera).get(f"{HERE}?audience={audience}").content.decode()
    assert f"hw-report hw-{audience}" in text


def test_a_letter_is_previewed_once_its_vendor_is_named(acme: Cast) -> None:
    browser = browser_of(acme.vera)
    assert "Preview the letter" in browser.get(f"{HERE}?audience=vendor").content.decode()
    assert browser.get(f"{HERE}?audience=vendor&vendor=ghost").status_code == 404
    assert browser.get(f"{HERE}?audience=board").status_code == 404


def test_a_pack_is_taken_away_whole(acme: Cast) -> None:
    browser_of(acme.mia).post(HERE + "freeze/", FOR_ALL)
    response = browser_of(acme.vera).get(HERE + "1.zip")
    with ZipFile(io.BytesIO(response.content)) as held:
        assert "automation-report-1-finance.xlsx" in held.namelist()
        assert len(held.namelist()) == 10
    finance = browser_of(acme.vera).get(HERE + "1.md?audience=finance")
    assert "automation-report-1-finance.md" in finance["Content-Disposition"]
    assert "Finance report" in finance.content.decode()


def test_a_pack_without_an_audience_is_not_frozen(acme: Cast) -> None:
    response = browser_of(acme.mia).post(HERE + "freeze/", {"template": "-"})
    assert response.status_code == 422
    assert "Choose at least one audience" in response.content.decode()


# --- the decks of the workspace

DECKS = "/w/acme/settings/templates/"


def sent(data: bytes, **more: str) -> dict[str, object]:
    return {"name": "Ours", "file": SimpleUploadedFile("ours.pptx", data), **more}


def test_a_deck_is_kept_chosen_and_let_go(acme: Cast) -> None:
    browser = browser_of(acme.mia)
    starter = browser.get(DECKS + "starter.pptx")
    assert starter.content == starter_deck()
    browser.post(DECKS + "keep/", sent(starter.content, is_default="on"))
    page = browser.get(DECKS).content.decode()
    assert "used unless another is chosen" in page
    assert "It has no place for" in page
    browser.post(HERE + "freeze/", {**FOR_ALL, "template": "Ours"})
    assert "Slides on Ours." in browser.get(HERE + "1/").content.decode()
    row = DeckTemplate.objects.get()
    assert browser.post(f"{DECKS}{row.id}/retire/").status_code == 302
    assert "No template is kept" in browser.get(DECKS).content.decode()


@pytest.mark.parametrize(
    ("data", "why"), [(b"nothing", "not a whole PPTX"), (b"x" * (MOST_BYTES + 9), "at most 8 MB")]
)
def test_a_deck_that_is_none_is_refused_on_the_page(acme: Cast, data: bytes, why: str) -> None:
    response = browser_of(acme.mia).post(DECKS + "keep/", sent(data))
    assert response.status_code == 422
    assert why in response.content.decode()
    assert not DeckTemplate.objects.exists()
