"""What drives the finish: standard errors, cruciality, and what P50 and P80 lose without a cause.

A correlation ranks wrongly what matters (it knows nothing of size), so one thing at a time is
taken away and the plan runs again on the same random numbers: the difference at a percentile is
the effect. Its error is that of the paired difference, far below the error of either percentile:
the trials are cut into batches, and the spread between the batches' differences gives it (batch
means).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from headway.analysis.quantities import inverted_cdf
from headway.analysis.schedule.calendars import TOLERANCE, Times
from headway.analysis.schedule.ranking import cruciality
from headway.analysis.schedule.sampling import median
from headway.analysis.schedule.simulation import Simulation, rerun

#: The paired difference is computed in this many parts; their spread gives its error.
BATCHES = 20
#: Below this many trials a part has too little to have a P80.
LEAST_TRIALS = 200
#: Differences of money below half a cent are rounding.
HALF_A_CENT = 0.005


@dataclass(frozen=True, slots=True)
class Difference:
    """How much lower a percentile is without a cause, and the paired difference's standard error.

    `value` is None where a percentile falls into "never"; `error` with too few trials. `is_equal`
    says that the difference is under two errors, so that it counts as none; None without an error.
    """

    value: float | None
    error: float | None
    is_equal: bool | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a cause does to one percentile of the plan: to its finish, and to its cost."""

    finish: Difference
    cost: Difference


@dataclass(frozen=True, slots=True)
class Driver:
    """What P80, and P50, would lose without one cause, in units and in money.

    None where a percentile falls into "never". `kind` is risk, item or opening; `within_error` says
    that the effect at P80 is under two standard errors of the paired difference, so that it counts
    as none; `cost_within_error` says so of the money. `at_p50` holds the same four answers of P50.
    """

    id: str
    kind: str
    delta_p80: float | None
    delta_p80_error: float | None
    delta_cost_p80: float | None
    delta_cost_p80_error: float | None
    cruciality: float | None
    within_error: bool | None
    cost_within_error: bool | None
    at_p50: Effect


