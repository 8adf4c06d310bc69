"""The slots of a plan whose work runs by several clocks: hours of the wall, worked or not.

Where each item has its own working time, a slot is a piece of absolute time, and who works in it is
a mask of each clock. A slot counts as worked where the clock works all of it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from headway.analysis.schedule.calendars import ELAPSED_DAYS
from headway.analysis.schedule.clocks import Clock
from headway.analysis.schedule.levelling.problem import Mask
from headway.analysis.schedule.plan import Unit
from headway.analysis.schedule.several import SeveralCalendars

#: Slots are not cut smaller than this, in minutes; what does not fit is rounded up.
_SMALLEST = 15
#: Slots for which it is known who works; beyond them everybody does.
MOST_MASKED = 300_000
#: Parts of a slot that are rounding: rest is thin on the axis, so that its hours are not exact.
_GRAIN = 0.02


@dataclass(frozen=True, eq=False)
class WallAxis:
    """Slots of `hours` each; slot 0 begins `first` hours after 1970 began."""

    line: SeveralCalendars
    hours: float
    first: float
    masks: dict[int, Mask] = field(default_factory=dict)

    @property
    def per_unit(self) -> float:
        """Return how many worked slots make a unit of the plan."""
        return self.line.hours_per_unit / self.hours

    def at_or_after(self, time: float) -> int:
        """Return the first slot that begins at or after `time`, a place on the plan's axis."""
        return math.ceil(self._slot(time) - _GRAIN)

    def at_or_before(self, time: float) -> int:
        """Return the last slot that begins at or before `time`."""
        return math.floor(self._slot(time) + _GRAIN)

    def _slot(self, time: float) -> float:
        hours = float(self.line.absolute.hours_at(np.array([time]))[0])
        return (hours - self.first) / self.hours

    def lasting(self, units: float) -> int:
        """Return how many worked slots `units` of work take, rounded up."""
        return math.ceil(units * self.per_unit - 1e-6)

    def elapsed(self, units: float) -> int:
        """Return how many slots `units` of elapsed time take, rounded up."""
        return math.ceil(units * ELAPSED_DAYS[self.line.unit] * 24.0 / self.hours - _GRAIN)

    def time(self, slot: int) -> float:
        """Return where a slot begins on the plan's axis."""
        hours = np.array([self.first + slot * self.hours])
        return round(float(self.line.absolute.place(hours)[0]), 11)

    def is_whole(self, units: float) -> bool:
        """Say whether `units` of work are a whole number of slots."""
        return abs(units * self.per_unit - round(units * self.per_unit)) <= 1e-6

    def words(self, _unit: Unit) -> str:
        """Return what a slot is, for a sentence."""
        return f"{self.hours * 60:g} minutes"

    def mask(self, number: int, slots: int) -> Mask:
        """Return in which of the first `slots` slots item `number` is worked on."""
        clock = self.line.clock(number)
        if id(clock) not in self.masks:
            count = min(slots, MOST_MASKED) + 1
            edges = self.first + np.arange(count, dtype=np.float64) * self.hours
            counts = clock.count(self.line.absolute.place(edges))
            self.masks[id(clock)] = np.diff(counts) >= (1.0 - _GRAIN) / self.per_unit
        return self.masks[id(clock)]


def wall_axis(line: SeveralCalendars, status: float, work: Sequence[float]) -> WallAxis:
    """Return slots that the hours of all clocks and all `work` (units) are multiples of."""
    minutes = [round(units * line.hours_per_unit * 60.0) for units in work]
    clocks: dict[int, Clock] = {id(clock): clock for clock in line.clocks}
    for clock in clocks.values():
        edges = line.absolute.hours_at(np.concatenate((clock.begins, clock.ends)))
        minutes += np.unique(np.rint(edges * 60.0).astype(np.int64) % 1440).tolist()
    shared = max(_SMALLEST, math.gcd(1440, *minutes))
    hours = shared / 60.0
    begins = float(line.absolute.hours_at(np.array([max(status, line.zero)]))[0])
    return WallAxis(line, hours, math.floor(begins / hours + _GRAIN) * hours)
