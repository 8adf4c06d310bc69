"""Rules about what a forecast lives on: ranges, experiments, risks and a target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from headway.analysis.schedule.plan import Item, ItemKind
from headway.analysis.schedule.quality.finding import Severity
from headway.analysis.schedule.quality.rule import (
    Checked,
    Mark,
    Rule,
    counted,
    named,
    opens,
    verb,
    works,
)

#: From so many uncertain items on, independence makes the sum look surer than teams are.
MANY_ITEMS = 15
#: Ranges of one shape over this share of the plan were made by formula and not by thought.
ONE_SHAPE = 0.8


def _without_estimate(facts: Checked) -> Sequence[Mark]:
    return facts.marks_of(item for item in facts.open if item.duration is None)


def _without_range(facts: Checked) -> Sequence[Mark]:
    return facts.marks_of(item for item in facts.work if item.duration and item.duration.is_certain)


def _uncertain(facts: Checked) -> list[Item]:
    return [item for item in facts.work if item.duration and not item.duration.is_certain]


def _of_one_shape(facts: Checked) -> Sequence[Mark]:
    """Return the items whose ranges are the same shares of the most likely value."""
    shapes: dict[str, tuple[float, float]] = {}
    for item in _uncertain(facts):
        low, likely, high = item.duration.numbers if item.duration else (0.0, 0.0, 0.0)
        if likely > 0:
            shapes[item.id] = (round(low / likely, 2), round(high / likely, 2))
    if not shapes:
        return []
    usual, count = Counter(shapes.values()).most_common(1)[0]
    if count < ONE_SHAPE * len(shapes):
        return []
    return [(item_id, facts.call(item_id)) for item_id, shape in shapes.items() if shape == usual]


def _independent(facts: Checked) -> Sequence[Mark]:
    uncertain = _uncertain(facts)
    return [] if facts.plan.correlations else facts.marks_of(uncertain)


def _tried_once(facts: Checked) -> Sequence[Mark]:
    return facts.marks_of(
        item for item in facts.open if item.kind is ItemKind.EXPERIMENT and item.attempts is None
    )


def _may_never_end(facts: Checked) -> Sequence[Mark]:
    return facts.marks_of(
        item
        for item in facts.open
        if item.attempts is not None and item.attempts.fallback is None and _may_fail(item)
    )


def _may_fail(item: Item) -> bool:
    attempts = item.attempts
    return attempts is not None and (attempts.feasible < 1.0 or attempts.success.optimistic < 1.0)


def _without_risks(facts: Checked) -> Sequence[Mark]:
    return [] if facts.plan.risks else facts.marks_of(facts.work)


def _without_target(facts: Checked) -> Sequence[Mark]:
    return [] if facts.plan.target is not None else facts.marks_of(facts.open)


def _without_needs(facts: Checked) -> Sequence[Mark]:
    return facts.marks_of(item for item in facts.work if not item.needs and not item.cost)


UNCERTAINTY: tuple[Rule, ...] = (
    Rule(
        "missing-estimate",
        Severity.ERROR,
        45.0,
        _without_estimate,
        opens,
        lambda _, ids: (
            f"{counted(ids)} {verb(ids, 'has', 'have')} no estimate, so that there is no forecast: "
            f"{named(ids)}. Give optimistic, most likely and pessimistic."
        ),
    ),
    Rule(
        "single-number-estimates",
        Severity.WARNING,
        20.0,
        _without_range,
        works,
        lambda facts, ids: (
            f"{len(ids)} of {len(facts.work)} items are estimated by one number, which is taken as "
            f"certain: {named(ids)}. Odds come from ranges; give three numbers."
        ),
        allowed=0.25,
        full=1.0,
    ),
    Rule(
        "one-shape-ranges",
        Severity.NOTE,
        6.0,
        _of_one_shape,
        lambda facts: len(_uncertain(facts)),
        lambda _, ids: (
            f"{counted(ids)} have the same range in proportion: it was set by formula. Ask who "
            "does the work how it could go well and badly."
        ),
        full=1.0,
        least=8,
    ),
    Rule(
        "independent-ranges",
        Severity.NOTE,
        4.0,
        _independent,
        lambda facts: len(_uncertain(facts)),
        lambda _, ids: (
            f"{counted(ids)} vary independently, so that good and bad luck cancel out and the "
            "finish looks surer than it is. State correlations, or a risk that touches many items."
        ),
        full=1.0,
        least=MANY_ITEMS,
    ),
    Rule(
        "experiments-tried-once",
        Severity.WARNING,
        6.0,
        _tried_once,
        lambda facts: sum(item.kind is ItemKind.EXPERIMENT for item in facts.open),
        lambda _, ids: (
            f"{counted(ids, 'experiment')} {verb(ids, 'is', 'are')} planned as if success were "
            f"sure: {named(ids)}. Give `attempts`: the chance of success, how often, what else."
        ),
        full=1.0,
    ),
    Rule(
        "experiments-without-fallback",
        Severity.WARNING,
        6.0,
        _may_never_end,
        lambda facts: sum(item.attempts is not None for item in facts.open),
        lambda _, ids: (
            f"{counted(ids, 'experiment')} may fail with nothing to fall back on: {named(ids)}. "
            "The plan then never finishes; name what is done `else`."
        ),
        full=1.0,
    ),
    Rule(
        "no-risks",
        Severity.NOTE,
        4.0,
        _without_risks,
        works,
        lambda *_: "The plan names no risk; what may happen once is not in ranges of durations.",
        full=1.0,
        least=8,
    ),
    Rule(
        "no-target",
        Severity.NOTE,
        2.0,
        _without_target,
        opens,
        lambda *_: "The plan has no target, so that there are no odds of being on time.",
        full=1.0,
    ),
    Rule(
        "work-without-resources",
        Severity.NOTE,
        4.0,
        _without_needs,
        lambda facts: len(facts.work) if facts.plan.resources else 0,
        lambda facts, ids: (
            f"{len(ids)} of {len(facts.work)} items need nobody and cost nothing: {named(ids)}. "
            "Their work is missing from cost and levelling."
        ),
        allowed=0.1,
        full=1.0,
        least=3,
    ),
)
