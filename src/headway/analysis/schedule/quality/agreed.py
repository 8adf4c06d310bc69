"""Rules that hold a plan against the one that was agreed: its baseline."""

from __future__ import annotations

from collections.abc import Sequence

from headway.analysis.schedule.plan import Item
from headway.analysis.schedule.quality.finding import Severity
from headway.analysis.schedule.quality.rule import Checked, Mark, Rule, named

LEAST_INDEX = 0.95


def _due(facts: Checked) -> list[Item]:
    """Return the items that the baseline has finished by the status date."""
    if facts.as_of is None:
        return []
    time = facts.frame.time
    today = time.end_of(facts.as_of)
    ends = facts.baseline
    return [
        item for item in facts.plan.items if item.id in ends and time.end_of(ends[item.id]) <= today
    ]


def _missed(facts: Checked) -> Sequence[Mark]:
    """Return the items that did not end by the day that was agreed."""
    time, ends = facts.frame.time, facts.baseline
    return facts.marks_of(
        item
        for item in _due(facts)
        if item.finished is None or time.end_of(item.finished) > time.end_of(ends[item.id])
    )


def _unfinished(facts: Checked) -> Sequence[Mark]:
    return facts.marks_of(item for item in _due(facts) if item.finished is None)


def _index(facts: Checked) -> float:
    """Return the baseline execution index: what has finished to what should have."""
    finished = sum(item.finished is not None for item in facts.plan.items)
    return finished / max(len(_due(facts)), 1)


def _behind(facts: Checked) -> Sequence[Mark]:
    return _unfinished(facts) if _index(facts) < LEAST_INDEX else []


def _dues(facts: Checked) -> int:
    return len(_due(facts))


AGREED: tuple[Rule, ...] = (
    Rule(
        "missed-tasks",
        Severity.WARNING,
        8.0,
        _missed,
        _dues,
        lambda facts, ids: (
            f"{len(ids)} of {_dues(facts)} items did not end by the day of the baseline: "
            f"{named(ids)}. What slipped so far slips on: widen the ranges of like work."
        ),
        allowed=0.05,
        full=0.6,
    ),
    Rule(
        "baseline-execution",
        Severity.WARNING,
        6.0,
        _behind,
        _dues,
        lambda facts, ids: (
            f"The baseline execution index is {_index(facts):.2f}, under {LEAST_INDEX}: of what "
            f"should be finished by now {named(ids)} {'is' if len(ids) == 1 else 'are'} not."
        ),
        full=0.5,
    ),
)
