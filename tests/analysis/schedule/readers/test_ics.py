from __future__ import annotations

from datetime import date

import pytest

from headway.analysis.schedule.plan import Calendar
from headway.analysis.schedule.readers.ics import DaysOff, days_off, without_days_off
from headway.errors import Invalid

START = date(2026, 1, 5)


def _file(*events: str) -> bytes:
    body = "\n".join(f"BEGIN:VEVENT\nUID:{n}\n{text}\nEND:VEVENT" for n, text in enumerate(events))
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n{body}\nEND:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def _read(*events: str, zone: str = "") -> DaysOff:
    return days_off(_file(*events), "off.ics", START, zone)


def test_a_day_and_a_span_of_days_are_off_and_the_end_is_not() -> None:
    found = _read(
        "DTSTART;VALUE=DATE:20260501\nSUMMARY:May Day",
        "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227\nSUMMARY:Christmas",
    )
    assert found.days == {
        date(2026, 5, 1), date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26),
    }  # fmt: skip
    assert found.notes == []


def test_repetitions_keep_their_exceptions_and_additions() -> None:
    found = _read(
        "DTSTART;VALUE=DATE:20260401\nRRULE:FREQ=WEEKLY;COUNT=3\n"
        "EXDATE;VALUE=DATE:20260408\nRDATE;VALUE=DATE:20260501"
    )
    assert found.days == {date(2026, 4, 1), date(2026, 4, 15), date(2026, 5, 1)}


def test_a_yearly_holiday_ends_with_the_years_that_are_read() -> None:
    found = _read("DTSTART;VALUE=DATE:20200101\nRRULE:FREQ=YEARLY")
    assert min(found.days) == date(2024, 1, 1)
    assert max(found.days) == date(2038, 1, 1)
    assert len(found.days) == 15


def test_an_afternoon_off_leaves_the_morning() -> None:
    found = _read("DTSTART:20261224T130000\nDTEND:20261224T190000\nSUMMARY:Christmas Eve")
    calendar = without_days_off(Calendar("office"), found)
    assert calendar.extra == ((date(2026, 12, 24), ((9.0, 13.0),)),)


def test_an_hour_at_noon_cuts_a_day_in_two_and_on_a_day_off_changes_nothing() -> None:
    found = _read(
        "DTSTART:20260106T120000\nDTEND:20260106T130000",
        "DTSTART:20260110T120000\nDTEND:20260110T130000",
    )
    calendar = without_days_off(Calendar("office"), found)
    assert calendar.extra == ((date(2026, 1, 6), ((9.0, 12.0), (13.0, 17.0))),)


def test_hours_are_read_by_the_clocks_of_the_calendar() -> None:
    event = "DTSTART:20260106T080000Z\nDTEND:20260106T100000Z"
    assert _read(event, zone="Europe/Berlin").hours == {date(2026, 1, 6): [(9.0, 11.0)]}
    assert _read(event).hours == {date(2026, 1, 6): [(8.0, 10.0)]}


def test_an_event_across_midnight_is_cut_by_day() -> None:
    found = _read("DTSTART:20260106T200000\nDTEND:20260108T060000")
    assert found.hours == {
        date(2026, 1, 6): [(20.0, 24.0)],
        date(2026, 1, 7): [(0.0, 24.0)],
        date(2026, 1, 8): [(0.0, 6.0)],
    }


def test_a_cancelled_event_is_worked() -> None:
    assert _read("DTSTART;VALUE=DATE:20260501\nSTATUS:CANCELLED").days == set()


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("DTSTART:garbage\nSUMMARY:Party", "'Party' was left out: its DTSTART is not right"),
        ("SUMMARY:Party", "'Party' was left out: it has no DTSTART"),
        ("DTSTART;VALUE=DATE:20260501\nRRULE:FREQ=FOO", "its RRULE is not right"),
        ("DTSTART:20260501T100000\nRRULE:FREQ=SECONDLY", "it repeats within a day"),
        ("DTSTART;VALUE=DATE:19000101\nRRULE:FREQ=DAILY", "repeats since 1900-01-01"),
        ("DTSTART;VALUE=DATE:20260501\nDTEND:20260502T100000", "begins with a day"),
    ],
)
def test_an_event_that_cannot_be_read_is_named_and_the_others_stay(event: str, said: str) -> None:
    found = _read(event, "DTSTART;VALUE=DATE:20260501")
    assert found.days == {date(2026, 5, 1)}
    assert [said in note for note in found.notes] == [True], found.notes


@pytest.mark.parametrize(
    "data",
    [
        b"", b"garbage", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\nfoo\nEND:VCALENDAR",
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", b"<html>", b"BEGIN:VEVENT\n" * 5_000,
    ],
    ids=range(7),
)  # fmt: skip
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match=r"off\.ics is not an iCalendar file"):
        days_off(data, "off.ics", START)


def test_too_much_of_anything_is_refused() -> None:
    with pytest.raises(Invalid, match="may have 1,000,000"):
        days_off(b" " * 1_000_001, "off.ics", START)
    with pytest.raises(Invalid, match="101 events that repeat"):
        _read(*["DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY"] * 101)
    with pytest.raises(Invalid, match="repeats to more than 20,000"):
        _read(*["DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY"] * 60)


def test_of_many_faults_some_are_named_and_the_rest_counted() -> None:
    found = _read(*["SUMMARY:x"] * 50)
    assert len(found.notes) == 21
    assert "30 more events" in found.notes[-1]
