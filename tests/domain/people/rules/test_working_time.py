"""Working time as a calendar: weeks that change, holidays of a place, days away."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.analysis.schedule.plan import Calendar
from headway.analysis.schedule.spans import spans_of, usual_week
from headway.domain.people.rules.working_time import (
    WorkingTimeFacts,
    form_schedule,
    personal_calendar,
    read_absences,
    read_changes,
    read_schedule,
    typed_working_time,
)
from headway.errors import Invalid

SOME = UUID(int=1)
FIRST = date(2026, 11, 2)
SUNDAYS = {"weekdays": ["sun", "mon", "tue", "wed", "thu"], "zone": "Asia/Dubai"}


def told(
    schedule: object = None, changes: object = None, absences: object = None
) -> WorkingTimeFacts:
    return WorkingTimeFacts(
        SOME, SOME, SOME, "ana", "Ana", "",
        read_schedule("schedule", schedule),
        read_changes("changes", changes),
        read_absences("absences", absences),
        1,
    )  # fmt: skip


def works(calendar: Calendar, day: date) -> bool:
    extra = dict(calendar.extra)
    if day in extra:
        return bool(extra[day])
    return day not in calendar.holidays and bool(usual_week(calendar)[day.weekday()])


def test_days_away_leave_the_rest_to_the_calendar_of_the_work() -> None:
    made = personal_calendar(told(absences="2026-11-09 to 2026-11-11"), "Ana", FIRST)
    assert made.windows == ((0.0, 24.0),)
    assert [works(made, date(2026, 11, day)) for day in (8, 9, 11, 12)] == [
        True,
        False,
        False,
        True,
    ]


def test_a_week_of_ones_own_keeps_its_place_and_its_holidays() -> None:
    made = personal_calendar(told({**SUNDAYS, "holidays": ["2026-12-02"]}), "Ana", FIRST)
    assert (made.name, made.zone) == ("Ana", "Asia/Dubai")
    assert works(made, date(2026, 11, 8))
    assert not works(made, date(2026, 11, 6))
    assert not works(made, date(2026, 12, 2))


def test_a_week_that_changes_holds_from_that_day_on_for_good() -> None:
    one = told({"weekdays": ["mon", "tue", "wed", "thu", "fri"]}, "2027-01-04 mon tue 10:00-14:00")
    made = personal_calendar(one, "Ana", FIRST)
    assert works(made, date(2027, 1, 1))
    assert dict(made.extra)[date(2027, 1, 1)] == ((9.0, 17.0),)
    assert not works(made, date(2027, 1, 8))
    assert [works(made, date(2046, 1, day)) for day in (1, 2, 3)] == [True, True, False]
    begins, ends = spans_of(made, "", 20_454, 20_954)
    assert round(float((ends - begins).min()), 6) == 4.0


def test_a_change_in_a_far_century_is_not_laid_out_day_by_day() -> None:
    one = told({"weekdays": ["mon"]}, "2030-01-01 tue\n9999-01-01 wed")
    made = personal_calendar(one, "Ana", FIRST)
    assert len(made.extra) < 200
    assert made.weekdays == (1,)


def test_an_absence_wins_over_a_day_that_is_worked_in_addition() -> None:
    both = told({"weekdays": ["mon"], "extra": {"2026-11-10": ["09:00-13:00"]}})
    assert works(personal_calendar(both, "Ana", FIRST), date(2026, 11, 10))
    away = told({"weekdays": ["mon"], "extra": {"2026-11-10": ["09:00-13:00"]}}, None, "2026-11-10")
    assert not works(personal_calendar(away, "Ana", FIRST), date(2026, 11, 10))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sets(st.integers(0, 6), min_size=1), min_size=1, max_size=4),
    st.lists(st.integers(1, 40), min_size=3, max_size=3),
    st.integers(0, 150),
)
def test_every_day_is_worked_by_the_week_that_holds_then(
    weeks: list[set[int]], gaps: list[int], offset: int
) -> None:
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    since, changes = FIRST, []
    for week, gap in zip(weeks[1:], gaps, strict=False):
        since += timedelta(days=gap)
        changes.append((since, week))
    lines = "\n".join(f"{day} {' '.join(names[n] for n in week)}" for day, week in changes)
    made = personal_calendar(told({"weekdays": [names[n] for n in weeks[0]]}, lines), "Ana", FIRST)
    day, held = FIRST + timedelta(days=offset), weeks[0]
    for since, week in changes:
        held = week if since <= day else held
    assert works(made, day) == (day.weekday() in held)


def test_what_is_typed_comes_back_as_it_was_typed() -> None:
    one = told(SUNDAYS, "2027-01-04 mon tue 10:00-14:00", "2026-11-09\n2026-12-21 to 2027-01-03")
    typed = typed_working_time(one)
    assert typed["absences"] == "2026-11-09\n2026-12-21 to 2027-01-03"
    assert typed["changes"] == "2027-01-04 mon tue 10:00-14:00"
    again = told(form_schedule(typed), typed["changes"], typed["absences"])
    assert again == one
    assert told(one.schedule, one.changes, one.absences) == one


def test_days_off_without_weekdays_are_not_dropped_in_silence() -> None:
    assert form_schedule({"zone": "Europe/Berlin", "holidays": " "}) == {}
    with pytest.raises(Invalid, match="The holidays need weekdays"):
        form_schedule({"holidays": "2026-12-25"})


@pytest.mark.parametrize(
    ("read", "value", "said"),
    [
        (read_schedule, "mon", "write weekdays"),
        (read_schedule, {"weekdays": ["moon"]}, "moon"),
        (read_schedule, {"windows": [[9, 8]]}, "end after that"),
        (read_schedule, {"zone": "Mars/Base"}, "Mars/Base"),
        (read_changes, "soon mon 09:00-10:00", "soon"),
        (read_changes, "2027-01-04", "weekdays and hours"),
        (read_changes, "2027-01-04 mon\n2027-01-04 tue", "ascending"),
        (read_changes, [["2027-01-04", {"weekdays": ["mon"], "zone": "UTC"}]], "hours"),
        (read_absences, "2026-12-21 to 2026-12-01", "makes no sense"),
        (read_absences, "2026-12-21 to 2036-12-01", "two years"),
        (read_absences, "soon", "soon"),
        (read_absences, [["2026-12-21", "2026-12-22", "2026-12-23"]], "2026-12-21 to 2027-01-03"),
        (read_absences, "\n".join(f"2026-12-{1 + n % 28:02d}" for n in range(201)), "at most 200"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_said(read: object, value: object, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read("field", value)  # type: ignore[operator]
