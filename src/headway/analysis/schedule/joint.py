"""Time and money together: which pairs of a date and a budget hold both with which chance.

P(finish ≤ t and cost ≤ c) is the share of trials for which both are so. It is at most the smaller
of the two chances and not their product, because what takes longer usually costs more. The
frontier of a chance q is the set of pairs (t, c) in which c is the smallest budget that reaches q
together with t: a later date asks for less money, never for more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np

from headway.analysis.schedule.calendars import TOLERANCE, Times, WorkingTime
from headway.analysis.schedule.simulation import Simulation, share

#: The chances whose frontiers are told, in percent.
CHANCES = (50, 70, 80)
#: A frontier has at most so many pairs, and a scatter so many futures.
MOST_PAIRS = 24
MOST_POINTS = 500


@dataclass(frozen=True, slots=True)
class Pair:
    """A date to promise and a budget to ask for; `finish` is the end of that day, in units."""

    finish: float
    date: date | None
    cost: float


@dataclass(frozen=True, slots=True)
class Frontier:
    """The pairs that hold both with a chance of `percent`, the earliest first.

    `balanced` asks as much of time as of money: each alone holds with a chance of `each`.
    """

    percent: int
    pairs: tuple[Pair, ...]
    balanced: Pair
    each: float


@dataclass(frozen=True, slots=True)
class Joint:
    """The frontiers that exist, and futures as (finish, cost), evenly chosen by trial."""

    frontiers: tuple[Frontier, ...]
    scatter: tuple[tuple[float, float], ...]


def joint(simulation: Simulation) -> Joint:
    """Return what the trials say of time and money together."""
    finish, cost, time = simulation.finish, simulation.cost, simulation.frame.time
    cost = np.broadcast_to(cost, finish.shape)
    found = [frontier(finish, cost, percent, time) for percent in CHANCES]
    step = max(len(finish) / MOST_POINTS, 1.0)
    chosen = [int(place * step) for place in range(min(len(finish), MOST_POINTS))]
    points = [(float(finish[trial]), float(cost[trial])) for trial in chosen]
    return Joint(
        tuple(one for one in found if one is not None),
        tuple(point for point in points if math.isfinite(point[0])),
    )


def frontier(finish: Times, cost: Times, percent: int, time: WorkingTime) -> Frontier | None:
    """Return the frontier of a chance; None where the plan itself ends with a smaller one."""
    needed = -(-percent * len(finish) // 100)
    ordered = np.sort(finish)
    if not np.isfinite(ordered[needed - 1]):
        return None
    last = int(np.isfinite(ordered).sum())
    ranks = np.unique(np.linspace(needed, last, MOST_PAIRS).astype(np.int64))
    pairs: dict[float, Pair] = {}
    for rank in ranks.tolist():
        pair = _pair(float(ordered[rank - 1]), (finish, cost), needed, time)
        pairs.setdefault(pair.finish, pair)
    balanced, each = _balanced((finish, ordered), cost, needed, time)
    return Frontier(percent, tuple(pairs.values()), balanced, each)


def _pair(until: float, trials: tuple[Times, Times], needed: int, time: WorkingTime) -> Pair:
    """Return the smallest budget that `needed` trials hold which end by the day of `until`."""
    finish, cost = trials
    day = time.date_of_finish(until)
    end = until if day is None else max(until, time.end_of(day))
    costs = cost[finish <= end + TOLERANCE]
    return Pair(end, day, float(np.partition(costs, needed - 1)[needed - 1]))


def _balanced(
    finish: tuple[Times, Times], cost: Times, needed: int, time: WorkingTime
) -> tuple[Pair, float]:
    """Return the pair of equal ranks that `needed` trials hold, and the smaller chance alone."""
    times, ordered = finish
    costs = np.sort(cost)
    ranks = np.maximum(
        np.searchsorted(ordered, times, side="left"), np.searchsorted(costs, cost, side="left")
    )
    rank = int(np.partition(ranks, needed - 1)[needed - 1])
    until = float(ordered[rank])
    if not math.isfinite(until):
        until = float(ordered[int(np.isfinite(ordered).sum()) - 1])
    pair = Pair(until, time.date_of_finish(until), float(costs[rank]))
    return pair, min(share(times <= pair.finish), share(cost <= pair.cost))
