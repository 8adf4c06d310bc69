from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.plans.actions import edit_item, import_plan
from headway.domain.plans.queries import plan_value
from headway.domain.programs.actions import (
    create_program,
    create_project,
    drop_calendar,
    keep_calendar,
    set_calendar,
    take_days_off,
)
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.calendars import (
    as_written,
    calendar_from,
    calendar_text,
    form_calendar,
    named_calendars,
    written_calendar,
)
from headway.errors import Conflict, Invalid, NotFound, Refused

NIGHTS = written_calendar("nights", {"weekdays": ["sat", "sun"], "hours": "22:00-06:00"})
PLAN = b"""
plan: Reading
start: 2026-10-05
calendars: {nights: {weekdays: [sat, sun], hours: "22:00-06:00"}}
resources: {crew: {capacity: 2, calendar: nights}}
items:
  - {id: A, estimate: 2}
  - {id: B, estimate: 2, after: A, calendar: nights}
"""
OFF = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20270101
SUMMARY:New Year
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Party
END:VEVENT
END:VCALENDAR
"""


def _program(cast: Cast) -> None:
    create_program(cast.mia, {"name": "Control", "currency": "USD"}, AT)
    create_project(cast.mia, "control", {"name": "Reading"}, AT)


@pytest.mark.parametrize(
    "calendar",
    [
        NIGHTS,
        written_calendar("half", {"hours": {"usual": ["09:00-17:00"], "fri": ["09:00-13:00"]}}),
        written_calendar("berlin", {"zone": "Europe/Berlin", "holidays": ["2026-12-25"]}),
        written_calendar("eve", {"extra": {"2026-12-24": ["09:00-13:00"], "2026-12-31": []}}),
    ],
)
def test_a_calendar_is_kept_and_written_without_a_loss(calendar: object) -> None:
    assert calendar_from(calendar_text(calendar), calendar.name) == calendar  # type: ignore[attr-defined, arg-type]
    assert form_calendar(calendar.name, as_written(calendar)) == calendar  # type: ignore[attr-defined, arg-type]


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        ("", {}, "1 to 100 letters"),
        ("a/b", {}, "without a slash"),
        ("x", {"hours": "25:00-26:00"}, "09:00-17:00"),
        ("x", {"weekdays": ["someday"]}, "name days like mon"),
        ("x", {"zone": "Mars"}, "IANA"),
        ("x", {"colour": "red"}, "'colour' is unknown"),
        ("x", {"extra": {"soon": []}}, "2026-06-30"),
        ("x", {"hours": [[[[[["deep"]]]]]]}, "nested too deep"),
        ("x", {"ics": "holidays.ics"}, "'ics' is unknown"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused_in_a_sentence(
    name: str, written: dict[str, object], said: str
) -> None:
    with pytest.raises(Invalid, match=".*") as refused:
        written_calendar(name, written)
    assert said in str(refused.value)


def test_work_that_names_a_calendar_is_planned_in_it(cast: Cast) -> None:
    _program(cast)
    import_plan(cast.mia, PLAN, "plan.yaml", AT, project="reading")
    program = program_named(cast.mia, "control")
    assert named_calendars(program.calendars) == (NIGHTS,)
    plan = plan_value(cast.mia, program)
    assert [item.calendar for item in plan.items] == ["", "nights"]
    assert [resource.calendar for resource in plan.resources] == ["nights"]
    assert plan.calendars == (NIGHTS,)


def test_a_calendar_that_is_gone_leaves_the_programs_own_and_the_past_keeps_it(cast: Cast) -> None:
    _program(cast)
    import_plan(cast.mia, PLAN, "plan.yaml", AT, project="reading")
    later = AT + timedelta(days=1)
    drop_calendar(cast.mia, "control", "nights", later)
    now, then = (program_named(cast.mia, "control", at) for at in (None, AT))
    assert [item.calendar for item in plan_value(cast.mia, now).items] == ["", ""]
    assert [item.calendar for item in plan_value(cast.mia, then, AT).items] == ["", "nights"]


def test_keeping_a_calendar_is_for_who_plans_and_not_under_the_programs_own_name(
    cast: Cast,
) -> None:
    _program(cast)
    with pytest.raises(Refused):
        keep_calendar(cast.vera, "control", NIGHTS, AT)
    with pytest.raises(Conflict, match="program's own calendar is called 'weekdays'"):
        keep_calendar(cast.mia, "control", written_calendar("weekdays", {}), AT)
    saved = keep_calendar(cast.mia, "control", NIGHTS, AT)
    with pytest.raises(Conflict):
        keep_calendar(cast.mia, "control", written_calendar("late", {}), AT, version=1)
    assert saved.version == 2
    with pytest.raises(NotFound, match="has no calendar 'none'; it has: 'nights'"):
        drop_calendar(cast.mia, "control", "none", AT)


def test_days_off_from_a_file_stay_with_the_calendar_and_what_is_broken_is_named(
    cast: Cast,
) -> None:
    _program(cast)
    saved, told = take_days_off(cast.mia, "control", "", ("off.ics", OFF), AT)
    assert calendar_from(saved.calendar).holidays == (date(2027, 1, 1),)
    assert len(told) == 1
    assert "'Party' was left out: it has no DTSTART" in told[0]
    keep_calendar(cast.mia, "control", NIGHTS, AT)
    saved, _ = take_days_off(cast.mia, "control", "nights", ("off.ics", OFF), AT)
    assert named_calendars(saved.calendars)[0].holidays == (date(2027, 1, 1),)
    with pytest.raises(Invalid, match="is not an iCalendar file"):
        take_days_off(cast.mia, "control", "", ("off.ics", b"x"), AT)


def test_an_item_may_be_given_a_calendar(cast: Cast) -> None:
    _program(cast)
    import_plan(cast.mia, PLAN, "plan.yaml", AT, project="reading")
    edit_item(cast.mia, ("reading", "A"), {"calendar": "nights"}, AT)
    plan = plan_value(cast.mia, program_named(cast.mia, "control"))
    assert plan.items[0].calendar == "nights"
    with pytest.raises(Invalid, match="There is no calendar 'days'; Control has: 'nights'"):
        edit_item(cast.mia, ("reading", "A"), {"calendar": "days"}, AT)


@pytest.mark.parametrize(
    "held",
    [
        {"weekdays": ["someday"]},
        {"weekdays": [9]},
        {"windows": [[9]]},
        {"windows": [[17, 9]]},
        {"holidays": ["soon"]},
        {"zone": "Mars"},
    ],
)
def test_what_could_not_be_read_again_is_not_kept(cast: Cast, held: dict[str, object]) -> None:
    _program(cast)
    with pytest.raises(Invalid):
        set_calendar(cast.mia, program_named(cast.mia, "control"), held, AT)
    assert program_named(cast.mia, "control").calendar == {}
