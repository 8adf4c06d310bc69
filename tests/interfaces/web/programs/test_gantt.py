"""The Gantt pages: an address restores what they show, and what they show is also words."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.builders.workspace import MOMENT, Size, build_workspace
from tests.cast import AT, Cast, a_member
from tests.doors import browser_of
from tests.interfaces.web.programs.world import PAGES, a_running_program

from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Role
from headway.domain.plans.actions import add_item, edit_item, make_forecast, set_baseline

GANTT = f"{PAGES.plan}gantt/"


def page(cast: Cast, address: str = GANTT, **asked: str) -> str:
    return str(browser_of(cast.vera).get(address, asked).content.decode())


def rows_of(text: str) -> list[str]:
    return [unescape(key) for key in re.findall(r'<tr data-row="([^"]*)"', text)]


def row_of(text: str, key: str) -> str:
    return text.split(f'<tr data-row="{key}"')[1].split("</tr>")[0]


def href_of(text: str, label: str) -> str:
    """Return the address of the first link whose words hold `label`."""
    for opening, inner in re.findall(r"<a ([^>]*)>(.*?)</a>", text, re.DOTALL):
        if label in re.sub(r"<[^>]*>", "", inner):
            found = re.search(r'href="([^"]*)"', opening)
            assert found is not None
            return unescape(found[1])
    pytest.fail(f"no link says {label}")


@pytest.fixture
def running(cast: Cast) -> Cast:
    a_running_program(cast)
    return cast


@pytest.mark.django_db
class TestThePage:
    def test_it_shows_each_item_with_its_numbers_and_its_bar(self, running: Cast) -> None:
        text = page(running)
        assert rows_of(text) == ["reading", "reading/LABEL", "reading/TRAIN", "reading/DONE"]
        row = row_of(text, "reading/TRAIN")
        assert "critical" in row
        assert row.count("2027") + row.count("2026") >= 3
        svg = re.search(r"<svg width.*?</svg></td>", row)
        assert svg is not None
        drawn = ElementTree.fromstring(svg[0].removesuffix("</td>"))
        title = drawn.find("title")
        assert title is not None
        assert "Train and compare: starts" in (title.text or "")
        assert "at P80; critical" in (title.text or "")

    def test_the_words_of_a_row_say_what_it_waits_for_and_holds_up(self, running: Cast) -> None:
        row = row_of(page(running), "reading/TRAIN")
        assert "Train and compare waits for Label the images, holds up Handover." in row
        waits = re.search(r'data-waits="([^"]*)"', row)
        assert waits is not None
        assert json.loads(unescape(waits[1])) == [["reading/LABEL", "FS"]]

    def test_a_fold_is_a_link_whose_address_brings_it_back(self, running: Cast) -> None:
        fold = href_of(row_of(page(running), "reading"), "Fold Reading")
        text = str(browser_of(running.vera).get(fold).content.decode())
        assert rows_of(text) == ["reading"]
        assert 'aria-expanded="false"' in text
        again = href_of(row_of(text, "reading"), "Unfold Reading")
        assert len(rows_of(str(browser_of(running.vera).get(again).content.decode()))) == 4

    def test_every_link_keeps_the_rest_of_the_address(self, running: Cast) -> None:
        text = page(running, zoom="weeks", only="critical", at="2026-11-22")
        for label in ("Fold all", "Zoom in", "Float", "Near-critical"):
            asked = parse_qs(urlsplit(href_of(text, label)).query)
            assert asked["at"] == ["2026-11-22"]
            assert "zoom" in asked

    def test_the_table_and_the_chart_lead_to_each_other(self, running: Cast) -> None:
        assert GANTT in page(running, PAGES.plan)
        assert f'href="{PAGES.plan}"' in page(running)
        narrowed = page(running, PAGES.plan, project="reading")
        assert f"{GANTT}?project=reading" in narrowed

    def test_a_project_has_its_own(self, running: Cast) -> None:
        text = page(running, f"{PAGES.project}gantt/")
        assert rows_of(text)[0] == "reading"
        assert "Lands" in text

    @pytest.mark.parametrize(
        "asked",
        [
            {"zoom": "close"}, {"only": "purple"}, {"sort": "name"}, {"after": "no/row"},
            {"since": "soon"},
        ],
    )  # fmt: skip
    def test_an_address_that_makes_no_sense_is_answered_with_a_sentence(
        self, running: Cast, asked: dict[str, str]
    ) -> None:
        assert browser_of(running.vera).get(GANTT, asked).status_code == 400

    @pytest.mark.parametrize(
        "asked",
        [
            {"level": "-1"}, {"level": "many"}, {"level": "9" * 500}, {"flip": "," * 5000},
            {"flip": "a,b,a"}, {"word": "%"}, {"zoom": "days", "since": "0001-01-01"},
            {"zoom": "days", "since": "9999-12-31"},
        ],
    )  # fmt: skip
    def test_odd_but_harmless_wishes_are_answered(
        self, running: Cast, asked: dict[str, str]
    ) -> None:
        assert browser_of(running.vera).get(GANTT, asked).status_code == 200

    def test_a_name_that_is_markup_stays_words(self, running: Cast) -> None:
        hostile = '<script>alert("x")</script>'
        add_item(running.bob, "reading", "EVIL", {"name": hostile, "estimate": "1 2 3"}, AT)
        text = page(running)
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text

    def test_no_style_and_no_handler_stands_in_the_page(self, running: Cast) -> None:
        text = page(running)
        assert " style=" not in text
        assert not re.search(r"\son[a-z]+=", text)

    def test_what_cannot_be_forecast_is_hatched_and_says_why(self, running: Cast) -> None:
        add_item(running.bob, "reading", "NEW", {"name": "Nobody guessed"}, AT)
        row = row_of(page(running), "reading/NEW")
        assert "g-unknown" in row
        assert "It has no estimate" in row

    def test_a_changed_plan_is_said_to_be_ahead_of_its_forecast(self, running: Cast) -> None:
        words = "The plan changed since this forecast"
        assert words not in page(running)
        later = AT + timedelta(minutes=5)
        edit_item(running.bob, ("reading", "LABEL"), {"estimate": "40 50 60"}, later)
        assert words in page(running)
        assert words in page(running, f"{PAGES.plan}behind/")

    def test_the_past_shows_what_was_known_then(self, running: Cast) -> None:
        later = AT + timedelta(days=2)
        edit_item(running.bob, ("reading", "LABEL"), {"name": "Label more"}, later)
        assert "Label more" in page(running)
        past = page(running, at="2026-11-23")
        assert "Label the images" in past
        assert "Label more" not in past

    def test_the_baseline_lies_below_the_bars(self, running: Cast) -> None:
        assert 'class="g-planned"' not in page(running)
        agreed = {"name": "Agreed", "reason": "Kick-off"}
        set_baseline(running.mia, "control", agreed, AT)
        text = page(running)
        assert 'class="g-planned"' in row_of(text, "reading/TRAIN")
        assert "baseline “Agreed”" in text

    def test_the_keys_of_the_chart_stand_in_the_list_of_keys(self, running: Cast) -> None:
        assert "Zoom out, zoom in" in page(running)
        assert "Zoom out, zoom in" not in page(running, PAGES.plan)

    def test_an_empty_program_says_what_to_do(self, cast: Cast) -> None:
        from headway.domain.programs.actions import create_program

        create_program(cast.mia, {"name": "Control"}, AT)
        assert "Nothing is planned yet" in page(cast)


def windows(client: Client, address: str) -> list[str]:
    """Return the keys of all rows as the chart loads them, one window after the other."""
    found: list[str] = []
    while address:
        text = client.get(address, headers={"hx-request": "true"}).content.decode()
        found += rows_of(text)
        more = re.search(r'rel="next" href="([^"]*)"', text)
        address = unescape(more[1]) if more else ""
    return found


@pytest.mark.django_db
def test_large_plans_come_in_windows_with_as_many_queries_as_small_ones() -> None:
    counts = []
    for items in (60, 240):
        slug = f"w{items}"
        workspace = build_workspace(Size(projects=2, items=items, records=0), slug=slug)
        actor = headway_actor(workspace.id)
        make_forecast(actor, "program", MOMENT + timedelta(minutes=1), trials=50)
        client = browser_of(a_member(workspace, f"Rita{items}", Role.VIEWER))
        gantt = f"/w/{slug}/programs/program/plan/gantt/?level=99"
        client.get(gantt)
        with CaptureQueriesContext(connection) as seen:
            first = client.get(gantt).content.decode()
        counts.append(len(seen))
        assert len(rows_of(first)) <= 100
        found = windows(client, gantt)
        assert len(found) == len(set(found)) == items + 2
    assert counts[0] == counts[1]
