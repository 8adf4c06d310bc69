"""The page of levelling: the answer first, then what moves; Apply, Undo and Clear."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast
from tests.domain.plans.actions.test_levelling import held, overbooked
from tests.doors import browser_of
from tests.interfaces.web.programs.world import PAGES, a_running_program

from headway.domain.plans.actions import add_item, edit_item, set_need
from headway.domain.plans.models import LevellingProposal
from headway.domain.plans.queries import latest_forecast
from headway.domain.programs.actions import create_program
from headway.domain.programs.queries import program_named

HERE = "/w/acme/programs/fraud/levelling/"
NEW = f"{HERE}new/"
FIRST = {"seconds": "0"}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: object) -> None:
    settings.HOME = tmp_path  # type: ignore[attr-defined]


def the_proposal() -> str:
    return f"{HERE}{LevellingProposal.objects.get().id}/"


@pytest.mark.django_db
class TestLevelling:
    def test_a_proposal_is_computed_applied_undone_and_cleared_on_one_page(
        self, cast: Cast
    ) -> None:
        overbooked(cast)
        bob = browser_of(cast.bob)
        assert "Is anybody asked for twice" in bob.get(HERE).content.decode()
        assert bob.post(NEW, FIRST).status_code == 302
        page = bob.get(HERE).content.decode()
        assert "Levelled finish" in page
        assert " instead of " in page
        assert "held back" in page
        assert "levelled in none." in page
        assert held(cast) == {}
        assert bob.post(f"{the_proposal()}apply/").status_code == 302
        (key,) = held(cast)
        item = bob.get(f"/w/acme/projects/scores/items/{key}/").content.decode()
        assert "Levelled start" in item
        page = bob.get(HERE).content.decode()
        assert "This levelling is applied" in page
        assert "Apply to the plan" not in page
        forecast = latest_forecast(cast.bob, program_named(cast.bob, "fraud"))
        assert forecast is not None
        assert bob.post(f"{the_proposal()}undo/").status_code == 302
        assert held(cast) == {}
        bob.post(f"{the_proposal()}apply/")
        assert bob.post(f"{HERE}clear/").status_code == 302
        assert held(cast) == {}

    def test_who_only_views_sees_the_answer_and_no_button(self, cast: Cast) -> None:
        overbooked(cast)
        browser_of(cast.bob).post(NEW, FIRST)
        page = browser_of(cast.vera).get(HERE).content.decode()
        assert "Levelled finish" in page
        assert "Apply to the plan" not in page
        assert "Compute" not in page

    def test_a_plan_that_changed_since_says_so_and_offers_no_apply(self, cast: Cast) -> None:
        overbooked(cast)
        bob = browser_of(cast.bob)
        bob.post(NEW, FIRST)
        edit_item(cast.bob, ("scores", "train"), {"estimate": [6, 6, 6]}, AT)
        page = bob.get(HERE).content.decode()
        assert "The plan changed since" in page
        assert "Apply to the plan" not in page

    def test_within_float_what_stays_is_listed_with_its_reason(self, cast: Cast) -> None:
        overbooked(cast)
        bob = browser_of(cast.bob)
        bob.post(NEW, {**FIRST, "smooth": "on", "resources": ["engineer"]})
        page = bob.get(HERE).content.decode()
        assert "no free capacity within float" in page
        assert "conflict" in page.split("</h1>")[1]

    def test_a_search_is_watched_and_stopped(self, cast: Cast) -> None:
        overbooked(cast)
        bob = browser_of(cast.bob)
        bob.post(NEW, {"seconds": "60", "smooth": "on"})
        assert "Searching for an earlier finish" in bob.get(HERE).content.decode()
        part = bob.get(the_proposal(), headers={"HX-Request": "true"})
        assert "Best so far" in part.content.decode()
        assert "HX-Refresh" not in part.headers
        ended = bob.post(f"{the_proposal()}cancel/", headers={"HX-Request": "true"})
        assert ended.headers["HX-Refresh"] == "true"
        assert bob.get(the_proposal()).status_code == 302
        assert "Searching" not in bob.get(HERE).content.decode()

    def test_a_question_that_cannot_be_answered_is_said_above_the_form(self, cast: Cast) -> None:
        overbooked(cast)
        bob = browser_of(cast.bob)
        assert bob.post(NEW, {"seconds": "7"}).status_code == 422
        assert bob.post(NEW, {**FIRST, "resources": ["gpu"]}).status_code == 422

    def test_empty_pages_teach(self, cast: Cast) -> None:
        create_program(cast.mia, {"name": "Fraud", "slug": "fraud"}, AT)
        page = browser_of(cast.bob).get(HERE).content.decode()
        assert "No resource is known yet" in page

    def test_the_page_asks_as_often_for_few_as_for_many(self, cast: Cast) -> None:
        overbooked(cast)
        bob = browser_of(cast.bob)
        bob.post(NEW, FIRST)
        bob.get(HERE)
        with CaptureQueriesContext(connection) as few:
            bob.get(HERE)
        for number in range(12):
            values = {"name": "More", "estimate": [3, 3, 3]}
            add_item(cast.bob, "scores", f"more-{number}", values, AT)
            set_need(cast.bob, f"scores/more-{number}", "engineer", 1, AT)
        bob.post(NEW, FIRST)
        with CaptureQueriesContext(connection) as many:
            bob.get(HERE)
        assert len(many) <= len(few) <= 48, len(few)

    def test_the_plan_and_the_forecast_lead_here(self, cast: Cast) -> None:
        a_running_program(cast)
        bob = browser_of(cast.bob)
        for page in (PAGES.plan, f"{PAGES.program}forecast/"):
            assert f"{PAGES.program}levelling/" in bob.get(page).content.decode()
        found = bob.get("/w/acme/palette/", {"q": "level"}).content.decode()
        assert f"{PAGES.program}levelling/" in found
