"""What the responses to risks buy: before and after, on the same random numbers.

Both sides draw from the same streams, so that a risk which occurs in a future before its response
occurs less often, lasts shorter or costs less after it, and nothing else changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from headway.analysis.quantities import inverted_cdf
from headway.analysis.schedule.draws import RiskDraws, draw_risks
from headway.analysis.schedule.ladder import Ladder
from headway.analysis.schedule.plan import Moment
from headway.analysis.schedule.sensitivity import Effect, effect
from headway.analysis.schedule.simulation import Simulation, rerun, share


@dataclass(frozen=True, slots=True)
class Stand:
    """One side: finish and cost by percentile, and the odds of target and budget."""

    finish: Ladder
    cost_p50: float
    cost_p80: float
    p_on_time: float | None
    p_within_budget: float | None
    p_joint: float | None


@dataclass(frozen=True, slots=True)
class Response:
    """What one response alone buys at P50 and P80 (money net of its `price`), and the price."""

    risk: str
    name: str
    price: Decimal
    at_p50: Effect
    at_p80: Effect


@dataclass(frozen=True, slots=True)
class Responses:
    """The plan without and with all its responses, what they buy together, and each alone."""

    before: Stand
    after: Stand
    at_p50: Effect
    at_p80: Effect
    each: tuple[Response, ...]


def responses(
    simulation: Simulation, target: Moment | None, budget: float | None
) -> Responses | None:
    """Return what the plan's responses buy; None where no open risk has one."""
    plan, settings = simulation.plan, simulation.settings
    answered = {risk.id: risk for risk in plan.risks if risk.mitigated is not None}
    sides = [_drawn(simulation, mitigated=mitigated) for mitigated in (False, True)]
    softer = {key: one for key, one in sides[1].items() if key in answered}
    if not softer:
        return None
    harder = {key: sides[0][key] for key in softer}
    before = _with(simulation, harder) if settings.mitigated else simulation
    after = simulation if settings.mitigated else _with(simulation, softer)
    each = []
    for key, risk in answered.items():
        if key in softer and risk.mitigated is not None:
            alone = _with(before, {key: softer[key]})
            gains = effect(before, alone, 50), effect(before, alone)
            each.append(Response(key, risk.name, risk.mitigated.cost, *gains))
    return Responses(
        _stand(before, target, budget),
        _stand(after, target, budget),
        effect(before, after, 50),
        effect(before, after),
        tuple(each),
    )


def _drawn(simulation: Simulation, *, mitigated: bool) -> dict[str, RiskDraws]:
    settings, frame = simulation.settings, simulation.frame
    drawn = draw_risks(
        frame.plan, frame.timings, settings.seed, simulation.trials, mitigated=mitigated
    )
    return {risk.id: risk for risk in drawn}


def _with(simulation: Simulation, risks: dict[str, RiskDraws]) -> Simulation:
    touched = {number for risk in risks.values() for number in risk.touched}
    return rerun(simulation, simulation.draws.with_risks(risks), sorted(touched))


def _stand(simulation: Simulation, target: Moment | None, budget: float | None) -> Stand:
    costs = np.sort(np.broadcast_to(simulation.cost, simulation.finish.shape))
    is_joint = target is not None and budget is not None
    return Stand(
        Ladder.of(np.sort(simulation.finish)),
        inverted_cdf(costs, 50),
        inverted_cdf(costs, 80),
        None if target is None else simulation.p_on_time(target),
        None if budget is None else share(simulation.cost <= budget),
        simulation.p_joint(target, budget) if is_joint else None,  # type: ignore[arg-type]
    )
