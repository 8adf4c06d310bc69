"""The axis of a plan whose work runs in several calendars, or in one whose days differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from headway.analysis.schedule.calendars import ELAPSED_DAYS, TOLERANCE, Dates, Times, WorkingTime
from headway.analysis.schedule.clocks import Axis, Clock, ground_of
from headway.analysis.schedule.plan import Calendar, Moment, Plan
from headway.analysis.schedule.spans import calendars_of, is_regular, usual_week
from headway.errors import Invalid


def time_of(plan: Plan) -> WorkingTime:
    """Return the axis of `plan`, with clocks only where one regular calendar does not suffice.

    Raises Invalid where calendars are needed together that never work at once.
    """
    usual = plan.calendar
    if usual is None or plan.start is None or is_plain(plan):
        return WorkingTime.of(plan)
    return _several(plan, usual, plan.start, [calendars_of(plan, item) for item in plan.items])


def is_plain(plan: Plan) -> bool:
    """Say whether one regular calendar, or none, suffices for all work of `plan`."""
    usual = plan.calendar
    if usual is None or plan.start is None:
        return True
    return is_regular(usual) and all(calendars_of(plan, item) == (usual,) for item in plan.items)


@dataclass(frozen=True, eq=False)
class SeveralCalendars(WorkingTime):
    """The axis of a plan whose work runs by several clocks, one an item (see `clocks`)."""

    axis: Axis | None = None
    own: Clock | None = None
    clocks: tuple[Clock, ...] = ()
    zones: tuple[str, ...] = ()

    @property
    def _axis(self) -> Axis:
        if self.axis is None:  # pragma: no cover - made by `_several` only
            raise TypeError
        return self.axis

    @property
    def absolute(self) -> Axis:
        """Return the axis of absolute time that all clocks count along."""
        return self._axis

    @property
    def is_plain(self) -> bool:
        """Say that there are clocks."""
        return False

    def clock(self, number: int) -> Clock:
        """Return the clock by which item `number` is worked on."""
        return self.clocks[number]

    @cached_property
    def zero(self) -> float:
        """Return the midnight with which the plan's first day begins, in its zone."""
        return 0.0 if self.start is None else self.start_of(self.start)

    def item_units(self, number: int, time: float) -> float:
        """Return a time in working units of item `number`."""
        return float(self.clocks[number].count(np.array([time]))[0])

    def at_units(self, number: int, units: float) -> float:
        """Return the time at which work on item `number` begins that begins at its `units`."""
        return float(self.clocks[number].opening(np.array([units]))[0])

    def start_on(self, number: int, moment: Moment) -> float:
        """Return when work on item `number` can begin that is not to begin before `moment`."""
        begins = self.start_of(moment)
        if isinstance(moment, date):
            begins = self._axis.midnight(moment, self.zones[number])
        return self.at_units(number, self.item_units(number, begins))

    def begun_on(self, number: int, moment: Moment) -> float:
        """Return when item `number` was begun: as its day opens, or at midnight on a day off."""
        opening = self.start_on(number, moment)
        end = self._end_of(number, moment)
        return opening if opening < end else self._start_of(number, moment)

    def done_on(self, number: int, moment: Moment) -> float:
        """Return when item `number` was done: as its day closes, or at midnight on a day off."""
        end = self._end_of(number, moment)
        units = np.array([self.item_units(number, end)])
        closing = float(self.clocks[number].closing(units)[0])
        return closing if closing > self._start_of(number, moment) else end

    def start_of(self, moment: Moment) -> float:
        """Return the time at which the day `moment` begins in the plan's zone."""
        return self._axis.midnight(moment) if isinstance(moment, date) else float(moment)

    def end_of(self, moment: Moment) -> float:
        """Return the time at which the day `moment` has ended in the plan's zone."""
        return self.start_of(_after(moment))

    def _start_of(self, number: int, moment: Moment) -> float:
        if isinstance(moment, date):
            return self._axis.midnight(moment, self.zones[number])
        return float(moment)

    def _end_of(self, number: int, moment: Moment) -> float:
        return self._start_of(number, _after(moment))

    @cached_property
    def _midnights(self) -> Times:
        return self._axis.midnights()

    def _days_begun(self, times: Times) -> Dates:
        """Return the day on which each of `times` lies, where it begins before it."""
        day = np.searchsorted(self._midnights, times, side="right") - 1
        outside = (times >= self._midnights[-1]) | (times < self._midnights[0])
        if outside.any():
            hours = self._axis.hours_at(times)
            day = np.where(outside, np.floor(hours / 24.0) - self._axis.ground.first, day)
        return (day + self._axis.ground.first).astype(np.int64).astype("datetime64[D]")

    def dates_of_start(self, times: Times) -> Dates:
        """Return the dates on which work that starts at finite `times` starts."""
        return self._days_begun(times + TOLERANCE)

    def dates_of_finish(self, times: Times) -> Dates:
        """Return the dates on which work that ends at finite `times` ends."""
        return self._days_begun(times - TOLERANCE)

    def date_before(self, time: float) -> date | None:
        """Return the last working date that has ended when work starts at `time`."""
        if self.own is None or not math.isfinite(time):
            return None
        return self.date_of_finish(float(self.own.closing(self.own.count(np.array([time])))[0]))

    def position_of_finish(self, time: float) -> float:
        """Return the ordinal of a finish's date and the part of its working hours that is done."""
        if not math.isfinite(time):
            return time
        day = self.dates_of_finish(np.array([time]))
        ordinal = int(day.astype(np.int64)[0]) + date(1970, 1, 1).toordinal()
        if not 1 <= ordinal < date.max.toordinal():
            return float(ordinal)
        begin, end = (self.start_of(date.fromordinal(ordinal + k)) for k in (0, 1))
        worked = max(end - begin, TOLERANCE)
        return ordinal + min(max((time - begin) / worked, 0.0), 1.0)

    def after_elapsed(self, times: Times, lag: float, *, at_end: bool) -> Times:
        """Return the times that lie `lag` elapsed units after `times`, whatever end they are."""
        hours = self._axis.hours_at(times) + lag * ELAPSED_DAYS[self.unit] * 24.0
        return np.where(np.isfinite(times), self._axis.place(hours), times)