def standard_error(ordered: Times, percent: int) -> float | None:
    """Return the standard error of a percentile of sorted values, from their order statistics.

    Half the distance between the values one binomial standard deviation of ranks to each side.
    """
    count = len(ordered)
    spread = math.sqrt(count * percent * (100 - percent)) / 100
    middle = -(-percent * count // 100)
    low = ordered[max(math.floor(middle - spread), 1) - 1]
    high = ordered[min(math.ceil(middle + spread), count) - 1]
    return float((high - low) / 2.0) if np.isfinite(high) else None


def drivers(
    simulation: Simulation,
    most_items: int = 20,
    rho: Mapping[str, float | None] | None = None,
) -> list[Driver]:
    """Return the removal tornado: risks, openings, the `most_items` most crucial items, by effect.

    A risk is left out; an opening holds up nothing and costs nothing; an item is set to the median
    of its range, an experiment to the median of the time it took, with success. `rho` is the
    cruciality of the items, where it is known already.
    """
    rho = cruciality(simulation) if rho is None else rho
    found = []
    for risk in simulation.draws.risks:
        without = rerun(simulation, simulation.draws.without_risk(risk.id), risk.touched)
        found.append(_driver(simulation, without, (risk.id, "risk"), None))
    for opening in simulation.draws.openings:
        draws = simulation.draws.without_opening(opening.id)
        without = rerun(simulation, draws, opening.items)
        found.append(_driver(simulation, without, (opening.id, "opening"), None))
    ranked = sorted(
        (item_id for item_id, value in rho.items() if value), key=lambda key: -(rho[key] or 0.0)
    )
    place = {item_id: number for number, item_id in enumerate(simulation.frame.network.ids)}
    for item_id in ranked[:most_items]:
        number = place[item_id]
        draws = simulation.draws.with_items_at({number: _median(simulation, number)})
        without = rerun(simulation, draws, [number])
        found.append(_driver(simulation, without, (item_id, "item"), rho[item_id]))
    return sorted(found, key=lambda driver: -abs(driver.delta_p80 or 0.0))


def group_effects(simulation: Simulation, groups: Mapping[str, Sequence[str]]) -> dict[str, Effect]:
    """Return for each group of items what its uncertainty does to the P80 of the whole plan.

    The plan runs again with the group's items certain to take their most likely duration, an
    experiment one attempt that succeeds; risks stay. Groups without an item have no effect.
    """
    place = {item_id: number for number, item_id in enumerate(simulation.frame.network.ids)}
    found = {}
    for name, ids in groups.items():
        if not ids:
            continue
        certain = _most_likely(simulation, [place[item_id] for item_id in ids])
        without = rerun(simulation, simulation.draws.with_items_at(certain), tuple(certain))
        found[name] = effect(simulation, without)
    return found


def effect(base: Simulation, without: Simulation, percent: int = 80) -> Effect:
    """Return how much lower a percentile of finish and cost is in a rerun on the same numbers."""
    return Effect(
        difference(base.finish, without.finish, TOLERANCE, percent),
        difference(base.cost, without.cost, HALF_A_CENT, percent),
    )


def _most_likely(simulation: Simulation, numbers: Sequence[int]) -> dict[int, float]:
    """Return the most likely duration of those items whose duration is still uncertain."""
    certain = {}
    for number in numbers:
        item, timing = simulation.plan.items[number], simulation.frame.timings[number]
        estimate = item.duration
        if estimate is None or timing.finished is not None:
            continue
        if number in simulation.draws.attempts or not estimate.is_certain:
            least = timing.elapsed if item.left is None else 0.0
            certain[number] = max(estimate.most_likely, least)
    return certain


def _median(simulation: Simulation, number: int) -> float:
    if number in simulation.draws.attempts:
        delay = simulation.draws.delays().get(number, np.zeros(1))
        worked = np.maximum(simulation.run.lasting[number] - delay, 0.0)
        return inverted_cdf(np.sort(worked), 50)
    estimate = simulation.plan.items[number].duration
    timing = simulation.frame.timings[number]
    if estimate is None or (timing.elapsed > 0.0 and timing.finished is None):
        return inverted_cdf(np.sort(simulation.draws.durations[number]), 50)
    return median(estimate, simulation.plan.distribution)


def _driver(
    base: Simulation, without: Simulation, cause: tuple[str, str], rho: float | None
) -> Driver:
    found = effect(base, without)
    time, money = found.finish, found.cost
    return Driver(
        id=cause[0],
        kind=cause[1],
        delta_p80=time.value,
        delta_p80_error=time.error,
        delta_cost_p80=money.value,
        delta_cost_p80_error=money.error,
        cruciality=rho,
        within_error=time.is_equal,
        cost_within_error=money.is_equal,
        at_p50=effect(base, without, 50),
    )


def difference(base: Times, without: Times, rounding: float, percent: int = 80) -> Difference:
    """Return how much lower a percentile is in `without`, trial by trial the same future as `base`.

    A difference up to `rounding` is none, whatever its error.
    """
    value = _lower(base, without, percent)
    if value is None:
        return Difference(None, None, None)
    error = _error_of_difference(base, without, percent)
    if error is None:
        return Difference(value, None, True if abs(value) <= rounding else None)
    return Difference(value, error, abs(value) <= max(2.0 * error, rounding))


def _lower(base: Times, without: Times, percent: int) -> float | None:
    """Return how much lower the percentile is without; None when either is never."""
    before, after = _percentile(base, percent), _percentile(without, percent)
    return before - after if math.isfinite(before) and math.isfinite(after) else None


def _percentile(values: Times, percent: int) -> float:
    rank = max(-(-percent * len(values) // 100), 1) - 1
    return float(np.partition(values, rank)[rank])


def _error_of_difference(base: Times, without: Times, percent: int) -> float | None:
    """Return the standard error of the paired difference, from the spread between batches."""
    if len(base) < LEAST_TRIALS:
        return None
    parts = zip(np.array_split(base, BATCHES), np.array_split(without, BATCHES), strict=True)
    known = [found for found in (_lower(*pair, percent) for pair in parts) if found is not None]
    if len(known) < BATCHES:
        return None
    mean = math.fsum(known) / BATCHES
    variance = math.fsum((value - mean) * (value - mean) for value in known) / (BATCHES - 1)
    return math.sqrt(variance / BATCHES)
