"""What the items of a plan ask of its resources, in whole numbers: units, capacities, who may."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from headway.analysis.schedule.calendars import WorkingTime
from headway.analysis.schedule.levelling.axis import Slots
from headway.analysis.schedule.plan import Plan, Resource
from headway.analysis.schedule.staffing import Way

#: Parts of a unit that are told apart: 0.125 of a person is, 0.0001 is not.
_PARTS = 1000


@dataclass(frozen=True, slots=True)
class Pool:
    """A resource that is levelled. `per_unit` whole parts make one unit of it."""

    resource: Resource
    per_unit: int

    def parts(self, units: float) -> int:
        """Return how many parts a need takes, rounded up."""
        return math.ceil(_share(units) * self.per_unit)

    def whole(self, units: float) -> int:
        """Return how many parts a capacity gives, rounded down."""
        return math.floor(_share(max(units, 0.0)) * self.per_unit)

    def steps(self, time: WorkingTime, axis: Slots) -> tuple[tuple[int, int], ...]:
        """Return its capacity in parts as it changes over the slots, the first from slot 0 on."""
        found = {0: self.whole(self.resource.capacity)}
        for moment, units in self.resource.steps:
            found[max(0, axis.at_or_after(time.start_of(moment)))] = self.whole(units)
        return tuple(sorted(found.items()))


def pools_of(plan: Plan, ways: Sequence[Sequence[Way]], chosen: Sequence[str]) -> list[Pool]:
    """Return the resources that are levelled: those `chosen` (none: all) that anything needs."""
    asked: dict[str, list[float]] = {}
    for of_item in ways:
        for way in of_item:
            for name, units in way.items():
                asked.setdefault(name, []).append(units)
    return [
        Pool(resource, _parts([*asked[resource.name], *_capacities(resource)]))
        for resource in plan.resources
        if resource.name in asked and (not chosen or resource.name in chosen)
    ]


def _capacities(resource: Resource) -> list[float]:
    return [resource.capacity, *(units for _, units in resource.steps)]


def _share(units: float) -> Fraction:
    return Fraction(units).limit_denominator(_PARTS)


def _parts(amounts: Sequence[float]) -> int:
    """Return into how many parts a unit is cut so that every amount is whole, or nearly."""
    below = math.lcm(*(_share(amount).denominator for amount in amounts))
    return below if below <= _PARTS else _PARTS
