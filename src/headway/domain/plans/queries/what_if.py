"""What the odds would be under another assumption: worked out while one waits, and not kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

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

    def stored(self) -> dict[str, object]:
        """Return what is supposed as JSON to keep: the same question, the same JSON."""
        return {**asdict(self), "without": sorted(self.without), "widen": float(self.widen)}

    @classmethod
    def read(cls, held: Mapping[str, Any]) -> WhatIf:
        """Return what was kept."""
        return cls(**{**held, "without": tuple(held["without"])})


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

    def stored(self) -> dict[str, object]:
        """Return the answers as JSON to keep."""
        held = asdict(self)
        for name in ("p50", "p80"):
            held[name] = None if held[name] is None else held[name].isoformat()
        for name in ("cost_p50", "cost_p80"):
            held[name] = None if held[name] is None else str(held[name])
        return held

    @classmethod
    def read(cls, held: Mapping[str, Any]) -> SupposedOdds:
        """Return the answers that were kept."""
        days = [date.fromisoformat(held[one]) if held[one] else None for one in ("p50", "p80")]
        costs = [Decimal(held[one]) if held[one] else None for one in ("cost_p50", "cost_p80")]
        odds, joint = held["p_on_time"], held["p_joint"]
        return cls(days[0], days[1], odds, costs[0], costs[1], joint, held["problem"])


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
    problem then (see `ask_what_if`). Raises NotFound for a risk that the plan does not have.
    """
    require(actor, Permission.VIEW, program)
    if not base.problem and not is_quick(actor, program):
        sentence = (
            f"This plan has more than {AT_ONCE:,} items, which is too many to try while you wait; "
            "ask the worker for it: the button on the forecast page, or a POST to /what-ifs."
        )
        return SupposedOdds(problem=sentence)
    return suppose(actor, program, base, asked)


def suppose(
    actor: Actor, program: ProgramFacts, base: ForecastFacts, asked: WhatIf
) -> SupposedOdds:
    """Return the same, however long it takes."""
    require(actor, Permission.VIEW, program)
    if base.problem:
        return SupposedOdds(problem=base.problem)
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
