"""What the odds would be under another assumption: worked out while one waits, and not kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from headway.analysis.quantities import cents
from headway.analysis.schedule.forecast import Forecast, Options, forecast
from headway.analysis.schedule.one_point import stretched
from headway.analysis.schedule.simulation import Settings
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.queries.forecasts import ForecastFacts
from headway.domain.plans.queries.network import AT_ONCE, is_quick, plan_value
from headway.domain.programs.rules import ProgramFacts
from headway.errors import Invalid

LEAST_WIDE, MOST_WIDE = 0.1, 10.0


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What is supposed: some risks left out, all responses taken, resources respected.

    `widen` makes the pessimistic side of every open range so many times as long.
    """

    without: tuple[str, ...] = ()
    mitigated: bool = False
    respect_resources: bool = False
    widen: float = 1.0

    @property
    def is_asked(self) -> bool:
        """Say whether anything is supposed at all."""
        return bool(self.without) or self.mitigated or self.respect_resources or self.widen != 1.0


@dataclass(frozen=True, slots=True)
class SupposedOdds:
    """The answers to compare; None is a number without an answer. `problem` says why none is."""

    p50: date | None = None
    p80: date | None = None
    p_on_time: float | None = None
    cost_p50: Decimal | None = None
    cost_p80: Decimal | None = None
    p_joint: float | None = None
    problem: str = ""


def odds_of(found: ForecastFacts) -> SupposedOdds:
    """Return the answers of a stored forecast."""
    joint = found.answer.get("p_joint")
    return SupposedOdds(
        found.finish("p50"),
        found.finish("p80"),
        found.p_on_time,
        found.cost("p50"),
        found.cost("p80"),
        float(joint) if isinstance(joint, int | float) else None,
        found.problem,
    )


def what_if(
    actor: Actor, program: ProgramFacts, base: ForecastFacts, asked: WhatIf
) -> SupposedOdds:
    """Return the odds of the plan that `base` forecast, on the same random numbers, supposing.

    A plan of more than AT_ONCE items is not simulated while somebody waits; the answer is a
    problem then. Raises NotFound for a risk that the plan does not have.
    """
    require(actor, Permission.VIEW, program)
    if base.problem:
        return SupposedOdds(problem=base.problem)
    if not is_quick(actor, program):
        sentence = (
            f"This plan has more than {AT_ONCE:,} items, which is too many to try while you wait; "
            "export it and run `headway forecast` with the same options."
        )
        return SupposedOdds(problem=sentence)
    if not LEAST_WIDE <= asked.widen <= MOST_WIDE:
        sentence = (
            f"Ranges can be widened {LEAST_WIDE:g} to {MOST_WIDE:g} times, not {asked.widen}."
        )
        raise Invalid(sentence)
    plan = plan_value(actor, program, base.at)
    if asked.widen != 1.0:
        plan = stretched(plan, asked.widen)
    settings = Settings(
        trials=base.trials,
        seed=base.seed,
        as_of=base.at.date(),
        mitigated=asked.mitigated,
        respect_resources=asked.respect_resources,
    )
    try:
        told = forecast(plan, Options(settings, without_risks=asked.without, drivers=0))
    except Invalid as error:
        return SupposedOdds(problem=str(error))
    return _odds(told)


def _odds(told: Forecast) -> SupposedOdds:
    dates = told.finish_dates
    cost = told.cost
    return SupposedOdds(
        dates["p50"],
        dates["p80"],
        told.p_on_time,
        Decimal(cents(cost.p50)) if cost else None,
        Decimal(cents(cost.p80)) if cost else None,
        told.p_joint,
    )
