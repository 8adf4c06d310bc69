"""The bridge between two forecasts: what each cause of change does to the P80, in days and money.

The plan of then becomes the plan of now one cause at a time, in the order of `Cause`, and runs
again on the same random numbers (each draw has a stream named after its item or risk), so that the
difference between two neighbours is the cause and not chance. Every P80 is rounded to a hundredth
of a day and to a cent before any two are subtracted: the spans add up exactly, whatever they are.

What the order leaves open is what two causes do together; it goes to the later of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

import numpy as np

from headway.analysis.quantities import CENT, inverted_cdf
from headway.analysis.schedule.notes import has_cost
from headway.analysis.schedule.plan import Correlation, Item, Link, Moment, Plan, Resource, Risk
from headway.analysis.schedule.simulation import Settings, Simulation, simulate
from headway.analysis.schedule.soundness import problems
from headway.errors import Invalid

HUNDREDTH = Decimal("0.01")
#: Risks of one span that are told apart.
MOST_PARTS = 8


class Cause(StrEnum):
    """What may have changed between two forecasts, in the order in which it is swapped."""

    SCOPE_ADDED = "scope_added"
    SCOPE_DROPPED = "scope_dropped"
    ESTIMATES = "estimates"
    PROGRESS = "progress"
    ATTEMPTS = "attempts"
    ORDER = "order"
    RESOURCES = "resources"
    PRICES = "prices"
    RISKS = "risks"
    CALENDAR = "calendar"
    TARGET = "target"
    #: Nothing named above: the order of items among correlated draws.
    RESIDUAL = "residual"


@dataclass(frozen=True, slots=True)
class Stand:
    """A plan as it stood, with the status date of then."""

    plan: Plan
    as_of: Moment | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """The P80 of a stand: `finish` in calendar days to the hundredth, `cost` to the cent.

    The finish counts from 1 January of the year 1 where the plan has a calendar (its whole part is
    the date's ordinal, its fraction the part of that working day), else in units from the start.
    None where P80 is never, or where nothing costs. `p_on_time` is None without a target.
    """

    finish: Decimal | None
    day: date | None
    cost: Decimal | None
    p_on_time: float | None


@dataclass(frozen=True, slots=True)
class Part:
    """What one risk adds to a span; None where one side has no such answer."""

    id: str
    days: Decimal | None
    money: Decimal | None


@dataclass(frozen=True, slots=True)
class Span:
    """What some causes did together at P80; one cause, unless one alone makes no sound plan.

    `days`, `money` and `odds` (a share) are None where one side has no such answer. `parts` tell
    the risks that differ apart, where risks alone make the span: they add up to it.
    """

    causes: tuple[Cause, ...]
    days: Decimal | None
    money: Decimal | None
    odds: float | None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Bridge:
    """From one forecast to another; causes that changed nothing of the plan are left out."""

    then: Measure
    now: Measure
    spans: tuple[Span, ...]

    @property
    def days(self) -> Decimal | None:
        """Return how far the P80 moved, in days; None where either is never."""
        return _less(self.now.finish, self.then.finish)

    @property
    def money(self) -> Decimal | None:
        """Return how far the P80 of the cost moved."""
        return _less(self.now.cost, self.then.cost)


def bridge(then: Stand, now: Stand, settings: Settings | None = None) -> Bridge:
    """Return the bridge from the forecast of `then` to that of `now`.

    `settings` give seed and trials to all runs; the status dates come from the stands. Raises
    Invalid when either plan cannot be forecast.
    """
    settings = settings or Settings()
    then, now = _bare(then), _bare(now)
    first = last = measured(then, settings)
    here = standing = then
    spans: list[Span] = []
    waiting: list[Cause] = []
    for cause, swap in _SWAPS.items():
        following = swap(here, now)
        if following == here:
            continue
        waiting.append(cause)
        here = following
        # A cause that alone leaves no sound plan (a cycle, say) counts with the one after it.
        if problems(here.plan):
            continue
        reached = _tried(here, settings)
        if reached is None:
            continue
        span = _span(waiting, last, reached)
        if span.causes == (Cause.RISKS,):
            span = replace(span, parts=_parts((standing, last), (here, reached), settings))
        spans.append(span)
        last, waiting, standing = reached, [], here
    end = last if here == now and not waiting else measured(now, settings)
    if waiting or end != last:
        spans.append(_span(waiting or [Cause.RESIDUAL], last, end))
    return Bridge(first, end, tuple(spans))


def _bare(stand: Stand) -> Stand:
    """Return the stand as its content: a file's lines and the order of links are no cause."""
    plan = stand.plan
    return _with(
        stand,
        items=[replace(item, after=_sorted(item.after), line=None) for item in plan.items],
        resources=[replace(resource, line=None) for resource in plan.resources],
        risks=[replace(risk, delays=tuple(sorted(risk.delays)), line=None) for risk in plan.risks],
        correlations=[replace(one, line=None) for one in plan.correlations],
    )


def _sorted(links: Iterable[Link]) -> tuple[Link, ...]:
    return tuple(sorted(links, key=lambda link: (link.predecessor, link.type, link.lag, link.unit)))


def _tried(stand: Stand, settings: Settings) -> Measure | None:
    """Return the measure of a stand between the two, None when it cannot be simulated."""
    try:
        return measured(stand, settings)
    except Invalid:
        return None


def measured(stand: Stand, settings: Settings) -> Measure:
    """Return the P80 of a stand, simulated on its own status date. Raises Invalid as `simulate`."""
    return measure_of(simulate(stand.plan, replace(settings, as_of=stand.as_of)))


def measure_of(simulation: Simulation) -> Measure:
    """Return the P80 of a plan that was simulated."""
    time = simulation.frame.time
    finish = inverted_cdf(np.sort(simulation.finish), 80)
    target = simulation.plan.target
    return Measure(
        finish=_rounded(time.position_of_finish(finish), HUNDREDTH),
        day=time.date_of_finish(finish),
        cost=_cost(simulation),
        p_on_time=None if target is None else simulation.p_on_time(target),
    )


def _cost(simulation: Simulation) -> Decimal | None:
    if not has_cost(simulation.plan):
        return None
    return _rounded(inverted_cdf(np.sort(simulation.cost), 80), CENT)


def _rounded(value: float, to: Decimal) -> Decimal | None:
    if not np.isfinite(value):
        return None
    return Decimal(repr(float(value))).quantize(to, ROUND_HALF_EVEN)


def _span(causes: Sequence[Cause], before: Measure, after: Measure) -> Span:
    odds = None
    if before.p_on_time is not None and after.p_on_time is not None:
        odds = after.p_on_time - before.p_on_time
    days, money = _less(after.finish, before.finish), _less(after.cost, before.cost)
    return Span(tuple(causes), days, money, odds)


def _parts(
    then: tuple[Stand, Measure], now: tuple[Stand, Measure], settings: Settings
) -> tuple[Part, ...]:
    """Return what each risk that differs adds, swapped one after the other by id.

    Beyond MOST_PARTS risks nothing is told apart: each costs a simulation.
    """
    (here, last), (there, end) = then, now
    old, new = _by_key(here.plan.risks), _by_key(there.plan.risks)
    changed = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
    if len(changed) > MOST_PARTS:
        return ()
    found = []
    for place, key in enumerate(changed, 1):
        old = {one: risk for one, risk in old.items() if one != key}
        old |= {key: new[key]} if key in new else {}
        here = _with(here, risks=list(old.values()))
        reached = end if place == len(changed) else _tried(here, settings)
        if reached is None:
            return ()
        days, money = _less(reached.finish, last.finish), _less(reached.cost, last.cost)
        found.append(Part(key, days, money))
        last = reached
    return tuple(found)


def _by_key(risks: Iterable[Risk]) -> dict[str, Risk]:
    return {risk.id: risk for risk in risks}


def _less(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one - other


def _add_scope(here: Stand, now: Stand) -> Stand:
    """Add new items with the links that tie them in, and the resources that they may need."""
    wanted = _by_id(now.plan.items)
    known = {item.id for item in here.plan.items}
    new = [item for item in now.plan.items if item.id not in known]
    if not new:
        return here
    ids = known | {item.id for item in new}
    tied = [_tied(item, wanted.get(item.id), ids - known) for item in here.plan.items]
    items = [*tied, *(_within(item, ids) for item in new)]
    names = {resource.name for resource in here.plan.resources}
    more = [resource for resource in now.plan.resources if resource.name not in names]
    return _with(here, items=items, resources=(*here.plan.resources, *more))


def _tied(item: Item, wanted: Item | None, new: set[str]) -> Item:
    more = [link for link in (wanted.after if wanted else ()) if link.predecessor in new]
    return replace(item, after=_sorted([*item.after, *more])) if more else item


def _drop_scope(here: Stand, now: Stand) -> Stand:
    """Take items away; what waited for them waits for what it waits for now."""
    wanted = _by_id(now.plan.items)
    gone = {item.id for item in here.plan.items if item.id not in wanted}
    if not gone:
        return here
    items = []
    for item in here.plan.items:
        if item.id in gone:
            continue
        if any(link.predecessor in gone for link in item.after):
            item = replace(item, after=wanted[item.id].after)
        items.append(_within(item, wanted.keys()))
    risks = [_reaching(risk, wanted.keys()) for risk in here.plan.risks]
    correlations = _fitting(here.plan.correlations, wanted.keys())
    return _with(
        here, items=items, risks=[risk for risk in risks if risk], correlations=correlations
    )


def _swap_estimates(here: Stand, now: Stand) -> Stand:
    taken = _take(here, now, "estimate", "kind")
    ids = {item.id for item in here.plan.items}
    correlations = _fitting(now.plan.correlations, ids)
    shape, single = now.plan.distribution, now.plan.one_point
    return _with(taken, correlations=correlations, distribution=shape, one_point=single)


def _swap_progress(here: Stand, now: Stand) -> Stand:
    taken = _take(here, now, "started", "finished", "remaining", "done")
    return replace(_with(taken, progress=now.plan.progress), as_of=now.as_of)


def _swap_attempts(here: Stand, now: Stand) -> Stand:
    return _take(here, now, "attempts")


def _swap_order(here: Stand, now: Stand) -> Stand:
    return _take(here, now, "after", "not_before", "pinned")


def _swap_resources(here: Stand, now: Stand) -> Stand:
    rates = {resource.name: resource.rate for resource in here.plan.resources}
    resources = [
        replace(resource, rate=rates.get(resource.name, resource.rate))
        for resource in now.plan.resources
    ]
    taken = _take(here, now, "needs")
    return _with(taken, resources=resources, openings=now.plan.openings)


def _swap_prices(here: Stand, now: Stand) -> Stand:
    return _with(_take(here, now, "cost"), resources=now.plan.resources)


def _swap_risks(here: Stand, now: Stand) -> Stand:
    return _with(here, risks=now.plan.risks)


def _swap_calendar(here: Stand, now: Stand) -> Stand:
    plan = now.plan
    taken = _take(here, now, "calendar", "also")
    return _with(
        taken,
        calendar=plan.calendar,
        calendars=plan.calendars,
        start=plan.start,
        unit=plan.unit,
    )


def _swap_target(here: Stand, now: Stand) -> Stand:
    taken = _take(here, now, "name", "deadline", "priority", "outline")
    return _with(taken, name=now.plan.name, target=now.plan.target, budget=now.plan.budget)


_SWAPS: Mapping[Cause, Callable[[Stand, Stand], Stand]] = {
    Cause.SCOPE_ADDED: _add_scope,
    Cause.SCOPE_DROPPED: _drop_scope,
    Cause.ESTIMATES: _swap_estimates,
    Cause.PROGRESS: _swap_progress,
    Cause.ATTEMPTS: _swap_attempts,
    Cause.ORDER: _swap_order,
    Cause.RESOURCES: _swap_resources,
    Cause.PRICES: _swap_prices,
    Cause.RISKS: _swap_risks,
    Cause.CALENDAR: _swap_calendar,
    Cause.TARGET: _swap_target,
}


def _take(here: Stand, now: Stand, *fields: str) -> Stand:
    """Return the stand with these fields of its items as they are now."""
    wanted = _by_id(now.plan.items)
    items = [
        replace(item, **{field: getattr(wanted[item.id], field) for field in fields})
        if item.id in wanted
        else item
        for item in here.plan.items
    ]
    return _with(here, items=items)


def _with(
    stand: Stand,
    *,
    items: Sequence[Item] | None = None,
    resources: Sequence[Resource] | None = None,
    risks: Sequence[Risk] | None = None,
    correlations: Sequence[Correlation] | None = None,
    **fields: object,
) -> Stand:
    """Return the stand with another plan; lists become what the plan holds."""
    lists = {"items": items, "resources": resources, "risks": risks, "correlations": correlations}
    given = {name: tuple(rows) for name, rows in lists.items() if rows is not None}
    return replace(stand, plan=replace(stand.plan, **given, **fields))  # type: ignore[arg-type]


def _by_id(items: Iterable[Item]) -> dict[str, Item]:
    return {item.id: item for item in items}


def _within(item: Item, ids: Iterable[str]) -> Item:
    """Return the item without links, and without a fallback, to what is not in the plan."""
    known = set(ids)
    after: tuple[Link, ...] = tuple(link for link in item.after if link.predecessor in known)
    attempts = item.attempts
    if attempts is not None and attempts.fallback is not None and attempts.fallback not in known:
        attempts = replace(attempts, fallback=None)
    return replace(item, after=after, attempts=attempts)


def _reaching(risk: Risk, ids: Iterable[str]) -> Risk | None:
    """Return the risk on what is left of its items, None when it delayed only what is gone."""
    known = set(ids)
    left = tuple(item_id for item_id in risk.delays if item_id in known)
    return None if risk.delays and not left else replace(risk, delays=left)


def _fitting(correlations: Iterable[Correlation], ids: Iterable[str]) -> list[Correlation]:
    known = set(ids)
    cut = [
        replace(one, items=tuple(item_id for item_id in one.items if item_id in known))
        for one in correlations
    ]
    return [one for one in cut if len(one.items) > 1]
