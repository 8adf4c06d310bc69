"""The style guide in Debian's Chromium: both themes, three widths, keyboard, no violations."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.urls("tests.interfaces.web.layout.sample_urls"),
    # Together in one worker: one browser is started for all.
    pytest.mark.xdist_group("styleguide"),
]
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_SMALL_TARGETS = """() => [...document.querySelectorAll(
    "button, input, select, summary, .button, .menu a, .rail a, .tabs a, thead a")]
  .filter((e) => e.checkVisibility() && !e.closest("dialog"))
  .filter((e) => {
    const heights = [e, ...(e.labels ?? [])].map((each) => each.getBoundingClientRect().height);
    return Math.max(...heights) < 24;
  })
  .map((e) => e.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's browser; Django's guard against its event loop is lifted meanwhile."""
    from playwright.sync_api import sync_playwright

    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_ARGUMENTS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session", autouse=True)
def _static_folder() -> None:
    """WhiteNoise warns when the folder of collected files is not there; files come by finders."""
    from django.conf import settings

    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console said."""
    return []


@pytest.fixture
def page(
    chromium: Browser,
    live_server: LiveServer,
    complaints: list[str],
    request: pytest.FixtureRequest,
) -> Iterator[Page]:
    """A page on the style guide; parametrize with (width, theme)."""
    width, theme = getattr(request, "param", (1440, "light"))
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": width, "height": 900}, color_scheme=theme
    )
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto("/styleguide/")
    yield page
    context.close()


def violations(page: Page) -> list[str]:
    """Return what axe finds: the rule and the first element."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found]


_SIZES = [(width, theme) for width in (360, 1024, 1440) for theme in ("light", "dark")]


@pytest.mark.parametrize("page", _SIZES, indirect=True)
def test_the_guide_fits_its_width_and_axe_finds_nothing(page: Page, complaints: list[str]) -> None:
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth") == page.viewport_size["width"]
    assert violations(page) == []
    assert complaints == []


def test_every_target_is_at_least_24_px(page: Page) -> None:
    assert page.evaluate(_SMALL_TARGETS) == []


def test_the_chosen_theme_stands_before_the_page_is_painted_again(page: Page) -> None:
    page.click("summary:has-text('Alice')")
    page.click("text=Dark")
    page.reload()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert violations(page) == []


def test_the_palette_is_worked_by_keyboard(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette [aria-selected=true]")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#palette [aria-selected=true]")
    assert "Programs" in chosen.inner_text()
    active = page.locator("#palette input").get_attribute("aria-activedescendant")
    assert active == chosen.get_attribute("id")
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert not page.locator("#palette").is_visible()


def test_the_palette_says_when_nothing_fits(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("zzz")
    page.wait_for_selector("text=Nothing fits")
    assert violations(page) == []


def test_a_cell_is_edited_without_a_mouse_and_can_be_undone(page: Page) -> None:
    page.locator("#sample-estimate button").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#sample-estimate input:focus")
    page.keyboard.press("Control+a")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    page.wait_for_selector("#sample-estimate button:focus")
    assert "12 days" in page.locator("#sample-estimate").inner_text()
    assert page.locator(".toast button:has-text('Undo')").is_visible()
    assert violations(page) == []


def test_escape_gives_the_old_cell_back(page: Page) -> None:
    page.click("#sample-estimate button")
    page.wait_for_selector("#sample-estimate input:focus")
    page.keyboard.press("Escape")
    page.wait_for_selector("#sample-estimate button.cell")
    assert "5 days" in page.locator("#sample-estimate").inner_text()


def test_single_keys_can_be_switched_off(page: Page) -> None:
    page.keyboard.press("?")
    page.uncheck("[data-single-keys]")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert not page.locator("#keys").is_visible()
    page.reload()
    page.keyboard.press("?")
    assert not page.locator("#keys").is_visible()


def test_a_draft_survives_a_reload(page: Page) -> None:
    page.fill("form[data-draft] #id_name", "Meter reading")
    page.reload()
    assert page.input_value("form[data-draft] #id_name") == "Meter reading"


@pytest.mark.parametrize("page", [(360, "light")], indirect=True)
def test_the_phones_navigation_opens_and_closes(page: Page) -> None:
    assert not page.locator("#places").is_visible()
    page.click(".menu-button")
    assert page.locator("#places").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#places").is_visible()


def test_the_as_of_form_leads_to_an_address_that_says_the_day(page: Page) -> None:
    page.click("summary:has-text('Now')")
    page.fill("#as-of-day", "2026-11-16")
    page.click("text=Look from there")
    page.wait_for_url("**/styleguide/?at=2026-11-16")
    assert page.locator("aside:has-text('you see what was known then')").is_visible()
    assert page.locator(".tabs a").first.get_attribute("href") == "/styleguide/?at=2026-11-16"


def test_paper_shows_no_controls_and_clips_nothing(page: Page) -> None:
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 690, "height": 980})
    assert not page.locator(".rail").is_visible()
    assert page.locator("main .print-only").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 690
    assert page.locator("#tables thead").is_visible()


@pytest.mark.parametrize("path", ["/styleguide/entrance/", "/styleguide/error/404/"])
def test_pages_outside_a_workspace_are_accessible(page: Page, path: str) -> None:
    page.goto(path)
    assert violations(page) == []
