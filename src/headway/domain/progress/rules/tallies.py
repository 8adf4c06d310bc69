"""What many items were to earn and have earned by any day: jumps and even spans, added up once.

Most items earn at one moment, so a day's sum of ten thousand is a look-up in a sorted list. What
an item contributes is defined in `earning`; here it is only added.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

from headway.domain.plans.rules import ItemMark
from headway.domain.plans.rules.baselines import PlannedItem
from headway.domain.progress.rules.earning import (
    ZERO,
    Deliveries,
    Jump,
    Method,
    Work,
    default_method,
    earned_by,
    earned_jumps,
    even_part,
    is_even,
    planned_by,
    planned_jumps,
)
from headway.domain.progress.rules.facts import MeasureFacts

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the items of a plan, each by its address: project/key."""

    marks: Mapping[str, ItemMark]
    measures: Mapping[str, MeasureFacts]
    deliveries: Mapping[str, Deliveries]
    counts: Mapping[str, int] = field(default_factory=dict)  # items in the plan, by project

    def work(self, address: str, planned: PlannedItem) -> Work:
        """Return a planned item with how it earns and what has happened to it."""
        project, _, _ = address.partition("/")
        mark = self.marks.get(address)
        if mark is None:
            return Work(address, project, planned, default_method(planned.kind), is_gone=True)
        told = self.measures.get(address)
        if told is None:
            method = default_method(planned.kind)
            return Work(address, project, planned, method, started=mark[0], finished=mark[1])
        return Work(
            address,
            project,
            planned,
            Method(told.method),
            True,
            told.named_steps,
            told.order,
            self.deliveries.get(told.order) if told.order else None,
            *mark,
        )


def gaps(
    planned: Mapping[str, PlannedItem], known: Known, day: date
) -> Sequence[tuple[Decimal, str]]:
    """Return how much less than planned each item has earned by `day`, with its address.

    Only those behind the plan, in the plan's order.
    """
    found = []
    for address, one in planned.items():
        if address in known.measures:
            work = known.work(address, one)
            gap = planned_by(work, day) - earned_by(work, day)
        elif one.finish is None or one.finish > day:
            continue
        else:
            mark = known.marks.get(address)
            ended = mark[1] if mark else None
            gap = one.cost if ended is None or ended > day else ZERO
        if gap > ZERO:
            found.append((gap, address))
    return found


@dataclass(frozen=True, slots=True)
class Course:
    """Money over time: what came by each day at once, and items that come evenly over theirs."""

    days: Sequence[date]
    totals: Sequence[Decimal]
    spans: Sequence[PlannedItem]

    @classmethod
    def of(cls, jumps: Mapping[date, Decimal], spans: Iterable[PlannedItem] = ()) -> Course:
        """Return the course of jumps by day and of even spans, each with both its days."""
        ordered = sorted(spans, key=_start)
        whole = dict(jumps)
        for one in ordered:
            _plus(whole, _finish(one), one.cost)
        days = sorted(whole)
        return cls(days, list(accumulate(whole[day] for day in days)), ordered)

    def by(self, day: date) -> Decimal:
        """Return what had come by the end of `day`."""
        return self.on([day])[0]

    def on(self, days: Iterable[date]) -> Sequence[Decimal]:
        """Return what had come by the end of each of `days` (ascending)."""
        found, active, next_one = [], list[PlannedItem](), 0
        for day in days:
            while next_one < len(self.spans) and _start(self.spans[next_one]) <= day:
                active.append(self.spans[next_one])
                next_one += 1
            active = [one for one in active if _finish(one) > day]
            place = bisect_right(self.days, day)
            ended = self.totals[place - 1] if place else ZERO
            found.append(ended + sum((even_part(one, day) for one in active), ZERO))
        return found

    def bends(self) -> Sequence[Jump]:
        """Return the curve where it bends: (day, value by its end), in order."""
        near = {when for day in self.days for when in (day - _DAY, day)}
        days = sorted(near | {_start(one) - _DAY for one in self.spans})
        return list(zip(days, self.on(days), strict=True))


@dataclass(slots=True)
class Tally:
    """What a set of planned items adds up to; grows as items are added."""

    budget: Decimal = ZERO
    count: int = 0
    gone: int = 0
    undated: int = 0
    start: date | None = None
    finish: date | None = None
    planned: dict[date, Decimal] = field(default_factory=dict)
    even: list[PlannedItem] = field(default_factory=list)
    earned: dict[date, Decimal] = field(default_factory=dict)
    effort: dict[date, Decimal] = field(default_factory=dict)
    even_effort: list[PlannedItem] = field(default_factory=list)

    def add(self, address: str, planned: PlannedItem, known: Known) -> None:
        """Count one planned item."""
        mark = known.marks.get(address)
        self._count(planned, is_gone=mark is None)
        if address in known.measures:
            self._told(known.work(address, planned))
            return
        # Most items: nobody told how they earn, so all at once when they end.
        if planned.finish is not None:
            _plus(self.planned, planned.finish, planned.cost)
        if mark is not None and mark[1] is not None:
            _plus(self.earned, mark[1], planned.cost)

    def merge(self, other: Tally) -> None:
        """Count what another tally counted."""
        self.budget += other.budget
        self.count += other.count
        self.gone += other.gone
        self.undated += other.undated
        self._span(other.start, other.finish)
        self.even += other.even
        self.even_effort += other.even_effort
        for mine, theirs in (
            (self.planned, other.planned),
            (self.earned, other.earned),
            (self.effort, other.effort),
        ):
            for day, amount in theirs.items():
                _plus(mine, day, amount)

    def courses(self) -> tuple[Course, Course, Course]:
        """Return what was planned and earned by work, and what level of effort does of both."""
        return (
            Course.of(self.planned, self.even),
            Course.of(self.earned),
            Course.of(self.effort, self.even_effort),
        )

    def _count(self, planned: PlannedItem, *, is_gone: bool) -> None:
        self.budget += planned.cost
        self.count += 1
        self.gone += is_gone
        self.undated += planned.finish is None and planned.cost != ZERO
        if planned.finish is not None:
            self._span(planned.start, planned.finish)

    def _span(self, start: date | None, finish: date | None) -> None:
        if start is None or finish is None:
            return
        self.start = start if self.start is None else min(self.start, start)
        self.finish = finish if self.finish is None else max(self.finish, finish)

    def _told(self, work: Work) -> None:
        even = self.even_effort if work.is_effort else self.even
        jumps = self.effort if work.is_effort else self.planned
        for day, amount in earned_jumps(work):
            _plus(self.earned, day, amount)
        if is_even(work):
            even.append(work.planned)
            return
        for day, amount in planned_jumps(work):
            _plus(jumps, day, amount)


def _plus(jumps: dict[date, Decimal], day: date, amount: Decimal) -> None:
    jumps[day] = jumps.get(day, ZERO) + amount


def _start(one: PlannedItem) -> date:
    return one.start or date.min


def _finish(one: PlannedItem) -> date:
    return one.finish or date.max
