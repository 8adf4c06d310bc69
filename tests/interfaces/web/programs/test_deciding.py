"""The pages of decisions: ask, weigh, choose, and the forecast moves in front of one's eyes."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast
from tests.doors import browser_of
from tests.interfaces.web.programs.world import PAGES, a_running_program

from headway.domain.plans.actions import set_decision
from headway.domain.plans.models import Decision, DecisionOutlook, Forecast
from headway.domain.plans.queries import latest_forecast
from headway.domain.programs.queries import program_named

ALL = f"{PAGES.program}decisions/"
ONE = f"{ALL}vendor/"
OPTION = {
    "key": "second",
    "name": "A second team",
    "changes": [{"item": "reading/LABEL", "field": "estimate", "now": [8, 10, 15]}],
}
ASKED = {"question": "Label with two teams?", "options": [OPTION], "recommended": "second"}


@pytest.mark.django_db
class TestAsking:
    def test_a_question_is_asked_weighed_and_chosen_without_leaving_the_pages(
        self, cast: Cast
    ) -> None:
        a_running_program(cast)
        mia = browser_of(cast.mia)
        asked = {"key": "vendor", "question": "Label with two teams?", "owner": "Ines"}
        assert mia.post(f"{PAGES.program}new-decision/", asked).status_code == 302
        option = {
            "name": "A second team",
            "item_1": "reading/LABEL",
            "what_1": "estimate",
            "now_1": "8/10/15",
            "what_2": "remaining",
            "what_3": "remaining",
        }
        assert mia.post(f"{ONE}new-option/", option).status_code == 302
        page = mia.get(ONE).content.decode()
        assert "Label the images: estimate becomes 8/10/15 days" in page
        before = latest_forecast(cast.mia, program_named(cast.mia, "control"))
        taken = mia.post(f"{ONE}take/", {"option": "a-second-team", "reason": "Labels are late."})
        assert taken.status_code == 302
        after = latest_forecast(cast.mia, program_named(cast.mia, "control"))
        assert before is not None
        assert after is not None
        assert (after.finish("p80") or AT.date()) < (before.finish("p80") or AT.date())
        page = mia.get(ONE).content.decode()
        assert "Labels are late." in page
        assert "Decided" in page
        assert "Choose<" not in page

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"item_1": "reading/LABL", "what_1": "remaining", "now_1": "3"}, "reading/LABEL"),
            ({"item_1": "reading/LABEL", "what_1": "remaining", "now_1": ""}, "becomes"),
            ({"item_1": "reading/LABEL", "what_1": "not_before", "now_1": "soon"}, "2026-03-15"),
            ({"item_1": "reading/LABEL", "what_1": "cost_minor", "now_1": "much"}, "amount"),
        ],
    )
    def test_an_option_that_cannot_be_weighed_is_said_beside_its_field(
        self, cast: Cast, sent: dict[str, str], said: str
    ) -> None:
        a_running_program(cast)
        set_decision(cast.mia, "control", "vendor", {"question": "Vendor B?"}, AT)
        more = {"name": "Odd", "what_2": "drop", "what_3": "drop"}
        response = browser_of(cast.mia).post(f"{ONE}new-option/", {**more, **sent})
        assert response.status_code == 422
        assert said in response.content.decode()
        assert Decision.objects.get().options == []

    def test_money_is_typed_in_the_programs_currency(self, cast: Cast) -> None:
        a_running_program(cast)
        set_decision(cast.mia, "control", "vendor", {"question": "Vendor B?"}, AT)
        sent = {
            "name": "Pay",
            "item_1": "reading/LABEL",
            "what_1": "cost_minor",
            "now_1": "1,250.50",
        }
        sent |= {"what_2": "drop", "what_3": "drop"}
        assert browser_of(cast.mia).post(f"{ONE}new-option/", sent).status_code == 302
        assert Decision.objects.get().options[0]["changes"][0]["now"] == 125_050

    def test_a_key_is_taken_once(self, cast: Cast) -> None:
        a_running_program(cast)
        set_decision(cast.mia, "control", "vendor", {"question": "Vendor B?"}, AT)
        sent = {"key": "vendor", "question": "Again?"}
        response = browser_of(cast.mia).post(f"{PAGES.program}new-decision/", sent)
        assert response.status_code == 409
        assert Decision.objects.get().question == "Vendor B?"


@pytest.mark.django_db
class TestReading:
    def test_home_says_which_decisions_wait_and_what_each_option_does(self, cast: Cast) -> None:
        a_running_program(cast)
        set_decision(cast.mia, "control", "vendor", {**ASKED, "due": "2026-10-01"}, AT)
        page = browser_of(cast.mia).get(PAGES.home).content.decode()
        assert "1 decision waits for an answer" in page
        assert "Label with two teams?" in page
        assert "overdue" in page

    def test_a_plan_that_cannot_be_simulated_is_told_on_the_page_and_on_home(
        self, cast: Cast
    ) -> None:
        a_running_program(cast)
        set_decision(cast.mia, "control", "vendor", ASKED, AT)
        outlook = DecisionOutlook.objects.get()
        outlook.answer = {"at": AT.isoformat(), "problem": "Cannot forecast: a circle."}
        outlook.save()
        mia = browser_of(cast.mia)
        page = mia.get(ONE).content.decode()
        assert "Cannot forecast: a circle." in page
        assert "A second team" in page
        assert mia.get(PAGES.home).status_code == 200

    def test_who_only_looks_sees_the_options_and_no_button(self, cast: Cast) -> None:
        a_running_program(cast)
        set_decision(cast.mia, "control", "vendor", ASKED, AT)
        page = browser_of(cast.vera).get(ONE).content.decode()
        assert "A second team" in page
        assert "Choose<" not in page
        assert "Add an option" not in page

    def test_without_any_the_page_says_what_a_decision_is(self, cast: Cast) -> None:
        a_running_program(cast)
        assert "A decision is a question" in browser_of(cast.vera).get(ALL).content.decode()

    def test_the_pages_ask_the_database_as_often_for_many_as_for_one(self, cast: Cast) -> None:
        a_running_program(cast)
        set_decision(cast.mia, "control", "vendor", ASKED, AT)
        mia = browser_of(cast.mia)
        mia.get(ALL)
        with CaptureQueriesContext(connection) as one:
            mia.get(ALL)
        for number in range(5):
            set_decision(cast.mia, "control", f"d{number}", ASKED, AT)
        with CaptureQueriesContext(connection) as many:
            mia.get(ALL)
        assert len(many) == len(one) <= 40


@pytest.mark.django_db
class TestLeaving:
    def test_withdrawn_and_opened_again_it_stays_in_the_list(self, cast: Cast) -> None:
        a_running_program(cast)
        set_decision(cast.mia, "control", "vendor", ASKED, AT)
        mia = browser_of(cast.mia)
        assert mia.post(f"{ONE}withdraw/").status_code == 302
        assert "withdrawn" in mia.get(ALL).content.decode()
        assert mia.post(f"{ONE}reopen/").status_code == 302
        assert Decision.objects.get().state == "open"

    def test_a_stale_button_is_refused_and_the_plan_stays(self, cast: Cast) -> None:
        a_running_program(cast)
        set_decision(cast.mia, "control", "vendor", ASKED, AT)
        before = Forecast.objects.count()
        response = browser_of(cast.mia).post(f"{ONE}take/", {"option": "second", "version": "9"})
        assert response.status_code == 409
        assert Forecast.objects.count() == before
        assert Decision.objects.get().state == "open"
