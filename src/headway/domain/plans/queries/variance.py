"""The plan as it stands against a baseline, item by item; and what moved its end since then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from headway.analysis.schedule.bridge import Stand, bridge
from headway.analysis.schedule.calendars import WorkingTime
from headway.analysis.schedule.simulation import MOST_CELLS, Settings
from headway.analysis.schedule.soundness import problems, summary
from headway.analysis.schedule.timetable import timetable
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.queries.baselines import baseline_plan
from headway.domain.plans.queries.behind import is_behind
from headway.domain.plans.queries.forecasts import latest_forecast
from headway.domain.plans.queries.moved import what_moved
from headway.domain.plans.queries.network import plan_value
from headway.domain.plans.rules import BridgeEnd, OddsBridge, told_bridge
from headway.domain.plans.rules.baselines import (
    BaselineFacts,
    PlannedItem,
    PlannedWhole,
    planned_items,
    planned_whole,
)
from headway.domain.plans.rules.variance import Variance, counted, slip, variance_lines
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.calendars import calendar_from
from headway.errors import Invalid

_NOTHING = BridgeEnd(None, None, None)


def variance_of(
    actor: Actor, program: ProgramFacts, baseline: BaselineFacts, at: datetime, *, live: bool = True
) -> Variance:
    """Return the plan as known at `at` against `baseline`, every item of either.

    Days are the most likely ones at the status date `at`, actual ones of what is done; P50 and P80
    are those of the newest forecast (`is_behind` says that the plan has moved on since). A plan
    that cannot be scheduled has a `problem` and no dates.
    """
    require(actor, Permission.VIEW, program)
    known_at = None if live else at
    plan = plan_value(actor, program, known_at)
    latest = latest_forecast(actor, program, known_at)
    answer = latest.answer if latest else {}
    time = WorkingTime.of(plan)
    if time.start is None:
        time = replace(time, start=baseline.at.date(), calendar=calendar_from(program.calendar))
    whole: PlannedWhole | None = None
    now: Mapping[str, PlannedItem] = {}
    problem = ""
    try:
        if plan.items:
            found = problems(plan)
            if found:
                raise Invalid(summary("The plan has no dates", found))
            table = timetable(plan, at.date())
            whole, now = planned_whole(plan, table, answer), planned_items(plan, table, answer)
    except Invalid as error:
        problem = str(error)
    lines = [] if problem else variance_lines(baseline, now, whole.path if whole else (), time)
    then = baseline.whole
    return Variance(
        baseline,
        lines,
        counted(lines),
        slip(time, then.finish, whole.finish if whole else None),
        slip(time, then.p50, whole.p50 if whole else None),
        slip(time, then.p80, whole.p80 if whole else None),
        whole,
        sorted({line.project for line in lines}),
        problem,
        is_behind(actor, program, latest, known_at),
        len(lines),
    )


def baseline_bridge(
    actor: Actor,
    program: ProgramFacts,
    baseline: BaselineFacts,
    at: datetime,
    *,
    seed: int = 0,
    trials: int = 10_000,
) -> OddsBridge:
    """Return what moved the P80 from the baseline's own copy of the plan to the plan at `at`.

    It simulates the plan once for each cause that changed, and adds up exactly. The sentences are
    from the plan's history; where that was erased they are fewer, and the numbers the same.
    """
    require(actor, Permission.VIEW, program)
    now = program_named(actor, program.slug, at)
    before, after = baseline_plan(actor, baseline), plan_value(actor, now, at)
    if not after.items:
        return _without("Nothing is planned any more, so there is no forecast of it.")
    if baseline.at >= at:
        return _without(f"“{baseline.name}” was set at this moment: nothing can have moved yet.")
    most = max(1, MOST_CELLS // max(len(before.items), len(after.items)))
    try:
        found = bridge(
            Stand(before, baseline.at.date()),
            Stand(after, at.date()),
            Settings(trials=min(trials, most), seed=seed),
        )
    except Invalid as error:
        return _without(str(error))
    return told_bridge(found, what_moved(actor, program, baseline.at, at), now.currency)


def _without(problem: str) -> OddsBridge:
    return OddsBridge(_NOTHING, _NOTHING, problem=problem)
