"""Time that risks take out of the calendar, trial by trial, and what that does to work.

A closed period holds the times from its begin up to its end, in working units from the plan's
start. Work that would begin inside one begins at its end; work that one falls into is held up for
its length. Several periods that touch count as one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from headway.analysis.schedule.calendars import TOLERANCE, Times
from headway.analysis.schedule.clocks import Clock


@dataclass(frozen=True, slots=True, eq=False)
class ClosedPeriod:
    """One period in each trial, on the items `items`; it begins at +inf where it does not occur."""

    items: tuple[int, ...]
    begins: Times
    lasts: Times


@dataclass(frozen=True, slots=True, eq=False)
class Closed:
    """The closed periods of one item by begin, without overlap; shape (periods, trials) each."""

    begins: Times
    ends: Times
    lasts: Times

    @classmethod
    def of(cls, periods: Iterable[ClosedPeriod]) -> Closed:
        """Return the union of some periods."""
        listed = list(periods)
        begins = np.stack([period.begins for period in listed])
        ends = np.stack([period.begins + period.lasts for period in listed])
        by_time = np.argsort(begins, axis=0, kind="stable")
        begins = np.take_along_axis(begins, by_time, axis=0)
        ends = np.take_along_axis(ends, by_time, axis=0)
        for later in range(1, len(listed)):
            begins[later] = np.maximum(begins[later], ends[later - 1])
            ends[later] = np.maximum(ends[later], begins[later])
        occurs = np.isfinite(begins)
        lasts = np.where(occurs, ends, 0.0) - np.where(occurs, begins, 0.0)
        return cls(begins, ends, lasts)

    def counted(self, clock: Clock) -> Closed:
        """Return the same periods in the working units that `clock` counts on the axis."""
        begins, ends = clock.count(self.begins), clock.count(self.ends)
        occurs = np.isfinite(begins)
        lasts = np.where(occurs, ends, 0.0) - np.where(occurs, begins, 0.0)
        return Closed(begins, ends, lasts)

    def opens(self, times: Times) -> Times:
        """Return the first times at or after `times` at which work may begin."""
        for begins, ends in zip(self.begins, self.ends, strict=True):
            inside = (times >= begins - TOLERANCE) & (times < ends)
            times = np.where(inside, ends, times)
        return times

    def worked_until(self, begin: Times, until: Times) -> Times:
        """Return the ends of work from `begin`, which without closed periods ends at `until`."""
        for begins, lasts in zip(self.begins, self.lasts, strict=True):
            falls_in = (begins > begin - TOLERANCE) & (begins < until - TOLERANCE)
            until = np.where(falls_in, until + lasts, until)
        return until


def closed_by_item(periods: Iterable[ClosedPeriod]) -> dict[int, Closed]:
    """Return what is closed to each item that anything is closed to."""
    found: dict[int, list[ClosedPeriod]] = {}
    for period in periods:
        for number in period.items:
            found.setdefault(number, []).append(period)
    return {number: Closed.of(listed) for number, listed in found.items()}
