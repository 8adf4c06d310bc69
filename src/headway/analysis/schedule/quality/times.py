"""Rules about dates, floats and durations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from headway.analysis.schedule.calendars import TOLERANCE
from headway.analysis.schedule.critical_path import critical_path
from headway.analysis.schedule.draws import certain, most_likely
from headway.analysis.schedule.links import out_of_sequence
from headway.analysis.schedule.plan import Item
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

#: Two working months: more than can be overseen (DCMA, points 6 and 8).
LONG_DAYS = 44
#: What is added to a critical item to see whether the finish follows (DCMA, point 12), in days.
PROBE_DAYS = 600
LEAST_INDEX = 0.95


def _pinned(facts: Checked) -> Sequence[Mark]:
    return facts.marks_of(item for item in facts.open if item.pinned is not None)


def _late_by(facts: Checked) -> Mapping[str, float]:
    """Return by how many units the plan as it stands misses each deadline that it misses."""
    time, ends = facts.frame.time, facts.path.early_finish
    late = {}
    for item in facts.open:
        if item.deadline is not None:
            over = ends[item.id] - time.end_of(item.deadline)
            if over > TOLERANCE:
                late[item.id] = over
    return late


def _misses_deadline(facts: Checked) -> Sequence[Mark]:
    late = _late_by(facts)
    return facts.marks_of(item for item in facts.open if item.id in late)


def _tell_deadlines(facts: Checked, ids: Sequence[str]) -> str:
    worst = max(_late_by(facts).items(), key=lambda pair: pair[1])
    name, unit = facts.call(worst[0]), facts.plan.unit.value
    return (
        f"{counted(ids)} cannot meet {verb(ids, 'its deadline', 'their deadlines')} even if all "
        f"goes as most likely: {named(ids)}; {name} by {worst[1]:g} {unit}. "
        "Move the deadline, or take out work before it."
    )


def _has_much_float(facts: Checked) -> Sequence[Mark]:
    most = facts.units(LONG_DAYS)
    return facts.marks_of(item for item in facts.work if facts.path.total_float[item.id] > most)


def _is_long(facts: Checked) -> Sequence[Mark]:
    most = facts.units(LONG_DAYS)
    return facts.marks_of(
        item for item in facts.work if item.duration and item.duration.most_likely > most
    )


def _happens_later(facts: Checked) -> Sequence[Mark]:
    """Return the items that are said to have begun or ended after the status date."""
    if facts.as_of is None:
        return []
    today = facts.frame.time.end_of(facts.as_of)
    time = facts.frame.time
    return facts.marks_of(
        item
        for item in facts.plan.items
        for moment in [item.finished or item.started]
        if moment is not None and time.start_of(moment) >= today - TOLERANCE
    )


def _out_of_sequence(facts: Checked) -> Sequence[Mark]:
    """Return the open items that went on before what they wait for."""
    ids = {item.id for item in facts.open}
    found = out_of_sequence(facts.plan)
    return [
        (one.item, f"{facts.call(one.item)} before {facts.call(one.predecessor)}")
        for one in found
        if one.item in ids
    ]


def _breaks_path(facts: Checked) -> Sequence[Mark]:
    """Return the critical item whose delay the finish does not follow, if there is one."""
    path = facts.path
    by_id: Mapping[str, Item] = {item.id: item for item in facts.plan.items}
    open_path = [item_id for item_id in path.path if by_id[item_id].started is None]
    work = [item_id for item_id in open_path if by_id[item_id].duration]
    if not work:
        return []
    probed = max(work, key=lambda item_id: path.early_finish[item_id] - path.early_start[item_id])
    more = facts.units(PROBE_DAYS)
    likely = most_likely(facts.plan, facts.frame.timings)
    lasting = [float(times[0]) for times in likely.durations]
    lasting[facts.frame.network.ids.index(probed)] += more
    moved = critical_path(facts.frame, certain(facts.plan, facts.frame.timings, lasting)).duration
    short = path.duration + more - moved
    return [(probed, facts.call(probed))] if abs(short) > max(1e-6 * more, TOLERANCE) else []


def _index(facts: Checked) -> float:
    """Return the critical path length index: (path + float to the target) / path."""
    target = facts.frame.time.end_of(facts.plan.target) if facts.plan.target is not None else 0.0
    today = facts.frame.time.start_of(facts.as_of) if facts.as_of is not None else 0.0
    length = facts.path.duration - max(today, 0.0)
    return (length + target - facts.path.duration) / length if length > TOLERANCE else 1.0


def _misses_target(facts: Checked) -> Sequence[Mark]:
    if _index(facts) >= LEAST_INDEX:
        return []
    return [(item_id, facts.call(item_id)) for item_id in facts.path.path]


def _needs_too_much(facts: Checked) -> Sequence[Mark]:
    """Return the items that need more of a resource than there ever is, or of a skill in all."""
    most: dict[str, float] = {}
    for resource in facts.plan.resources:
        for name in (resource.name, *resource.skills):
            most[name] = most.get(name, 0.0) + resource.most
    return [
        (item.id, f"{facts.call(item.id)} ({units:g} of {name})")
        for item in facts.open
        for name, units in item.needs.items()
        if units > most.get(name, np.inf) + TOLERANCE
    ]


TIMES: tuple[Rule, ...] = (
    Rule(
        "hard-constraints",
        Severity.WARNING,
        10.0,
        _pinned,
        opens,
        lambda _, ids: (
            f"{counted(ids)} {verb(ids, 'is', 'are')} pinned to a day: {named(ids)}. A pin hides "
            "what a delay before it does; use `not_before` or a deadline where that is meant."
        ),
        allowed=0.05,
        full=0.3,
    ),
    Rule(
        "negative-float",
        Severity.WARNING,
        12.0,
        _misses_deadline,
        lambda facts: sum(item.deadline is not None for item in facts.open),
        _tell_deadlines,
    ),
    Rule(
        "critical-path-length",
        Severity.WARNING,
        5.0,
        _misses_target,
        lambda facts: len(facts.path.path) if facts.plan.target is not None else 0,
        lambda facts, _: (
            f"The plan as it stands lands after its target: its critical path length index is "
            f"{_index(facts):.2f}, and under {LEAST_INDEX} the target is out of reach."
        ),
        full=0.5,
    ),
    Rule(
        "critical-path-test",
        Severity.WARNING,
        12.0,
        _breaks_path,
        lambda facts: 1 if facts.work else 0,
        lambda facts, ids: (
            f"If {ids[0]}, which is critical, takes {facts.units(PROBE_DAYS):g} "
            f"{facts.plan.unit.value} longer, the finish does not follow by as much: something "
            "other than links holds the dates."
        ),
    ),
    Rule(
        "high-float",
        Severity.NOTE,
        6.0,
        _has_much_float,
        works,
        lambda _, ids: (
            f"{counted(ids)} could slip by more than {LONG_DAYS} working days and move nothing: "
            f"{named(ids)}. As a rule a successor is missing."
        ),
        allowed=0.05,
        full=0.5,
        least=3,
    ),
    Rule(
        "long-items",
        Severity.WARNING,
        8.0,
        _is_long,
        works,
        lambda _, ids: (
            f"{counted(ids)} {verb(ids, 'takes', 'take')} more than {LONG_DAYS} working days: "
            f"{named(ids)}. Split what nobody can see the end of."
        ),
        allowed=0.05,
        full=0.4,
    ),
    Rule(
        "future-actuals",
        Severity.WARNING,
        8.0,
        _happens_later,
        lambda facts: sum(1 for item in facts.plan.items if item.started or item.finished),
        lambda facts, ids: (
            f"{counted(ids)} {verb(ids, 'is', 'are')} said to have happened after the status date "
            f"{facts.as_of}: {named(ids)}. Correct the dates, or the status date."
        ),
        full=0.2,
    ),
    Rule(
        "out-of-sequence",
        Severity.WARNING,
        8.0,
        _out_of_sequence,
        opens,
        lambda _, ids: (
            f"Work began before what it waits for was finished, {counted(ids, 'time')}: "
            f"{named(ids)}. Either the link is wrong, or the work will be done twice."
        ),
        full=0.2,
    ),
    Rule(
        "over-capacity",
        Severity.WARNING,
        8.0,
        _needs_too_much,
        lambda facts: sum(bool(item.needs) for item in facts.open),
        lambda _, ids: (
            f"More is needed than there ever is: {named(ids)}. Raise the capacity or lower the "
            "need; such an item never starts when resources are respected."
        ),
        full=0.2,
    ),
)
