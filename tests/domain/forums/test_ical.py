"""Calendar files read back by a reader that knows nothing of how they were written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.forums.reader import read_calendar

from headway.domain.forums.rules import Attendee, Event, calendar_text
from headway.domain.forums.rules.ical import LONGEST_LINE

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NASTY = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.sampled_from(
            ["\r\n", "\n", "\r", "BEGIN:VEVENT", "END:VEVENT", "\\", ";", ",", ":", '"', "^", "é"]
        ),
        max_size=40,
    ).map("".join),
)


def an_event(**values: object) -> Event:
    return Event(
        **{  # type: ignore[arg-type]
            "uid": "1@headway",
            "sequence": 0,
            "stamp": AT,
            "starts_at": AT,
            "minutes": 30,
            "summary": "Weekly",
            **values,
        }
    )


def plain(words: str) -> str:
    """Return words as a calendar can carry them: no control signs but line ends."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    return (
        "".join(s for s in lines if s == "\n" or not (ord(s) < 32 or 127 <= ord(s) < 160))
        .encode("utf-8", "ignore")
        .decode()
    )


@given(NASTY, NASTY, NASTY)
def test_whatever_a_name_holds_comes_back_as_it_was_and_adds_no_line(
    summary: str, place: str, description: str
) -> None:
    text = calendar_text(
        [an_event(summary=summary, place=place, description=description)], "PUBLISH"
    )
    found = read_calendar(text)
    assert len(found.events) == 1
    event = found.events[0]
    assert event["SUMMARY"].text == plain(summary)
    assert event["LOCATION"].text == plain(place) if plain(place) else True
    assert event["DESCRIPTION"].text == plain(description) if plain(description) else True
    assert set(event) <= {
        *("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "DESCRIPTION")
    }


@given(NASTY)
def test_every_line_is_short_ends_as_it_must_and_cuts_no_letter(words: str) -> None:
    text = calendar_text([an_event(summary=words * 3)], "PUBLISH")
    lines = text.encode().split(b"\r\n")
    assert lines[-1] == b""
    for line in lines[:-1]:
        assert len(line) <= LONGEST_LINE
        line.decode("utf-8")
        assert b"\r" not in line
        assert b"\n" not in line


@given(NASTY, st.emails())
def test_who_is_invited_is_one_property_whatever_they_are_called(name: str, email: str) -> None:
    who = Attendee(name, email)
    text = calendar_text([an_event(organizer=who, attendees=[who])], "REQUEST")
    [event] = read_calendar(text).events
    assert event["ATTENDEE"].parameters["RSVP"] == "TRUE"
    assert event["ORGANIZER"].text.startswith("mailto:")
    assert len(event) == 8


def test_times_are_in_utc_and_the_end_follows_from_the_length() -> None:
    [event] = read_calendar(calendar_text([an_event()], "REQUEST")).events
    assert event["DTSTART"].text == "20261123T090000Z"
    assert event["DTEND"].text == "20261123T093000Z"


def test_an_address_with_signs_of_its_own_stays_one_address() -> None:
    who = Attendee("X", "a;b:c,d@example.org")
    [event] = read_calendar(calendar_text([an_event(attendees=[who])], "REQUEST")).events
    assert event["ATTENDEE"].text == "mailto:a%3Bb%3Ac%2Cd@example.org"


@pytest.mark.parametrize("method", ["REQUEST", "PUBLISH"])
def test_a_calendar_says_what_it_is(method: str) -> None:
    found = read_calendar(calendar_text([], method, "Acme: meetings"))
    assert found.head["METHOD"].text == method
    assert found.head["VERSION"].text == "2.0"
    assert found.head["X-WR-CALNAME"].text == "Acme: meetings"
    assert found.events == []
