"""Why an item's dates are where they are, from the plan as it stands."""

from __future__ import annotations

from datetime import datetime

from headway.analysis.schedule.draws import most_likely
from headway.analysis.schedule.passes import forward
from headway.analysis.schedule.simulation import frame_of
from headway.analysis.schedule.soundness import require_estimates
from headway.analysis.schedule.why import Reason, why
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.queries.network import is_quick, plan_value
from headway.domain.programs.rules import ProgramFacts
from headway.errors import Invalid


def why_here(
    actor: Actor, program: ProgramFacts, address: str, at: datetime | None, today: datetime
) -> str:
    """Say what holds the start and the finish of the item `project/key` on likely durations.

    Empty for a plan too large to be put together while somebody waits, and for one that cannot be
    scheduled: that is said where its forecast would stand.
    """
    require(actor, Permission.VIEW, program)
    if not is_quick(actor, program):
        return ""
    plan = plan_value(actor, program, at)
    names = {item.id: item.name for item in plan.items}
    if address not in names:
        return ""
    try:
        require_estimates(plan)
        frame = frame_of(plan, (at or today).date())
        run = forward(frame, most_likely(plan, frame.timings))
    except Invalid:
        return ""
    found = why(run, frame.network.ids.index(address))
    parts = [found.start, *([found.finish] if found.finish != found.start else [])]
    return " ".join(_said(one, names) for one in parts)


def _said(reason: Reason, names: dict[str, str]) -> str:
    """Return the sentence with the driving item called by its name."""
    if reason.driver is None:
        return reason.sentence
    return reason.sentence.replace(reason.driver, f"“{names[reason.driver]}”")
