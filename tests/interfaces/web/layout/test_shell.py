"""Claims about the frame of a page: navigation, as-of, crumbs, sorting."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.interfaces.web.layout.pieces import drawn, words

from headway.interfaces.web.layout.shell import Shell, current_place, keep_at, known_places

PLACES = known_places(
    {"programs": "/w/a/programs/", "home": "/w/a/", "settings": "/w/a/settings/"},
    also={"programs": ("/w/a/projects/",)},
)


def test_only_places_that_exist_are_shown_in_the_products_order() -> None:
    assert [place.key for place in PLACES] == ["home", "programs", "settings"]


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/w/a/", "home"),
        ("/w/a/programs/x/plan", "programs"),
        ("/w/a/projects/y", "programs"),
        ("/w/a/unlisted", "home"),
        ("/accounts/login/", ""),
    ],
)
def test_the_current_place_is_the_one_that_covers_most_of_the_path(path: str, key: str) -> None:
    assert current_place(PLACES, path) == key


def test_the_current_place_is_marked_for_a_screen_reader() -> None:
    shell = Shell("Acme", places=PLACES)
    shown = drawn('{% include "layout/_navigation.html" %}', "/w/a/programs/", shell)
    assert shown.count('aria-current="page"') == 1


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("/w/a/", "/w/a/?at=2026-11-16"),
        ("/w/a/?q=x", "/w/a/?q=x&at=2026-11-16"),
        ("/w/a/#part", "/w/a/?at=2026-11-16#part"),
        ("/w/a/?at=2026-01-01", "/w/a/?at=2026-01-01"),
        ("#part", "#part"),
        ("https://example.org/", "https://example.org/"),
        ("//example.org/", "//example.org/"),
    ],
)
def test_links_keep_the_day_one_looks_from(href: str, kept: str) -> None:
    assert keep_at(href, "2026-11-16") == kept


def test_now_adds_nothing_to_a_link() -> None:
    assert keep_at("/w/a/", "") == "/w/a/"


def test_the_as_of_form_keeps_the_filters_and_drops_the_cursor() -> None:
    shown = drawn('{% include "layout/_as_of.html" %}', "/w/a/?q=x&q=y&cursor=z&at=2026-11-16")
    assert shown.count('type="hidden" name="q"') == 2
    assert "cursor" not in shown
    assert 'href="/w/a/?q=x&amp;q=y"' in shown


def test_looking_back_is_announced() -> None:
    shell = Shell(at=datetime(2026, 11, 16, tzinfo=UTC))
    shown = drawn('{% include "layout/_as_of_banner.html" %}', "/?at=2026-11-16", shell)
    assert words(shown).startswith("As of 16 Nov 2026: you see what was known then.")


def test_pinned_sample_data_offers_no_way_to_now() -> None:
    shell = Shell(at=datetime(2026, 11, 23, tzinfo=UTC), pinned=True)
    shown = words(drawn('{% include "layout/_as_of_banner.html" %}', "/", shell))
    assert "Sample data" in shown
    assert "Back to now" not in shown


@pytest.mark.parametrize(
    ("query", "order", "link"),
    [
        ("", "", "?sort=cost"),
        ("?sort=cost&cursor=x", "ascending", "?sort=-cost"),
        ("?sort=-cost", "descending", "?sort=cost"),
        ("?q=a", "", "?q=a&amp;sort=cost"),
    ],
)
def test_a_column_sorts_by_its_link(query: str, order: str, link: str) -> None:
    shown = drawn('{% sort_header "Cost" "cost" %}', f"/{query}")
    assert f'href="{link}"' in shown
    assert (f'aria-sort="{order}"' in shown) == bool(order)


def test_a_tab_is_current_on_its_own_path_only() -> None:
    assert "aria-current" in drawn('{% tab "Plan" "/p/plan" %}', "/p/plan?sort=x")
    assert "aria-current" not in drawn('{% tab "Plan" "/p/plan" %}', "/p")


def test_the_last_crumb_is_the_page_and_no_link() -> None:
    assert "<a" not in drawn('{% crumb "Plan" %}')
