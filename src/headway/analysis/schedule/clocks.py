"""Working time of several calendars on one axis of time.

The axis counts the working units of the plan's own calendar, as the axis of a plan with a single
calendar does, and leaves a sliver of SLIVER days for each time in which that calendar rests: Friday
evening is 5, Monday morning is 5 and a sliver, and Saturday noon lies between. So work in other
calendars has its place on the axis, and every number on it is in units of the plan.

A clock counts the working units of an item along the axis. It is a table of spans (begin, end,
units worked before), read by binary search for all trials at once. A count on the border of two
spans lies at the end of one and the beginning of the next: a finish is Friday evening, a start
Monday morning, so there are two ways back from a count to the axis.

The tables hold the years that a plan needs, with every exception and every change of the clocks in
its zones; before and after them the usual week repeats. Work that needs several calendars (its own
and those of its resources) runs in their intersection.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from headway.analysis.schedule.plan import Calendar, Plan
from headway.analysis.schedule.spans import (
    EPOCH,
    Spans,
    Times,
    shared,
    spans_of,
    usual_week,
    utc_of,
)

#: Differences below this many units are rounding, not time.
TOLERANCE = 1e-9
#: How long a time of rest is on the axis, in working days of the plan.
SLIVER = 2e-5
HOURS_OF_A_WEEK = 168.0
#: Years from a plan's start that are laid out day by day.
YEARS = 25
#: Days that a table reaches beyond what a plan states.
_MARGIN = 21
_EARLIEST, _LATEST = -719_000, 2_932_000  # days from the epoch that dates can name, with a margin


@dataclass(frozen=True, eq=False)
class Clock:
    """Working units counted along an axis; `rates` are units by axis unit, span by span.

    Counts that differ by less than `grain` are one: that is as exact as rest is on the axis.
    """

    begins: Times
    ends: Times
    before: Times
    rates: Times
    grain: float
    #: Where the table begins and ends on the axis, and in units.
    low: tuple[float, float]
    high: tuple[float, float]
    #: What a usual week holds: on the axis, and in units before and after the table.
    week: float
    units_a_week: tuple[float, float]

    def count(self, times: Times) -> Times:
        """Return the working units up to `times`; infinity stays."""
        shifted, weeks = _within(times, (self.low[0], self.high[0]), (self.week, self.week))
        units = _look_up((self.begins, self.ends, self.before, self.rates), shifted)
        if weeks is not None:
            before, after = self.units_a_week
            units = units + weeks[0] * before + weeks[1] * after
        return _kept(times, units)

    def opening(self, units: Times) -> Times:
        """Return the times at which work that is to begin at `units` begins."""
        shifted, weeks = self._shifted(units)
        row = np.searchsorted(self.before, shifted + self.grain, side="right") - 1
        return self._back(units, shifted, row, weeks)

    def closing(self, units: Times) -> Times:
        """Return the times at which work that ends at `units` ends."""
        shifted, weeks = self._shifted(units)
        row = np.searchsorted(self.before, shifted - self.grain, side="left") - 1
        return self._back(units, shifted, row, weeks)

    def _shifted(self, units: Times) -> tuple[Times, Weeks]:
        bounds = (self.low[1] + self.grain, self.high[1] - self.grain)
        return _within(units, bounds, self.units_a_week)

    def _back(self, units: Times, shifted: Times, row: NDArray[np.intp], weeks: Weeks) -> Times:
        row = np.maximum(row, 0)
        worked = (shifted - self.before[row]) / self.rates[row]
        times = np.clip(self.begins[row] + worked, self.begins[row], self.ends[row])
        if weeks is not None:
            times = times + (weeks[0] + weeks[1]) * self.week
        return _kept(units, times)


#: How many weeks were left out before (negative) and after a table; None where none were.
Weeks = tuple[Times, Times] | None


def _kept(given: Times, found: Times) -> Times:
    return np.where(np.isfinite(given), found, given)


def _look_up(table: tuple[Times, Times, Times, Times], times: Times) -> Times:
    """Return the units up to `times`, all of which lie within the table's years."""
    begins, ends, before, rates = table
    row = np.maximum(np.searchsorted(begins, times, side="right") - 1, 0)
    worked = np.clip(times, begins[row], ends[row]) - begins[row]
    return np.asarray(before[row] + worked * rates[row])


