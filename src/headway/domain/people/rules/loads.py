"""Who is asked for how much, week by week: sums of whole numbers, so that no order changes them.

Time is minutes, amounts are millionths, so a load is whole millionths of a minute. A share counts
of the minutes that somebody works on a day; hours a week count of that day's part of a usual week:
a holiday and an absence lower both, and nobody is above capacity because of a day off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from headway.analysis.schedule.plan import WEEKDAYS, Calendar
from headway.analysis.schedule.spans import usual_week
from headway.domain.people.rules.working_time import WorkingTimeFacts
from headway.domain.programs.rules.calendars import calendar_from
from headway.errors import Invalid

Whole = NDArray[np.int64]

MILLION = 1_000_000
#: Millionths of a minute in an hour.
HOUR = 60 * MILLION
#: What a map shows unless it is asked for more, and at most.
WEEKS, MOST_WEEKS = 26, 104
#: Years whose weeks are looked at.
FIRST_YEAR, LAST_YEAR = 1970, 2200


@dataclass(frozen=True, slots=True)
class Weeks:
    """So many weeks from the Monday `first` on."""

    first: date
    count: int

    @classmethod
    def of(cls, day: date, count: int) -> Weeks:
        """Return the weeks that begin with the one of `day`. Raises Invalid beyond the calendar."""
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            sentence = f"{day} is no day to look at; give one of {FIRST_YEAR} to {LAST_YEAR}."
            raise Invalid(sentence)
        return cls(day - timedelta(days=day.weekday()), count)

    @property
    def days(self) -> int:
        """Return how many days they have."""
        return 7 * self.count

    @property
    def last(self) -> date:
        """Return the last day."""
        return self.first + timedelta(days=self.days - 1)

    @property
    def mondays(self) -> Sequence[date]:
        """Return the first day of each."""
        return [self.first + timedelta(days=7 * number) for number in range(self.count)]

    def place(self, day: date) -> int:
        """Return how many days after the first `day` is, cut off at both ends."""
        number, most = (day - self.first).days, 7 * self.count
        if number <= 0:
            return 0
        return number if number < most else most  # asked for each piece: no call of min and max


@dataclass(frozen=True)
class Hours:
    """Minutes that each row works on each day, and the millionths of a usual week that they are."""

    minutes: Whole  # [rows, days]
    parts: Whole  # [rows, days]

    @cached_property
    def worked(self) -> Whole:
        """Return the minutes before each day, [rows, days + 1]."""
        return _running(self.minutes)

    @cached_property
    def shares(self) -> Whole:
        """Return the parts before each day, [rows, days + 1]."""
        return _running(self.parts)


def _running(days: Whole) -> Whole:
    total = np.zeros((days.shape[0], days.shape[1] + 1), dtype=np.int64)
    np.cumsum(days, axis=1, out=total[:, 1:])
    return total


@dataclass(frozen=True, slots=True)
class Portion:
    """A piece of work of one row: days [begin, end) of the weeks shown.

    `share` is in millionths of the row's time, `minutes` of a usual week; one of them is 0.
    """

    row: int
    begin: int
    end: int
    share: int = 0
    minutes: int = 0


def share_of(amount: float) -> int:
    """Return a share, or an amount of units, in millionths."""
    return round(amount * MILLION)


def loads(portions: Sequence[Portion], hours: Hours, weeks: Weeks) -> Whole:
    """Return what each of `portions` takes in each week, [portions, weeks]."""
    table = np.array(
        [(one.row, one.begin, one.end, one.share, one.minutes) for one in portions], dtype=np.int64
    ).reshape(len(portions), 5)
    rows, begins, ends, shares, minutes = (column[:, None] for column in table.T)
    edges = np.arange(0, weeks.days + 1, 7)[None, :]
    inside = np.clip(edges, begins, np.maximum(begins, ends))
    taken = np.diff(hours.worked[rows, inside]) * shares
    by_minutes = np.flatnonzero(minutes)
    if by_minutes.size:
        parts = hours.shares[rows[by_minutes], inside[by_minutes]]
        taken[by_minutes] += np.diff(parts) * minutes[by_minutes]
    return taken.astype(np.int64, copy=False)


def summed(loads: Whole, rows: Sequence[int], count: int) -> Whole:
    """Return loads added up by row, [count, weeks]."""
    total = np.zeros((count, loads.shape[1]), dtype=np.int64)
    places = np.asarray(rows, dtype=np.int64)
    if not places.size:
        return total
    order = np.argsort(places, kind="stable")
    found, begins = np.unique(places[order], return_index=True)
    total[found] = np.add.reduceat(loads[order], begins, axis=0)
    return total


def by_week(days: Whole) -> Whole:
    """Return whole days added up by week, [rows, weeks]."""
    rows, count = days.shape
    return np.asarray(days.reshape(rows, count // 7, 7).sum(axis=2), dtype=np.int64)


def days_off_of_all(calendars: Iterable[Calendar]) -> frozenset[date]:
    """Return the days that no calendar works, though it would on that weekday."""
    off = [
        frozenset(one.holidays) | {day for day, spans in one.extra if not spans}
        for one in calendars
    ]
    return frozenset.intersection(*off) if off else frozenset()


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody whose hours are counted: what they told, and what the roster says beside.

    `share` is of full time, `starts` and `ends` their first and last day of work.
    """

    told: WorkingTimeFacts | None = None
    share: float = 1.0
    starts: date | None = None
    ends: date | None = None


