"""Working time and dates. 5 January 2026 is a Monday."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.schedule.calendars import WorkingTime
from headway.analysis.schedule.plan import WEEKDAYS, Calendar, Unit

MONDAY = date(2026, 1, 5)
DAYS = WorkingTime(Unit.DAYS, MONDAY, WEEKDAYS)
NUMBERS = WorkingTime(Unit.DAYS)
FRIDAY = 5.0


def test_a_five_day_item_that_starts_on_monday_finishes_on_friday() -> None:
    assert DAYS.date_of_start(0.0) == MONDAY
    assert DAYS.date_of_finish(5.0) == date(2026, 1, 9)
    assert DAYS.date_of_start(5.0) == date(2026, 1, 12)


def test_any_part_of_a_day_ends_on_that_day() -> None:
    assert DAYS.date_of_finish(5.2) == date(2026, 1, 12)
    assert DAYS.date_of_finish(6.0) == date(2026, 1, 12)


def test_a_milestone_at_the_start_is_on_the_first_day() -> None:
    assert DAYS.date_of_finish(0.0) == MONDAY


def test_rounding_does_not_move_a_date() -> None:
    assert DAYS.date_of_finish(0.1 * 3 + 4.7) == date(2026, 1, 9)


def test_a_start_on_a_weekend_is_the_next_monday() -> None:
    time = WorkingTime(Unit.DAYS, date(2026, 1, 3), WEEKDAYS)
    assert time.date_of_start(0.0) == MONDAY
    assert time.start_of(date(2026, 1, 4)) == 0.0


def test_on_time_means_until_the_end_of_the_target_day() -> None:
    assert DAYS.end_of(date(2026, 1, 9)) == 5.0
    assert DAYS.start_of(date(2026, 1, 9)) == 4.0
    assert DAYS.end_of(date(2026, 1, 11)) == 5.0


def test_what_started_before_the_plan_has_a_time_below_zero() -> None:
    assert DAYS.start_of(date(2026, 1, 1)) == -2.0


def test_holidays_are_not_worked() -> None:
    calendar = Calendar("de", holidays=(date(2026, 1, 6),))
    time = WorkingTime(Unit.DAYS, MONDAY, calendar)
    assert time.date_of_finish(5.0) == date(2026, 1, 12)
    assert time.end_of(date(2026, 1, 9)) == 4.0


def test_hours_and_weeks_count_by_the_calendar() -> None:
    calendar = Calendar("short", weekdays=(0, 1, 2, 3), windows=((9.0, 12.0), (13.0, 16.0)))
    hours = WorkingTime(Unit.HOURS, MONDAY, calendar)
    weeks = WorkingTime(Unit.WEEKS, MONDAY, calendar)
    assert hours.date_of_finish(24.0) == date(2026, 1, 8)
    assert weeks.date_of_finish(2.0) == date(2026, 1, 15)
    assert (hours.hours_per_unit, weeks.hours_per_unit) == (1.0, 24.0)


def test_never_and_plain_numbers_have_no_date() -> None:
    assert DAYS.date_of_finish(np.inf) is None
    assert NUMBERS.date_of_finish(5.0) is None
    assert DAYS.date_of_finish(1e8) is None


@pytest.mark.parametrize(
    ("time", "lag", "at_end", "reached"),
    [
        (FRIDAY, 2, True, 5.0),  # Friday evening + 48 h: Sunday, so Monday morning
        (FRIDAY, 3, True, 6.0),  # Friday evening + 72 h: Monday evening
        (4.0, 2, True, 5.0),  # Thursday evening + 48 h: Saturday, so Monday morning
        (2.0, 2, True, 4.0),  # Tuesday evening + 48 h: Thursday evening
        (FRIDAY, 1, False, 6.0),  # Monday morning + 24 h: Tuesday morning
        (0.5, 1, True, 1.5),  # Monday 13:00 + 24 h: Tuesday 13:00
        (6.0, -1, True, 5.0),  # Monday evening − 24 h: Sunday, so Monday morning
    ],
)
def test_elapsed_time_runs_through_the_weekend(
    time: float, lag: float, at_end: bool, reached: float
) -> None:
    assert DAYS.after_elapsed(np.array([time]), lag, at_end=at_end)[0] == pytest.approx(reached)


def test_elapsed_hours_run_through_the_night() -> None:
    time = WorkingTime(Unit.HOURS, MONDAY, WEEKDAYS)
    evening = np.array([8.0])
    assert time.after_elapsed(evening, 12, at_end=True)[0] == pytest.approx(8.0)
    assert time.after_elapsed(evening, 18, at_end=True)[0] == pytest.approx(10.0)


def test_elapsed_after_never_is_never() -> None:
    assert DAYS.after_elapsed(np.array([np.inf, 1.0]), 2, at_end=True)[0] == np.inf


def test_without_a_calendar_elapsed_is_plain() -> None:
    assert NUMBERS.after_elapsed(np.array([3.0]), 2, at_end=True)[0] == 5.0


calendars = st.builds(
    Calendar,
    st.just("c"),
    st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    st.sampled_from([((9.0, 17.0),), ((8.0, 12.0), (13.0, 16.5)), ((0.0, 24.0),)]),
    st.sets(st.integers(0, 90), max_size=20).map(
        lambda days: tuple(MONDAY + timedelta(days=day) for day in sorted(days))
    ),
)
axes = st.builds(WorkingTime, st.sampled_from(Unit), st.just(MONDAY), calendars)


@given(axes, st.floats(0.001, 500.0))
def test_a_finish_lies_on_the_day_of_its_date(time: WorkingTime, finish: float) -> None:
    day = time.date_of_finish(finish)
    assert day is not None
    assert time.start_of(day) - 1e-6 <= finish <= time.end_of(day) + 1e-6


@given(axes, st.floats(0.0, 200.0), st.floats(0.0, 100.0), st.booleans())
def test_an_elapsed_lag_never_goes_back(
    time: WorkingTime, begin: float, lag: float, at_end: bool
) -> None:
    reached = float(time.after_elapsed(np.array([begin]), lag, at_end=at_end)[0])
    assert reached >= begin - 1e-6
    more = float(time.after_elapsed(np.array([begin]), lag + 1.0, at_end=at_end)[0])
    assert more >= reached - 1e-6
