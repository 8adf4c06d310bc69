"""In the browser, by keys alone: rows of the Gantt chart are folded, linked, undone, opened."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright
from tests.cast import AT, Cast
from tests.doors import browser_of
from tests.journeys.conftest import ARGUMENTS, CHROMIUM

from headway.domain.accounts.models import Workspace
from headway.domain.plans.actions import import_plan, make_forecast
from headway.domain.programs.actions import create_program, create_project

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLAN = b"""
plan: Reading
start: 2026-11-30
items:
  - {id: LABEL, name: Label the images, estimate: [20, 30, 60], outline: [Data]}
  - {id: AUDIT, name: Audit the data, estimate: [3, 5, 8], outline: [Data]}
  - {id: TRAIN, name: Train and compare, estimate: [10, 15, 30], after: [LABEL]}
"""
GANTT = "/w/acme/programs/control/plan/gantt/"


@pytest.fixture
def page(live_server: LiveServer, cast: Cast, settings: object) -> Iterator[Page]:
    """Bob's browser before a forecast plan; it fails the test when the console complains."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; on Debian: apt-get install chromium")
    create_program(cast.mia, {"name": "Control"}, AT)
    create_project(cast.mia, "control", {"name": "Reading"}, AT)
    import_plan(cast.mia, PLAN, "plan.yaml", AT, project="reading")
    make_forecast(cast.mia, "control", AT, trials=500)
    Workspace.objects.filter(slug="acme").update(pinned_at=AT)
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # type: ignore[attr-defined]
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright's loop runs in this thread
    complaints: list[str] = []
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            size = {"width": 1280, "height": 900}
            context = browser.new_context(base_url=live_server.url, viewport=size)  # type: ignore[arg-type]
            cookie = browser_of(cast.bob).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on(
                "console",
                lambda one: (
                    complaints.append(one.text)
                    if one.type == "error" and "422" not in one.text
                    else None
                ),
            )
            yield page
            browser.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    assert complaints == []


def here(page: Page) -> str:
    """Return the key of the row that has the focus."""
    return str(page.evaluate("document.activeElement.dataset.row || ''"))


def to_the_rows(page: Page) -> None:
    for _ in range(60):
        if here(page):
            return
        page.keyboard.press("Tab")
    pytest.fail("no row takes the focus")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_rows_are_moved_along_folded_and_opened_by_keys(page: Page) -> None:
    page.goto(GANTT)
    to_the_rows(page)
    assert here(page) == "reading"
    press(page, "ArrowDown", "ArrowDown")
    assert here(page) == "reading/LABEL"
    expect(page.locator("[data-said-here]")).to_have_text(
        "Label the images holds up Train and compare."
    )
    press(page, "ArrowLeft")
    assert here(page).startswith("reading:")
    press(page, "ArrowLeft")
    folded = page.locator("tr[aria-expanded=false]")
    expect(folded).to_have_count(1)
    expect(page).to_have_url(re.compile("flip="))
    assert here(page).startswith("reading:")
    page.reload()
    expect(folded).to_have_count(1)
    to_the_rows(page)
    assert here(page).startswith("reading:")
    press(page, "ArrowRight")
    expect(folded).to_have_count(0)
    summary = page.locator('tr[data-row^="reading:"]')
    expect(summary).to_be_focused()
    press(page, "]")
    expect(page.locator("[data-zoomed=quarters]")).to_be_visible()
    expect(summary).to_be_focused()
    press(page, "[")
    expect(page.locator("[data-zoomed=fit]")).to_be_visible()
    expect(summary).to_be_focused()
    press(page, "End")
    assert here(page) == "reading/TRAIN"
    press(page, "Enter")
    expect(page).to_have_url(re.compile("/items/TRAIN/"))
    page.go_back()
    expect(page.locator("tr[data-row]")).to_have_count(5)


def test_a_dependency_is_added_refused_and_undone_by_keys(page: Page) -> None:
    page.goto(GANTT)
    to_the_rows(page)
    press(page, "End", "e")
    panel = page.locator("#gantt-panel")
    expect(panel).to_contain_text("Train and compare waits for Label the images.")
    direction = panel.get_by_label("This item")
    expect(direction).to_be_focused()
    press(page, "Tab")
    page.keyboard.type("audit")
    expect(panel.locator("datalist option")).to_have_count(1)
    press(page, "Tab", "Tab")
    page.keyboard.type("2")
    press(page, "Enter")
    said = "Train and compare waits for Audit the data now (FS +2)."
    expect(page.locator("#toasts")).to_contain_text(said)
    row = page.locator('tr[data-row="reading/TRAIN"]')
    expect(row).to_have_attribute("data-said", re.compile(r"Audit the data \(FS \+2\)"))
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()

    expect(direction).to_be_focused()
    press(page, "ArrowDown", "Tab")  # holds up
    page.keyboard.type("reading/LABEL")
    press(page, "Enter")
    expect(panel.locator(".error")).to_contain_text("reading/LABEL")
    expect(panel.get_by_label("The other item")).to_have_value("reading/LABEL")

    undo = page.locator("#toasts").get_by_role("button", name="Undo")
    undo.focus()
    press(page, "Enter")
    expect(page.locator("#toasts")).to_contain_text("no longer waits for Audit the data")
    expect(page).to_have_url(re.compile("plan/gantt/"))
    expect(row).not_to_have_attribute("data-said", re.compile("Audit"))


def test_the_wires_of_a_row_are_drawn_and_escape_leaves_the_panel(page: Page) -> None:
    page.goto(GANTT)
    to_the_rows(page)
    press(page, "End")
    expect(page.locator(".gantt-wires path.wire-before").first).to_be_attached()
    expect(page.locator("tr.before")).to_have_attribute("data-row", "reading/LABEL")
    press(page, "e")
    expect(page.locator("#gantt-panel section")).to_be_visible()
    press(page, "Escape")
    expect(page.locator("#gantt-panel section")).to_have_count(0)
    assert here(page) == "reading/TRAIN"
    press(page, "g", "t")
    expect(page).to_have_url(re.compile("/plan/$"))
