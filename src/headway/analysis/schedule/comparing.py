"""Two plans held against each other on the same random numbers: what differs, and is it chance?

Each draw has a stream named after its item or risk, so that both plans meet the same futures in
whatever they share. The error of a difference is therefore that of pairs: the trials are cut into
batches, and the spread between the batches' differences gives it (batch means). A difference under
two errors counts as none.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from headway.analysis.quantities import inverted_cdf
from headway.analysis.schedule.calendars import Times
from headway.analysis.schedule.plan import Moment
from headway.analysis.schedule.simulation import Simulation

#: The trials are cut into so many batches, and below so many trials there is no error.
BATCHES, LEAST_TRIALS = 20, 200
#: Differences below these are rounding: a thousandth of a day, half a cent, a millionth.
_DAY, _CENT, _SHARE = 1e-3, 0.005, 1e-6


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """How much higher the second plan's value is, and the standard error of that difference.

    `value` is None where one side is never; `is_equal` says that it is under two errors, None
    where there is no error to say it by.
    """

    value: float | None
    error: float | None
    is_equal: bool | None


@dataclass(frozen=True, slots=True)
class Differences:
    """From one plan to another: calendar days at P50 and P80, money, and shares of futures."""

    finish_p50: PairedDifference
    finish_p80: PairedDifference
    cost_p50: PairedDifference
    cost_p80: PairedDifference
    p_on_time: PairedDifference | None
    p_joint: PairedDifference | None


def differences(
    base: Simulation, other: Simulation, limits: tuple[float | None, float | None] = (None, None)
) -> Differences:
    """Return what `other` changes of `base`; `limits` are the budgets of the two, if any.

    Each side is on time by its own target. Both must have the same number of trials.
    """

    def finish(percent: int) -> PairedDifference:
        def told(simulation: Simulation, values: Times) -> float:
            return simulation.frame.time.position_of_finish(_percentile(values, percent))

        return _paired(base, other, (base.finish, other.finish), told, _DAY)

    def cost(percent: int) -> PairedDifference:
        def told(_simulation: Simulation, values: Times) -> float:
            return _percentile(values, percent)

        return _paired(base, other, (base.cost, other.cost), told, _CENT)

    return Differences(finish(50), finish(80), cost(50), cost(80), *_odds(base, other, limits))


def _odds(
    base: Simulation, other: Simulation, limits: tuple[float | None, float | None]
) -> tuple[PairedDifference | None, PairedDifference | None]:
    targets: tuple[Moment | None, Moment | None] = base.plan.target, other.plan.target
    if targets[0] is None or targets[1] is None:
        return None, None
    first = base.on_time(base.finish, targets[0])
    second = other.on_time(other.finish, targets[1])
    on_time = _of_shares(first, second)
    if limits[0] is None or limits[1] is None:
        return on_time, None
    joint = _of_shares(first & (base.cost <= limits[0]), second & (other.cost <= limits[1]))
    return on_time, joint


def _of_shares(first: np.ndarray, second: np.ndarray) -> PairedDifference:
    """Return the difference of two shares of the same trials, and its exact paired error."""
    pairs = second.astype(np.float64) - first.astype(np.float64)
    count = len(pairs)
    value = int(pairs.sum()) / count
    if count < LEAST_TRIALS:
        return PairedDifference(value, None, True if abs(value) <= _SHARE else None)
    differing = int(np.count_nonzero(pairs))
    error = math.sqrt(max(0.0, differing / count - value * value) / count)
    return PairedDifference(value, error, abs(value) <= max(2.0 * error, _SHARE))


def _paired(
    base: Simulation,
    other: Simulation,
    values: tuple[Times, Times],
    told: Callable[[Simulation, Times], float],
    rounding: float,
) -> PairedDifference:
    def between(first: Times, second: Times) -> float | None:
        before, after = told(base, first), told(other, second)
        return after - before if math.isfinite(before) and math.isfinite(after) else None

    value = between(*values)
    if value is None:
        return PairedDifference(None, None, None)
    error = _error(values, between)
    if error is None:
        return PairedDifference(value, None, True if abs(value) <= rounding else None)
    return PairedDifference(value, error, abs(value) <= max(2.0 * error, rounding))


def _error(
    values: tuple[Times, Times], between: Callable[[Times, Times], float | None]
) -> float | None:
    if len(values[0]) < LEAST_TRIALS:
        return None
    parts = zip(*(np.array_split(one, BATCHES) for one in values), strict=True)
    known = [found for found in (between(*pair) for pair in parts) if found is not None]
    if len(known) < BATCHES:
        return None
    mean = math.fsum(known) / BATCHES
    variance = math.fsum((one - mean) * (one - mean) for one in known) / (BATCHES - 1)
    return math.sqrt(variance / BATCHES)


def _percentile(values: Times, percent: int) -> float:
    return inverted_cdf(np.sort(values), percent)
