"""Resources with a capacity: who waits for whom, decided without looking ahead.

The policy is serial. Items stand in a list (by latest start in the deterministic schedule,
predecessors first); each reserves the units that come free first, and starts when its predecessors
and its units let it. Which units come free first is known when they do, so no decision rests on a
duration that is still to come (it is non-anticipative). Units are not lent in between, so the
finish is an upper estimate of what a good dispatcher reaches.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from headway.analysis.schedule.calendars import TOLERANCE, Times
from headway.analysis.schedule.draws import Flags
from headway.analysis.schedule.network import Network
from headway.analysis.schedule.plan import Item, Plan
from headway.errors import Invalid, Problem

MOST_UNITS = 512


@dataclass(slots=True, eq=False)
class Pool:
    """The units of one resource: when each comes free, ascending, and which item holds it until."""

    free: Times
    holder: NDArray[np.int64]


@dataclass(slots=True, eq=False)
class Pools:
    """The pools of a plan during one run. `order` is the list in which items are placed."""

    order: tuple[int, ...]
    needs: Mapping[int, Mapping[str, int]]
    pools: Mapping[str, Pool]
    #: For each item the trials in which it waited, and the item it waited for (-1: none).
    waited: dict[int, NDArray[np.int64]] = field(default_factory=dict)

    def wait(self, number: int, start: Times) -> Times:
        """Return the start of an item once its units are free, at or after `start`."""
        holders = np.full(len(start), -1, dtype=np.int64)
        for name, units in self.needs.get(number, {}).items():
            pool = self.pools[name]
            free, holder = pool.free[units - 1], pool.holder[units - 1]
            later = free > start
            holders = np.where(later, holder, holders)
            start = np.where(later, free, start)
        self.waited[number] = holders
        return start

    def occupy(self, number: int, start: Times, until: Times, taken: Flags | None) -> None:
        """Hold the units of an item `until` its work ends, where it starts and is done at all."""
        busy = np.isfinite(start) if taken is None else np.isfinite(start) & taken
        for name, units in self.needs.get(number, {}).items():
            pool = self.pools[name]
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


def pools_of(plan: Plan, network: Network, priority: Sequence[float], trials: int) -> Pools:
    """Return fresh pools.

    Raises Invalid for an item that needs more than there is, a skill, or what there is more of on
    some days than on others: units are counted by name and for good.
    """
    problems = [problem for item in plan.items for problem in _excess(plan, item)]
    problems += [problem for item in plan.items for problem in _uncounted(plan, item)]
    if problems:
        sentence = f"Resources cannot be respected: {problems[0].sentence}"
        raise Invalid(sentence, problems)
    needs: dict[int, dict[str, int]] = {}
    pools = {}
    for resource in plan.resources:
        users = _users(plan, resource.name)
        if not users:
            continue
        unit = _common_unit(list(users.values()))
        units = int(Fraction(resource.most).limit_denominator(1000) / unit)
        if units > MOST_UNITS:
            sentence = (
                f"Resource {resource.name!r} divides into {units} units; the most that can be "
                f"respected is {MOST_UNITS}. Round the needs."
            )
            raise Invalid(sentence)
        for number, amount in users.items():
            units_needed = Fraction(amount).limit_denominator(1000) / unit
            needs.setdefault(number, {})[resource.name] = int(units_needed)
        pools[resource.name] = Pool(
            np.zeros((units, trials)), np.full((units, trials), -1, dtype=np.int64)
        )
    return Pools(tuple(_by_priority(plan, network, priority)), needs, pools)


def _users(plan: Plan, resource: str) -> dict[int, float]:
    return {
        number: item.needs[resource]
        for number, item in enumerate(plan.items)
        if resource in item.needs
    }


def _excess(plan: Plan, item: Item) -> list[Problem]:
    capacity = {resource.name: resource.most for resource in plan.resources}
    return [
        Problem(
            f"item {item.id}",
            f"Item {item.id!r} needs {units:g} of {name!r} and there are {capacity[name]:g}; "
            "raise the capacity or lower the need.",
        )
        for name, units in item.needs.items()
        if units > capacity.get(name, math.inf) + TOLERANCE
    ]


def _uncounted(plan: Plan, item: Item) -> Iterator[Problem]:
    """Yield what of the needs of an open item cannot be counted in units that stay."""
    resources = {resource.name: resource for resource in plan.resources}
    for name in item.needs if item.finished is None else ():
        if name not in resources:
            sentence = (
                f"Item {item.id!r} needs the skill {name!r}, and a forecast counts resources by "
                "name; name one of those who have it, or level the plan, which chooses."
            )
            yield Problem(f"item {item.id}", sentence)
        elif resources[name].steps:
            sentence = (
                f"Item {item.id!r} needs {name!r}, whose capacity changes over time, and a "
                "forecast counts what is always there; level the plan, which follows each day."
            )
            yield Problem(f"item {item.id}", sentence)


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
