"""The slots of a plan: how its working time is cut, so that durations become whole numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from headway.analysis.schedule.calendars import TOLERANCE, WorkingTime
from headway.analysis.schedule.plan import Unit

#: A slot is not cut smaller where the work of a plan would fill more of them than this.
MOST_SLOTS = 400_000
#: A number of slots this near to a whole one is one.
_WHOLE = 1e-6


class Slots(Protocol):
    """Whatever cuts a plan's time into slots."""

    def at_or_after(self, time: float) -> int:
        """Return the first slot that begins at or after `time` (units from the plan's start)."""
        ...


@dataclass(frozen=True, slots=True)
class Axis:
    """Slots of which `per_unit` make a unit of the plan; slot 0 begins `origin` slots after it."""

    per_unit: int
    origin: int = 0

    def at_or_after(self, time: float) -> int:
        """Return the first slot that begins at or after `time` (units from the plan's start)."""
        return self.lasting(time) - self.origin

    def at_or_before(self, time: float) -> int:
        """Return the last slot that begins at or before `time`."""
        return math.floor(time * self.per_unit + _WHOLE) - self.origin

    def lasting(self, units: float) -> int:
        """Return how many slots `units` of work or of waiting take, rounded up."""
        return math.ceil(units * self.per_unit - _WHOLE)

    def time(self, slot: int) -> float:
        """Return when a slot begins, in units from the plan's start."""
        return (slot + self.origin) / self.per_unit

    def words(self, unit: Unit) -> str:
        """Return what a slot is, for a sentence: a day, a quarter of a day, 1/8 of a day."""
        one = {Unit.HOURS: "an hour", Unit.DAYS: "a day", Unit.WEEKS: "a week"}[unit]
        parts = {1: one, 2: f"half {one}", 4: f"a quarter of {one}"}
        return parts.get(self.per_unit, f"1/{self.per_unit} of {one}")

    def is_whole(self, units: float) -> bool:
        """Say whether `units` are a whole number of slots."""
        return abs(units * self.per_unit - round(units * self.per_unit)) <= _WHOLE


def axis_of(time: WorkingTime, status: float, values: Sequence[float], *, coarse: bool) -> Axis:
    """Return the coarsest cut that makes all `values` whole, or the finest there is.

    Slot 0 is the one that holds the `status` date. `coarse` keeps to whole units.
    """
    work = math.fsum(max(0.0, value) for value in values)
    cuts = [1] if coarse else [cut for cut in _cuts(time) if work * cut <= MOST_SLOTS] or [1]
    fitting = (cut for cut in cuts if all(Axis(cut).is_whole(value) for value in values))
    per_unit = next(fitting, cuts[-1])
    return Axis(per_unit, math.floor(max(0.0, status) * per_unit + TOLERANCE))


def _cuts(time: WorkingTime) -> Iterable[int]:
    """Return into how many slots a unit may be cut, ascending."""
    if time.calendar is None:
        return (1, 2, 4, 5, 10, 20)
    if time.unit is Unit.HOURS:
        return (1, 2, 4)
    days = len(time.calendar.weekdays) if time.unit is Unit.WEEKS else 1
    return sorted({1, days, *(days * cut for cut in (2, 4, 8))})
