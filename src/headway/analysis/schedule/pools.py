"""Resources with a capacity: who waits for whom, decided without looking ahead.

The policy is serial. Items stand in a list (by latest start in the deterministic schedule,
predecessors first); each reserves the units that come free first, and starts when its predecessors
and its units let it. Which units come free first is known when they do, so no decision rests on a
duration that is still to come (it is non-anticipative). Units are not lent in between, so the
finish is an upper estimate of what a good dispatcher reaches.

Where a capacity changes on known days, work begins once so many units are there and free; what has
begun is finished, though there be fewer later. A need that names a skill is met by whoever lets the
work begin first, the plan's order where several do.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from headway.analysis.schedule.calendars import TOLERANCE, Times, WorkingTime
from headway.analysis.schedule.draws import Flags
from headway.analysis.schedule.network import Network
from headway.analysis.schedule.plan import Item, Plan, Resource
from headway.analysis.schedule.several import time_of
from headway.analysis.schedule.staffing import ways_of
from headway.errors import Invalid, Problem

MOST_UNITS = 512


@dataclass(slots=True, eq=False)
class Pool:
    """The units of one resource: when each comes free, ascending, and which item holds it until.

    `steps` are (time, units there from then on), the first from the beginning; none where all are
    there for good.
    """

    free: Times
    holder: NDArray[np.int64]
    steps: tuple[tuple[float, int], ...] = ()


@dataclass(slots=True, eq=False)
class Pools:
    """The pools of a plan during one run. `order` is the list in which items are placed.

    `needs` is what each item takes of the pools, the first of its `ways` where it has several.
    """

    order: tuple[int, ...]
    needs: Mapping[int, Mapping[str, int]]
    pools: Mapping[str, Pool]
    ways: Mapping[int, tuple[Mapping[str, int], ...]] = field(default_factory=dict)
    #: For each item the trials in which it waited, and the item it waited for (-1: none).
    waited: dict[int, NDArray[np.int64]] = field(default_factory=dict)
    #: Which of its ways an item takes in each trial.
    chosen: dict[int, NDArray[np.int64]] = field(default_factory=dict)

    def wait(self, number: int, start: Times) -> Times:
        """Return the start of an item once its units are free, at or after `start`."""
        ways = self._ways(number)
        found, holders = self._granted(ways[0], start)
        chosen = np.zeros(len(start), dtype=np.int64)
        for place, way in enumerate(ways[1:], 1):
            sooner, others = self._granted(way, start)
            is_better = sooner < found
            chosen = np.where(is_better, place, chosen)
            holders = np.where(is_better, others, holders)
            found = np.where(is_better, sooner, found)
        self.waited[number], self.chosen[number] = holders, chosen
        return found

    def _ways(self, number: int) -> tuple[Mapping[str, int], ...]:
        return self.ways.get(number) or (self.needs.get(number, {}),)

    def _granted(self, way: Mapping[str, int], start: Times) -> tuple[Times, NDArray[np.int64]]:
        """Return when all the units of one way are there and free, and who holds them until."""
        holders = np.full(len(start), -1, dtype=np.int64)
        changing = any(self.pools[name].steps for name in way)
        while True:
            before = start
            for name, units in way.items():
                pool = self.pools[name]
                if pool.steps:
                    start, holders = _there(pool, units, start, holders)
                    continue
                free, holder = pool.free[units - 1], pool.holder[units - 1]
                later = free > start
                holders = np.where(later, holder, holders)
                start = np.where(later, free, start)
            # A later start may lie where another resource has fewer: all are asked again.
            if len(way) < 2 or not changing or np.array_equal(start, before):
                return start, holders

    def occupy(self, number: int, start: Times, until: Times, taken: Flags | None) -> None:
        """Hold the units of an item `until` its work ends, where it starts and is done at all."""
        busy = np.isfinite(start) if taken is None else np.isfinite(start) & taken
        ways, chosen = self._ways(number), self.chosen.get(number)
        for place, way in enumerate(ways):
            mine = busy if len(ways) < 2 or chosen is None else busy & (chosen == place)
            for name, units in way.items():
                self._hold(self.pools[name], units, number, np.where(mine, until, -np.inf))
            if chosen is None:  # begun already: who does it is not known, and taken to be the first
                break

    def _hold(self, pool: Pool, units: int, number: int, until: Times) -> None:
        """Hold the units of a pool that come free first, where `until` is finite."""
        busy = until > -np.inf
        pool.free[:units] = np.where(busy, until, pool.free[:units])
        pool.holder[:units] = np.where(busy, number, pool.holder[:units])
        by_time = np.argsort(pool.free, axis=0, kind="stable")
        pool.free[:] = np.take_along_axis(pool.free, by_time, axis=0)
        pool.holder[:] = np.take_along_axis(pool.holder, by_time, axis=0)

    def mark_holders(self, number: int, flags: Flags) -> None:
        """Mark as critical the items whose units a critical item waited for."""
        holders = self.waited.get(number)
        if holders is not None:
            trials = np.flatnonzero(flags[number] & (holders >= 0))
            flags[holders[trials], trials] = True


def _there(
    pool: Pool, units: int, start: Times, holders: NDArray[np.int64]
) -> tuple[Times, NDArray[np.int64]]:
    """Return when so many units of a changing pool are there and free; never is +inf."""
    found = np.full(len(start), np.inf)
    who = np.full(len(start), -1, dtype=np.int64)
    ends = [begins for begins, _ in pool.steps[1:]] + [np.inf]
    for (begins, there), end in zip(pool.steps, ends, strict=True):
        if there < units:
            continue
        # As many may be busy as are left: that is so once this one comes free.
        place = len(pool.free) - 1 - (there - units)
        free = pool.free[place]
        time = np.maximum(np.maximum(start, free), begins)
        fits = (time < end) & np.isinf(found)
        found = np.where(fits, time, found)
        who = np.where(fits & (free == time), pool.holder[place], who)
    return found, np.where(found > start, who, holders)


def is_lasting(plan: Plan) -> bool:
    """Say whether every need names a resource of which there is as much at all times."""
    lasting = {resource.name for resource in plan.resources if not resource.steps}
    return all(name in lasting for item in plan.items for name in item.needs)


def pools_of(plan: Plan, network: Network, priority: Sequence[float], trials: int) -> Pools:
    """Return fresh pools. Raises Invalid for an item that needs more than there ever is."""
    problems = [problem for item in plan.items for problem in _excess(plan, item)]
    if problems:
        sentence = f"Resources cannot be respected: {problems[0].sentence}"
        raise Invalid(sentence, problems)
    most = {resource.name: resource.most + TOLERANCE for resource in plan.resources}
    asked = {
        number: [
            way
            for way in ways_of(item, plan)
            if all(units <= most[name] for name, units in way.items())
        ]
        for number, item in enumerate(plan.items)
        if item.needs
    }
    found: dict[int, list[dict[str, int]]] = {
        number: [{} for _ in ways] for number, ways in asked.items()
    }
    time = None if is_lasting(plan) else time_of(plan)
    pools = {}
    for resource in plan.resources:
        users = [
            (number, place, way[resource.name])
            for number, ways in asked.items()
            for place, way in enumerate(ways)
            if resource.name in way
        ]
        if not users:
            continue
        unit = _common_unit([amount for *_, amount in users])
        for number, place, amount in users:
            found[number][place][resource.name] = int(_share(amount) / unit)
        pools[resource.name] = _pool(resource, unit, trials, time)
    needs = {number: ways[0] for number, ways in found.items() if ways and ways[0]}
    several = {number: tuple(ways) for number, ways in found.items() if len(ways) > 1}
    return Pools(tuple(_by_priority(plan, network, priority)), needs, pools, several)


def _pool(resource: Resource, unit: Fraction, trials: int, time: WorkingTime | None) -> Pool:
    units = int(_share(resource.most) / unit)
    if units > MOST_UNITS:
        sentence = (
            f"Resource {resource.name!r} divides into {units} units; the most that can be "
            f"respected is {MOST_UNITS}. Round the needs."
        )
        raise Invalid(sentence)
    free, holder = np.zeros((units, trials)), np.full((units, trials), -1, dtype=np.int64)
    steps: list[tuple[float, int]] = []
    if resource.steps and time is not None:
        steps = [(-np.inf, int(_share(resource.capacity) / unit))]
        steps += [(time.start_of(day), int(_share(there) / unit)) for day, there in resource.steps]
    return Pool(free, holder, tuple(steps))


def _share(amount: float) -> Fraction:
    return Fraction(max(amount, 0.0)).limit_denominator(1000)


def _excess(plan: Plan, item: Item) -> list[Problem]:
    """Return what an item needs more of than anybody ever has, by name or by skill."""
    named = {resource.name: resource.most for resource in plan.resources}
    found = []
    for name, units in item.needs.items():
        having = [one.most for one in plan.resources if name in one.skills]
        most = named.get(name, max(having, default=math.inf))
        if units > most + TOLERANCE:
            sentence = (
                f"Item {item.id!r} needs {units:g} of {name!r} and there are {most:g}; "
                "raise the capacity or lower the need."
            )
            found.append(Problem(f"item {item.id}", sentence))
    ways = ways_of(item, plan) if item.needs and not found else ()
    if ways and not any(all(units <= named[n] + TOLERANCE for n, units in w.items()) for w in ways):
        sentence = f"Item {item.id!r} needs more at once than anybody who can do it has."
        found.append(Problem(f"item {item.id}", f"{sentence} Raise a capacity or lower a need."))
    return found


def _common_unit(amounts: Sequence[float]) -> Fraction:
    """Return the largest amount of which every one of `amounts` is a multiple, to a thousandth."""
    shares = [Fraction(amount).limit_denominator(1000) for amount in amounts]
    below = math.lcm(*(share.denominator for share in shares))
    return Fraction(math.gcd(*(int(share * below) for share in shares)), below)


def _by_priority(plan: Plan, network: Network, priority: Sequence[float]) -> list[int]:
    """Return the items by priority, each after its predecessors; what has started comes first."""
    waiting = [len({edge.source for edge in into}) for into in network.edges]
    successors: list[list[int]] = [[] for _ in network.ids]
    for number, into in enumerate(network.edges):
        for source in {edge.source for edge in into}:
            successors[source].append(number)

    def rank(number: int) -> tuple[bool, float, int]:
        return plan.items[number].started is None, priority[number], number

    ready = [rank(number) for number, count in enumerate(waiting) if count == 0]
    heapq.heapify(ready)
    order = []
    while ready:
        *_, number = heapq.heappop(ready)
        order.append(number)
        for successor in successors[number]:
            waiting[successor] -= 1
            if waiting[successor] == 0:
                heapq.heappush(ready, rank(successor))
    return order
