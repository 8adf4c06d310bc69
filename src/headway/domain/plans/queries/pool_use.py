"""What each compute pool of a program is used for, week by week: demand, reserved, idle, money.

Hours are those that the forecast counts: the working hours of the program's calendar, or of the
pool's own. A reservation is paid for whether it is used or not; what it leaves unused is idle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.queries import resources_of
from headway.domain.people.queries.pools import pools_of
from headway.domain.people.rules import ResourceFacts
from headway.domain.people.rules.heat import hours
from headway.domain.people.rules.loads import HOUR, Weeks, pattern, share_of
from headway.domain.people.rules.pools import PoolFacts
from headway.domain.plans.queries.capacity import capacity_map
from headway.domain.plans.rules.capacity import MapView
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.calendars import calendar_from

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class PoolWeek:
    """One week of a pool in unit-hours, and its money; None where there is no price."""

    monday: date
    capacity: float
    demand: float
    reserved: float
    idle: float
    cost: Decimal | None
    idle_cost: Decimal


@dataclass(frozen=True, slots=True)
class PoolUse:
    """A pool over the weeks asked for; `needed_by` are the items that draw on it."""

    resource: ResourceFacts
    pool: PoolFacts | None
    weeks: Sequence[PoolWeek]
    needed_by: Sequence[tuple[str, str, str]]  # project, key, name

    @property
    def demand(self) -> float:
        """Return all that is asked for, in unit-hours."""
        return sum(week.demand for week in self.weeks)

    @property
    def share(self) -> float | None:
        """Return the share of what there is that is asked for; None where there is nothing."""
        there = sum(week.capacity for week in self.weeks)
        return self.demand / there if there else None

    @property
    def idle_cost(self) -> Decimal:
        """Return what reserved hours cost that nobody asks for."""
        return sum((week.idle_cost for week in self.weeks), Decimal(0))

    @property
    def cost(self) -> Decimal | None:
        """Return what the pool costs over the weeks; None where a price is missing."""
        costs = [week.cost for week in self.weeks]
        known = [cost for cost in costs if cost is not None]
        return sum(known, Decimal(0)) if len(known) == len(costs) else None


def pool_uses(
    actor: Actor, program: ProgramFacts, weeks: Weeks, at: datetime | None = None
) -> Sequence[PoolUse]:
    """Return every compute pool of a program with its weeks, by name."""
    require(actor, Permission.VIEW, program)
    resources = [one for one in resources_of(actor, program, at) if one.kind == "compute"]
    pools = pools_of(actor, resources, at)
    found = capacity_map(actor, MapView(weeks, program), at)
    uses = []
    for resource in resources:
        place = found.place[str(resource.id)]
        there, asked = (
            [hours(int(one)) for one in part[place]]
            for part in (found.heat.capacity, found.heat.load)
        )
        items = {
            (one.project, one.key.partition("/")[2], one.name) for one, _ in found.pieces_of(place)
        }
        pool = pools.get(resource.id)
        days = _Days(resource, pool, program, weeks)
        lines = [
            days.week(number, capacity, demand)
            for number, (capacity, demand) in enumerate(zip(there, asked, strict=True))
        ]
        uses.append(PoolUse(resource, pool, lines, sorted(items)))
    return uses


class _Days:
    """What a pool has reserved on each day, and what an hour of it costs."""

    def __init__(
        self,
        resource: ResourceFacts,
        pool: PoolFacts | None,
        program: ProgramFacts,
        weeks: Weeks,
    ) -> None:
        self.weeks = weeks
        self.reserved = pool.reserved if pool else ()
        held = program.calendars.get(resource.calendar) or program.calendar
        calendar = calendar_from(pool.week if pool and pool.week else held)
        self.minutes = pattern(calendar, weeks)[0].tolist()
        self.price = _price(resource, pool)

    def week(self, number: int, capacity: float, demand: float) -> PoolWeek:
        """Return one week; of the reserved hours the cheapest are used first."""
        held, paid = 0.0, Decimal(0)
        for place in range(7 * number, 7 * number + 7):
            day = self.weeks.first + timedelta(days=place)
            for one in self.reserved:
                if one.first <= day <= one.last:
                    units = share_of(one.units) * self.minutes[place] / HOUR
                    held += units
                    paid += Decimal(str(units)) * one.rate
        idle = max(0.0, held - demand)
        wasted = paid * Decimal(str(idle / held)) if held else Decimal(0)
        beyond = Decimal(str(max(0.0, demand - held)))
        cost = None if self.price is None and beyond else paid + beyond * (self.price or Decimal(0))
        return PoolWeek(
            self.weeks.mondays[number],
            capacity,
            demand,
            held,
            idle,
            None if cost is None else cost.quantize(_CENT, ROUND_HALF_UP),
            wasted.quantize(_CENT, ROUND_HALF_UP),
        )


def _price(resource: ResourceFacts, pool: PoolFacts | None) -> Decimal | None:
    """Return what an hour beyond the reservations costs: as it is bought, else as planned."""
    if pool is not None:
        market = pool.market if pool.market != "reserved" else "on_demand"
        if market in pool.prices:
            lost = 1 - Decimal(str(pool.preempted if market == "spot" else 0))
            return Decimal(pool.prices[market]) / lost
    return resource.rate or None
