"""Microsoft Project files as ill will, bad tools and bad luck write them: a sentence each."""

from __future__ import annotations

import time

import pytest
from tests.analysis.schedule.readers.project_files import link, project, task

from headway.analysis.schedule.readers import read_plan
from headway.errors import Invalid

GOOD = project(task(1), task(2, link(1)))
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]>'
    b"<Project>&b;</Project>"
)


def resource(*fields: str) -> str:
    return f"<Resource><UID>1</UID><Name>A</Name>{''.join(fields)}</Resource>"


def assignment(task_uid: int, resource_uid: int) -> str:
    return (
        f"<Assignment><UID>1</UID><TaskUID>{task_uid}</TaskUID>"
        f"<ResourceUID>{resource_uid}</ResourceUID></Assignment>"
    )


FILES = {
    "empty": b"",
    "blank": b"  \n ",
    "words": b"no XML at all",
    "a NUL": b"\0\0\0",
    "truncated": GOOD[: len(GOOD) // 2],
    "truncated in a tag": GOOD[:-4],
    "billion laughs": LAUGHS,
    "a DTD": GOOD.replace(b"<Project", b"<!DOCTYPE Project><Project", 1),
    "an external entity": GOOD.replace(
        b"<Project", b'<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><Project', 1
    ),
    "an external DTD": GOOD.replace(b"<Project", b'<!DOCTYPE p SYSTEM "http://x/"><Project', 1),
    "an undefined entity": GOOD.replace(b"T1", b"&nbsp;"),
    "deep nesting": b"<Project>" + b"<a>" * 50 + b"</a>" * 50 + b"</Project>",
    "a wrong encoding": GOOD.replace(b'"1.0"', b'"1.0" encoding="utf-8"').replace(b"T1", b"\xff"),
    "an unknown encoding": GOOD.replace(b'"1.0"', b'"1.0" encoding="klingon"'),
    "a many-byte encoding": GOOD.replace(b'"1.0"', b'"1.0" encoding="shift_jis"'),
    "half a UTF-16": GOOD.decode().encode("utf-16")[:-3],
    "two roots": GOOD + b"<Project/>",
    "another root": b"<APIBusinessObjects/>",
    "HTML": b"<html><body>Sign in</body></html>",
    "no tasks": project(),
    "only a summary row": project("<Task><UID>0</UID></Task>"),
    "no start": project("<Task><UID>1</UID></Task>", head=""),
}
TASKS = {
    "no UID": "<Task><Name>x</Name></Task>",
    "a UID in words": "<Task><UID>one</UID></Task>",
    "a negative UID": "<Task><UID>-3</UID></Task>",
    "a fractional UID": "<Task><UID>1.5</UID></Task>",
    "a duplicate UID": task(1),
    "a duration in words": "<Task><UID>5</UID><Duration>two days</Duration></Task>",
    "a duration without a number": "<Task><UID>5</UID><Duration>PT</Duration></Task>",
    "a duration that is NaN": "<Task><UID>5</UID><Duration>PTNaNH</Duration></Task>",
    "a negative duration": "<Task><UID>5</UID><Duration>-PT8H0M0S</Duration></Task>",
    "a huge duration": "<Task><UID>5</UID><Duration>PT99999999999H0M0S</Duration></Task>",
    "an endless duration": f"<Task><UID>5</UID><Duration>PT{'9' * 4000}H</Duration></Task>",
    "a loop": task(5, link(5)),
    "a link to nobody": task(5, link(99)),
    "a link without an end": task(5, "<PredecessorLink><Type>1</Type></PredecessorLink>"),
    "an unknown link type": task(5, link(1, 9)),
    "a link type in words": task(5, link(1).replace("<Type>1", "<Type>FS")),
    "an unknown lag format": task(5, link(1, 1, 10, 99)),
    "a lag in words": task(5, link(1).replace("<LinkLag>0", "<LinkLag>soon")),
    "an infinite lag": task(5, link(1).replace("<LinkLag>0", "<LinkLag>INF")),
    "an unknown constraint": task(5, "<ConstraintType>9</ConstraintType>"),
    "a constraint without a day": task(5, "<ConstraintType>4</ConstraintType>"),
    "a date in words": task(5, "<Deadline>next week</Deadline>"),
    "a day that is none": task(5, "<Deadline>2026-02-30T08:00:00</Deadline>"),
    "the year 1": task(5, "<Deadline>0001-01-01T00:00:00</Deadline>"),
    "the year 9999": task(5, "<Deadline>9999-12-31T00:00:00</Deadline>"),
    "a year of five digits": task(5, "<Deadline>12026-01-01T00:00:00</Deadline>"),
    "a calendar that is not there": task(5, "<CalendarUID>77</CalendarUID>"),
    "a priority of 5000": task(5, "<Priority>5000</Priority>"),
    "a flag in words": task(5, "<Milestone>perhaps</Milestone>"),
    "a share over 100": task(
        5,
        "<ActualStart>2026-01-05T08:00:00</ActualStart><PercentComplete>-40</PercentComplete>",
    ),
    "a finish before the start": task(
        5,
        "<ActualStart>2026-01-09T08:00:00</ActualStart>"
        "<ActualFinish>2026-01-05T17:00:00</ActualFinish>",
    ),
    "a negative cost": task(5, "<FixedCost>-1</FixedCost>"),
    "a cost that is NaN": task(5, "<FixedCost>NaN</FixedCost>"),
}
PARTS = {
    "a calendar without a UID": {"calendars": "<Calendar><Name>x</Name></Calendar>"},
    "a calendar UID used twice": {"calendars": "<Calendar><UID>1</UID></Calendar>"},
    "a calendar based on nobody": {
        "calendars": "<Calendar><UID>2</UID><BaseCalendarUID>9</BaseCalendarUID></Calendar>"
    },
    "calendars based on each other": {
        "calendars": "<Calendar><UID>2</UID><BaseCalendarUID>3</BaseCalendarUID></Calendar>"
        "<Calendar><UID>3</UID><BaseCalendarUID>2</BaseCalendarUID></Calendar>"
    },
    "a ninth day of the week": {
        "calendar": "<WeekDays><WeekDay><DayType>9</DayType></WeekDay></WeekDays>",
        "calendars": "<Calendar><UID>4</UID><WeekDays><WeekDay><DayType>9</DayType></WeekDay>"
        "</WeekDays></Calendar>",
    },
    "hours that end before they begin": {
        "calendars": "<Calendar><UID>4</UID><WeekDays><WeekDay><DayType>2</DayType><DayWorking>1"
        "</DayWorking><WorkingTimes><WorkingTime><FromTime>17:00:00</FromTime><ToTime>08:00:00"
        "</ToTime></WorkingTime></WorkingTimes></WeekDay></WeekDays></Calendar>"
    },
    "an hour that is none": {
        "calendars": "<Calendar><UID>4</UID><WeekDays><WeekDay><DayType>2</DayType><DayWorking>1"
        "</DayWorking><WorkingTimes><WorkingTime><FromTime>8 am</FromTime><ToTime>99:00:00"
        "</ToTime></WorkingTime></WorkingTimes></WeekDay></WeekDays></Calendar>"
    },
    "an exception without days": {
        "calendar": "<Exceptions><Exception><Name>Xmas</Name></Exception></Exceptions>"
    },
    "an exception that ends before it begins": {
        "calendar": "<Exceptions><Exception><TimePeriod><FromDate>2026-05-01T00:00:00</FromDate>"
        "<ToDate>2026-04-01T00:00:00</ToDate></TimePeriod></Exception></Exceptions>"
    },
    "a thirteenth month": {
        "calendar": "<Exceptions><Exception><TimePeriod><FromDate>2026-04-01T00:00:00</FromDate>"
        "<ToDate>2026-05-01T00:00:00</ToDate></TimePeriod><Type>2</Type><Month>12</Month>"
        "</Exception></Exceptions>"
    },
    "a resource UID used twice": {"resources": resource() * 2},
    "units in words": {"resources": resource("<MaxUnits>x</MaxUnits>")},
    "negative units": {"resources": resource("<MaxUnits>-1</MaxUnits>")},
    "an assignment of nobody": {"assignments": assignment(1, 9)},
    "an assignment to nothing": {"assignments": assignment(9, 1)},
    "no minutes in a day": {
        "head": "<StartDate>2026-01-05T08:00:00</StartDate><MinutesPerDay>-5</MinutesPerDay>"
    },
}


def sentences(data: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        read_plan(data, "plan.xml")
    return "\n".join(
        [str(caught.value), *(f"{p.where}: {p.sentence}" for p in caught.value.problems)]
    )


@pytest.mark.parametrize("name", FILES)
def test_a_broken_file_is_a_sentence(name: str) -> None:
    told = sentences(FILES[name])
    assert told.startswith("plan.xml")
    assert told.splitlines()[0].endswith(".")


@pytest.mark.parametrize("name", TASKS)
def test_a_broken_task_is_named_with_its_line(name: str) -> None:
    told = sentences(project(task(1), task(2, link(1)), TASKS[name]))
    assert "line 6" in told or "item 5" in told


@pytest.mark.parametrize("name", PARTS)
def test_a_broken_calendar_or_resource_is_a_sentence(name: str) -> None:
    assert "plan.xml" in sentences(project(task(1), **PARTS[name]))


def test_a_cycle_is_told_by_its_path() -> None:
    assert "waits for itself: 1 → 2 → 1" in sentences(project(task(1, link(2)), task(2, link(1))))


def test_a_negative_lag_is_no_fault() -> None:
    plan = read_plan(project(task(1), task(2, link(1, 1, -4800))), "plan.xml")
    assert plan.items[1].after[0].lag == -1.0


def test_all_problems_of_a_file_are_told_at_once() -> None:
    told = sentences(project(task(1, "<Deadline>x</Deadline>"), task(2, link(9)), task(2)))
    assert "There are 3 problems in all; nothing was read." in told


def test_too_many_elements_are_refused_before_they_are_built(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("headway.analysis.schedule.readers.xml_tree.MOST_ELEMENTS", 50)
    assert "goes beyond 50 elements; split the plan" in sentences(GOOD)


def test_a_file_that_is_too_large_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.analysis.schedule.readers.xml_tree.MOST_BYTES", 100)
    assert "a plan in XML may have 100" in sentences(GOOD)


def test_two_thousand_tasks_are_read_within_a_breath() -> None:
    began = time.process_time()
    plan = read_plan(project(task(1), *(task(n, link(n - 1)) for n in range(2, 2001))), "plan.xml")
    assert len(plan.items) == 2000
    assert time.process_time() - began < 3.0
