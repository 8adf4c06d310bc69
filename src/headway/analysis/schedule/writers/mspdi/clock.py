"""Times of a plan as a Microsoft Project file writes them: dates with hours, durations in hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from headway.analysis.schedule.calendars import TOLERANCE, WorkingTime
from headway.analysis.schedule.plan import Calendar, LagUnit, Link, Plan, Unit, Windows
from headway.analysis.schedule.readers.result import Losses
from headway.analysis.schedule.several import SeveralCalendars

_DAYS = {Unit.HOURS: 1 / 24, Unit.DAYS: 1.0, Unit.WEEKS: 7.0}
#: LagFormat and DurationFormat by the plan's unit: working, then elapsed.
FORMATS = {Unit.HOURS: 5, Unit.DAYS: 7, Unit.WEEKS: 9}
_PERCENT = 19
#: The last day that Microsoft Project knows.
_LAST = date(2149, 12, 31)


@dataclass(frozen=True, slots=True)
class Clock:
    """The working time of a plan that has dates."""

    plan: Plan
    calendar: Calendar
    working: WorkingTime

    @property
    def minutes_per_unit(self) -> float:
        """Return the working minutes of one unit."""
        return self.working.hours_per_unit * 60

    def duration(self, units: float) -> str:
        """Return working units as PT8H0M0S, to the second."""
        return duration_text(units * self.minutes_per_unit)

    def start(self, day: date) -> str:
        """Return the moment at which the work of a day begins."""
        return moment_text(day, self.calendar.windows[0][0])

    def end(self, day: date) -> str:
        """Return the moment at which the work of a day has ended."""
        return moment_text(day, self.calendar.windows[-1][1])

    def begins(self, units: float) -> str | None:
        """Return the moment at which work begins that starts at a finite time."""
        if isinstance(self.working, SeveralCalendars):
            return _on_axis(self.working, units, TOLERANCE)
        day = self.working.date_of_start(units)
        days = float(self.working.in_days(np.array([units]))[0])
        share = days - np.floor(days + TOLERANCE)
        return self._at(day, max(float(share), 0.0))

    def ends(self, units: float) -> str | None:
        """Return the moment at which work has ended that ends at a finite time."""
        if isinstance(self.working, SeveralCalendars):
            return _on_axis(self.working, units, -TOLERANCE)
        day = self.working.date_of_finish(units)
        days = float(self.working.in_days(np.array([units]))[0])
        share = days - (np.ceil(days - TOLERANCE) - 1.0)
        return self._at(day, float(share) if abs(days) > TOLERANCE else 0.0)

    def _at(self, day: date | None, share: float) -> str | None:
        if day is None or day > _LAST:
            return None
        return moment_text(day, hour_of(share, self.calendar.windows))

    def lag(self, link: Link, item_id: str, losses: Losses) -> tuple[int, int]:
        """Return (LinkLag, LagFormat): tenths of a minute, or whole percent."""
        own = FORMATS[self.plan.unit]
        if link.unit is LagUnit.PERCENT:
            if link.lag != round(link.lag):
                losses.tell("Lags in percent are rounded to whole ones", item_id)
            return round(link.lag), _PERCENT
        if link.unit is LagUnit.ELAPSED:
            return round(link.lag * _DAYS[self.plan.unit] * 14_400), own + 1
        return round(link.lag * self.minutes_per_unit * 10), own


def _on_axis(working: SeveralCalendars, time_: float, side: float) -> str | None:
    """Return a time on the axis of several calendars as the clocks of the plan's zone show it.

    `side` tells an end of work from the beginning of the next, which stand a sliver apart.
    """
    axis = working.axis
    if axis is None or not np.isfinite(time_):
        return None
    minutes = round(float(axis.hours_at(np.array([time_ + side]))[0]) * 60)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    zone = axis.ground.zone
    local = moment.astimezone(ZoneInfo(zone)) if zone else moment
    return local.strftime("%Y-%m-%dT%H:%M:%S") if local.date() <= _LAST else None


def hour_of(share: float, windows: Windows) -> float:
    """Return the hour of the day at which `share` of its working hours is done."""
    left = share * sum(end - begin for begin, end in windows)
    for begin, end in windows:
        if left <= end - begin + TOLERANCE:
            return begin + left
        left -= end - begin
    return windows[-1][1]


def moment_text(day: date, hour: float) -> str:
    """Return a date and an hour, 24 being the next midnight."""
    seconds = round(hour * 3600)
    moment = datetime.combine(day, time()) + timedelta(seconds=seconds)
    return moment.isoformat(timespec="seconds")


def duration_text(minutes: float) -> str:
    """Return minutes as PT8H0M0S."""
    seconds = round(abs(minutes) * 60)
    sign = "-" if minutes < 0 else ""
    return f"{sign}PT{seconds // 3600}H{seconds // 60 % 60}M{seconds % 60}S"


def clock_text(hour: float) -> str:
    """Return an hour of the day as 08:00:00; midnight at the end of a day is 00:00:00."""
    seconds = round(hour * 3600) % 86_400
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def spans(days: Sequence[date]) -> list[tuple[date, date]]:
    """Return ascending days as spans of days that follow each other."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and day - found[-1][1] == timedelta(days=1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found
