"""Why an item stands where it does in the plan, by the most likely dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from headway.analysis.schedule.critical_path import path_of
from headway.analysis.schedule.draws import most_likely
from headway.analysis.schedule.passes import forward
from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.simulation import frame_of
from headway.analysis.schedule.soundness import problems
from headway.analysis.schedule.why import Reason, chain_to, overruns, why
from headway.domain.accounts.rules import Actor
from headway.domain.plans.queries.network import is_quick, plan_value
from headway.domain.programs.rules import ProgramFacts

#: Links of the chain that drives an item which are told, the nearest ones.
MOST_IN_CHAIN = 8


@dataclass(frozen=True, slots=True)
class WhyHere:
    """An item's most likely dates, what holds each, and how much room it has, in working days.

    `chain` holds the items that drive it as (address "project/key", name), in the order of the
    work and itself last. `cannot_keep` are sentences about pins, deadlines and the target that
    these dates miss through this item.
    """

    start: date | None
    finish: date | None
    late_start: date | None
    late_finish: date | None
    start_reason: Reason
    finish_reason: Reason
    total_float: float
    free_float: float
    interfering_float: float
    is_critical: bool
    is_near_critical: bool
    is_on_longest_path: bool
    chain: Sequence[tuple[str, str]]
    cannot_keep: Sequence[str]


def why_here(
    actor: Actor, program: ProgramFacts, item: str, at: datetime | None, today: datetime
) -> WhyHere | None:
    """Return why the item "project/key" stands where it does as known at `at`, or on `today`.

    Where the program is large only its project is looked at. None for a plan without dates, one
    that cannot be scheduled, and an item that is not in it.
    """
    project = "" if is_quick(actor, program) else item.partition("/")[0]
    plan = plan_value(actor, program, at, project=project)
    if plan.start is None or problems(plan):
        return None
    numbers = {one.id: number for number, one in enumerate(plan.items)}
    number = numbers.get(item)
    if number is None or plan.items[number].duration is None:
        return None
    frame = frame_of(plan, (at or today).date())
    run = forward(frame, most_likely(plan, frame.timings))
    path, found, time = path_of(run), why(run, number), frame.time
    begin = time.date_of_start if path.early_finish[item] > path.early_start[item] else None
    chain = chain_to(run, number)[-MOST_IN_CHAIN:]
    return WhyHere(
        start=(begin or time.date_of_finish)(path.early_start[item]),
        finish=time.date_of_finish(path.early_finish[item]),
        late_start=(begin or time.date_of_finish)(path.late_start[item]),
        late_finish=time.date_of_finish(path.late_finish[item]),
        start_reason=_named(found.start, plan, numbers),
        finish_reason=_named(found.finish, plan, numbers),
        total_float=round(path.total_float[item], 2),
        free_float=round(path.free_float[item], 2),
        interfering_float=round(path.interfering_float[item], 2),
        is_critical=item in path.path,
        is_near_critical=item in path.near,
        is_on_longest_path=item in path.longest,
        chain=[(plan.items[one].id, plan.items[one].name) for one in chain],
        cannot_keep=[one.sentence for one in overruns(run) if item in one.chain],
    )


def _named(reason: Reason, plan: Plan, numbers: Mapping[str, int]) -> Reason:
    """Return a reason that calls the item that drives by its name."""
    if reason.driver is None:
        return reason
    name = plan.items[numbers[reason.driver]].name or reason.driver
    return replace(reason, sentence=reason.sentence.replace(reason.driver, f"“{name}”"))
