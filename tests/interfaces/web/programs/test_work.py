from __future__ import annotations

from tests.cast import AT, Cast
from tests.doors import browser_of
from tests.interfaces.web.programs.world import PAGES, a_running_program

from headway.domain.plans.actions import edit_item
from headway.domain.plans.queries import item_named
from headway.domain.programs.queries import project_named

CELL = f"{PAGES.item}cell/estimate/"


def estimate(cast: Cast) -> list[float]:
    return item_named(cast.mia, project_named(cast.mia, "reading"), "LABEL").estimate


def test_a_cell_opens_as_a_form_that_holds_the_value_and_its_version(cast: Cast) -> None:
    a_running_program(cast)
    page = browser_of(cast.bob).get(f"{CELL}?edit=1").content.decode()
    assert 'value="20/30/60"' in page
    assert 'name="version" value="1"' in page


def test_saving_a_cell_answers_with_the_cell_and_a_way_back(cast: Cast) -> None:
    a_running_program(cast)
    browser = browser_of(cast.bob)
    page = browser.post(CELL, {"value": "10/20/30", "version": "1"}).content.decode()
    assert "10/20/30 days" in page
    assert estimate(cast) == [10, 20, 30]
    undo = page.split('class="toast')[1].split('action="')[1].split('"')[0]
    assert browser.post(undo).status_code == 302
    assert estimate(cast) == [20, 30, 60]


def test_a_stale_save_shows_both_values_and_changes_nothing(cast: Cast) -> None:
    a_running_program(cast)
    edit_item(cast.mia, ("reading", "LABEL"), {"estimate": "40/50/60"}, AT)
    response = browser_of(cast.bob).post(CELL, {"value": "10/20/30", "version": "1"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "10/20/30" in page
    assert "40" in page
    assert 'name="version" value="2"' in page
    assert estimate(cast) == [40, 50, 60]


def test_a_range_out_of_order_comes_back_with_what_was_typed(cast: Cast) -> None:
    a_running_program(cast)
    response = browser_of(cast.bob).post(CELL, {"value": "9/5/3", "version": "1"})
    assert response.status_code == 422
    assert "out of order" in response.content.decode()
    assert 'value="9/5/3"' in response.content.decode()


def test_who_may_only_look_gets_no_cell_to_edit(cast: Cast) -> None:
    a_running_program(cast)
    assert "cell/estimate" not in browser_of(cast.vera).get(PAGES.plan).content.decode()
    assert browser_of(cast.vera).get(CELL).status_code == 403


def test_the_past_is_not_edited(cast: Cast) -> None:
    a_running_program(cast)
    assert (
        "cell/estimate"
        not in browser_of(cast.bob).get(f"{PAGES.plan}?at=2026-11-10").content.decode()
    )


def test_the_filter_finds_by_word_and_keeps_it_in_the_address(cast: Cast) -> None:
    a_running_program(cast)
    page = browser_of(cast.bob).get(f"{PAGES.plan}?word=train").content.decode()
    assert "Train and compare" in page
    assert "Label the images" not in page


def test_an_item_is_added_from_the_form(cast: Cast) -> None:
    a_running_program(cast)
    form = {
        "project": "reading",
        "key": "SHIP",
        "name": "Ship it",
        "kind": "task",
        "estimate": "1/2/3",
    }
    assert browser_of(cast.bob).post(f"{PAGES.plan}add/", form).status_code == 302
    assert "Ship it" in browser_of(cast.bob).get(PAGES.plan).content.decode()


def test_a_key_that_is_taken_is_said_on_the_form(cast: Cast) -> None:
    a_running_program(cast)
    form = {"project": "reading", "key": "LABEL", "name": "Again", "kind": "task", "estimate": "1"}
    assert browser_of(cast.bob).post(f"{PAGES.plan}add/", form).status_code == 422


def test_a_removed_item_keeps_its_page_and_comes_back(cast: Cast) -> None:
    a_running_program(cast)
    browser = browser_of(cast.bob)
    assert browser.post(f"{PAGES.item}remove/").status_code == 302
    page = browser.get(PAGES.item).content.decode()
    assert "taken out of the plan" in page
    restore = page.split('action="')[-1].split('"')[0]
    assert restore.endswith("/")
    assert browser.post(restore).status_code == 302
    assert estimate(cast) == [20, 30, 60]


def test_undo_never_leads_to_another_site(cast: Cast) -> None:
    a_running_program(cast)
    browser = browser_of(cast.bob)
    page = browser.post(CELL, {"value": "10/20/30", "version": "1"}).content.decode()
    undo = page.split('class="toast')[1].split('action="')[1].split('"')[0]
    response = browser.post(undo, {"next": "https://evil.example/"})
    assert response["Location"].startswith("/w/acme/")


def test_the_page_of_an_item_says_why_its_dates_are_there(cast: Cast) -> None:
    a_running_program(cast)
    page = browser_of(cast.vera).get(PAGES.item.replace("LABEL", "TRAIN")).content.decode()
    assert "Why here?" in page
    assert "It starts when “Label the images” finishes." in page
    assert f'href="{PAGES.item}"' in page
    assert "It is critical" in page
