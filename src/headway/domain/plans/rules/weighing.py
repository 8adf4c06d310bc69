"""Weighing what blockers and promises do to a plan, on the same random numbers as the plan itself.

A blocker that lasts another week lets no item begin for that week, and adds it to one under way.
A promise lets no item begin before the day after it lands, and none under way end before it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from headway.analysis.schedule.bridge import measure_of
from headway.analysis.schedule.calendars import WorkingTime
from headway.analysis.schedule.critical_path import CriticalPath, critical_path
from headway.analysis.schedule.passes import Frame
from headway.analysis.schedule.plan import Estimate, Item, Plan, Risk
from headway.analysis.schedule.simulation import MOST_CELLS, Settings, share, simulate
from headway.analysis.schedule.soundness import problems, summary
from headway.domain.plans.rules.waits import (
    BlockerOutlook,
    BlockerStanding,
    PromiseOutlook,
    PromiseStanding,
    WaitEffect,
    WaitItem,
    WeekCost,
)
from headway.errors import Invalid

#: For how many further weeks a blocker is simulated.
WEEKS = (1, 2, 4)
#: Blockers, and promises, of one program that are simulated; the rest wait until these are settled.
MOST_WEIGHED = 25
MOST_TRIALS = 10_000

_A_DAY, _A_WEEK = timedelta(days=1), timedelta(days=7)
#: The pause of running work, as a risk that is certain: no plan file can name it so.
_PAUSE = "\0pause"


@dataclass(frozen=True, slots=True)
class Weighed:
    """The outlooks by the ids of the blockers and promises."""

    blockers: Mapping[UUID, BlockerOutlook]
    promises: Mapping[UUID, PromiseOutlook]


def weigh(
    plan: Plan,
    blockers: Iterable[BlockerStanding],
    promises: Iterable[PromiseStanding],
    at: datetime,
) -> Weighed:
    """Return what each does to `plan` as it stands at `at`; where it cannot be known, the problem.

    The plan as it stands is simulated once, and once more for each promise with a day and for each
    of WEEKS of a blocker.
    """
    try:
        scale = _Scale(plan, at)
    except Invalid as error:
        return Weighed(
            {one.blocker.id: BlockerOutlook(at, problem=str(error)) for one in blockers},
            {
                one.promise.id: PromiseOutlook(at, one.promise.promised, problem=str(error))
                for one in promises
            },
        )
    return Weighed(
        {one.blocker.id: scale.blocker(one.items) for one in blockers},
        {one.promise.id: scale.promise(one) for one in promises},
    )


class _Scale:
    """The plan as it stands, simulated: what everything else is held against."""

    def __init__(self, plan: Plan, at: datetime) -> None:
        """Simulate `plan`. Raises Invalid where it cannot be forecast."""
        if not plan.items:
            sentence = "Nothing is planned yet, so nothing can be simulated."
            raise Invalid(sentence)
        found = problems(plan)
        if found:
            raise Invalid(summary("Cannot forecast", found))
        self.plan, self.at, self.today = plan, at, at.date()
        trials = min(MOST_TRIALS, max(1, MOST_CELLS // len(plan.items)))
        self.settings = Settings(trials=trials, as_of=self.today)
        self.simulation = simulate(plan, self.settings)
        self.measure = measure_of(self.simulation)
        self.path = critical_path(self.simulation.frame)
        self.open = {item.id for item in plan.items if item.finished is None}

    def blocker(self, items: Sequence[WaitItem]) -> BlockerOutlook:
        """Return what each further week of a blocker of `items` costs."""
        blocked = self.open & {item.address for item in items}
        if not blocked:
            return BlockerOutlook(self.at, problem="It holds up no open item of the plan.")
        weeks = []
        for count in WEEKS:
            later = blocked_plan(self.plan, blocked, self.today, self.today + count * _A_WEEK)
            weeks.append(WeekCost(count, self._effect(later)))
        return BlockerOutlook(self.at, weeks)

    def promise(self, one: PromiseStanding) -> PromiseOutlook:
        """Return what the plan says of a promise."""
        promised = one.promise.promised
        touched = self.open & {item.address for item in one.items}
        if not touched:
            return PromiseOutlook(
                self.at, promised, problem="No open item of the plan rests on it."
            )
        frame = self.simulation.frame
        if one.promise.is_ours:
            return PromiseOutlook(
                self.at,
                promised,
                ready_by=ready_by(frame, self.path, touched),
                chance=self._chance(touched, promised),
            )
        effect = None
        if promised is not None:
            effect = self._effect(promised_plan(self.plan, touched, self.today, promised))
        needed = needed_by(frame, self.path, touched)
        return PromiseOutlook(self.at, promised, needed_by=needed, effect=effect)

    def _chance(self, making: Collection[str], promised: date | None) -> float | None:
        if promised is None:
            return None
        finish = self.simulation.finish_of(sorted(making))
        return share(self.simulation.on_time(finish, promised))

    def _effect(self, plan: Plan) -> WaitEffect:
        """Return how the P80 of another plan differs from that of the plan as it stands."""
        before, after = self.measure, measure_of(simulate(plan, self.settings))
        days = money = odds = None
        if after.day is not None and before.day is not None:
            days = (after.day - before.day).days
        if after.cost is not None and before.cost is not None:
            money = after.cost - before.cost
        if after.p_on_time is not None and before.p_on_time is not None:
            odds = after.p_on_time - before.p_on_time
        return WaitEffect(days, money, odds, after.day)


def blocked_plan(plan: Plan, blocked: Collection[str], today: date, until: date) -> Plan:
    """Return the plan in which some items stand still from `today` until `until` begins."""
    days = WorkingTime(plan.unit, today, plan.calendar).start_of(until)
    running = [one.id for one in plan.items if one.id in blocked and _runs(one)]
    items = [_not_before(one, until) if one.id in blocked else one for one in plan.items]
    pause = Risk(_PAUSE, 1.0, delays=tuple(running), delay=Estimate.certain(days))
    risks = (*plan.risks, pause) if running else plan.risks
    return replace(plan, items=tuple(items), risks=risks)


def promised_plan(plan: Plan, fed: Collection[str], today: date, lands: date) -> Plan:
    """Return the plan in which some items wait for what lands at the end of the day `lands`.

    A day that is over does not help: what has not landed lands today at the earliest.
    """
    lands = max(lands, today)
    time = WorkingTime(plan.unit, today, plan.calendar)
    least = time.end_of(lands)
    items = []
    for item in plan.items:
        if item.id in fed:
            item = _lasting(item, time, least) if _runs(item) else _not_before(item, lands + _A_DAY)
        items.append(item)
    return replace(plan, items=tuple(items))


def _runs(item: Item) -> bool:
    return item.started is not None and item.finished is None


def _not_before(item: Item, day: date) -> Item:
    """Return an item that has not begun as one that begins on `day` or later."""
    if item.started is not None or item.finished is not None:
        return item
    held = item.not_before
    first = max(held, day) if isinstance(held, date) else day
    return replace(item, not_before=first)


def _lasting(item: Item, time: WorkingTime, least: float) -> Item:
    """Return running work with at least `least` working units left; attempts stay what they are."""
    if item.attempts is not None or item.duration is None:
        return item
    if item.remaining is None and isinstance(item.started, date):
        least += max(0.0, -time.start_of(item.started))
    length = _at_least(item.duration, least)
    if item.remaining is None:
        return replace(item, estimate=length)
    return replace(item, remaining=length)


def _at_least(estimate: Estimate, least: float) -> Estimate:
    return replace(
        estimate,
        optimistic=max(estimate.optimistic, least),
        most_likely=max(estimate.most_likely, least),
        pessimistic=max(estimate.pessimistic, least),
    )


def needed_by(frame: Frame, path: CriticalPath, fed: Collection[str]) -> date | None:
    """Return the last day on which something may land without moving the plan's likely finish.

    The day before the late start of the item that needs it first; of one that has begun without
    it, its late finish. None when all are done.
    """
    time = frame.time
    needing = [item for item in frame.plan.items if item.id in fed and item.finished is None]
    if not needing:
        return None
    lasts = {
        path.late_finish[item.id] if _runs(item) else path.late_start[item.id]: _runs(item)
        for item in needing
    }
    first = min(lasts)
    return time.date_of_finish(first) if lasts[first] else time.date_before(first)


def ready_by(frame: Frame, path: CriticalPath, making: Collection[str]) -> date | None:
    """Return the day on which the last of some items ends by the most likely plan."""
    ends = [path.early_finish[item_id] for item_id in path.early_finish if item_id in making]
    return frame.time.date_of_finish(max(ends)) if ends else None
