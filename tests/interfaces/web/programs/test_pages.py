from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.cast import AT, Cast
from tests.doors import browser_of
from tests.interfaces.web.programs.world import PAGES, a_running_program

from headway.domain.people.actions import set_resource
from headway.domain.plans.actions import edit_item, make_forecast
from headway.domain.plans.queries import latest_forecast
from headway.domain.programs.actions import create_program
from headway.domain.programs.queries import program_named
from headway.interfaces.web.programs.forecasting import milestone_lines


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.clock.now", lambda: AT + timedelta(hours=1))


def text_of(cast: Cast, address: str, status: int = 200) -> str:
    response = browser_of(cast.mia).get(address)
    assert response.status_code == status, response.content.decode()[:2_000]
    return response.content.decode().replace("\u00a0", " ")


def test_an_empty_portfolio_teaches_with_one_primary_action(cast: Cast) -> None:
    page = text_of(cast, PAGES.programs)
    assert page.split('class="empty"')[1].split("</main>")[0].count("button primary") == 1
    assert "Import a plan" in page


def test_a_viewer_of_an_empty_portfolio_is_not_offered_what_they_may_not_do(cast: Cast) -> None:
    page = browser_of(cast.vera).get(PAGES.programs).content.decode()
    assert "Import a plan" not in page


def test_the_portfolio_gives_both_dates_the_target_the_odds_and_the_money(cast: Cast) -> None:
    a_running_program(cast)
    page = text_of(cast, PAGES.programs)
    for words in ("Control", "1 Feb 2027", "USD 90.0 k", "health-dots"):
        assert words in page


def test_the_program_answers_in_its_first_line(cast: Cast) -> None:
    a_running_program(cast)
    page = text_of(cast, PAGES.program)
    answer = page.split('class="answer"')[1].split("</p>")[0]
    assert "Lands " in answer
    assert "at P50" in answer
    assert "target 1 Feb 2027" in answer
    assert "%" in answer


def test_every_dimension_says_its_rule_and_opens_its_records(cast: Cast) -> None:
    a_running_program(cast)
    page = text_of(cast, PAGES.program)
    assert page.count("Rule: ") == 6


def test_the_program_says_what_moved_since_last_week(cast: Cast) -> None:
    a_running_program(cast)
    edit_item(cast.bob, ("reading", "LABEL"), {"estimate": "30/40/70"}, AT)
    assert "20/30/60 days → 30/40/70 days" in text_of(cast, PAGES.program)


def test_the_forecast_says_why_it_moved_since_the_week_before(cast: Cast) -> None:
    a_running_program(cast)
    page = f"{PAGES.program}forecast/"
    assert "Why it moved" not in text_of(cast, page)
    later = AT + timedelta(days=7)
    edit_item(cast.bob, ("reading", "LABEL"), {"estimate": "40/60/120"}, later)
    make_forecast(cast.mia, "control", later, trials=500)
    table = text_of(cast, page).split("Why it moved since 23 Nov 2026")[1].split("</table>")[0]
    rows = [row.split(">")[1].split("<")[0] for row in table.split('<th scope="row"')[1:]]
    assert rows[0] == "Estimates changed"
    assert rows[-1] == "Together"
    assert "20/30/60 days → 40/60/120 days" in table


def test_milestones_stand_against_their_deadlines_and_open_their_item(cast: Cast) -> None:
    a_running_program(cast)
    table = text_of(cast, PAGES.program).split("Milestones against plan")[1].split("</table>")[0]
    assert "/w/acme/projects/reading/items/DONE/" in table
    assert "29 Jan 2027" in table
    forecast = latest_forecast(cast.mia, program_named(cast.mia, "control"))
    (line,) = milestone_lines(forecast)
    assert line.p80 is not None
    late = (line.p80 - date(2027, 1, 29)).days
    assert (f"{late} days late" if late > 0 else f"{-late} days in hand") in table
    assert "%" in table


