"""The walk of the issue: the program, why quality is amber, the run, the record, and back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]


def test_a_newcomer_walks_from_the_odds_to_the_record_and_back(page: Page, origin: str) -> None:
    page.goto(f"{origin}/w/sample/")
    expect(page.locator("main")).to_contain_text("P80 moved from 4 May to 21 May")

    page.get_by_role("link", name="Clear Signals", exact=True).first.click()
    expect(page.locator("h1, .answer").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("Lands 11 May 2027 at P50, 21 May 2027 at P80")

    page.get_by_role("link", name="Meter reading").first.click()
    expect(page).to_have_url(re.compile("/projects/meter-reading/"))
    expect(page.locator("main")).to_contain_text("0.9572 against at least 0.97 promised")

    page.get_by_role("link", name="Runs").first.click()
    expect(page.locator("table")).to_contain_text("svc-800")
    page.get_by_role("link", name="svc-800").first.click()
    expect(page).to_have_url(re.compile(r"/evidence/\d+/"))
    expect(page.locator("main")).to_contain_text("svc-800")
    expect(page.locator("main")).to_contain_text("holds")

    page.go_back()
    expect(page).to_have_url(re.compile("/projects/meter-reading/"))


def test_a_measured_value_opens_its_evidence(page: Page, origin: str) -> None:
    page.goto(f"{origin}/w/sample/projects/meter-reading/")
    page.get_by_role("link", name="0.957").first.click()
    expect(page).to_have_url(re.compile(r"/evidence/\d+/"))
    expect(page.locator("main")).to_contain_text("macro_recall")
    expect(page.locator("main")).to_contain_text("digit=3")


def test_the_story_of_the_plateau_can_be_walked(page: Page, origin: str) -> None:
    page.goto(f"{origin}/w/sample/projects/severity-score/")
    expect(page.locator("main")).to_contain_text("0.4891 against at least 0.6 promised")
    page.goto(f"{origin}/w/sample/projects/screening/")
    expect(page.locator("main")).to_contain_text("at least 0.95 is not shown")


def test_looking_from_a_week_ago_says_what_was_said_then(page: Page, origin: str) -> None:
    page.goto(f"{origin}/w/sample/programs/clear-signals/?at=2026-11-16")
    expect(page.locator("main")).to_contain_text("4 May 2027 at P80")
    expect(page.locator("body")).to_contain_text("16 Nov 2026")


def test_the_palette_finds_a_project_by_keyboard(page: Page, origin: str) -> None:
    page.goto(f"{origin}/w/sample/")
    # Each question waits for its answer: a newer one aborts an older, which the console tells.
    with page.expect_response(re.compile("/palette/")):
        page.keyboard.press("Control+k")
    with page.expect_response(re.compile(r"[?&]q=screening$")):
        page.keyboard.insert_text("screening")
    option = page.get_by_role("option", name=re.compile("Screening")).first
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/projects/screening/"))


def test_a_greener_judgement_needs_a_reason_and_the_pack_gives_three_formats(
    page: Page, origin: str
) -> None:
    page.goto(f"{origin}/w/sample/programs/clear-signals/reports/")
    page.get_by_role("button", name="Freeze the pack").click()
    expect(page.locator("main")).to_contain_text("write the reason")
    page.get_by_label("Reason").fill("The steering group has seen the forecast.")
    page.get_by_role("button", name="Freeze the pack").click()
    expect(page.locator("main")).to_contain_text("Clear Signals")
    for name in ("PDF", "HTML", "Markdown"):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=name).first.click()
        assert waiting.value.path().stat().st_size > 1_000
