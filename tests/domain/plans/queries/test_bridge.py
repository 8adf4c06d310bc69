"""Why a program's forecast moved: from the plans of two days, as anybody who may look sees it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.finance.actions import set_budget_line
from headway.domain.people.actions import set_resource
from headway.domain.people.actions.staffing import set_opening
from headway.domain.plans.actions import add_item, edit_item, make_forecast, set_need
from headway.domain.plans.queries import odds_bridge, plan_value
from headway.domain.plans.rules import OddsBridge
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named
from headway.domain.progress.queries.budget_page import budget_page
from headway.errors import Conflict, Invalid, Refused

WEEK = timedelta(days=7)
SOON = timedelta(hours=1)


def a_plan(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud", "slug": "fraud", "target": "2027-06-30"}, AT)
    create_project(cast.mia, "fraud", {"name": "Scores", "slug": "scores"}, AT)
    fields = {"name": "Train", "estimate": [20, 30, 80], "not_before": "2027-01-04"}
    add_item(cast.bob, "scores", "a", fields, AT)


def bridged(cast: Cast) -> OddsBridge:
    return odds_bridge(
        cast.vera, program_named(cast.vera, "fraud"), AT + SOON, AT + WEEK, trials=200
    )


@pytest.mark.django_db
class TestTheBridge:
    def test_a_quiet_week_has_no_cause_that_moves(self, cast: Cast) -> None:
        a_plan(cast)
        told = bridged(cast)
        assert told.then == told.now
        assert all(not line.days_p80 for line in told.lines)

    def test_one_changed_estimate_is_alone_to_blame(self, cast: Cast) -> None:
        a_plan(cast)
        later = AT + timedelta(days=1)
        edit_item(cast.bob, ("scores", "a"), {"estimate": [40, 60, 160]}, later)
        told = bridged(cast)
        moving = [line for line in told.lines if line.days_p80 and line.cause != "rounding"]
        assert [line.cause for line in moving] == ["estimates"]
        assert "Train" in moving[0].sentence
        ends = told.now.finish_p80, told.then.finish_p80
        assert ends[0] is not None
        assert ends[1] is not None
        assert sum(line.days_p80 or 0 for line in told.lines) == (ends[0] - ends[1]).days

    def test_a_hire_who_comes_later_moves_the_work_and_the_money_and_is_named(
        self, cast: Cast
    ) -> None:
        a_plan(cast)
        program = program_named(cast.vera, "fraud")
        own = {"category": "people", "amount": "400000", "phasing": "even 2027-01 2027-06"}
        set_budget_line(cast.mia, "fraud", "own", own, AT)
        wanted = {"role": "ML engineer", "lead": "50/75/120", "items": "scores/a"}
        made = set_opening(cast.mia, "mle-2", wanted, AT, program="fraud")
        assert made.paid == "apart", "no rate of the plan pays them"
        day = AT.date()
        before = budget_page(cast.vera, program, day).standing
        assert before.hiring > 20_000
        set_budget_line(cast.mia, "fraud", "own", {"covers": "mle-2"}, AT)
        assert budget_page(cast.vera, program, day).standing.hiring == 0
        with pytest.raises(Conflict, match="covered by the line 'own'"):
            set_budget_line(cast.mia, "fraud", "more", {**own, "covers": "mle-2"}, AT)
        later = AT + timedelta(days=1)
        set_opening(cast.mia, "mle-2", {"lead": "90/115/160"}, later)
        told = bridged(cast)
        (line,) = [one for one in told.lines if one.days_p80 and one.cause != "rounding"]
        assert line.cause == "resources"
        assert "The opening mle-2 (ML engineer): lead time 50/75/120" in line.sentence
        assert line.days_p80 is not None
        assert line.money_p80 is not None
        assert line.days_p80 > 20
        assert line.money_p80 < -10_000
        assert budget_page(cast.vera, program, day).standing.hiring < -10_000
        set_opening(cast.mia, "mle-2", {"state": "filled", "filled_on": "2027-01-04"}, later)
        assert budget_page(cast.vera, program, day).standing.openings == []

    def test_work_whose_role_nobody_has_waits_for_the_first_who_comes(self, cast: Cast) -> None:
        a_plan(cast)
        set_resource(cast.mia, "fraud", "ML engineer", {"capacity": 0, "rate": "80"}, AT)
        set_need(cast.mia, "scores/a", "ML engineer", 1, AT)
        wanted = {"role": "ML engineer", "resource": "ML engineer", "lead": "50/75/120"}
        for key, lead in (("late", "90/95/99"), ("soon", "50/75/120")):
            set_opening(cast.mia, key, {**wanted, "lead": lead}, AT, program="fraud")
        program = program_named(cast.vera, "fraud")
        (waited,) = plan_value(cast.vera, program).openings
        assert (waited.id, waited.items, waited.yearly) == ("opening soon", ("scores/a",), 0)

    def test_a_forecast_keeps_its_bridge(self, cast: Cast) -> None:
        a_plan(cast)
        make_forecast(cast.bob, "fraud", AT + SOON, trials=200)
        edit_item(cast.bob, ("scores", "a"), {"estimate": [40, 60, 160]}, AT + timedelta(days=1))
        made = make_forecast(cast.bob, "fraud", AT + WEEK, trials=200)
        assert made is not None
        assert list(made.news.bridge) == list(bridged(cast).lines)

    def test_its_ends_are_the_stored_forecasts(self, cast: Cast) -> None:
        a_plan(cast)
        first = make_forecast(cast.bob, "fraud", AT + SOON, trials=200)
        edit_item(cast.bob, ("scores", "a"), {"estimate": [4, 6, 16]}, AT + timedelta(days=1))
        last = make_forecast(cast.bob, "fraud", AT + WEEK, trials=200)
        told = bridged(cast)
        assert first is not None
        assert last is not None
        assert (told.then.finish_p80, told.then.p_on_time) == (first.finish("p80"), first.p_on_time)
        assert (told.now.finish_p80, told.now.p_on_time) == (last.finish("p80"), last.p_on_time)

    def test_before_the_program_there_is_nothing(self, cast: Cast) -> None:
        a_plan(cast)
        program = program_named(cast.vera, "fraud")
        told = odds_bridge(cast.vera, program, AT - WEEK, AT + WEEK, trials=200)
        assert "younger" in told.problem
        assert told.lines == ()

    def test_a_plan_without_work_is_said(self, cast: Cast) -> None:
        create_program(cast.mia, {"name": "Fraud", "slug": "fraud"}, AT)
        assert "Nothing was planned" in bridged(cast).problem

    def test_an_item_without_an_estimate_is_said(self, cast: Cast) -> None:
        a_plan(cast)
        add_item(cast.bob, "scores", "b", {"name": "Unknown"}, AT + timedelta(days=1))
        assert "b" in bridged(cast).problem

    def test_a_bridge_to_the_past_is_refused(self, cast: Cast) -> None:
        a_plan(cast)
        program = program_named(cast.vera, "fraud")
        with pytest.raises(Invalid, match="name a day before"):
            odds_bridge(cast.vera, program, AT + WEEK, AT)

    def test_who_may_not_look_gets_no_bridge(self, cast: Cast) -> None:
        a_plan(cast)
        with pytest.raises(Refused):
            odds_bridge(cast.vic, program_named(cast.vera, "fraud"), AT + SOON, AT + WEEK)