def test_a_program_without_milestones_shows_no_empty_table_of_them(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Control"}, AT)
    assert "Milestones against plan" not in text_of(cast, PAGES.program)
    assert milestone_lines(None) == []


def test_a_program_as_of_last_week_knows_nothing_of_today(cast: Cast) -> None:
    a_running_program(cast)
    page = text_of(cast, f"{PAGES.program}?at=2026-11-16")
    assert "No forecast yet" in page
    assert "Forecast now" not in page


def test_a_plan_that_cannot_be_forecast_names_the_item(cast: Cast) -> None:
    a_running_program(cast)
    edit_item(cast.bob, ("reading", "TRAIN"), {"estimate": ""}, AT)
    make_forecast(cast.mia, "control", AT + timedelta(minutes=5))
    page = text_of(cast, PAGES.program)
    assert "The plan cannot be forecast" in page
    assert "TRAIN" in page


@pytest.mark.parametrize("tab", ["", "plan/", "forecast/"])
def test_every_part_of_a_program_also_answers_when_it_is_empty(cast: Cast, tab: str) -> None:
    create_program(cast.mia, {"name": "Control"}, AT)
    assert "No forecast yet" in text_of(cast, PAGES.program + tab)


@pytest.mark.parametrize("tab", ["plan/", "forecast/"])
def test_every_part_of_a_program_begins_with_the_same_answer(cast: Cast, tab: str) -> None:
    a_running_program(cast)
    assert "target 1 Feb 2027" in text_of(cast, PAGES.program + tab)


def test_the_resources_say_first_what_has_no_price(cast: Cast) -> None:
    a_running_program(cast)
    page = text_of(cast, f"{PAGES.program}resources/")
    assert "The work draws on" in page
    set_resource(cast.mia, "control", "reader", {"kind": "people", "capacity": 1}, AT)
    assert "reader costs nothing" in text_of(cast, f"{PAGES.program}resources/")


def test_a_promise_is_shown_with_what_was_measured_and_on_how_much(cast: Cast) -> None:
    a_running_program(cast)
    page = text_of(cast, PAGES.project)
    for words in ("≥ 0.970", "0.958", "0.940 to 0.970", "540", "Unmet"):
        assert words in page


def test_the_weakest_segment_comes_first(cast: Cast) -> None:
    a_running_program(cast)
    page = text_of(cast, PAGES.project)
    assert page.index("<td>digit=3") < page.index("<td>digit=8") < page.index("<td>digit=1")


def test_runs_are_sorted_by_a_metric_through_the_address(cast: Cast) -> None:
    a_running_program(cast)
    best_first = text_of(cast, f"{PAGES.project}runs/?sort=-recall")
    assert best_first.index("run 2") < best_first.index("run 0")
    worst_first = text_of(cast, f"{PAGES.project}runs/?sort=recall")
    assert worst_first.index("run 0") < worst_first.index("run 2")


def test_runs_of_a_status_that_none_has_say_so(cast: Cast) -> None:
    a_running_program(cast)
    assert "No run has this status" in text_of(cast, f"{PAGES.project}runs/?status=failed")


def test_a_program_of_that_name_already_is_said_on_the_form(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Control"}, AT)
    form = {"name": "Control", "currency": "USD"}
    response = browser_of(cast.mia).post("/w/acme/new-program/", form)
    assert response.status_code == 422
    assert "control" in response.content.decode()


def test_a_judgement_stands_beside_the_computed_status(cast: Cast) -> None:
    a_running_program(cast)
    form = {"dimension": "quality", "words": "The last batch is better", "level": "", "until": ""}
    response = browser_of(cast.mia).post(f"{PAGES.project}judge/", form)
    assert response.status_code == 302
    page = text_of(cast, PAGES.project)
    assert "The last batch is better" in page
    assert "Unmet" in page


def test_an_override_without_an_end_is_refused_on_the_form(cast: Cast) -> None:
    a_running_program(cast)
    form = {"dimension": "quality", "words": "Fine", "level": "good", "until": ""}
    response = browser_of(cast.mia).post(f"{PAGES.program}judge/", form)
    assert response.status_code == 422
    assert "until when" in response.content.decode()


def test_the_bridge_between_any_two_days_adds_up_to_the_dates_above_it(cast: Cast) -> None:
    """One changed estimate is the one cause, and the sum is the difference of the dates."""
    a_running_program(cast)
    longer = {"estimate": [40, 60, 90]}
    edit_item(cast.bob, ("reading", "TRAIN"), longer, AT + timedelta(minutes=30))
    page = text_of(cast, f"{PAGES.program}bridge/")
    assert "P80 moved from" in page
    days = [Decimal(one) for one in re.findall(r'Days at P80">([+-][\d.]+)<', page)]
    assert sum(days[:-1]) == days[-1] > 0
    moved = re.findall(r'<th scope="row">([^<]+)</th><td[^>]+>[+-](?!0\.00)[\d.]+<', page)
    # A week in which nothing was begun is progress, too: the other cause.
    told = [one for one in moved if "Rounding" not in one]
    assert told == ["Estimates changed", "Progress", "Together"]


def test_a_day_before_the_program_has_nothing_to_compare(cast: Cast) -> None:
    a_running_program(cast)
    page = text_of(cast, f"{PAGES.program}bridge/?since=2020-01-01")
    assert "There is nothing to compare." in page
    assert "there is nothing before" in page


@pytest.mark.parametrize("since", ["2999-01-01", "yesterday", ""])
def test_a_day_that_cannot_be_compared_with_is_refused_in_its_field(cast: Cast, since: str) -> None:
    a_running_program(cast)
    page = text_of(cast, f"{PAGES.program}bridge/?since={since}", 422)
    assert "Compare with the end of" in page
