"""Level a plan: find when each item starts so that no resource is asked for more than there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from headway.analysis.schedule.levelling.answer import Levelled, levelled
from headway.analysis.schedule.levelling.binding import bounds
from headway.analysis.schedule.levelling.listing import search as listed
from headway.analysis.schedule.levelling.problem import (
    FREE,
    Budget,
    Levelling,
    Problem,
)
from headway.analysis.schedule.levelling.search import improve
from headway.analysis.schedule.levelling.translation import Asked, Translation, translate
from headway.analysis.schedule.levelling.verification import violations
from headway.analysis.schedule.plan import Plan

#: A start that is sooner by less is not: a time of rest is thin where a plan has several clocks.
_ROUNDING = 1e-4
#: Told each better answer; False ends the search, and the last answer is returned.
Watch = Callable[[Levelled], bool]


def level(
    plan: Plan,
    asked: Asked | None = None,
    budget: Budget | None = None,
    watch: Watch | None = None,
    *,
    at_once: bool = False,
) -> Levelled:
    """Return the levelled `plan`, checked by what knows nothing of the search.

    Deadlines that the plan keeps as it stands are kept where that leaves nothing in conflict; else
    they give way, and a note says which. `at_once` keeps to rules that need nothing compiled: the
    first answer of a page that somebody waits for. Raises Invalid when an unfinished item has no
    estimate, NotFound for an unknown resource.
    """
    budget = budget or Budget()
    translation = translate(plan, asked or Asked())

    def told(found: Levelling) -> bool:
        return watch is None or watch(_checked(translation, found, budget.seed))

    bound = translation.with_deadlines()
    if bound is not None:
        found = _search(bound, budget, told, at_once=at_once)
        if not found.conflicts and not violations(bound, found.schedule):
            return _checked(translation, found, budget.seed)
    found = _search(translation.problem, budget, told, at_once=at_once)
    broken = [] if found.conflicts else violations(translation.problem, found.schedule)
    if broken:
        raise RuntimeError(broken[0])  # a bug, and better told than believed
    return _checked(translation, found, budget.seed)


def _search(
    problem: Problem, budget: Budget, told: Callable[[Levelling], bool], *, at_once: bool
) -> Levelling:
    """Return the best schedule within the budget, or the one at which `told` said to stop."""
    if at_once:
        return listed(problem, budget, told)
    found: Levelling | None = None
    for found in improve(problem, budget):  # noqa: B007  the last one is the answer
        if not told(found):
            break
    assert found is not None
    return found


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
        begun = start[number]
        if number in asked.frame.held:  # its rest is what is placed
            begun = asked.axis.time(int(answer.found.schedule.starts[place]))
        if begun < earliest[number] - _ROUNDING:
            yield f"{name} starts at {begun}, before its links allow {earliest[number]}."
