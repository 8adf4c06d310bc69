"""In the browser: one cause is changed and that cause alone moves the odds; a decision is taken."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.cast import AT, Cast
from tests.doors import browser_of
from tests.journeys.conftest import ARGUMENTS, CHROMIUM

from headway.domain.accounts.models import Workspace
from headway.domain.plans.actions import import_plan, make_forecast, set_decision
from headway.domain.programs.actions import create_program, create_project
from headway.domain.reports.actions import freeze_report
from headway.domain.reports.rules import PackDraft

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Nothing may begin before the data date: the week that passes is then no cause of its own.
PLAN = b"""
plan: Reading
start: 2026-12-07
target: 2027-03-31
resources: {engineer: {capacity: 2, rate: 95/hour}}
items:
  - {id: LABEL, name: Label the images, estimate: [20, 30, 60], needs: {engineer: 1}}
  - {id: TRAIN, name: Train and compare, estimate: [10, 15, 30], after: [LABEL]}
risks:
  - {id: R1, name: Labels come late, probability: 0.4, delays: [LABEL], delay: [5, 10, 30]}
"""
OPTION = {
    "key": "second",
    "name": "A second team",
    "changes": [{"item": "reading/LABEL", "field": "estimate", "now": [8, 10, 15]}],
}


@pytest.fixture
def page(live_server: LiveServer, cast: Cast, settings: object) -> Iterator[Page]:
    """Mia's browser, in a workspace that stands still at AT with a forecast a week old."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; on Debian: apt-get install chromium")
    a_week_old(cast)
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # type: ignore[attr-defined]
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright's loop runs in this thread
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            yield _signed_in(browser, live_server.url, cast)
            browser.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def a_week_old(cast: Cast) -> None:
    before = AT - timedelta(days=21)
    create_program(cast.mia, {"name": "Control", "currency": "USD"}, before)
    create_project(cast.mia, "control", {"name": "Reading"}, before)
    import_plan(cast.mia, PLAN, "plan.yaml", before, project="reading")
    make_forecast(cast.mia, "control", AT - timedelta(days=7), trials=2_000)
    asked = {"question": "Label with two teams?", "options": [OPTION], "recommended": "second"}
    set_decision(cast.mia, "control", "teams", asked, AT - timedelta(days=7))
    freeze_report(cast.mia, "control", PackDraft(), AT - timedelta(days=7))
    Workspace.objects.filter(slug="acme").update(pinned_at=AT)


def _signed_in(browser: Browser, address: str, cast: Cast) -> Page:
    cookie = browser_of(cast.mia).cookies["sessionid"].value
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
    return context.new_page()


def causes_on_home(page: Page) -> list[str]:
    """Return the causes that the bridge on home names, less the rounding to whole days."""
    page.goto("/w/acme/")
    bridge = page.get_by_role("region", name="What each cause did to the P80")
    found = bridge.locator("tbody th").all_inner_texts()
    return [one for one in found if one != "Rounding to whole days"]


def test_one_changed_cause_stands_alone_in_the_bridge(page: Page) -> None:
    page.goto("/w/acme/programs/control/plan/")
    row = page.get_by_role("row", name=re.compile("Label the images"))
    row.get_by_role("button", name=re.compile("edit estimate")).click()
    box = page.locator("td form input:not([type=hidden])")
    box.fill("40/60/120")
    box.press("Enter")
    expect(page.locator("body")).to_contain_text(re.compile("of Label the images is .*120"))
    page.goto("/w/acme/programs/control/forecast/")
    page.get_by_role("button", name=re.compile("Forecast")).first.click()
    page.wait_for_load_state()
    assert causes_on_home(page) == ["Estimates changed"]
    expect(page.locator("main")).to_contain_text("Label the images")


def test_a_decision_taken_moves_the_forecast_and_stands_in_bridge_and_deck(page: Page) -> None:
    page.goto("/w/acme/programs/control/decisions/teams/")
    page.get_by_label("Why A second team").fill("Labels are late.")
    page.get_by_role("button", name="Choose A second team").click()
    expect(page.locator("body")).to_contain_text("Decided: A second team. The forecast moved.")
    assert causes_on_home(page) == ["Estimates changed"]
    expect(page.locator("main")).to_contain_text("decided: A second team")

    assert "decided: A second team" in _frozen_deck(page)


def p80_on_forecast(page: Page) -> str:
    """Return the day by which four of five simulated outcomes are done, as the page says it."""
    page.goto("/w/acme/programs/control/forecast/")
    (said,) = re.findall(r"(\d+ \w+ \d+) at P80", page.locator("main").inner_text())[:1]
    return str(said)


def test_a_risk_made_likelier_moves_the_p80_and_the_report_says_why(page: Page) -> None:
    before = p80_on_forecast(page)
    page.goto("/w/acme/programs/control/risks/R1/")
    page.get_by_role("link", name=re.compile("Edit")).first.click()
    page.get_by_label(re.compile("^Probability")).first.fill("0.9")
    page.get_by_role("button", name=re.compile("Save|Change")).first.click()
    page.goto("/w/acme/programs/control/forecast/")
    page.get_by_role("button", name=re.compile("Forecast")).first.click()
    page.wait_for_load_state()
    assert p80_on_forecast(page) != before
    assert causes_on_home(page) == ["Risks"]
    expect(page.locator("main")).to_contain_text(re.compile("Labels come late.*40 %.*90 %"))
    assert re.search("Labels come late.*40 %.*90 %", _frozen_deck(page))


def _frozen_deck(page: Page) -> str:
    """Freeze a pack and return the words of its slides."""
    page.goto("/w/acme/programs/control/reports/")
    page.get_by_role("button", name=re.compile("Freeze")).first.click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("PPTX")).first.click()
    return _words_of(Path(waiting.value.path()).read_bytes())


def _words_of(deck: bytes) -> str:
    from pptx import Presentation

    found = []
    for slide in Presentation(io.BytesIO(deck)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(found)
