"""Watching what was decided: a trigger that is met is said, and nothing is opened by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.assessments.actions.assumptions import crossed_ones
from headway.domain.assessments.queries import program_health
from headway.domain.assessments.rules import Verdict
from headway.domain.plans.actions import say_reopen
from headway.domain.plans.queries import decisions_of, latest_forecast
from headway.domain.plans.rules import DecisionFacts, Watched, met_parts
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.risks.queries import assumptions_of


def watch_triggers(actor: Actor, program: str, at: datetime) -> int:
    """Say of each taken decision of a program whose trigger is met that it is; return how many."""
    require(actor, Permission.SYNC)
    facts = program_named(actor, program)
    watched = [
        one
        for one in decisions_of(actor, facts)
        if one.state == "taken" and one.reopen_on and not one.reopen_said
    ]
    if not watched:
        return 0
    seen = _seen(actor, facts, watched, at)
    count = 0
    for one in watched:
        met = met_parts(one.trigger, seen)
        count += bool(met) and say_reopen(actor, one, " ".join(met), at)
    return count


def _seen(
    actor: Actor, program: ProgramFacts, watched: Sequence[DecisionFacts], at: datetime
) -> Watched:
    """Return what triggers are held against; promises are judged only where one is watched."""
    forecast = latest_forecast(actor, program, at)
    unmet: frozenset[str] = frozenset()
    if any(one.trigger.criterion for one in watched):
        unmet = frozenset(
            f"{project.project.slug}/{criterion.key}"
            for project in program_health(actor, program, at).projects
            for criterion, assessment in project.criteria
            if assessment.verdict == Verdict.UNMET
        )
    failed: frozenset[str] = frozenset()
    crossed: frozenset[str] = frozenset()
    if any(one.trigger.assumption for one in watched):
        assumed = assumptions_of(actor, program)
        failed = frozenset(one.key for one in assumed if one.state == "failed")
        crossed = frozenset(one.assumption.key for one in crossed_ones(actor, program, at))
    odds = forecast.p_on_time if forecast else None
    return Watched(at.date(), odds, unmet, failed, crossed)
