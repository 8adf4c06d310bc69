"""Time, money and quality together, from one simulation: P(finish ≤ t, cost ≤ c, metric ≥ q).

Trial by trial: the simulated plan says when the work on the metric ends, the metric's own futures
say how good the model is by then, and the same trial has its finish and its cost. The three hold
together or not; chances of the three alone are never multiplied.

Where the range of that work was itself read from the metric's runs, a trial in which it is long is
one in which the metric comes late: `alike` pairs them by rank. Without that a long trial would
look like one with more time to learn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import prod

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: Weeks, and shares of today's effort, that the trade is told for.
WEEKS = (0, 2, 4, 8, 12)
SHARES = (0.0, 0.1, 0.25, 0.5, 1.0)
#: Shares of the budget that more money is told for.
MONEY = (0.0, 0.02, 0.05, 0.1, 0.2)
#: Odds that differ by less are the same.
WORTH = 0.01


@dataclass(frozen=True, slots=True)
class Futures:
    """One simulation, a trial a place: days until the metric's work ends, finish and cost held.

    `quality` gives the metric (more is better) by days and by further effort in each trial;
    `in_time` says which trials end by the target moved by so many weeks.
    """

    days: Numbers
    in_time: Callable[[int], Flags]
    cost: Numbers
    quality: Callable[[Numbers, float], Numbers]


@dataclass(frozen=True, slots=True)
class TradeLine:
    """What more time, effort or money does to the odds of all three together.

    `p_all` where the time is worked on the metric and paid for; `p_reserve` where the promise
    alone moves and the time is kept in reserve (None for effort).
    """

    more: float
    until: date | None
    price: Decimal | None
    p_quality: float
    p_all: float
    p_reserve: float | None = None


@dataclass(frozen=True, slots=True)
class Confidence:
    """The odds alone and together; `product` is what multiplying them would have said.

    Where no day or no budget is set there are no odds of it, and it always holds.
    """

    p_time: float | None
    p_money: float | None
    p_quality: float
    p_time_money: float | None
    p_time_quality: float
    p_all: float
    weeks: Sequence[TradeLine]
    effort: Sequence[TradeLine]
    money: Sequence[TradeLine] = ()

    @property
    def product(self) -> float:
        """Return the product of the chances: wrong, and told to show by how much."""
        known = [one for one in (self.p_time, self.p_money) if one is not None]
        return self.p_quality * prod(known)

    @property
    def lever(self) -> tuple[str, TradeLine] | None:
        """Return what raises the odds of all the most: "weeks", "effort", "money"; or None.

        Less than a point more is nothing: the simulation cannot tell it apart. Of equal ones the
        least, weeks first.
        """
        kinds = (("weeks", self.weeks), ("effort", self.effort), ("money", self.money))
        lines = [(kind, one) for kind, told in kinds for one in told]
        best = max(lines, key=lambda line: line[1].p_all, default=None)
        return best if best is not None and best[1].p_all - self.p_all >= WORTH else None


@dataclass(frozen=True, slots=True)
class Prices:
    """What more costs: one of effort (None: no order says), a week of work on the metric."""

    effort: Decimal | None = None
    week: Decimal | None = None


def alike(work: Numbers, metric: Numbers) -> NDArray[np.intp]:
    """Return for each trial the metric's future of the same rank: long work, late metric.

    `work` is how long the work lasts in each trial, `metric` when each future reaches the target.
    """
    places = np.empty(len(work), dtype=np.intp)
    places[np.argsort(work, kind="stable")] = np.argsort(metric, kind="stable")
    return places


def confidence(
    futures: Futures,
    bounds: tuple[date | None, float | None, float],
    effort: float | None,
    prices: Prices,
) -> Confidence:
    """Return the odds of a plan against `bounds`: its last day, its budget, the metric's target.

    Without a day (None) every trial ends in time, without a budget every cost is held.

    `effort` is what was spent on the metric so far (None: nothing is known of it). More time moves
    the promise, and with it either the work on the metric, at its price, or nothing else. More
    effort comes on top, at its price, and takes no time of its own.
    """
    target, limit, bound = bounds
    budget = np.inf if limit is None else limit
    reached = futures.quality(futures.days, 0.0) >= bound
    on_time, within = futures.in_time(0), futures.cost <= budget
    weeks = []
    for more in WEEKS:
        better = futures.quality(futures.days + 7.0 * more, 0.0) >= bound
        paid = _paid(prices.week, more)
        affordable = futures.cost + float(paid or 0) <= budget
        # The promise moves with the work: what ended in time does so still.
        spent = better & on_time & affordable
        kept = reached & futures.in_time(more) & within
        weeks.append(
            TradeLine(more, _later(target, more), paid, _share(better), _share(spent), _share(kept))
        )
    return Confidence(
        None if target is None else _share(on_time),
        None if limit is None else _share(within),
        _share(reached),
        None if target is None or limit is None else _share(on_time & within),
        _share(on_time & reached),
        _share(on_time & within & reached),
        weeks,
        _bought(futures, (budget, bound), effort, prices),
        () if limit is None else _paid_for(futures.cost, limit, on_time & reached),
    )


def _paid_for(cost: Numbers, budget: float, rest: Flags) -> Sequence[TradeLine]:
    """Return what more money alone does, where time and the metric hold as they do."""
    found = []
    for portion in MONEY:
        more = round(budget * portion, 2)
        held = _share(rest & (cost <= budget + more))
        price = Decimal(more).quantize(Decimal("0.01"))
        found.append(TradeLine(more, None, price, _share(rest), held))
    return found


def _bought(
    futures: Futures, bounds: tuple[float, float], effort: float | None, prices: Prices
) -> Sequence[TradeLine]:
    """Return what more effort does; nothing where no effort is known."""
    budget, bound = bounds
    found = []
    for portion in SHARES if effort is not None else ():
        extra = float(round((effort or 0.0) * portion))
        paid = _paid(prices.effort, extra)
        better = futures.quality(futures.days, extra) >= bound
        affordable = futures.cost + float(paid or 0) <= budget
        rest = futures.in_time(0) & affordable
        found.append(TradeLine(extra, None, paid, _share(better), _share(better & rest)))
    return found


def _paid(price: Decimal | None, count: float) -> Decimal | None:
    return None if price is None else (price * Decimal(count)).quantize(Decimal("0.01"))


def _later(target: date | None, weeks: int) -> date | None:
    if target is None:
        return None
    try:
        return date.fromordinal(target.toordinal() + 7 * weeks)
    except (OverflowError, ValueError):
        return None


def _share(flags: Flags) -> float:
    return int(np.count_nonzero(flags)) / len(flags) if len(flags) else 0.0
