"""The seeded network of the benchmarks: 1 to 3 predecessors among the 40 before, skewed ranges."""

from __future__ import annotations

import random
from collections import deque
from dataclasses import replace
from datetime import date

import numpy as np

from headway.analysis.schedule.plan import (
    WEEKDAYS,
    Distribution,
    Estimate,
    Item,
    Link,
    Plan,
    Resource,
)

SEED = 20261123
WINDOW = 40


def network(count: int, kind: Distribution = Distribution.TRIANGULAR) -> Plan:
    """Return a plan of `count` items."""
    rng = random.Random(SEED)
    items = []
    for number in range(count):
        low = rng.uniform(1, 10)
        mode = low * rng.uniform(1, 1.3)
        estimate = Estimate(low, mode, mode * rng.uniform(1.2, 2.5))
        before = rng.sample(range(max(0, number - WINDOW), number), min(number, rng.randint(1, 3)))
        after = tuple(Link(f"t{one}") for one in before)
        items.append(Item(f"t{number}", estimate=estimate, after=after))
    return Plan("network", tuple(items), distribution=kind)


def dated(plan: Plan) -> Plan:
    """Return `plan` with a calendar."""
    return replace(plan, start=date(2026, 1, 5), calendar=WEEKDAYS)


def with_resources(plan: Plan) -> Plan:
    """Return `plan` with each item in need of one or two units of one of four resources."""
    names = ("a", "b", "c", "d")
    rows = tuple(
        replace(item, needs={names[number % 4]: 1.0 + number % 2})
        for number, item in enumerate(plan.items)
    )
    return replace(plan, items=rows, resources=tuple(Resource(name, 4.0) for name in names))


def naive(plan: Plan, trials: int) -> float:
    """Return P80 by the NumPy that one writes in ten lines: draw an item, pass it forward."""
    rng = np.random.default_rng(SEED)
    ends: deque[np.ndarray] = deque(maxlen=WINDOW + 1)
    last = np.zeros(trials)
    for number, item in enumerate(plan.items):
        low, mode, high = item.estimate.numbers if item.estimate else (0.0, 0.0, 0.0)
        start = np.zeros(trials)
        for link in item.after:
            start = np.maximum(start, ends[int(link.predecessor[1:]) - number])
        if plan.distribution is Distribution.TRIANGULAR:
            end = start + rng.triangular(low, mode, high, trials)
        else:
            share = 4.0 * (mode - low) / (high - low)
            end = start + low + (high - low) * rng.beta(1.0 + share, 5.0 - share, trials)
        ends.append(end)
        last = np.maximum(last, end)
    return float(np.quantile(last, 0.8))
