"""Makes the forecast of a program as known at a moment, and keeps it to be scored afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from headway.analysis.schedule.forecast import Options, forecast
from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.quality import check_plan
from headway.analysis.schedule.simulation import ENGINE, Settings, most_trials
from headway.analysis.schedule.soundness import problems, summary
from headway.domain.accounts.queries import headway_actor
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.finance.queries import budget_of
from headway.domain.plans.actions.decisions import weigh_decisions
from headway.domain.plans.actions.scenarios import weigh_scenarios
from headway.domain.plans.actions.waits import weigh_waits
from headway.domain.plans.models import Forecast
from headway.domain.plans.queries import (
    ForecastFacts,
    forecast_facts,
    is_quick,
    latest_forecast,
    odds_bridge,
    plan_groups,
    plan_value,
    score_forecasts,
    what_moved,
)
from headway.domain.plans.rules import ForecastNews, answer_of, plan_digest
from headway.domain.plans.rules.news import A_WEEK, MOST_MOVES
from headway.domain.programs.queries import program_named, projects_of
from headway.domain.programs.rules import ProgramFacts
from headway.errors import Invalid

#: Futures simulated where the plan is small enough for all of them.
TRIALS = 10_000

#: Causes whose removal is simulated for the program page.
DRIVERS = 10


def make_forecast(
    actor: Actor, program: str, at: datetime, *, seed: int = 0, trials: int = TRIALS
) -> ForecastFacts | None:
    """Simulate the program as known at `at`, with that day as status date, and keep the answer.

    The same plan on the same day with the same seed, trials and engine is not simulated twice.
    Returns None when there is nothing planned yet. A plan that cannot be forecast (an item without
    an estimate) is kept as an answer with its `problem`: a bad answer is a value. Needs `plan`,
    because the answer is stored and then scored; Headway itself may (the worker, the demo).
    """
    require(actor, Permission.PLAN)
    facts = program_named(actor, program, at)
    plan = plan_value(actor, facts, at)
    if not plan.items:
        return None
    trials = min(trials, max(1, most_trials(plan)))
    content = plan_digest(plan)
    asked: dict[str, Any] = {
        "workspace_id": actor.workspace_id,
        "program_id": facts.id,
        "plan_digest": content,
        "seed": seed,
        "trials": trials,
        "engine": ENGINE,
    }
    rows = Forecast.objects.filter(program_id=facts.id)
    held = rows.filter(at__lte=at).order_by("-at", "-serial").first()
    if held is not None and held.at.date() == at.date() and _is(held, asked):
        return forecast_facts(held)
    weigh_decisions(actor, facts, at)
    weigh_waits(actor, facts, at)
    weigh_scenarios(actor, facts, at)
    settings = Settings(trials=trials, seed=seed, as_of=at.date())
    answer = _answer(plan, settings, _bought(actor, facts, at))
    kept = {"answer": answer, "news": _news(actor, facts, at, seed).stored(), "made_at": at}
    with transaction.atomic():
        last = rows.aggregate(last=Max("serial"))["last"] or 0
        # A plan changed back at one moment finds its own row again: it is the newest once more.
        row, _ = Forecast.objects.update_or_create(
            **asked, at=at, defaults={**kept, "serial": last + 1}
        )
    return forecast_facts(row)


def forecast_soon(actor: Actor, program: str, at: datetime) -> bool:
    """Forecast a plan that somebody waits for, where that takes seconds; say whether it was made.

    A large plan is left to the worker's next turn.
    """
    require(actor, Permission.PLAN)
    is_now = is_quick(actor, program_named(actor, program))
    if is_now:
        make_forecast(actor, program, at)
    return is_now


def forecast_decided(actor: Actor, program: str, at: datetime) -> None:
    """Forecast, as Headway itself, the plan that the actor's decision has just moved.

    Who may decide need not be somebody who makes forecasts. A large plan waits for the next tick.
    """
    require(actor, Permission.DECIDE)
    forecast_soon(headway_actor(actor.workspace_id), program, at)


def _is(held: Forecast, asked: Mapping[str, Any]) -> bool:
    """Say whether a stored forecast answers exactly what is asked."""
    return all(getattr(held, field) == value for field, value in asked.items())


def _news(actor: Actor, program: ProgramFacts, at: datetime, seed: int) -> ForecastNews:
    """Return what moved since the forecast of a working week ago, and how past P80s did."""
    score = score_forecasts(actor, program, at)
    before = latest_forecast(actor, program, at - A_WEEK)
    if before is None:
        return ForecastNews(held=score.held, judged=score.judged)
    moves = what_moved(actor, program, before.at, at)
    return ForecastNews(
        since=before.at,
        p_on_time=before.p_on_time,
        p80=before.finish("p80"),
        trials=before.trials,
        moves=tuple(move.sentence for move in moves[:MOST_MOVES]),
        more=max(0, len(moves) - MOST_MOVES),
        held=score.held,
        judged=score.judged,
        bridge=odds_bridge(actor, program, before.at, at, seed=seed, trials=before.trials).lines,
    )


def _bought(actor: Actor, program: ProgramFacts, at: datetime) -> Mapping[str, str]:
    """Return on which category of money each project's fixed prices are spent, by its address."""
    budget = budget_of(actor, program, at)
    return {one.slug: budget.bought_for(one.id) for one in projects_of(actor, program, at)}


def _answer(plan: Plan, settings: Settings, bought: Mapping[str, str]) -> dict[str, object]:
    """Return the engine's answer, or the problem that stands in its way; and the plan's score."""
    found = problems(plan)
    checked = check_plan(plan, settings.as_of, {item.id: item.name for item in plan.items})
    quality = {"score": checked.score, "fit": checked.is_fit, "sentence": checked.sentence}
    if found:
        return {"problem": summary("Cannot forecast", found), "quality": quality}
    try:
        told = forecast(plan, Options(settings=settings, drivers=DRIVERS))
    except Invalid as error:
        return {"problem": str(error), "quality": quality}
    return {**answer_of(told, plan_groups(plan), bought), "quality": quality}
