"""How sound a program's plan is, before it is simulated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from headway.analysis.schedule.quality import PlanCheck, check_plan
from headway.domain.accounts.rules import Actor
from headway.domain.plans.queries.baselines import active_baseline
from headway.domain.plans.queries.forecasts import ForecastFacts
from headway.domain.plans.queries.network import is_quick, plan_value
from headway.domain.programs.rules import ProgramFacts


@dataclass(frozen=True, slots=True)
class PlanQuality:
    """The score of a plan with its findings, and the names of its items by id."""

    check: PlanCheck
    names: Mapping[str, str]


def plan_quality(
    actor: Actor, program: ProgramFacts, at: datetime | None, today: datetime
) -> PlanQuality | None:
    """Return how sound the plan is as known at `at`, judged on that day or on `today`.

    None where nothing is planned yet.
    """
    plan = plan_value(actor, program, at)
    if not plan.items:
        return None
    names = {item.id: item.name for item in plan.items}
    agreed = active_baseline(actor, program, at)
    ends = {name: one.finish for name, one in agreed.items.items() if one.finish} if agreed else {}
    return PlanQuality(check_plan(plan, (at or today).date(), names, ends), names)


def plan_weakness(
    actor: Actor,
    program: ProgramFacts,
    latest: ForecastFacts | None,
    at: datetime | None,
    today: datetime,
    *,
    behind: bool,
) -> str:
    """Return the sentence that warns of a plan too weak to be forecast; empty for a fit one.

    A plan that has not changed was judged with its forecast; one that is `behind`, or has none, is
    judged now, unless it is large: then it is judged with its next forecast.
    """
    if latest is not None and not behind:
        held = latest.answer.get("quality")
        is_weak = isinstance(held, dict) and not held["fit"]
        return str(held["sentence"]) if is_weak and isinstance(held, dict) else ""
    if not is_quick(actor, program):
        return ""
    found = plan_quality(actor, program, at, today)
    return "" if found is None or found.check.is_fit else found.check.sentence
