"""Why a program's forecast moved between two moments, worked out from the two plans."""

from __future__ import annotations

from datetime import datetime

from headway.analysis.schedule.bridge import Stand, bridge
from headway.analysis.schedule.simulation import Settings, most_trials
from headway.domain.accounts.rules import Actor
from headway.domain.plans.queries.moved import what_moved
from headway.domain.plans.queries.network import plan_value
from headway.domain.plans.rules import BridgeEnd, OddsBridge, told_bridge
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.errors import Invalid, NotFound

_NOTHING = BridgeEnd(None, None, None)


def odds_bridge(
    actor: Actor,
    program: ProgramFacts,
    since: datetime,
    at: datetime,
    *,
    seed: int = 0,
    trials: int = 10_000,
) -> OddsBridge:
    """Return the bridge from the plan as known at `since` to that at `at`, each on its own day.

    It simulates the plan once for each cause that changed. Where there is nothing to compare, or
    a plan cannot be forecast, the answer is its `problem`. Raises Invalid when `since` is not
    before `at`.
    """
    if since >= at:
        sentence = f"The bridge begins on {since:%Y-%m-%d}; name a day before {at:%Y-%m-%d}."
        raise Invalid(sentence)
    now = program_named(actor, program.slug, at)
    try:
        then = program_named(actor, program.slug, since)
    except NotFound:
        return _without(f"{now.name} is younger than {since:%Y-%m-%d}: there is nothing before.")
    before, after = plan_value(actor, then, since), plan_value(actor, now, at)
    if not before.items or not after.items:
        day = since if not before.items else at
        return _without(f"Nothing was planned on {day:%Y-%m-%d}, so there is no forecast of it.")
    most = max(1, min(most_trials(before), most_trials(after)))
    try:
        found = bridge(
            Stand(before, since.date()),
            Stand(after, at.date()),
            Settings(trials=min(trials, most), seed=seed),
        )
    except Invalid as error:
        return _without(str(error))
    return told_bridge(found, what_moved(actor, program, since, at), now.currency)


def _without(problem: str) -> OddsBridge:
    return OddsBridge(_NOTHING, _NOTHING, problem=problem)
