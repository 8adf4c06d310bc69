"""Working time: the map between a number of working units from the start and a date.

A time inside the analysis is a number of working units (hours, days, weeks) since the plan's start.
Working day k of a calendar holds the times k to k+1 (in days): a 5-day item that starts on Monday
at 0 ends at 5, which is Friday's end and not Monday's beginning. Therefore each question says
which end it means. Infinity ("never") has no date.

Where a plan's work runs in several calendars, or its days differ, a time is a place on an axis of
absolute time instead (see `clocks`), and is told in the working units of the plan's own calendar.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from headway.analysis.schedule.clocks import TOLERANCE, Clock
from headway.analysis.schedule.plan import WEEKDAYS, Calendar, Moment, Plan, Unit
from headway.analysis.schedule.spans import Times

__all__ = ["ELAPSED_DAYS", "TOLERANCE", "Dates", "Times", "WorkingTime"]

Dates = NDArray[np.datetime64]

ELAPSED_DAYS = {Unit.HOURS: 1 / 24, Unit.DAYS: 1.0, Unit.WEEKS: 7.0}


@dataclass(frozen=True)
class WorkingTime:
    """The time axis of a plan. Without a calendar a time is a plain number."""

    unit: Unit
    start: date | None = None
    calendar: Calendar | None = None

    @classmethod
    def of(cls, plan: Plan) -> WorkingTime:
        """Return the axis of `plan` by its own calendar alone; see `several` for all of them."""
        return cls(plan.unit, plan.start, plan.calendar)

    @property
    def is_plain(self) -> bool:
        """Say whether times are working units of one regular calendar, or plain numbers."""
        return True

    def clock(self, number: int) -> Clock | None:
        """Return the clock by which item `number` is worked on; None where times are plain."""
        return None

    @property
    def zero(self) -> float:
        """Return the time before which no work begins: the plan's first day."""
        return 0.0

    def item_units(self, number: int, time: float) -> float:
        """Return a time in working units of item `number`."""
        return time

    def at_units(self, number: int, units: float) -> float:
        """Return the time at which work on item `number` begins that begins at its `units`."""
        return units

    def start_on(self, number: int, moment: Moment) -> float:
        """Return when work on item `number` can begin that is not to begin before `moment`."""
        return self.start_of(moment)

    def begun_on(self, number: int, moment: Moment) -> float:
        """Return when item `number` was begun, known by its day."""
        return self.start_of(moment)

    def done_on(self, number: int, moment: Moment) -> float:
        """Return when item `number` was done, known by its day."""
        return self.end_of(moment)

    @cached_property
    def _days(self) -> np.busdaycalendar:
        calendar = self.calendar or WEEKDAYS
        mask = [day in calendar.weekdays for day in range(7)]
        off = [*calendar.holidays, *(day for day, windows in calendar.extra if not windows)]
        holidays = np.array(off, dtype="datetime64[D]")
        return np.busdaycalendar(mask, holidays)

    @cached_property
    def _first(self) -> np.datetime64:
        """The first working day at or after the plan's start."""
        day = np.datetime64(self.start or date(1970, 1, 1), "D")
        first: np.datetime64 = np.busday_offset(day, 0, roll="forward", busdaycal=self._days)
        return first

    @property
    def hours_per_unit(self) -> float:
        """Return the working hours in one unit."""
        calendar = self.calendar or WEEKDAYS
        if self.unit is Unit.HOURS:
            return 1.0
        days = len(calendar.weekdays) if self.unit is Unit.WEEKS else 1
        return calendar.hours_per_day * days

    def in_days(self, times: Times) -> Times:
        """Return working days for working units."""
        calendar = self.calendar or WEEKDAYS
        if self.unit is Unit.WEEKS:
            return times * float(len(calendar.weekdays))
        return times / calendar.hours_per_day if self.unit is Unit.HOURS else times

    def in_units(self, days: Times) -> Times:
        """Return working units for working days."""
        calendar = self.calendar or WEEKDAYS
        if self.unit is Unit.WEEKS:
            return days / float(len(calendar.weekdays))
        return days * calendar.hours_per_day if self.unit is Unit.HOURS else days

    def start_of(self, moment: Moment) -> float:
        """Return the time at which the day `moment` begins (a number stays what it is)."""
        if isinstance(moment, date):
            return float(self.in_units(self._count(np.datetime64(moment, "D"))))
        return float(moment)

    def end_of(self, moment: Moment) -> float:
        """Return the time at which the day `moment` has ended (a number stays what it is)."""
        if isinstance(moment, date):
            following = np.datetime64(moment, "D") + np.timedelta64(1, "D")
            return float(self.in_units(self._count(following)))
        return float(moment)

    def _count(self, days: np.datetime64 | Dates) -> Times:
        """Return the working days from the first day to where `days` begin; negative before."""
        later = np.busday_count(self._first, np.maximum(days, self._first), busdaycal=self._days)
        earlier = np.busday_count(np.minimum(days, self._first), self._first, busdaycal=self._days)
        return np.asarray(later - earlier, dtype=np.float64)

    def dates_of_start(self, times: Times) -> Dates:
        """Return the dates on which work that starts at finite `times` starts."""
        return self._dates(np.floor(self.in_days(times) + TOLERANCE))

    def dates_of_finish(self, times: Times) -> Dates:
        """Return the dates on which work that ends at finite `times` ends."""
        return self._dates(_last_day(self.in_days(times)))

    def _dates(self, days: Times) -> Dates:
        return np.asarray(
            np.busday_offset(self._first, days.astype(np.int64), busdaycal=self._days),
            dtype="datetime64[D]",
        )

    def date_of_start(self, time: float | None) -> date | None:
        """Return the date of one start; None without a calendar, for never and beyond year 9999."""
        return self._one(time, at_end=False)

    def date_of_finish(self, time: float | None) -> date | None:
        """Return the date of one finish; None as for a start."""
        return self._one(time, at_end=True)

    def date_before(self, time: float) -> date | None:
        """Return the last working date that has ended when work starts at `time`."""
        return self.date_of_finish(time)

    def _one(self, time: float | None, *, at_end: bool) -> date | None:
        if self.calendar is None or time is None or not math.isfinite(time):
            return None
        times = np.array([time])
        dates = self.dates_of_finish(times) if at_end else self.dates_of_start(times)
        if dates[0] > np.datetime64(date.max):
            return None
        return date(1970, 1, 1) + timedelta(days=int(dates.astype(np.int64)[0]))

    def position_of_finish(self, time: float) -> float:
        """Return where a finish lies among calendar days: its date's ordinal and the part done.

        A finish at the end of Friday is Friday's ordinal + 1. Without a calendar, and for never,
        the time itself.
        """
        if self.calendar is None or not math.isfinite(time):
            return time
        days = self.in_days(np.array([time]))
        whole = _last_day(days)
        ordinal = self._dates(whole).astype(np.int64)[0] + date(1970, 1, 1).toordinal()
        return float(ordinal) + float(days[0] - whole[0])

    def after_elapsed(self, times: Times, lag: float, *, at_end: bool) -> Times:
        """Return the working times that lie `lag` elapsed units after `times`.

        `at_end` says that `times` are finishes, so that 5 is Friday evening and not Monday morning.
        """
        if self.calendar is None:
            return times + lag
        reached = np.array(times, dtype=np.float64, copy=True)
        known = np.isfinite(reached)
        reached[known] = self._shifted(reached[known], lag, at_end=at_end)
        return reached

    def _shifted(self, times: Times, lag: float, *, at_end: bool) -> Times:
        windows = (self.calendar or WEEKDAYS).windows
        days = self.in_days(times)
        whole = _last_day(days) if at_end else np.floor(days + TOLERANCE)
        hours = _hour_of(days - whole, windows) + lag * ELAPSED_DAYS[self.unit] * 24.0
        carried = np.floor(hours / 24.0)
        landed = self._dates(whole) + carried.astype(np.int64)
        share = _share_of(hours - carried * 24.0, windows)
        worked = np.is_busday(landed, busdaycal=self._days)
        return self.in_units(self._count(landed) + np.where(worked, share, 0.0))


def _last_day(days: Times) -> Times:
    """Return the index of the working day in which a finish lies; a start at 0 is day 0."""
    last = np.ceil(days - TOLERANCE) - 1.0
    return np.where((days > -TOLERANCE) & (last < 0.0), 0.0, last)


def _hour_of(share: Times, windows: tuple[tuple[float, float], ...]) -> Times:
    """Return the hour of the day at which `share` of the working hours is done."""
    worked = share * sum(end - begin for begin, end in windows)
    hour = np.full_like(share, windows[0][0])
    before = 0.0
    for begin, end in windows:
        hour = np.where(worked > before, begin + np.minimum(worked - before, end - begin), hour)
        before += end - begin
    return hour


def _share_of(hour: Times, windows: tuple[tuple[float, float], ...]) -> Times:
    """Return the share of the working hours that is done at `hour`."""
    worked = np.zeros_like(hour)
    for begin, end in windows:
        worked = worked + np.clip(hour - begin, 0.0, end - begin)
    return worked / sum(end - begin for begin, end in windows)
