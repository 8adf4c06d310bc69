"""The calendars of a Microsoft Project file: weeks, exceptions, and what is inherited.

A calendar's own weekdays and exceptions lie over those of the one it is based on. Exceptions and
other weeks that recur become single days, up to some years after the plan's end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from headway.analysis.schedule.plan import Calendar, Windows
from headway.analysis.schedule.readers.mspdi.recurring import read_recurrence
from headway.analysis.schedule.readers.mspdi.row import Row
from headway.analysis.schedule.readers.result import Losses
from headway.analysis.schedule.readers.xml_tree import Element
from headway.errors import Problem

#: What Microsoft Project takes for a calendar that says nothing of its week.
STANDARD: Windows = ((8.0, 12.0), (13.0, 17.0))
USUAL_WEEK: dict[int, Windows] = {day: STANDARD if day < 5 else () for day in range(7)}
#: The most single days that differ in one calendar.
MOST_DAYS = 10_000
DEEPEST = 10


@dataclass(slots=True)
class _Written:
    """A calendar as its element writes it: only what is its own."""

    uid: int
    name: str
    base: int | None
    row: Row
    week: dict[int, Windows] = field(default_factory=dict)
    days: dict[date, Windows] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Calendars:
    """The calendars by UID, as they hold; `bases` names those that others are based on."""

    by_uid: Mapping[int, Calendar]
    bases: tuple[int, ...]


def read_calendars(
    root: Element, span: tuple[date, date], problems: list[Problem], losses: Losses
) -> Calendars:
    """Return the calendars of a file; single days are told within `span`."""
    written: dict[int, _Written] = {}
    for element in root.within("Calendars", "Calendar"):
        one = _calendar(element, problems, span, losses)
        if one is None:
            continue
        if one.uid in written:
            one.row.note(f"The calendar UID {one.uid} is used twice; give each its own.")
        written[one.uid] = one
    names = _names(written)
    found = {}
    for uid, one in written.items():
        own = _own(one, written)
        found[uid] = _resolved(own, written, names[own.uid], losses)
    return Calendars(found, tuple(uid for uid, one in written.items() if one.base is None))


def _calendar(
    element: Element, problems: list[Problem], span: tuple[date, date], losses: Losses
) -> _Written | None:
    uid = Row(element, "calendar", problems).whole("UID")
    row = Row(element, f"calendar UID {uid}", problems)
    if uid is None:
        row.note("A calendar has no UID; give it one.")
        return None
    base = row.whole("BaseCalendarUID", -1)
    one = _Written(uid, row.name("Name") or f"Calendar {uid}", None, row)
    if base is not None and base >= 0 and base != uid and not row.flag("IsBaseCalendar"):
        one.base = base
    for day in row.within("WeekDays", "WeekDay"):
        _weekday(one, day, span, losses)
    for week in row.within("WorkWeeks", "WorkWeek"):
        _other_week(one, week, span, losses)
    for exception in row.within("Exceptions", "Exception"):
        _exception(one, exception, span, losses)
    if len(one.days) > MOST_DAYS:
        row.note(f"{len(one.days):,} days differ from the week; the most is {MOST_DAYS:,}.")
    return one


def _weekday(one: _Written, row: Row, span: tuple[date, date], losses: Losses) -> None:
    """Read a day of the week (1 Sunday … 7 Saturday); 0 is an exception of older files."""
    number = row.whole("DayType")
    if number == 0:
        _exception(one, row, span, losses)
    elif number is None or not 1 <= number <= 7:
        row.note(f"DayType is {row.shown('DayType')}; it has to be from 0 to 7.")
    else:
        one.week[(number - 2) % 7] = _windows(row)


def _windows(row: Row) -> Windows:
    """Return the working times of a day; none where it is not worked."""
    if not row.flag("DayWorking"):
        return ()
    spans = []
    for time in row.within("WorkingTimes", "WorkingTime"):
        if not (time.has("FromTime") or time.has("ToTime")):
            continue
        begin, end = time.hour("FromTime"), time.hour("ToTime")
        if begin is None or end is None:
            continue
        end = 24.0 if end == 0.0 else end
        if not 0.0 <= begin < end <= 24.0:
            times = f"{time.shown('FromTime')} to {time.shown('ToTime')}"
            time.note(f"A working time runs from {times}; it has to end after it begins.")
            continue
        spans.append((begin, end))
    return merged(spans)


def merged(spans: list[tuple[float, float]]) -> Windows:
    """Return spans in order, those that touch or overlap as one."""
    joined: list[tuple[float, float]] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return tuple(joined)


def _other_week(one: _Written, row: Row, span: tuple[date, date], losses: Losses) -> None:
    """Read a week that holds for some time: each of its days becomes a day of its own."""
    days = {}
    held = [*row.within("WeekDays", "WeekDay"), *row.rows("WeekDay")]
    for day in held:
        number = day.whole("DayType")
        if number is not None and 1 <= number <= 7:
            days[(number - 2) % 7] = _windows(day)
    period = _period(row, span, losses)
    for single in _between(*period) if period else ():
        if single.weekday() in days:
            one.days[single] = days[single.weekday()]


def _exception(one: _Written, row: Row, span: tuple[date, date], losses: Losses) -> None:
    recurrence = read_recurrence(row)
    if recurrence.type not in (*range(1, 8), 9):
        losses.tell("Exceptions of a calendar counted in weekdays are not read", row.where)
        return
    period = _period(row, span, losses)
    if period is None:
        return
    windows = _windows(row)
    for day in recurrence.days(*period):
        one.days[day] = windows


def _period(row: Row, span: tuple[date, date], losses: Losses) -> tuple[date, date] | None:
    """Return the first and last day of an element's TimePeriod, cut to `span`."""
    held = next(row.rows("TimePeriod"), None)
    begin, end = (held.day("FromDate"), held.day("ToDate")) if held else (None, None)
    if begin is None or end is None:
        row.note("An exception has no TimePeriod of two dates; give its first and last day.")
        return None
    if end < begin:
        row.note(f"An exception ends {end} before it begins {begin}; correct one.")
        return None
    if end > span[1]:
        losses.tell(f"Days of calendars that differ are read up to {span[1]}", row.where)
    return (begin, min(end, span[1])) if begin <= span[1] else None


