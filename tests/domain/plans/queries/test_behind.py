"""Whether a plan has changed since its forecast: by content, and cheaply."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import AT, Cast

from headway.domain.plans.actions import add_item, edit_item, make_forecast
from headway.domain.plans.queries import is_behind, is_current, latest_forecast, what_moved
from headway.domain.programs.actions import create_program, create_project, edit_program
from headway.domain.programs.queries import program_named
from headway.errors import NotFound, Refused

LATER = AT + timedelta(hours=1)


def a_forecast(cast: Cast) -> None:
    before = AT - timedelta(days=1)
    create_program(cast.mia, {"name": "Fraud", "target": "2027-06-30"}, before)
    create_project(cast.mia, "fraud", {"name": "Scores"}, before)
    add_item(cast.bob, "scores", "a", {"name": "Train", "estimate": [2, 3, 8]}, before)
    make_forecast(cast.bob, "fraud", AT, trials=50)


def behind(cast: Cast) -> bool:
    program = program_named(cast.vera, "fraud")
    return is_behind(cast.vera, program, latest_forecast(cast.vera, program))


def test_a_forecast_of_this_plan_is_not_behind(cast: Cast) -> None:
    a_forecast(cast)
    assert not behind(cast)


def test_an_edit_puts_it_behind_and_taking_it_back_does_not(cast: Cast) -> None:
    a_forecast(cast)
    edit_item(cast.bob, ("scores", "a"), {"estimate": [4, 6, 9]}, LATER)
    assert behind(cast)
    edit_item(cast.bob, ("scores", "a"), {"estimate": [2, 3, 8]}, LATER)
    assert not behind(cast)


def test_a_moved_target_puts_it_behind(cast: Cast) -> None:
    a_forecast(cast)
    edit_program(cast.mia, "fraud", {"target": "2027-05-31"}, LATER)
    assert behind(cast)


def test_without_a_forecast_nothing_is_behind(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Fraud"}, AT)
    program = program_named(cast.vera, "fraud")
    assert not is_behind(cast.vera, program, None)
    assert not is_current(cast.bob, program, AT)


def test_where_nothing_was_written_the_plan_is_not_read(cast: Cast) -> None:
    a_forecast(cast)
    program = program_named(cast.vera, "fraud")
    latest = latest_forecast(cast.vera, program)
    with CaptureQueriesContext(connection) as asked:
        assert not is_behind(cast.vera, program, latest)
        assert what_moved(cast.vera, program, LATER) == ()
    assert len(asked) == 2


def test_a_new_day_asks_for_a_new_forecast(cast: Cast) -> None:
    a_forecast(cast)
    program = program_named(cast.bob, "fraud")
    assert is_current(cast.bob, program, LATER)
    assert not is_current(cast.bob, program, AT + timedelta(days=1))


def test_strangers_learn_nothing(cast: Cast) -> None:
    a_forecast(cast)
    program = program_named(cast.vera, "fraud")
    with pytest.raises(NotFound):
        is_behind(cast.charlie, program, None)
    with pytest.raises(Refused):
        what_moved(cast.vic, program, LATER)