def hours_of(people: Sequence[Worker], days_off: frozenset[date], weeks: Weeks) -> Hours:
    """Return when people work: as they told, else Monday to Friday eight hours but `days_off`."""
    usual = Calendar("usual", windows=WEEKDAYS.windows, holidays=tuple(sorted(days_off)))
    minutes, parts = pattern(usual, weeks)
    known: dict[str, Calendar] = {}
    worked = np.tile(minutes, (len(people), 1))
    shares = np.tile(parts, (len(people), 1))
    for row, one in enumerate(people):
        if one.told is not None and one.told.schedule:
            worked[row], shares[row] = _own(one.told, weeks, known)
        elif one.share != 1.0:
            worked[row] = minutes * share_of(one.share) // MILLION
        for away in _away(one, weeks):
            worked[row, away] = shares[row, away] = 0
    return Hours(worked, shares)


def _away(one: Worker, weeks: Weeks) -> list[slice]:
    """Return the days on which somebody does not work: absent, not here yet, or gone."""
    found = []
    for first, last in one.told.absences if one.told else ():
        after = date.fromisoformat(last) + timedelta(days=1)
        found.append(slice(weeks.place(date.fromisoformat(first)), weeks.place(after)))
    if one.starts is not None:
        found.append(slice(0, weeks.place(one.starts)))
    if one.ends is not None:
        found.append(slice(weeks.place(one.ends + timedelta(days=1)), weeks.days))
    return found


def _own(told: WorkingTimeFacts, weeks: Weeks, known: dict[str, Calendar]) -> tuple[Whole, Whole]:
    """Return the minutes of somebody who told a week, and of what it becomes, without absences."""
    usual = _calendar(told.schedule, known)
    minutes, parts = pattern(usual, weeks)
    special = (*usual.holidays, *(day for day, _ in usual.extra))
    for since, held in told.changes:
        begin = weeks.place(date.fromisoformat(str(since)))
        later = _calendar(held if isinstance(held, Mapping) else {}, known)
        new_minutes, new_parts = pattern(later, weeks)
        kept = {weeks.place(day) for day in special if begin <= weeks.place(day) < weeks.days}
        chosen = np.array([day for day in range(begin, weeks.days) if day not in kept], dtype=int)
        minutes[chosen], parts[chosen] = new_minutes[chosen], new_parts[chosen]
    return minutes, parts


def _calendar(held: Mapping[str, object], known: dict[str, Calendar]) -> Calendar:
    key = repr(held)
    if key not in known:
        known[key] = calendar_from(held)
    return known[key]


def pattern(calendar: Calendar, weeks: Weeks) -> tuple[Whole, Whole]:
    """Return a calendar's minutes on each day, and which millionths of a usual week they are."""
    usual = [_minutes(spans) for spans in usual_week(calendar)]
    minutes = np.tile(np.array(usual, dtype=np.int64), weeks.count)
    for day in calendar.holidays:
        _put(minutes, weeks, day, 0)
    for day, spans in calendar.extra:
        _put(minutes, weeks, day, _minutes(spans))
    week = sum(usual)
    return minutes, minutes * MILLION // week if week else np.zeros_like(minutes)


def _minutes(spans: Iterable[tuple[float, float]]) -> int:
    return round(sum(end - begin for begin, end in spans) * 60)


def _put(minutes: Whole, weeks: Weeks, day: date, value: int) -> None:
    place = (day - weeks.first).days
    if 0 <= place < weeks.days:
        minutes[place] = value
