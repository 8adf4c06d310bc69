"""The pages of a program stand in groups; the group and the page that are open are marked."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.cast import AT, Cast, a_program
from tests.doors import browser_of

from headway.domain.programs.actions import create_program

HERE = "/w/acme/programs/control/"


def _marked(page: str) -> list[str]:
    """Return the labels marked as open in both rows of tabs."""
    rows = "".join(re.findall(r'<nav class="tabs.*?</nav>', page, re.DOTALL))
    return re.findall(r'aria-current="\w+">([^<]+)<', rows)


def test_a_page_is_open_within_its_group(cast: Cast) -> None:
    a_program(cast.acme, "control")
    browser = browser_of(cast.vera)
    for tail, marked in {
        "": ["Overview"],
        "plan/": ["Plan", "Work"],
        "plan/gantt/": ["Plan", "Work"],
        "scenarios/": ["Plan", "Scenarios"],
        "raid/": ["Risks", "RAID"],
        "budget/": ["Money", "Budget"],
    }.items():
        assert _marked(browser.get(HERE + tail).content.decode()) == marked, tail


def test_a_group_leads_to_its_first_page_and_keeps_the_day(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Control"}, AT - timedelta(days=9))
    page = browser_of(cast.vera).get(HERE + "?at=2026-11-20").content.decode()
    assert f'href="{HERE}plan/?at=2026-11-20"' in page
    assert f'href="{HERE}budget/?at=2026-11-20"' in page
