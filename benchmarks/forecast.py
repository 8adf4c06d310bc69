"""Forecast of 300 items in 10,000 futures, against a bare NumPy forward pass."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np

from benchmarks.timing import best_of
from headway.analysis.schedule.forecast import Options, forecast
from headway.analysis.schedule.plan import Estimate, Item, Link, Plan
from headway.analysis.schedule.simulation import Settings

ITEMS, TRIALS = 300, 10_000


def _plan() -> Plan:
    rng = random.Random(0)
    items: list[Item] = []
    for number in range(ITEMS):
        low = rng.randint(1, 8)
        estimate = Estimate(low, low + rng.randint(0, 3), low + rng.randint(4, 12))
        before = rng.sample(items[-20:], min(len(items), rng.randint(1, 3)))
        items.append(
            Item(str(number), estimate=estimate, after=tuple(Link(one.id) for one in before))
        )
    return Plan("benchmark", tuple(items))


def _floor(plan: Plan) -> float:
    """Draw triangular durations and pass forward: no calendar, driver or criticality."""
    rng = np.random.default_rng(0)
    ends: dict[str, np.ndarray] = {}
    for item in plan.items:
        low, mode, high = item.estimate.numbers if item.estimate else (0.0, 0.0, 0.0)
        start = np.zeros(TRIALS)
        for link in item.after:
            start = np.maximum(start, ends[link.predecessor])
        ends[item.id] = start + rng.triangular(low, mode, high, TRIALS)
    return float(np.quantile(np.max(np.stack(list(ends.values())), axis=0), 0.8))


def measure() -> Iterator[tuple[str, float, float]]:
    """Yield (claim, our seconds, the floor's seconds)."""
    plan = _plan()
    floor = best_of(3, lambda: _floor(plan))
    for drivers in (0, 20):
        options = Options(settings=Settings(trials=TRIALS, seed=0), drivers=drivers)
        ours = best_of(2, lambda options=options: forecast(plan, options))
        yield f"forecast, 300 items, 10,000 trials, {drivers} drivers", ours, floor
