"""Single numbers as estimates, read as ranges: on request, and said.

Of work with one number each the plan's own finished items tell how far such numbers miss; with too
few of them a stated default does (`reference_class`). Ranges of like work are then correlated, so
that the whole does not look more certain than projects are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from headway.analysis.schedule.calendars import WorkingTime
from headway.analysis.schedule.plan import Correlation, Estimate, Item, ItemKind, OnePoint, Plan
from headway.analysis.schedule.reference_class import (
    ENOUGH,
    Finished,
    History,
    ReferenceClass,
    history,
    shared_correlation,
)
from headway.analysis.schedule.soundness import MOST_CORRELATED


@dataclass(frozen=True, slots=True)
class Widened:
    """What was done to single numbers: of which items, by which class of each kind of work."""

    items: tuple[str, ...]
    classes: dict[str, ReferenceClass]
    finished: int
    rho: float

    @property
    def notes(self) -> tuple[str, ...]:
        """Return the sentences that say so."""
        found: dict[ReferenceClass, list[str]] = {}
        for kind, one in self.classes.items():
            found.setdefault(one, []).append(kind)
        told = [f"{one.sentence} It holds for {', '.join(kinds)}." for one, kinds in found.items()]
        if self.rho:
            told.append(
                f"The {len(self.items)} widened items are correlated by {self.rho:g}: what makes "
                "one of them late makes others late too."
            )
        return tuple(told)


def finished_work(plan: Plan) -> tuple[Finished, ...]:
    """Return how the plan's finished items came out against their estimates."""
    time = WorkingTime.of(plan)
    return tuple(_finished(plan, time))


def _finished(plan: Plan, time: WorkingTime) -> Iterator[Finished]:
    for item in plan.items:
        if item.started is None or item.finished is None or item.estimate is None:
            continue
        took = time.end_of(item.finished) - time.start_of(item.started)
        if item.estimate.most_likely > 0.0 and took > 0.0:
            yield Finished("", item.kind.value, took / item.estimate.most_likely)


def single_numbers(plan: Plan) -> tuple[Item, ...]:
    """Return the unfinished items whose estimate is one positive number."""
    return tuple(
        item
        for item in plan.items
        if item.finished is None
        and item.kind is not ItemKind.MILESTONE
        and item.attempts is None
        and item.duration is not None
        and item.duration.is_certain
        and item.duration.most_likely > 0.0
    )


def widened(plan: Plan) -> tuple[Plan, Widened | None]:
    """Return `plan` with single numbers as ranges, where it asks for that, and what was done."""
    chosen = single_numbers(plan) if plan.one_point is OnePoint.HISTORY else ()
    if not chosen:
        return plan, None
    finished = finished_work(plan)
    found = history(finished)
    ids = {item.id for item in chosen}
    items = tuple(_wide(item, found) if item.id in ids else item for item in plan.items)
    classes = {item.kind.value: found.of("", item.kind.value) for item in chosen}
    rho = 0.0
    if not plan.correlations and 2 <= len(chosen) <= MOST_CORRELATED:
        rho = shared_correlation(len(chosen))
    shared = (Correlation(tuple(item.id for item in chosen), rho),) if rho else plan.correlations
    done = Widened(tuple(item.id for item in chosen), classes, len(finished), rho)
    return replace(plan, items=items, correlations=shared), done


def _wide(item: Item, found: History) -> Item:
    of_kind = found.of("", item.kind.value)
    if item.remaining is not None:
        return replace(item, remaining=of_kind.widen(item.remaining.most_likely))
    number = item.estimate.most_likely if item.estimate else 0.0
    return replace(item, estimate=of_kind.widen(number))


def stretched(plan: Plan, factor: float) -> Plan:
    """Return `plan` with the pessimistic side of each open range `factor` times as long."""

    def longer(estimate: Estimate | None) -> Estimate | None:
        if estimate is None or estimate.is_certain:
            return estimate
        beyond = (estimate.pessimistic - estimate.most_likely) * factor
        return replace(estimate, pessimistic=estimate.most_likely + beyond)

    items = tuple(
        item
        if item.finished is not None
        else replace(
            item,
            estimate=longer(item.estimate),
            remaining=longer(item.remaining),
            attempts=item.attempts
            and replace(item.attempts, each=longer(item.attempts.each) or item.attempts.each),
        )
        for item in plan.items
    )
    return replace(plan, items=items)


def advice(plan: Plan) -> tuple[str, ...]:
    """Return the note on single numbers that count as certain, when they are most of the work."""
    single = len(single_numbers(plan))
    open_work = sum(
        item.finished is None and item.kind is not ItemKind.MILESTONE for item in plan.items
    )
    if plan.one_point is OnePoint.HISTORY or open_work < 5 or single * 2 <= open_work:
        return ()
    return (
        f"{single} of {open_work} open items have one number and count as certain, so the forecast "
        "is narrower than the truth; give ranges, or `one_point: history` widens them by how "
        f"finished work came out (from {ENOUGH} items on, a stated default before).",
    )
