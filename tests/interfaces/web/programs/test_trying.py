"""The pages of scenarios: try things, set them side by side, apply one, take it back."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast
from tests.doors import browser_of
from tests.interfaces.web.programs.world import PAGES, a_running_program

from headway.domain.plans.actions import edit_item, set_decision, set_scenario
from headway.domain.plans.models import Scenario, WorkItem

ALL = f"{PAGES.program}scenarios/"
ONE = f"{ALL}two-teams/"
COMPARE = f"{PAGES.program}compare-scenarios/"
FASTER = {"item": "reading/LABEL", "field": "estimate", "now": [8, 10, 15]}


def tried(cast: Cast, key: str = "two-teams", *changes: dict[str, Any]) -> None:
    values = {"name": key.replace("-", " ").capitalize(), "changes": list(changes or [FASTER])}
    set_scenario(cast.mia, "control", key, values, AT)


@pytest.mark.django_db
class TestTrying:
    def test_it_is_written_tried_applied_and_taken_back_on_the_pages(self, cast: Cast) -> None:
        a_running_program(cast)
        mia = browser_of(cast.mia)
        assert "Nothing is tried" in mia.get(ALL).content.decode()
        new = {"name": "Two teams", "words": "More meetings."}
        assert mia.post(f"{PAGES.program}new-scenario/", new).status_code == 302
        change = {"what": "item estimate", "thing": "reading/LABEL", "now": "8/10/15"}
        assert mia.post(f"{ONE}new-change/", change).status_code == 302
        page = mia.get(ONE).content.decode()
        assert "Label the images: estimate becomes 8/10/15 days" in page
        assert "earlier than the plan at P80" in page
        assert "engineer" in page
        assert "Two teams" in mia.get(ALL).content.decode()
        assert mia.post(f"{ONE}apply/", {"version": "2"}).status_code == 302
        assert WorkItem.objects.get(key="LABEL").estimate == [8, 10, 15]
        assert "is applied" in mia.get(ONE).content.decode()
        assert mia.post(f"{ONE}undo/").status_code == 302
        assert WorkItem.objects.get(key="LABEL").estimate == [20, 30, 60]

    @pytest.mark.parametrize(
        ("sent", "change"),
        [
            ({"what": "drop", "thing": "reading/DONE"}, {"drop": "reading/DONE"}),
            (
                {"what": "link", "thing": "reading/DONE", "other": "reading/LABEL"},
                {
                    "link": "reading/DONE",
                    "after": "reading/LABEL",
                    "kind": "FS",
                    "lag": 0,
                    "lag_unit": "working",
                },
            ),
            (
                {"what": "unlink", "thing": "reading/TRAIN", "other": "reading/LABEL"},
                {"unlink": "reading/TRAIN", "after": "reading/LABEL"},
            ),
            (
                {"what": "need", "thing": "reading/LABEL", "other": "engineer", "now": "2"},
                {"need": "reading/LABEL", "resource": "engineer", "units": 2},
            ),
            (
                {"what": "resource capacity", "thing": "engineer", "now": "4"},
                {"resource": "engineer", "field": "capacity", "now": 4},
            ),
            (
                {"what": "risk dropped", "thing": "R1"},
                {"risk": "R1", "field": "state", "now": "closed"},
            ),
            (
                {"what": "program target", "now": "2027-03-01"},
                {"program": "target", "now": "2027-03-01"},
            ),
            (
                {"what": "item cost_minor", "thing": "reading/LABEL", "now": "1,250.50"},
                {"item": "reading/LABEL", "field": "cost_minor", "now": 125_050},
            ),
        ],
    )
    def test_every_sort_of_change_has_its_row_in_the_form(
        self, cast: Cast, sent: dict[str, str], change: dict[str, object]
    ) -> None:
        a_running_program(cast)
        set_scenario(cast.mia, "control", "two-teams", {"name": "Two teams"}, AT)
        answer = browser_of(cast.mia).post(f"{ONE}new-change/", sent)
        assert answer.status_code == 302, answer.content.decode()
        assert Scenario.objects.get().overrides[0]["change"] == change

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"what": "item estimate", "thing": "reading/LABL", "now": "3"}, "reading/LABEL"),
            ({"what": "item estimate", "thing": "reading/LABEL"}, "Say what it becomes"),
            ({"what": "item estimate", "now": "3"}, "Say of what"),
            ({"what": "link", "thing": "reading/DONE"}, "Name the other item"),
            ({"what": "program budget", "now": "much"}, "amount"),
            ({"what": "hope", "now": "3"}, "hope"),
        ],
    )
    def test_what_cannot_be_tried_is_said_beside_its_field(
        self, cast: Cast, sent: dict[str, str], said: str
    ) -> None:
        a_running_program(cast)
        set_scenario(cast.mia, "control", "two-teams", {"name": "Two teams"}, AT)
        answer = browser_of(cast.mia).post(f"{ONE}new-change/", sent)
        assert answer.status_code == 422
        assert said in answer.content.decode()

    def test_a_change_is_let_go(self, cast: Cast) -> None:
        a_running_program(cast)
        tried(cast, "two-teams", FASTER, {"drop": "reading/DONE"})
        mia = browser_of(cast.mia)
        assert mia.post(f"{ONE}drop-change/", {"place": "0"}).status_code == 302
        assert [one["change"] for one in Scenario.objects.get().overrides] == [
            {"drop": "reading/DONE"}
        ]
        assert mia.post(f"{ONE}drop-change/", {"place": "7"}).status_code == 409
        assert mia.post(f"{ONE}drop-change/", {"place": "²"}).status_code == 409

    def test_an_option_of_a_decision_is_tried(self, cast: Cast) -> None:
        a_running_program(cast)
        option = {"key": "second", "name": "A second team", "changes": [FASTER]}
        asked = {"question": "Two teams?", "options": [option]}
        set_decision(cast.mia, "control", "teams", asked, AT)
        mia = browser_of(cast.mia)
        decision = f"{PAGES.program}decisions/teams/"
        assert "Try as a scenario" in mia.get(decision).content.decode()
        answer = mia.post(f"{decision}try/", {"option": "second"})
        assert answer["Location"] == f"{ALL}second/"
        assert "An answer to “Two teams?”" in mia.get(f"{ALL}second/").content.decode()

    def test_a_what_if_of_the_forecast_page_is_kept(self, cast: Cast) -> None:
        a_running_program(cast)
        mia = browser_of(cast.mia)
        page = mia.get(f"{PAGES.program}forecast/?without=R1").content.decode()
        assert "Keep as a scenario" in page
        answer = mia.post(f"{PAGES.program}keep-what-if/", {"without": "R1"})
        kept = Scenario.objects.get()
        assert answer["Location"] == f"{ALL}{kept.key}/"
        assert kept.name == "Without Labels come late"
        assert kept.overrides[0]["change"] == {"risk": "R1", "field": "state", "now": "closed"}
        assert mia.post(f"{PAGES.program}keep-what-if/", {"without": "R9"}).status_code == 400

    def test_what_moved_under_it_is_shown_and_kept(self, cast: Cast) -> None:
        a_running_program(cast)
        tried(cast)
        edit_item(cast.bob, ("reading", "LABEL"), {"estimate": [25, 35, 65]}, AT)
        mia = browser_of(cast.mia)
        page = mia.get(ONE).content.decode()
        assert "The plan moved: it was 20/30/60" in page
        assert "Apply all the same" in page
        assert mia.post(f"{ONE}apply/").status_code == 409
        assert mia.post(f"{ONE}accept/").status_code == 302
        assert "Apply to the plan" in mia.get(ONE).content.decode()

    def test_thrown_away_it_comes_back_by_undo(self, cast: Cast) -> None:
        a_running_program(cast)
        tried(cast)
        mia = browser_of(cast.mia)
        assert mia.post(f"{ONE}throw-away/").status_code == 302
        assert f'action="{ONE}bring-back/"' in mia.get(ALL).content.decode()
        assert mia.post(f"{ONE}bring-back/").status_code == 302
        assert Scenario.objects.get().state == "open"

    def test_who_looks_sees_no_button(self, cast: Cast) -> None:
        a_running_program(cast)
        tried(cast)
        vera = browser_of(cast.vera)
        page = vera.get(ONE).content.decode()
        assert "Two teams" in page
        assert "Apply" not in page
        assert vera.post(f"{ONE}apply/").status_code == 403


@pytest.mark.django_db
class TestSideBySide:
    def test_a_table_and_the_curves_over_each_other(self, cast: Cast) -> None:
        a_running_program(cast)
        tried(cast)
        tried(cast, "no-handover", {"drop": "reading/DONE"})
        page = browser_of(cast.vera).get(f"{COMPARE}?with=two-teams&with=no-handover")
        text = page.content.decode()
        assert page.status_code == 200
        assert "lands first at P80" in text
        assert "<svg" in text
        assert "equal: under two standard errors" in text
        assert "Label the images → Train and compare" in text

    def test_without_a_choice_the_first_three_are_compared(self, cast: Cast) -> None:
        a_running_program(cast)
        mia = browser_of(cast.mia)
        assert "There is nothing to compare" in mia.get(COMPARE).content.decode()
        tried(cast)
        assert "Two teams" in mia.get(COMPARE).content.decode()
        assert mia.get(f"{COMPARE}?with=nobody").status_code == 404
        many = "&".join(f"with=s{number}" for number in range(5))
        assert mia.get(f"{COMPARE}?{many}").status_code == 422

    def test_a_plan_that_moved_is_said_and_worked_out_again(self, cast: Cast) -> None:
        a_running_program(cast)
        tried(cast)
        edit_item(cast.bob, ("reading", "TRAIN"), {"estimate": [25, 35, 65]}, AT)
        mia = browser_of(cast.mia)
        here = f"{COMPARE}?with=two-teams"
        assert "The plan changed since these were worked out" in mia.get(here).content.decode()
        assert mia.post(f"{PAGES.program}weigh-scenarios/", {"next": here})["Location"] == here
        assert "The plan changed since these" not in mia.get(here).content.decode()

    def test_pages_take_as_many_queries_for_many_as_for_one(self, cast: Cast) -> None:
        a_running_program(cast)
        tried(cast)
        mia = browser_of(cast.mia)
        pages = (ALL, ONE, COMPARE)
        for page in pages:
            mia.get(page)
        before = [_queries(mia, page) for page in pages]
        for number in range(3):
            tried(cast, f"more-{number}")
        assert [_queries(mia, page) for page in pages] == before
        assert max(before) <= 60


def _queries(mia: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as found:
        mia.get(page)
    return len(found)