def _within(
    values: Times, bounds: tuple[float, float], week: tuple[float, float]
) -> tuple[Times, Weeks]:
    """Return `values` moved by whole weeks into the table, and by how many of them."""
    low, high = bounds
    known = np.where(np.isfinite(values), values, (low + high) / 2.0)
    if known.size and low + TOLERANCE < known.min() and known.max() < high - TOLERANCE:
        return known, None
    over = known - high + TOLERANCE
    early = np.where(known <= low + TOLERANCE, np.floor((low - known) / week[0]) + 1.0, 0.0)
    late = np.where(over >= 0.0, np.floor(over / week[1]) + 1.0, 0.0)
    return known + early * week[0] - late * week[1], (-early, late)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the axis of a plan is laid on: its own calendar, hours and years.

    Tables run from day `first` to day `last`, counted from 1970, `begin` being the plan's first.
    """

    calendar: Calendar
    begin: int
    first: int
    last: int
    hours_per_unit: float
    sliver: float

    @property
    def zone(self) -> str:
        """Return the zone by whose days the plan is told."""
        return self.calendar.zone


@dataclass(frozen=True, eq=False)
class Axis:
    """A plan's axis: `hours` since 1970 (UTC) and `places` on the axis, linear in between."""

    ground: Ground
    hours: Times
    places: Times
    week: float

    @classmethod
    @lru_cache(maxsize=32)  # noqa: B019 - a table is dear to make, and asked for again and again
    def of(cls, ground: Ground) -> Axis:
        """Return the axis that is laid on `ground`; its zero is where work before it ends."""
        wide = (ground.first - _MARGIN, ground.last + _MARGIN)
        begins, ends = spans_of(ground.calendar, ground.zone, *wide)
        worked = np.concatenate([[0.0], np.cumsum(ends - begins)]) / ground.hours_per_unit
        # Rest begins where the working units before it end, and lasts a sliver.
        slivers = np.minimum(ground.sliver, np.diff(worked) / 2.0)
        hours = np.column_stack([begins, ends]).ravel()
        places = np.column_stack([worked[:-1] + slivers, worked[1:]]).ravel()
        start = utc_of(np.array([ground.begin * 24.0]), ground.zone, *wide)
        rest = np.searchsorted(ends, start + 1e-9, side="left")
        zero = float(worked[rest[0]]) if start[0] <= begins[rest[0]] else float(
            np.interp(start, hours, places)[0]
        )  # fmt: skip
        week = sum(end - begin for windows in usual_week(ground.calendar) for begin, end in windows)
        return cls(ground, hours, places - zero, week / ground.hours_per_unit)

    def place(self, hours: Times) -> Times:
        """Return where on the axis some hours since 1970 (UTC) lie."""
        bounds = (float(self.hours[0]), float(self.hours[-1]))
        shifted, weeks = _within(hours, bounds, (HOURS_OF_A_WEEK, HOURS_OF_A_WEEK))
        places = np.interp(shifted, self.hours, self.places)
        return places if weeks is None else places + (weeks[0] + weeks[1]) * self.week

    def hours_at(self, places: Times) -> Times:
        """Return the hours since 1970 (UTC) at some places on the axis; infinity stays."""
        bounds = (float(self.places[0]), float(self.places[-1]))
        shifted, weeks = _within(places, bounds, (self.week, self.week))
        hours = np.interp(shifted, self.places, self.hours)
        if weeks is not None:
            hours = hours + (weeks[0] + weeks[1]) * HOURS_OF_A_WEEK
        return _kept(places, hours)

    @lru_cache(maxsize=256)  # noqa: B019 - as above
    def clock(self, calendars: tuple[Calendar, ...]) -> Clock | None:
        """Return the clock of what needs all of `calendars`; None when they never work at once."""
        ground = self.ground
        spans = [spans_of(one, ground.zone, ground.first, ground.last) for one in calendars]
        begins, ends = spans[0] if len(spans) == 1 else shared(spans)
        if not len(begins):
            return None
        begins, ends = self._cut(begins, ends)
        units = np.concatenate([[0.0], np.cumsum(ends - begins)]) / ground.hours_per_unit
        begins, ends = self.place(begins), self.place(ends)
        rates = np.diff(units) / (ends - begins)
        days = np.array([ground.first * 24.0, ground.last * 24.0])
        low, high = (float(edge) for edge in self.place(self.utc(days)))
        edges = np.array([0.0, low + self.week, high - self.week])
        zero, first_week, last_week = _look_up((begins, ends, units[:-1], rates), edges)
        usual = (float(first_week), float(units[-1] - last_week))
        if min(usual) <= TOLERANCE:
            return None
        top = (high, float(units[-1] - zero))
        return Clock(
            begins, ends, units[:-1] - zero, rates, ground.sliver,
            (low, -float(zero)), top, self.week, usual,
        )  # fmt: skip

    def _cut(self, begins: Times, ends: Times) -> Spans:
        """Return spans cut where the plan's calendar begins or ends to work."""
        points = np.unique(np.concatenate([begins, ends, self.hours]))
        middle = (points[:-1] + points[1:]) / 2.0
        row = np.searchsorted(begins, middle, side="right") - 1
        inside = (row >= 0) & (middle < ends[np.maximum(row, 0)])
        return points[:-1][inside], points[1:][inside]

    def utc(self, local: Times, zone: str = "") -> Times:
        """Return hours in UTC for hours on the clocks of `zone`, or else of the plan's."""
        return utc_of(local, zone or self.ground.zone, self.ground.first, self.ground.last)

    def midnight(self, day: date, zone: str = "") -> float:
        """Return where on the axis a day begins in `zone`, or else in the plan's."""
        local = np.array([(day - EPOCH).days * 24.0])
        return float(self.place(self.utc(local, zone))[0])

    def midnights(self) -> Times:
        """Return where each day from `first` to `last` begins in the plan's zone."""
        first, last = self.ground.first * 24.0, self.ground.last * 24.0
        return self.place(self.utc(np.arange(first, last + 12.0, 24.0)))


def ground_of(plan: Plan, calendar: Calendar, start: date, hours_per_unit: float) -> Ground:
    """Return what the axis of `plan` is laid on."""
    begin, years = (start - EPOCH).days, int(YEARS * 365.25)
    days = [begin, *(day for day in _days(plan) if abs(day - begin) <= years)]
    first = max(min(min(days) - _MARGIN, _LATEST - years), _EARLIEST)
    last = min(max(begin + years, *days) + _MARGIN, _LATEST)
    sliver = SLIVER * calendar.hours_per_day / hours_per_unit
    return Ground(calendar, begin, first, last, hours_per_unit, sliver)


def _days(plan: Plan) -> Iterator[int]:
    """Yield the days that items state, counted from 1970."""
    for item in plan.items:
        for moment in (item.started, item.finished, item.not_before, item.pinned, item.deadline):
            if isinstance(moment, date):
                yield (moment - EPOCH).days
