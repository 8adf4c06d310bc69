from __future__ import annotations

from datetime import timedelta

import pytest
from tests.cast import AT, Cast

from headway.domain.accounts.queries import audit_page
from headway.domain.people.actions import (
    restore_working_time,
    set_person,
    set_working_time,
    take_leave,
)
from headway.domain.people.queries import working_time_of, working_times
from headway.errors import Conflict, Invalid, NotFound, Refused

LATER = AT + timedelta(days=1)
AWAY = [["2026-12-21", "2027-01-03"]]
WEEK = {"weekdays": ["mon", "tue", "wed"], "hours": ["09:00-13:00"]}


@pytest.fixture(autouse=True)
def people(cast: Cast) -> None:
    set_person(cast.mia, "bob", {"name": "Bob", "email": "bob@example.com"}, AT)


def test_everybody_says_their_own_and_a_manager_anybodys(cast: Cast) -> None:
    told = set_working_time(cast.bob, "bob", {"absences": AWAY}, AT)
    assert (told.absences, told.version, told.name) == (AWAY, 1, "Bob")
    changed = set_working_time(cast.mia, "bob", {"schedule": WEEK}, LATER, version=1)
    assert changed.schedule["weekdays"] == [0, 1, 2]
    assert changed.absences == AWAY
    with pytest.raises(Refused):
        set_working_time(cast.vera, "bob", {"absences": []}, LATER)
    with pytest.raises(NotFound):
        set_working_time(cast.charlie, "bob", {"absences": []}, LATER)


def test_working_time_has_a_past_and_is_put_back(cast: Cast) -> None:
    set_working_time(cast.bob, "bob", {"absences": AWAY}, AT)
    set_working_time(cast.bob, "bob", {"absences": []}, LATER)
    assert working_time_of(cast.vera, "bob", AT).absences == AWAY
    assert not next(iter(working_times(cast.vera).values())).is_told
    assert restore_working_time(cast.bob, "bob", 1, LATER).absences == AWAY
    assert not restore_working_time(cast.bob, "bob", 0, LATER).is_told
    with pytest.raises(NotFound, match="no version 9"):
        restore_working_time(cast.bob, "bob", 9, LATER)


def test_a_stale_change_and_a_change_of_nothing_are_refused(cast: Cast) -> None:
    with pytest.raises(Invalid, match="needs the week before it"):
        set_working_time(cast.bob, "bob", {"changes": "2027-01-04 mon"}, AT)
    set_working_time(cast.bob, "bob", {"absences": AWAY}, AT)
    set_working_time(cast.bob, "bob", {"absences": []}, LATER)
    with pytest.raises(Conflict, match="changed since you read it"):
        set_working_time(cast.mia, "bob", {"absences": AWAY}, LATER, version=1)
    same = set_working_time(cast.mia, "bob", {"absences": []}, LATER)
    assert same.version == 2


def test_the_audit_trail_never_holds_when_they_are_away(cast: Cast) -> None:
    set_working_time(cast.bob, "bob", {"absences": AWAY}, AT)
    set_working_time(cast.bob, "bob", {"schedule": WEEK}, LATER)
    restore_working_time(cast.bob, "bob", 1, LATER)
    lines = audit_page(cast.alice).lines[:3]
    assert [line.thing for line in lines] == ["working time bob"] * 3
    assert [line.detail for line in lines] == [
        {"fields": ["schedule"]},
        {"fields": ["schedule"]},
        {"fields": ["absences"]},
    ]


LEAVE = b"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//x//EN
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20261224
DTEND;VALUE=DATE:20261227
SUMMARY:Away
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;VALUE=DATE:20270101
SUMMARY:New year
END:VEVENT
END:VCALENDAR
"""


def test_a_calendar_file_takes_days_off_once_and_beside_those_that_were_told(cast: Cast) -> None:
    set_person(cast.mia, "bob", {"name": "Bob", "email": "bob@example.com"}, AT)
    set_working_time(cast.bob, "bob", {"absences": "2026-12-27 to 2026-12-28"}, AT)
    told, notes = take_leave(cast.bob, "bob", ("leave.ics", LEAVE), AT)
    assert told.absences == [["2026-12-24", "2026-12-28"], ["2027-01-01", "2027-01-01"]]
    assert notes == []
    again, _ = take_leave(cast.bob, "bob", ("leave.ics", LEAVE), AT)
    assert again.version == told.version
    set_working_time(cast.bob, "bob", {"schedule": {"weekdays": ["fri"]}, "absences": ""}, AT)
    week, _ = take_leave(cast.bob, "bob", ("leave.ics", LEAVE), AT)
    assert "2027-01-01" in str(week.schedule["holidays"])
    assert week.absences == []
    for who, error in ((cast.ana, Refused), (cast.charlie, NotFound)):
        with pytest.raises(error):
            take_leave(who, "bob", ("leave.ics", LEAVE), AT)
    with pytest.raises(Invalid):
        take_leave(cast.bob, "bob", ("leave.ics", b"no calendar"), AT)