def _after(moment: Moment) -> Moment:
    """Return the day after a day; a number stays what it is, and so does the last day there is."""
    if isinstance(moment, date) and moment < date.max:
        return moment + timedelta(days=1)
    return moment


def _several(
    plan: Plan, usual: Calendar, start: date, calendars: Sequence[tuple[Calendar, ...]]
) -> SeveralCalendars:
    """Return the axis of `plan`. Raises Invalid where no time is worked in."""
    per_week = sum(end - begin for windows in usual_week(usual) for begin, end in windows)
    per_unit = WorkingTime(plan.unit, start, usual).hours_per_unit
    if per_week <= 0.0 or per_unit <= 0.0:
        sentence = f"The calendar {usual.name!r} has no working time; name its weekdays."
        raise Invalid(sentence)
    axis = Axis.of(ground_of(plan, usual, start, per_unit))
    clocks: dict[tuple[Calendar, ...], Clock] = {}
    for wanted in dict.fromkeys([(usual,), *calendars]):
        clock = axis.clock(wanted)
        if clock is None:
            raise Invalid(_never_at_once(wanted))
        clocks[wanted] = clock
    return SeveralCalendars(
        plan.unit,
        start,
        usual,
        axis,
        clocks[(usual,)],
        tuple(clocks[wanted] for wanted in calendars),
        tuple(wanted[0].zone for wanted in calendars),
    )


def _never_at_once(calendars: tuple[Calendar, ...]) -> str:
    names = ", ".join(repr(one.name) for one in calendars)
    if len(calendars) == 1:
        return f"The calendar {names} has no working time in a usual week; name its weekdays."
    return (
        f"The calendars {names} are needed together and have no working hour in common; "
        "change one of them, or what needs them."
    )
