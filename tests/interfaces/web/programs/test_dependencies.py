"""Dependencies edited from a row of the Gantt chart: searched for, refused in words, undone."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.test import Client
from tests.cast import AT, Cast
from tests.doors import browser_of
from tests.interfaces.web.programs.world import PAGES, a_running_program

from headway.domain.plans.actions import edit_item, link_items
from headway.domain.plans.actions.links import LinkDraft
from headway.domain.plans.models import Dependency

LABEL, DONE = PAGES.item, f"{PAGES.project}items/DONE/"
HTMX = {"hx-request": "true"}


@pytest.fixture(autouse=True)
def running(cast: Cast) -> None:
    a_running_program(cast)


def links() -> set[tuple[str, str, str, float, str]]:
    return {
        (one.predecessor.key, one.item.key, one.kind, one.lag, one.lag_unit)
        for one in Dependency.objects.select_related("item", "predecessor")
    }


BEFORE = {("LABEL", "TRAIN", "FS", 0.0, "working"), ("TRAIN", "DONE", "FS", 0.0, "working")}


def add(cast: Cast, page: str, **sent: str) -> tuple[int, str]:
    values = {"direction": "waits", "kind": "FS", "lag": "", "lag_unit": "working", **sent}
    answer = browser_of(cast.bob).post(f"{page}links/add/", values, headers=HTMX)
    return answer.status_code, answer.content.decode()


def undo(client: Client, text: str) -> None:
    action = unescape(text.split('class="toast')[1].split('action="')[1].split('"')[0])
    assert client.post(action).status_code == 302


def test_the_panel_says_both_directions_and_offers_the_form(cast: Cast) -> None:
    train = f"{PAGES.project}items/TRAIN/"
    panel = browser_of(cast.bob).get(f"{train}links/", headers=HTMX).content.decode()
    assert "Train and compare waits for Label the images, holds up Handover." in panel
    assert "Add the link" in panel
    assert "<html" not in panel
    whole = browser_of(cast.bob).get(f"{train}links/").content.decode()
    assert "<html" in whole


def test_the_panel_says_why_the_dates_are_where_they_are(cast: Cast) -> None:
    train = f"{PAGES.project}items/TRAIN/links/"
    panel = unescape(browser_of(cast.bob).get(train, headers=HTMX).content.decode())
    assert "It starts when “Label the images” finishes." in panel
    link_items(cast.bob, LinkDraft("reading/TRAIN", "reading/LABEL", "FS", 2), AT)
    panel = unescape(browser_of(cast.bob).get(train, headers=HTMX).content.decode())
    assert "It starts 2 working days after “Label the images” finishes." in panel


def test_an_item_without_an_estimate_has_no_why(cast: Cast) -> None:
    edit_item(cast.bob, ("reading", "LABEL"), {"estimate": ""}, AT)
    panel = browser_of(cast.bob).get(f"{LABEL}links/", headers=HTMX).content.decode()
    assert "Why here?" not in panel
    assert "holds up" in panel


def test_a_predecessor_is_added_by_a_part_of_its_name_and_taken_back(cast: Cast) -> None:
    status, text = add(cast, DONE, predecessor="label", kind="SS", lag="50", lag_unit="percent")
    assert status == 200
    assert links() == BEFORE | {("LABEL", "DONE", "SS", 50.0, "percent")}
    assert "Handover waits for Label the images now (SS +50%)." in text
    undo(browser_of(cast.bob), text)
    assert links() == BEFORE


def test_a_successor_is_added_from_the_other_end(cast: Cast) -> None:
    status, _ = add(cast, LABEL, direction="holds", predecessor="DONE", lag="-1", kind="FF")
    assert status == 200
    assert links() == BEFORE | {("LABEL", "DONE", "FF", -1.0, "working")}


def test_a_new_lag_is_undone_to_the_old_one(cast: Cast) -> None:
    link_items(cast.bob, LinkDraft("reading/DONE", "reading/TRAIN", "FS", 3, "elapsed"), AT)
    _, text = add(cast, DONE, predecessor="TRAIN", lag="5")
    assert ("TRAIN", "DONE", "FS", 5.0, "working") in links()
    undo(browser_of(cast.bob), text)
    assert ("TRAIN", "DONE", "FS", 3.0, "elapsed") in links()


@pytest.mark.parametrize("end", ["waits", "holds"])
def test_a_link_is_taken_away_from_either_end_and_put_back(cast: Cast, end: str) -> None:
    page = DONE if end == "waits" else f"{PAGES.project}items/TRAIN/"
    sent = {"predecessor": "reading/TRAIN", "kind": "FS"}
    if end == "holds":
        sent["successor"] = "reading/DONE"
    bob = browser_of(cast.bob)
    text = bob.post(f"{page}links/remove/", sent, headers=HTMX).content.decode()
    assert links() == {("LABEL", "TRAIN", "FS", 0.0, "working")}
    assert "Handover no longer waits for Train and compare." in text
    undo(bob, text)
    assert links() == BEFORE


def test_a_circle_is_refused_on_the_form_with_what_was_typed(cast: Cast) -> None:
    status, text = add(cast, LABEL, predecessor="reading/DONE", lag="2")
    assert status == 422
    assert links() == BEFORE
    error = re.search(r'class="error"[^>]*>.*?</p>', text, re.DOTALL)
    assert error is not None
    assert "reading/LABEL" in error[0]
    assert "reading/DONE" in error[0]
    assert 'value="reading/DONE"' in text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"predecessor": "zebra"}, "zebra"),
        ({"predecessor": ""}, "is empty"),
        ({"predecessor": "TRAIN", "lag": "soon"}, "lag"),
        ({"predecessor": "TRAIN", "kind": "XX"}, "XX"),
        ({"predecessor": "LABEL", "lag": "1e9"}, "lag"),
        ({"predecessor": "DONE"}, "link items of one program"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    cast: Cast, sent: dict[str, str], said: str
) -> None:
    status, text = add(cast, DONE, **sent)
    assert status == 422
    assert said in unescape(text)
    assert links() == BEFORE


def test_a_panel_that_grew_old_is_told_so(cast: Cast) -> None:
    edit_item(cast.mia, ("reading", "DONE"), {"name": "Hand it over"}, AT)
    status, _ = add(cast, DONE, predecessor="label", version="1")
    assert status == 409
    assert links() == BEFORE


def test_both_rows_of_the_chart_learn_of_a_new_link(cast: Cast) -> None:
    _, text = add(cast, DONE, predecessor="label")
    news = {
        one["key"]: one
        for one in map(json.loads, re.findall(r"data-row-news[^>]*>(.*?)</script>", text))
    }
    assert json.loads(news["reading/LABEL"]["holds"]) == [
        ["reading/DONE", "FS"],
        ["reading/TRAIN", "FS"],
    ]
    assert "waits for Label the images, Train and compare" in news["reading/DONE"]["said"]


def test_the_search_offers_what_fits(cast: Cast) -> None:
    answer = browser_of(cast.bob).get(f"{PAGES.plan}find/", {"predecessor": "tra"})
    assert '<option value="reading/TRAIN">Train and compare</option>' in answer.content.decode()


def test_who_may_only_look_sees_the_links_without_the_form(cast: Cast) -> None:
    vera = browser_of(cast.vera)
    panel = vera.get(f"{DONE}links/", headers=HTMX).content.decode()
    assert "waits for" in panel
    assert "<form" not in panel
    assert vera.post(f"{DONE}links/add/", {"predecessor": "LABEL"}).status_code == 403


def test_without_a_script_the_page_comes_back_with_the_news(cast: Cast) -> None:
    bob = browser_of(cast.bob)
    sent = {"direction": "waits", "predecessor": "label", "kind": "FS"}
    answer = bob.post(f"{DONE}links/add/", sent, follow=True)
    assert "Handover waits for Label the images now (FS)." in answer.content.decode()
