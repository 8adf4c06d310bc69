"""Level a plan: find when each item starts so that no resource is asked for more than there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from headway.analysis.schedule.calendars import TOLERANCE
from headway.analysis.schedule.levelling.answer import Levelled, levelled
from headway.analysis.schedule.levelling.binding import bounds
from headway.analysis.schedule.levelling.listing import search
from headway.analysis.schedule.levelling.problem import (
    FREE,
    Budget,
    Levelling,
)
from headway.analysis.schedule.levelling.translation import Asked, Translation, translate
from headway.analysis.schedule.plan import Plan

#: Told each better answer; False ends the search, and the last answer is returned.
Watch = Callable[[Levelled], bool]


def level(
    plan: Plan,
    asked: Asked | None = None,
    budget: Budget | None = None,
    watch: Watch | None = None,
) -> Levelled:
    """Return the levelled `plan`. No item starts before its links and dates allow: it is checked.

    Deadlines that the plan keeps as it stands are kept where that leaves nothing in conflict; else
    they give way, and a note says which. Raises Invalid when an unfinished item has no estimate,
    NotFound for an unknown resource.
    """
    budget = budget or Budget()
    translation = translate(plan, asked or Asked())

    def told(found: Levelling) -> bool:
        return watch is None or watch(_checked(translation, found, budget.seed))

    bound = translation.with_deadlines()
    if bound is not None:
        found = search(bound, budget, told)
        if not found.conflicts:
            return _checked(translation, found, budget.seed)
    found = search(translation.problem, budget, told)
    return _checked(translation, found, budget.seed)


def _checked(translation: Translation, found: Levelling, seed: int) -> Levelled:
    """Return the answer. Raises RuntimeError, a bug, when it breaks a link, a date or a float."""
    answer = levelled(translation, found, seed)
    fault = next(_faults(answer), None)
    if fault is not None:
        raise RuntimeError(fault)
    return answer


def _faults(answer: Levelled) -> Iterator[str]:
    """Yield what a levelled plan breaks, judged by the plan alone and not by how it was found."""
    asked = answer.translation
    start, finish = asked.times_of(answer.found.schedule)
    earliest = bounds(asked, start, finish)
    for place, number in enumerate(asked.numbers):
        name = asked.plan.items[number].id
        if asked.problem.fixed[place] != FREE:
            continue
        if start[number] < earliest[number] - TOLERANCE:
            yield f"{name} starts at {start[number]}, before its links allow {earliest[number]}."
