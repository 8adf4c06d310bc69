"""A rule of schedule quality, and the facts of a plan that rules look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from headway.analysis.schedule.calendars import WorkingTime
from headway.analysis.schedule.critical_path import CriticalPath, critical_path
from headway.analysis.schedule.passes import Frame
from headway.analysis.schedule.plan import Item, ItemKind, Link, Moment, Plan, Unit
from headway.analysis.schedule.quality.finding import Finding, Severity
from headway.analysis.schedule.simulation import frame_of

#: The item that breaks a rule, and how a sentence names the place.
Mark = tuple[str, str]
#: How many items a sentence names before it counts the rest.
NAMED = 4


@dataclass(frozen=True)
class Checked:
    """A sound plan and what rules ask of it; `open` items are those that have not finished."""

    plan: Plan
    as_of: Moment | None
    frame: Frame
    names: Mapping[str, str]
    baseline: Mapping[str, Moment]

    @cached_property
    def path(self) -> CriticalPath:
        """Return the deterministic schedule; an item without an estimate takes no time in it."""
        return critical_path(self.frame)

    @cached_property
    def open(self) -> tuple[Item, ...]:
        """Return the items that have not finished."""
        return tuple(item for item in self.plan.items if item.finished is None)

    @cached_property
    def work(self) -> tuple[Item, ...]:
        """Return the open items that are work: no milestones."""
        return tuple(item for item in self.open if item.kind is not ItemKind.MILESTONE)

    @cached_property
    def links(self) -> tuple[tuple[Item, Link], ...]:
        """Return the stated links of open items, each with its successor."""
        return tuple((item, link) for item in self.open for link in item.after)

    @cached_property
    def followers(self) -> dict[str, list[tuple[Item, Link]]]:
        """Return by item what waits for it, as stated; a fallback follows its experiment."""
        found: dict[str, list[tuple[Item, Link]]] = {item.id: [] for item in self.plan.items}
        by_id = {item.id: item for item in self.plan.items}
        for item in self.plan.items:
            for link in item.after:
                found[link.predecessor].append((item, link))
            if item.attempts is not None and item.attempts.fallback is not None:
                fallback = by_id[item.attempts.fallback]
                found[item.id].append((fallback, Link(item.id)))
        return found

    @cached_property
    def fallbacks(self) -> frozenset[str]:
        """Return the items that are done instead of others."""
        attempts = (item.attempts for item in self.plan.items)
        return frozenset(one.fallback for one in attempts if one and one.fallback)

    def call(self, item_id: str) -> str:
        """Return what a sentence calls an item."""
        return self.names.get(item_id) or item_id

    def marks_of(self, items: Iterable[Item]) -> list[Mark]:
        """Return items as what breaks a rule."""
        return [(item.id, self.call(item.id)) for item in items]

    def marks_on(self, links: Iterable[tuple[Item, Link]]) -> list[Mark]:
        """Return relations as what breaks a rule: the successor, and both in words."""
        call = self.call
        return [(item.id, f"{call(link.predecessor)} → {call(item.id)}") for item, link in links]

    def units(self, days: float) -> float:
        """Return working days in the plan's unit; without a calendar a day is a unit."""
        if self.plan.calendar is None:
            return days
        hours = WorkingTime(Unit.DAYS, self.plan.start, self.plan.calendar).hours_per_unit
        return days * hours / self.frame.time.hours_per_unit


def checked(
    plan: Plan, as_of: Moment | None, names: Mapping[str, str], baseline: Mapping[str, Moment]
) -> Checked:
    """Return the facts of a sound plan; sentences call items by `names`, else by their ids."""
    return Checked(plan, as_of, frame_of(plan, as_of), names, baseline)


@dataclass(frozen=True, slots=True)
class Rule:
    """One tripwire.

    `broken` returns what breaks it and `of` how many could; a share up to `allowed` is kept, and
    from `full` on all its `points` are lost. Where there are fewer than `least` the rule is silent.
    `told` makes the sentence from the names of what was found.
    """

    id: str
    severity: Severity
    points: float
    broken: Callable[[Checked], Sequence[Mark]]
    of: Callable[[Checked], int]
    told: Callable[[Checked, Sequence[str]], str]
    allowed: float = 0.0
    full: float = 0.3
    least: int = 1

    def applies(self, facts: Checked) -> bool:
        """Say whether there is enough in the plan to judge."""
        return self.of(facts) >= max(self.least, 1)

    def finding(self, facts: Checked) -> Finding | None:
        """Return what is found; None when the rule is kept."""
        marks = tuple(dict.fromkeys(self.broken(facts)))
        share = len(marks) / self.of(facts)
        if not marks or share <= self.allowed:
            return None
        excess = (share - self.allowed) / (self.full - self.allowed)
        points = self.points * min(max(excess, 0.1), 1.0)
        ids = tuple(dict.fromkeys(item_id for item_id, _ in marks))
        sentence = self.told(facts, [name for _, name in marks])
        return Finding(self.id, self.severity, ids, sentence, points)


def works(facts: Checked) -> int:
    """Return how many open items are work."""
    return len(facts.work)


def opens(facts: Checked) -> int:
    """Return how many items have not finished."""
    return len(facts.open)


def named(ids: Sequence[str]) -> str:
    """Return the first few ids as words: "A, B, C, D and 7 more"."""
    shown = ", ".join(ids[:NAMED])
    return shown if len(ids) <= NAMED else f"{shown} and {len(ids) - NAMED} more"


def counted(ids: Sequence[str], noun: str = "item") -> str:
    """Return how many there are in words: "1 item", "3 items"."""
    return f"{len(ids)} {noun}{'' if len(ids) == 1 else 's'}"


def verb(ids: Sequence[str], one: str, more: str) -> str:
    """Return the form of a verb that fits how many there are."""
    return one if len(ids) == 1 else more
