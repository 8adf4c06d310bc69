"""Why a program's forecast moved: from the plans of two days, as anybody who may look sees it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.plans.actions import add_item, edit_item, make_forecast
from headway.domain.plans.queries import odds_bridge
from headway.domain.plans.rules import OddsBridge
from headway.domain.programs.actions import create_program, create_project
from headway.domain.programs.queries import program_named
from headway.errors import Invalid, Refused

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
