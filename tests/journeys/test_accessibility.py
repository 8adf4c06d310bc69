"""axe finds nothing on any page of the demo, in either theme; nothing scrolls sideways."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("journeys")]

PAGES = [
    "",
    "programs/",
    "programs/clear-signals/",
    "projects/meter-reading/",
    "projects/severity-score/",
    "projects/meter-reading/edit/",
    "projects/meter-reading/new-criterion/",
    "programs/clear-signals/new-risk/",
    "programs/clear-signals/resources/",
    "programs/clear-signals/levelling/",
    "governance/frameworks/release-policy-v1/system/screening-aid/",
    "governance/maturity/co2-forecast/",
    "systems/",
    "systems/models/",
    "systems/models/co2-forecaster/",
    "systems/pipelines/",
    "systems/new-monitor/experiment/",
    "systems/monitors/co2-drift/",
    "systems/monitors/co2-drift/column/?name=level",
    "programs/clear-signals/plan/gantt/",
    "programs/clear-signals/plan/files/",
    "projects/meter-reading/gantt/",
    "projects/meter-reading/items/labels-1850/links/",
    "programs/clear-signals/baselines/",
    "programs/clear-signals/baselines/told-on-16-november/",
    "programs/clear-signals/scenarios/",
    "programs/clear-signals/scenarios/vendor-b/",
    "programs/clear-signals/scenarios/vendor-b/new-change/",
    "programs/clear-signals/compare-scenarios/",
    "programs/clear-signals/decisions/",
    "programs/clear-signals/decisions/labels/",
    "programs/clear-signals/raid/",
    "programs/clear-signals/blockers/second-test-set/",
    "programs/clear-signals/promises/vendor-b-trial/",
    "programs/clear-signals/new-blocker/",
    "programs/clear-signals/edit/",
    "discussion/item/meter-reading/labels-1850/",
    "link/risk/clear-signals/R1/",
    "programs/clear-signals/forums/",
    "programs/clear-signals/forums/weekly/1/",
    "programs/clear-signals/forums/weekly/2/",
    "governance/systems/severity-scorer/",
    "evidence/",
    "evidence/unplaced/",
    "evidence/rules/",
    "evidence/rules/new/",
    "evidence/metrics/severity-score/",
    "evidence/100/",
    "programs/clear-signals/reports/",
    "programs/clear-signals/reports/1/",
    "programs/clear-signals/reports/1/?audience=vendor",
    "brief-mail/",
    "people/",
    "people/dana/check-in/",
    "people/dana/",
    "people/hiring/",
    "settings/members/",
    "settings/notifications/",
    "settings/templates/",
    "settings/tokens/",
    "settings/audit/",
    "settings/sources/",
    "settings/installation/",
]


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    signed_in: BrowserContext, origin: str, path: str
) -> None:
    page = signed_in.new_page()
    # Nothing fades: axe would measure the fading between themes.
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    answer = page.goto(f"{origin}/w/sample/{path}")
    assert answer is not None
    assert answer.status == 200, path
    found = Axe().run(page)
    assert found.violations_count == 0, f"light: {found.generate_report()}"
    # The themes differ in colours alone.
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    dark = Axe().run(page, options={"runOnly": ["color-contrast"]})
    assert dark.violations_count == 0, f"dark: {dark.generate_report()}"
    for width in (360, 1024):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
    page.close()
