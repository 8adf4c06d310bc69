"""Rules about what waits for what."""

from __future__ import annotations

from collections.abc import Sequence

from headway.analysis.schedule.links import redundant_links
from headway.analysis.schedule.plan import ItemKind, LagUnit, LinkType, Unit
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

LONG_LAG_DAYS = 20
FEW_RELATIONS = 1.5
_TO_START = (LinkType.FS, LinkType.SS)
_FROM_FINISH = (LinkType.FS, LinkType.FF)


def _without_successor(facts: Checked) -> Sequence[Mark]:
    return facts.marks_of(item for item in facts.work if not facts.followers[item.id])


def _without_predecessor(facts: Checked) -> Sequence[Mark]:
    return facts.marks_of(
        item
        for item in facts.open
        if not item.after and item.started is None and item.id not in facts.fallbacks
    )


def _drives_nothing(facts: Checked) -> Sequence[Mark]:
    """Return the items that others wait for, but not for their finish."""
    found = []
    for item in facts.work:
        links = [link for _, link in facts.followers[item.id]]
        if links and not any(link.type in _FROM_FINISH for link in links):
            found.append(item)
    return facts.marks_of(found)


def _is_not_driven(facts: Checked) -> Sequence[Mark]:
    """Return the items whose finish waits for others and whose start for nothing."""
    return facts.marks_of(
        item
        for item in facts.work
        if item.after
        and item.started is None
        and not any(link.type in _TO_START for link in item.after)
    )


def _missing_relations(facts: Checked) -> Sequence[Mark]:
    """Return as many items as relations are missing to three for two items."""
    lacking = round(FEW_RELATIONS * len(facts.open) - len(facts.links))
    loose = sorted(facts.open, key=lambda item: len(item.after) + len(facts.followers[item.id]))
    return facts.marks_of(loose[: max(lacking, 0)])


def _ratio(facts: Checked) -> float:
    return len(facts.links) / max(len(facts.open), 1)


def _leads(facts: Checked) -> Sequence[Mark]:
    return facts.marks_on(pair for pair in facts.links if pair[1].lag < 0)


def _lags(facts: Checked) -> Sequence[Mark]:
    return facts.marks_on(pair for pair in facts.links if pair[1].lag > 0)


def _long_lags(facts: Checked) -> Sequence[Mark]:
    longest = facts.units(LONG_LAG_DAYS)
    elapsed = {Unit.HOURS: 24.0 * 28, Unit.DAYS: 28.0, Unit.WEEKS: 4.0}[facts.plan.unit]
    most = {LagUnit.WORKING: longest, LagUnit.ELAPSED: elapsed, LagUnit.PERCENT: 200.0}
    return facts.marks_on(pair for pair in facts.links if pair[1].lag > most[pair[1].unit])


def _not_from_finish_to_start(facts: Checked) -> Sequence[Mark]:
    return facts.marks_on(pair for pair in facts.links if pair[1].type is not LinkType.FS)


def _redundant(facts: Checked) -> Sequence[Mark]:
    ids = {item.id for item in facts.open}
    found = redundant_links(facts.frame.network)
    return [
        (one.item, f"{facts.call(one.predecessor)} → {facts.call(one.item)}")
        for one in found
        if one.item in ids
    ]


def _milestones_that_last(facts: Checked) -> Sequence[Mark]:
    return facts.marks_of(
        item
        for item in facts.open
        if item.kind is ItemKind.MILESTONE and item.duration and item.duration.pessimistic > 0
    )


def _relations(facts: Checked) -> int:
    return len(facts.links)


LOGIC: tuple[Rule, ...] = (
    Rule(
        "missing-successor",
        Severity.WARNING,
        20.0,
        _without_successor,
        works,
        lambda _, ids: (
            f"{counted(ids)} {verb(ids, 'has', 'have')} no successor, so that nothing waits for "
            f"{verb(ids, 'it', 'them')} and a delay there moves nothing: {named(ids)}. "
            "Link each to what needs it, at least to a last milestone."
        ),
        allowed=0.05,
        full=0.4,
        least=3,
    ),
    Rule(
        "missing-predecessor",
        Severity.WARNING,
        10.0,
        _without_predecessor,
        opens,
        lambda _, ids: (
            f"{counted(ids)} {verb(ids, 'waits', 'wait')} for nothing and could begin today: "
            f"{named(ids)}. Say what comes before, or `not_before`."
        ),
        allowed=0.2,
        full=0.7,
        least=5,
    ),
    Rule(
        "dangling-finish",
        Severity.WARNING,
        8.0,
        _drives_nothing,
        works,
        lambda _, ids: (
            f"{counted(ids)} {verb(ids, 'has', 'have')} successors that wait for the start only, "
            f"so that a longer duration moves nothing: {named(ids)}. Add a link from the finish."
        ),
    ),
    Rule(
        "dangling-start",
        Severity.WARNING,
        6.0,
        _is_not_driven,
        works,
        lambda _, ids: (
            f"The start of {counted(ids)} waits for nothing, only the finish does: {named(ids)}. "
            "Add what the start waits for."
        ),
    ),
    Rule(
        "few-relations",
        Severity.WARNING,
        10.0,
        _missing_relations,
        opens,
        lambda facts, ids: (
            f"There are {_ratio(facts):.1f} relations an item; plans that can be analysed have "
            f"about two. The loosest: {named(ids)}."
        ),
        full=0.9,
        least=10,
    ),
    Rule(
        "leads",
        Severity.WARNING,
        6.0,
        _leads,
        _relations,
        lambda _, ids: (
            f"{counted(ids, 'relation')} {verb(ids, 'has', 'have')} a lead (a negative lag), which "
            f"hides work that overlaps: {named(ids)}. Split the earlier item instead."
        ),
        full=0.2,
    ),
    Rule(
        "lags",
        Severity.NOTE,
        4.0,
        _lags,
        _relations,
        lambda _, ids: (
            f"{counted(ids, 'relation')} {verb(ids, 'has', 'have')} a lag, which has no range and "
            f"no owner: {named(ids)}. Make waiting an item of its own."
        ),
        allowed=0.05,
        full=0.4,
    ),
    Rule(
        "long-lags",
        Severity.WARNING,
        6.0,
        _long_lags,
        _relations,
        lambda _, ids: (
            f"{counted(ids, 'lag')} {verb(ids, 'is', 'are')} longer than {LONG_LAG_DAYS} working "
            f"days: {named(ids)}. What happens in that time is work: give it a range."
        ),
        full=0.1,
    ),
    Rule(
        "relation-types",
        Severity.NOTE,
        4.0,
        _not_from_finish_to_start,
        _relations,
        lambda facts, ids: (
            f"{len(ids)} of {len(facts.links)} relations are not finish to start: {named(ids)}. "
            "Such links are hard to check; use them where work really overlaps."
        ),
        allowed=0.10,
        full=0.6,
        least=5,
    ),
    Rule(
        "redundant-links",
        Severity.NOTE,
        3.0,
        _redundant,
        _relations,
        lambda _, ids: (
            f"{counted(ids, 'relation')} {verb(ids, 'says', 'say')} nothing that others do not "
            f"say: {named(ids)}. Removing {verb(ids, 'it', 'them')} moves no date."
        ),
        allowed=0.05,
        full=0.5,
    ),
    Rule(
        "lasting-milestones",
        Severity.NOTE,
        2.0,
        _milestones_that_last,
        opens,
        lambda _, ids: (
            f"{counted(ids, 'milestone')} {verb(ids, 'takes', 'take')} time: {named(ids)}. "
            "Make the work an item, and let the milestone follow it."
        ),
    ),
)
