"""Whether a plan makes sense as it stands: every problem is found, and named with its place.

A reader of files and a builder from database rows both ask here, so that the two cannot disagree.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from headway.analysis.schedule.network import cycles, unknown_references, where
from headway.analysis.schedule.plan import (
    NEVER_MOVED,
    Closure,
    Correlation,
    Distribution,
    Estimate,
    Item,
    Mitigation,
    Moment,
    Plan,
    Resource,
    Risk,
)
from headway.analysis.schedule.sampling import correlation_matrix, is_positive_semidefinite
from headway.analysis.schedule.several import time_of
from headway.analysis.schedule.spans import calendar_problems
from headway.errors import Invalid, Problem

MOST_ITEMS = 20_000
MOST_ATTEMPTS = 100
MOST_CORRELATED = 200
LARGEST = 1e6
LATEST = 1e9
DEAREST = 1e12


def require_sound(plan: Plan) -> Plan:
    """Return `plan`. Raises Invalid with all its problems when it has any."""
    found = problems(plan)
    if found:
        raise Invalid(summary(f"The plan {plan.name!r}", found), found)
    return plan


def require_estimates(plan: Plan) -> None:
    """Raise Invalid that names each unfinished item without an estimate."""
    found = [
        Problem(
            where(item),
            f"Item {item.id!r} has no estimate; "
            "give optimistic, most likely and pessimistic, or one number.",
        )
        for item in plan.items
        if item.duration is None and item.finished is None
    ]
    if found:
        raise Invalid(summary("Cannot forecast", found), found)


def summary(subject: str, found: list[Problem]) -> str:
    """Return one sentence for all problems: the first of them, and how many more there are."""
    first = f"{subject}: {found[0].where}: {found[0].sentence}"
    if len(found) == 1:
        return first
    return f"{first} There are {len(found)} problems in all; nothing was read."


def problems(plan: Plan) -> list[Problem]:
    """Return all problems of `plan`, in the order of its items; an empty list when it is sound."""
    if len(plan.items) > MOST_ITEMS:
        sentence = f"The plan has {len(plan.items)} items; the most is {MOST_ITEMS}. Split it."
        return [Problem("items", sentence)]
    found = [*_plan_problems(plan), *_duplicates(plan)]
    resources = {resource.name for resource in plan.resources}
    resources |= {skill for resource in plan.resources for skill in resource.skills}
    for item in plan.items:
        place = where(item)
        found += [Problem(place, text) for text in _item_problems(plan, item, resources)]
    known = {item.id for item in plan.items}
    for risk in plan.risks:
        place = _where("risk", risk.id, risk.line)
        found += [Problem(place, text) for text in _risk_problems(risk, known)]
        if risk.closes is not None:
            shut = _closure_problems(plan, risk.id, risk.closes, (known, resources))
            found += [Problem(place, text) for text in shut]
    for resource in plan.resources:
        place = _where("resource", resource.name, resource.line)
        found += [Problem(place, text) for text in _resource_problems(plan, resource)]
    found += unknown_references(plan)
    found += cycles(plan)
    found += _correlation_problems(plan, known)
    if not found:
        found += _clock_problems(plan)
    return found


def _clock_problems(plan: Plan) -> Iterator[Problem]:
    """Yield what keeps the calendars of a plan that is sound otherwise from working together."""
    try:
        time_of(plan)
    except Invalid as error:
        yield Problem("calendars", str(error))


def _where(kind: str, name: str, line: int | None) -> str:
    return f"{kind} {name}" if line is None else f"{kind} {name}, line {line}"


def _plan_problems(plan: Plan) -> Iterator[Problem]:
    if not plan.items:
        yield Problem("items", "The plan has no items; list at least one under `items`.")
    if plan.calendar is not None and plan.start is None:
        sentence = "The plan has a calendar and no `start`; give its first day, like 2026-01-05."
        yield Problem("start", sentence)
    if plan.calendar is not None and not (plan.calendar.weekdays and plan.calendar.windows):
        sentence = f"The calendar {plan.calendar.name!r} has no working time; name its weekdays."
        yield Problem("calendar", sentence)
    for sentence in _moment_problems(plan, "target", plan.target):
        yield Problem("target", sentence)
    for calendar in dict.fromkeys([*filter(None, [plan.calendar]), *plan.calendars]):
        for sentence in calendar_problems(calendar):
            yield Problem(f"calendar {calendar.name}", sentence)


def _duplicates(plan: Plan) -> Iterator[Problem]:
    for kind, entries in (("item", plan.items), ("risk", plan.risks)):
        count = Counter(entry.id for entry in entries)
        seen: set[str] = set()
        for entry in entries:
            if count[entry.id] > 1 and entry.id in seen:
                sentence = (
                    f"The {kind} id {entry.id!r} is used {count[entry.id]} times; "
                    "give each its own."
                )
                yield Problem(_where(kind, entry.id, entry.line), sentence)
            seen.add(entry.id)


def _item_problems(plan: Plan, item: Item, resources: set[str]) -> Iterator[str]:
    name = f"Item {item.id!r}"
    for key, estimate in (("estimate", item.estimate), ("remaining", item.remaining)):
        yield from _range_problems(f"{name}: {key}", estimate, 0.0)
        yield from _lognormal_problems(plan, f"{name}: {key}", estimate)
    for resource, units in item.needs.items():
        if resource not in resources:
            yield (
                f"{name} needs {resource!r}, which is not under `resources` and nobody's skill; "
                "define it there or correct the name."
            )
        yield from _number_problems(
            f"{name}: needs {resource!r}", units, lambda v: v > 0, "above 0"
        )
    yield from _number_problems(f"{name}: cost", float(item.cost), lambda v: v >= 0, "0 or more")
    yield from _attempt_problems(plan, item)
    for key in ("not_before", "pinned", "deadline", "started", "finished"):
        yield from _moment_problems(plan, f"{name}: {key}", getattr(item, key))
    yield from _progress_problems(item)
    for calendar in (item.calendar, *item.also):
        yield from _calendar_problems(plan, name, calendar)
    yield from _number_problems(
        f"{name}: priority",
        item.priority,
        lambda v: 0 <= v <= NEVER_MOVED,
        f"from 0 to {NEVER_MOVED}",
    )


def _calendar_problems(plan: Plan, name: str, calendar: str) -> Iterator[str]:
    if not calendar:
        return
    if plan.calendar is None:
        yield f"{name} has the calendar {calendar!r} in a plan with `calendar: none`; drop one."
    elif calendar not in {plan.calendar.name, *(known.name for known in plan.calendars)}:
        yield f"{name} has the calendar {calendar!r}, which is not under `calendars`; define it."


def _progress_problems(item: Item) -> Iterator[str]:
    started, finished = item.started, item.finished
    if started is not None and type(started) is type(finished) and finished < started:  # type: ignore[operator]
        yield f"Item {item.id!r} finished {finished} before it started {started}; correct one."
    if item.remaining is not None and finished is not None:
        yield f"Item {item.id!r} is finished and has work remaining; drop one of the two."
    if item.remaining is not None and started is None:
        yield f"Item {item.id!r} has `remaining` and no `started`; say when it started."
    if item.done is not None:
        yield from _share_problems(f"Item {item.id!r}: done", item.done)
        if item.done > 0 and started is None and finished is None:
            yield f"Item {item.id!r} is {item.done:.0%} done and has no `started`; say when."


def _attempt_problems(plan: Plan, item: Item) -> Iterator[str]:
    attempts = item.attempts
    if attempts is None:
        return
    name = f"Item {item.id!r}: attempts"
    yield from _range_problems(f"{name}: each", attempts.each, 0.0)
    yield from _lognormal_problems(plan, f"{name}: each", attempts.each)
    yield from _range_problems(f"{name}: success", attempts.success, 0.0, 1.0)
    yield from _share_problems(f"{name}: feasible", attempts.feasible)
    if not 1 <= attempts.max <= MOST_ATTEMPTS:
        yield f"{name}: max is {attempts.max}; it is a whole number from 1 to {MOST_ATTEMPTS}."
    yield from _number_problems(
        f"{name}: cost", float(attempts.cost), lambda v: v >= 0, "0 or more"
    )
    yield from _moment_problems(plan, f"{name}: stop_by", attempts.stop_by)
    if attempts.fallback == item.id:
        yield f"{name}: else names the item itself; name another item, or leave it out."


def _risk_problems(risk: Risk, known: set[str]) -> Iterator[str]:
    name = f"Risk {risk.id!r}"
    yield from _share_problems(f"{name}: probability", risk.probability)
    for item_id in risk.delays:
        if item_id not in known:
            yield f"{name} delays {item_id!r}, and no item has that id; correct the id."
    if risk.delays and risk.delay is None:
        yield f"{name} names items under `delays` and no `delay`; give a range, like [2, 5, 15]."
    if risk.delay is not None and not risk.delays:
        yield f"{name} has a `delay` and names no items under `delays`; name at least one."
    response = risk.mitigated or Mitigation()
    for key, delay in (("delay", risk.delay), ("mitigated: delay", response.delay)):
        yield from _range_problems(f"{name}: {key}", delay, -LARGEST)
    for key, impact in (("cost", risk.impact), ("mitigated: impact", response.impact)):
        yield from _range_problems(f"{name}: {key}", impact, -DEAREST, DEAREST)
    if response.probability is not None:
        yield from _share_problems(f"{name}: mitigated: probability", response.probability)
    yield from _cost_problems(f"{name}: mitigated: cost", response.cost)


def _closure_problems(
    plan: Plan, risk_id: str, closure: Closure, known: tuple[set[str], set[str]]
) -> Iterator[str]:
    name = f"Risk {risk_id!r}: closes"
    yield from _range_problems(f"{name}: lasts", closure.lasts, 0.0)
    windows = (("from", closure.first), ("to", closure.last))
    wrong = [text for key, day in windows for text in _moment_problems(plan, f"{name}: {key}", day)]
    yield from wrong
    if not wrong and closure.last < closure.first:  # type: ignore[operator]
        yield f"{name} ends {closure.last} before it begins {closure.first}; correct one."
    for names, kind, there in zip(
        (closure.items, closure.resources), ("item", "resource"), known, strict=True
    ):
        for one in names:
            if one not in there:
                yield f"{name}: there is no {kind} {one!r}; correct the name or leave it out."


def _resource_problems(plan: Plan, resource: Resource) -> Iterator[str]:
    name = f"Resource {resource.name!r}"
    yield from _calendar_problems(plan, name, resource.calendar)
    yield from _step_problems(plan, name, resource)
    yield from _number_problems(
        f"{name}: capacity", resource.capacity, lambda v: v >= 0, "0 or more"
    )
    if resource.rate is not None:
        yield from _cost_problems(f"{name}: rate", resource.rate.amount)


def _step_problems(plan: Plan, name: str, resource: Resource) -> Iterator[str]:
    unsound = False
    for moment, units in resource.steps:
        for sentence in _moment_problems(plan, f"{name}: capacity from", moment):
            unsound = True
            yield sentence
        yield from _number_problems(
            f"{name}: capacity from {moment}", units, lambda v: v >= 0, "0 or more"
        )
    moments = [moment for moment, _ in resource.steps]
    pairs = zip(moments, moments[1:], strict=False)
    if not unsound and any(first >= second for first, second in pairs):  # type: ignore[operator]
        yield f"{name}: its capacities are out of order; write each day once, ascending."


def _correlation_problems(plan: Plan, known: set[str]) -> Iterator[Problem]:
    ids: dict[str, None] = {}
    rho_of: dict[frozenset[str], float] = {}
    unsound = False
    for correlation in plan.correlations:
        ids.update(dict.fromkeys(correlation.items))
        for sentence in _one_correlation(correlation, known, rho_of):
            unsound = True
            yield Problem(_where("correlation", "of items", correlation.line), sentence)
    if len(ids) > MOST_CORRELATED:
        sentence = f"{len(ids)} items are correlated; the most is {MOST_CORRELATED}."
        yield Problem("correlations", sentence)
    elif ids and not unsound:
        matrix = correlation_matrix(plan.correlations, list(ids))
        if not is_positive_semidefinite(matrix):
            sentence = (
                "The correlations contradict each other (their matrix is not positive "
                "semidefinite); lower the strongest of them."
            )
            yield Problem("correlations", sentence)


def _one_correlation(
    correlation: Correlation, known: set[str], rho_of: dict[frozenset[str], float]
) -> Iterator[str]:
    rho = correlation.rho
    yield from _number_problems("rho", rho, lambda v: -1 <= v <= 1, "from -1 to 1")
    members = correlation.items
    if len(set(members)) != len(members) or len(members) < 2:
        yield f"A correlation names {list(members)}; name two or more different items."
    for item_id in members:
        if item_id not in known:
            yield f"A correlation names {item_id!r}, and no item has that id; correct the id."
    for place, first in enumerate(members[:MOST_CORRELATED]):
        for second in members[place + 1 : MOST_CORRELATED]:
            before = rho_of.setdefault(frozenset((first, second)), rho)
            if before != rho:
                yield f"Items {first!r} and {second!r} have rho {before} and {rho}; keep one."


def _range_problems(
    name: str, estimate: Estimate | None, least: float, most: float = LARGEST
) -> Iterator[str]:
    if estimate is None:
        return
    numbers = list(estimate.numbers)
    low, mode, high = numbers
    if not all(math.isfinite(number) for number in numbers):
        yield f"{name} {numbers} holds a value that is not a finite number; write numbers."
    elif min(numbers) < least or max(numbers) > most:
        yield f"{name} {numbers} has to lie between {least:g} and {most:g}; correct it."
    elif not low <= mode <= high:
        yield (
            f"{name} {numbers} is out of order; write optimistic, most likely, pessimistic, "
            "ascending."
        )


def _lognormal_problems(plan: Plan, name: str, estimate: Estimate | None) -> Iterator[str]:
    if estimate is None or (estimate.distribution or plan.distribution) != Distribution.LOGNORMAL:
        return
    if not estimate.is_certain and estimate.optimistic <= 0:
        yield (
            f"{name} {list(estimate.numbers)} starts at {estimate.optimistic:g}; a lognormal "
            "range has to start above 0."
        )


def _share_problems(name: str, value: float) -> Iterator[str]:
    yield from _number_problems(name, value, lambda v: 0 <= v <= 1, "from 0 to 1")


def _cost_problems(name: str, cost: Decimal) -> Iterator[str]:
    yield from _number_problems(name, float(cost), lambda v: 0 <= v <= DEAREST, "from 0 to 1e12")


def _number_problems(
    name: str, value: float, holds: Callable[[float], bool], rule: str
) -> Iterator[str]:
    if not math.isfinite(value):
        yield f"{name} is {value}; it has to be a finite number."
    elif not holds(value):
        yield f"{name} is {value:g}; it has to be {rule}."


def _moment_problems(plan: Plan, name: str, moment: Moment | None) -> Iterator[str]:
    if moment is None:
        return
    if isinstance(moment, date):
        if plan.calendar is None:
            yield f"{name} is {moment}; a plan with `calendar: none` wants a number from 0."
    elif plan.calendar is not None:
        yield f"{name} is {moment}; a plan with a calendar wants a date, like 2026-06-30."
    elif not (math.isfinite(moment) and abs(moment) <= LATEST):
        yield f"{name} is {moment}; it has to be a finite number under {LATEST:g}."
