"""Where experiments lead: how often each outcome comes, and what it costs and lasts.

Every experiment succeeds, gives up (its fallback is done, or the plan never ends), or is never
begun, because it stands behind another road. Of each outcome: its share of the trials, the mean
cost of the experiment and its fallback there, and when the whole plan ends.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from headway.analysis.quantities import finite, inverted_cdf
from headway.analysis.schedule.calendars import TOLERANCE, Times
from headway.analysis.schedule.draws import Flags
from headway.analysis.schedule.simulation import Simulation, share


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome: its share of trials, the mean cost of it, the plan's P50 and P80 after it.

    `cost` is None where the outcome did not come, `p50` and `p80` where that share never ends.
    """

    probability: float
    cost: float | None
    p50: float | None
    p80: float | None


@dataclass(frozen=True, slots=True)
class AttemptForecast:
    """One experiment. `tries` is the share of trials with each number of attempts, from 1.

    `fallback` is done when it fails; None means that the plan never ends then. `stopped` is the
    share of trials in which time ran out before its attempts did.
    """

    id: str
    name: str
    fallback: str | None
    succeeds: Outcome
    fails: Outcome
    not_begun: float
    tries: dict[int, float]
    mean_tries: float | None
    stopped: float


def attempt_forecasts(simulation: Simulation) -> tuple[AttemptForecast, ...]:
    """Return the outcomes of each unfinished experiment, in the plan's order."""
    return tuple(_one(simulation, number) for number in sorted(simulation.run.failed))


def _one(simulation: Simulation, number: int) -> AttemptForecast:
    item, run = simulation.plan.items[number], simulation.run
    begun = np.isfinite(run.starts[number]) & np.ones(simulation.trials, dtype=np.bool_)
    if number in run.taken:
        begun &= run.taken[number]
    failed = run.failed[number] & begun
    fallback = item.attempts.fallback if item.attempts else None
    cost = simulation.cost_of([item.id])
    after = cost if fallback is None else cost + simulation.cost_of([fallback])
    counts = {
        tries: share(begun & (run.tries[number] == tries))
        for tries in range(1, (item.attempts.max if item.attempts else 0) + 1)
    }
    reached = sum(counts.values())
    return AttemptForecast(
        id=item.id,
        name=item.name,
        fallback=fallback,
        succeeds=_outcome(simulation, begun & ~failed, cost),
        fails=_outcome(simulation, failed, after),
        not_begun=share(~begun),
        tries=counts,
        mean_tries=sum(n * part for n, part in counts.items()) / reached if reached else None,
        stopped=_stopped(simulation, number, failed),
    )


def _outcome(simulation: Simulation, flags: Flags, cost: Times) -> Outcome:
    count = int(np.count_nonzero(flags))
    if not count:
        return Outcome(0.0, None, None, None)
    ends = np.sort(simulation.finish[flags])
    mean = math.fsum(np.broadcast_to(cost, flags.shape)[flags].tolist()) / count
    p50, p80 = (finite(inverted_cdf(ends, percent)) for percent in (50, 80))
    return Outcome(share(flags), mean, p50, p80)


def _stopped(simulation: Simulation, number: int, failed: Flags) -> float:
    """Return the share of trials that gave up at the day to stop by, attempts being left."""
    attempts = simulation.plan.items[number].attempts
    stop_by = simulation.frame.timings[number].stop_by
    if attempts is None or stop_by is None:
        return 0.0
    run = simulation.run
    until = run.starts[number] + run.lasting[number]
    return share(failed & (until >= stop_by - TOLERANCE))
