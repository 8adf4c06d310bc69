"""Calendars as spans of working time in hours since 1970 began (UTC), and what is odd about them.

A calendar's windows are read by the clocks of its zone: a day on which these change has 23 or 25
hours, and a window that they jump over is shorter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from headway.analysis.schedule.plan import Calendar, Item, Plan, Windows

Times = NDArray[np.float64]
Spans = tuple[Times, Times]

EPOCH = date(1970, 1, 1)
_FIRST_WEEKDAY = 3  # 1 January 1970 was a Thursday
#: Days at each end of a table that are as in a usual week.
_USUAL = 9


def spans_of(calendar: Calendar, zone: str, first: int, last: int) -> Spans:
    """Return the working spans from day `first` to day `last` in hours since 1970 began, UTC.

    The first and the last week are usual ones, without exceptions and without a change of clocks.
    `zone` is where a calendar stands that states none.
    """
    days = np.arange(first - 2, last + 2)
    weekday = (days + _FIRST_WEEKDAY) % 7
    extra = {(day - EPOCH).days: windows for day, windows in calendar.extra}
    usual = (days < first + _USUAL) | (days >= last - _USUAL)
    off = np.array([*extra, *((day - EPOCH).days for day in calendar.holidays)], dtype=np.int64)
    open_days = usual | ~np.isin(days, off)
    parts = []
    for number, windows in enumerate(usual_week(calendar)):
        chosen = days[open_days & (weekday == number)] * 24.0
        parts += [(chosen + begin, chosen + end) for begin, end in windows]
    for day, windows in extra.items():
        if first + _USUAL <= day < last - _USUAL:
            parts += [(np.array([day * 24.0 + a]), np.array([day * 24.0 + b])) for a, b in windows]
    if not parts:
        return np.zeros(0), np.zeros(0)
    local = [np.concatenate([part[side] for part in parts]) for side in (0, 1)]
    begins, ends = (utc_of(hours, calendar.zone or zone, first, last) for hours in local)
    bounds = utc_of(np.array([first * 24.0, last * 24.0]), zone, first, last)
    return _merged(np.clip(begins, *bounds), np.clip(ends, *bounds))


def usual_week(calendar: Calendar) -> list[Windows]:
    """Return the windows of Monday to Sunday, without exceptions."""
    own = dict(calendar.hours)
    return [own.get(day, calendar.windows if day in calendar.weekdays else ()) for day in range(7)]


def _merged(begins: Times, ends: Times) -> Spans:
    """Return disjoint spans in order; those that touch or overlap become one."""
    worked = ends > begins
    order = np.argsort(begins[worked], kind="stable")
    begins, ends = begins[worked][order], ends[worked][order]
    if not len(begins):
        return begins, ends
    reached = np.maximum.accumulate(ends)
    opens = np.concatenate([[True], begins[1:] > reached[:-1] + 1e-9])
    return begins[opens], reached[np.append(np.flatnonzero(opens)[1:] - 1, len(begins) - 1)]


def shared(spans: Sequence[Spans]) -> Spans:
    """Return the spans that lie in all of several sets of disjoint spans."""
    begins = np.sort(np.concatenate([one[0] for one in spans]))
    ends = np.sort(np.concatenate([one[1] for one in spans]))
    # At the k-th begin as many spans are open as began up to it and have not ended before it.
    ended = np.searchsorted(ends, begins, side="right")
    opens = np.arange(1, len(begins) + 1) - ended == len(spans)
    return begins[opens], ends[ended[opens]]


@lru_cache(maxsize=64)
def _offsets(zone: str, first: int, last: int) -> NDArray[np.float64]:
    """Return how many hours the clocks of `zone` are ahead of UTC as each day begins."""
    place = ZoneInfo(zone)
    midnight = datetime.min.time()
    days = (EPOCH + timedelta(days=day) for day in range(first, last + 1))
    return np.array([_ahead(datetime.combine(day, midnight, tzinfo=place)) for day in days])


def _ahead(moment: datetime) -> float:
    offset = moment.utcoffset()
    return offset.total_seconds() / 3600.0 if offset is not None else 0.0


def utc_of(local: Times, zone: str, first: int, last: int) -> Times:
    """Return hours in UTC for hours on the clocks of `zone`, both since 1970 began.

    In the days at each end of the table that are usual the clocks do not change.
    """
    if not zone:
        return local
    offsets = _offsets(zone, first, last)
    size = len(offsets)
    day = np.clip(np.floor(local / 24.0).astype(np.int64) - first, _USUAL, size - _USUAL - 2)
    before, after = offsets[day], offsets[day + 1]
    found = local - before
    for place in np.flatnonzero(before != after):
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(hours=float(local[place]))
        found[place] = local[place] - _ahead(moment.replace(tzinfo=ZoneInfo(zone)))
    return found


def calendars_of(plan: Plan, item: Item) -> tuple[Calendar, ...]:
    """Return the calendars in whose common time an item is worked on, its own first.

    Those are its own, or else the plan's, those that hold it up `also`, and those of the resources
    that it needs; a skill that people with different calendars have leaves it open whose counts.
    """
    usual = plan.calendar
    if usual is None:
        return ()
    known = {usual.name: usual} | {one.name: one for one in plan.calendars}
    known[usual.name] = usual
    found = {known.get(item.calendar, usual) if item.calendar else usual: None}
    found |= {known[name]: None for name in item.also if name in known}
    for need in item.needs:
        named = {one.calendar for one in plan.resources if need in (one.name, *one.skills)}
        for name in named if len(named) == 1 else ():
            if name in known:
                found[known[name]] = None
    return tuple(found)


def is_regular(calendar: Calendar) -> bool:
    """Say whether all working days are alike, so that working days can be counted."""
    return not (
        calendar.hours
        or calendar.zone
        or any(windows for _, windows in calendar.extra)
        or any(end > 24.0 for _, end in calendar.windows)
    )


def calendar_problems(calendar: Calendar) -> Iterator[str]:
    """Yield what makes no sense in a calendar, each a sentence."""
    name = f"The calendar {calendar.name!r}"
    if calendar.zone and not is_zone(calendar.zone):
        yield f"{name}: the zone {calendar.zone!r} is not known; write one like Europe/Berlin."
    for day in (*calendar.weekdays, *(day for day, _ in calendar.hours)):
        if day not in range(7):
            yield f"{name} names weekday {day}; Monday is 0 and Sunday 6."
    lists = [calendar.windows, *(w for _, w in calendar.hours), *(w for _, w in calendar.extra)]
    for begin, end in dict.fromkeys(window for windows in lists for window in windows):
        if not (0.0 <= begin < 24.0 and begin < end <= begin + 24.0):
            yield (
                f"{name} works from {begin:g} to {end:g}; hours begin within a day, from 0 to 24, "
                "and end after that, at most 24 hours later."
            )


@lru_cache(maxsize=1024)
def is_zone(name: str) -> bool:
    """Say whether `name` is an IANA time zone that is known here."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