def _between(begin: date, end: date) -> Iterator[date]:
    return (begin + timedelta(days=n) for n in range((end - begin).days + 1))


def _names(written: Mapping[int, _Written]) -> dict[int, str]:
    """Return a name for each: what two calendars are both called gets the UID as well."""
    count = Counter(one.name for one in written.values())
    return {
        uid: one.name if count[one.name] == 1 and one.name != "none" else f"{one.name} ({uid})"
        for uid, one in written.items()
    }


def _own(one: _Written, written: Mapping[int, _Written]) -> _Written:
    """Return the calendar that `one` is: the one it is based on where it says nothing itself."""
    for _ in range(DEEPEST):
        base = None if one.base is None else written.get(one.base)
        if base is None or one.week or one.days:
            break
        one = base
    return one


def _resolved(
    one: _Written, written: Mapping[int, _Written], name: str, losses: Losses
) -> Calendar:
    chain = [one]
    while chain[-1].base is not None and len(chain) <= DEEPEST:
        base = written.get(chain[-1].base)
        if base is None or any(base is held for held in chain):
            one.row.note(f"It is based on the calendar UID {chain[-1].base}, which is not there.")
            break
        chain.append(base)
    week: dict[int, Windows] = {}
    days: dict[date, Windows] = {}
    for held in reversed(chain):
        week |= held.week
        days |= held.days
    if not week:
        losses.tell("A calendar says nothing of its week; Monday to Friday, 8 to 17", name)
        week = dict(USUAL_WEEK)
    return calendar_of(name, week, days)


def calendar_of(
    name: str, week: Mapping[int, Windows], days: Mapping[date, Windows] | None = None
) -> Calendar:
    """Return the calendar of a week (Monday is 0) and of the single days that differ from it."""
    worked = {day: windows for day, windows in sorted(week.items()) if windows}
    usual = Counter(worked.values()).most_common(1)
    windows = usual[0][0] if usual else ()
    special = sorted((days or {}).items())
    return Calendar(
        name,
        weekdays=tuple(worked),
        windows=windows,
        holidays=tuple(day for day, spans in special if not spans),
        hours=tuple((day, spans) for day, spans in worked.items() if spans != windows),
        extra=tuple((day, spans) for day, spans in special if spans),
    )
