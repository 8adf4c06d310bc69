"""The plan file in YAML, canonical: the same plan gives the same text, which reads back as it.

Keys stand in the order of the reference, texts in quotes where a reader could take them for
something else, numbers as Python's shortest exact decimals.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from headway.analysis.documents.fields import LONGEST
from headway.analysis.schedule.plan import (
    USUAL_PRIORITY,
    WEEKDAYS,
    Attempts,
    Calendar,
    Closure,
    Distribution,
    Estimate,
    Item,
    ItemKind,
    Mitigation,
    Moment,
    OnePoint,
    Plan,
    Progress,
    Resource,
    Risk,
    Unit,
    Windows,
)
from headway.analysis.schedule.readers.calendar_fields import DAYS, USUAL
from headway.analysis.schedule.readers.result import Losses
from headway.analysis.schedule.writers.links import link_text
from headway.analysis.schedule.writers.written import Written

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 _/.-]*[A-Za-z0-9]|[A-Za-z]")
#: Words that YAML's readers take for something else.
_WORDS = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))


def write_yaml(plan: Plan) -> Written:
    """Return `plan` as YAML."""
    losses = Losses()
    lines = [
        *_head(plan, losses),
        *_resources(plan, losses),
        *_items(plan, losses),
        *_risks(plan, losses),
        *_correlations(plan),
    ]
    return Written(("\n".join(lines) + "\n").encode(), losses.sentences())


def text(words: str) -> str:
    """Return a text as YAML reads it back."""
    if _PLAIN.fullmatch(words) and words.lower() not in _WORDS:
        return words
    return json.dumps(words, ensure_ascii=False)


def number(value: float) -> str:
    """Return a number, whole ones without a point."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def _name(words: str, losses: Losses) -> str:
    """Return a name as a plan file may hold it: printable, and at most 200 characters."""
    plain = "".join(sign for sign in words if sign.isprintable()).strip()
    if plain[:LONGEST] != words:
        losses.tell(f"Names are cut to {LONGEST} printable characters", plain[:40])
    return text(plain[:LONGEST])


def _moment(moment: Moment) -> str:
    return moment.isoformat() if isinstance(moment, date) else number(moment)


def _range(estimate: Estimate) -> str:
    if estimate.optimistic == estimate.most_likely == estimate.pessimistic:
        return number(estimate.most_likely)
    return f"[{', '.join(number(value) for value in estimate.numbers)}]"


def _list(parts: Sequence[str]) -> str:
    return f"[{', '.join(parts)}]"


def _head(plan: Plan, losses: Losses) -> Iterator[str]:
    yield f"plan: {_name(plan.name, losses)}"
    if plan.start is not None:
        yield f"start: {plan.start.isoformat()}"
    if plan.unit is not Unit.DAYS:
        yield f"unit: {plan.unit.value}"
    yield f"calendar: {text(plan.calendar.name) if plan.calendar else 'none'}"
    yield from _calendars(plan, losses)
    if plan.distribution is not Distribution.PERT:
        yield f"distribution: {plan.distribution.value}"
    if plan.one_point is not OnePoint.CERTAIN:
        yield f"one_point: {plan.one_point.value}"
    if plan.progress is not Progress.OVERRIDE:
        yield f"progress: {plan.progress.value}"
    if plan.target is not None:
        yield f"target: {_moment(plan.target)}"
    if plan.budget is not None:
        yield f"budget: {{amount: {plan.budget.amount:f}, currency: {plan.budget.currency}}}"


def _calendars(plan: Plan, losses: Losses) -> Iterator[str]:
    own = [plan.calendar] if plan.calendar else []
    named = {calendar.name: calendar for calendar in (*plan.calendars, *own)}
    told = [calendar for calendar in named.values() if calendar != WEEKDAYS]
    if not told or plan.calendar is None:
        return
    yield "calendars:"
    for calendar in told:
        yield f"  {text(calendar.name)}:"
        yield from (f"    {line}" for line in _calendar(calendar, losses))


def _calendar(calendar: Calendar, losses: Losses) -> Iterator[str]:
    yield f"weekdays: {_list([DAYS[day] for day in calendar.weekdays])}"
    usual = _windows(calendar.windows, calendar.name, losses)
    if calendar.hours:
        days = ((DAYS[day], windows) for day, windows in calendar.hours)
        own = [f"{day}: {_windows(windows, calendar.name, losses)}" for day, windows in days]
        yield f"hours: {{{', '.join([f'{USUAL}: {usual}', *own])}}}"
    else:
        yield f"hours: {usual}"
    if calendar.holidays:
        yield f"holidays: {_list([day.isoformat() for day in calendar.holidays])}"
    if calendar.extra:
        yield "extra:"
    for day, windows in calendar.extra:
        yield f"  {day.isoformat()}: {_windows(windows, calendar.name, losses)}"
    if calendar.zone:
        yield f"zone: {calendar.zone}"


def _windows(windows: Windows, name: str, losses: Losses) -> str:
    spans = []
    for begin, end in windows:
        if any(abs(hour * 60 - round(hour * 60)) > 1e-6 for hour in (begin, end)):
            losses.tell("Working times are rounded to minutes", name)
        spans.append(f"{_clock(begin)}-{_clock(end)}")
    return _list([json.dumps(span) for span in spans])


def _clock(hour: float) -> str:
    minutes = round(hour * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _resources(plan: Plan, losses: Losses) -> Iterator[str]:
    if plan.resources:
        yield "resources:"
    for resource in plan.resources:
        yield f"  {_name(resource.name, losses)}: {{{', '.join(_resource(resource, plan))}}}"


def _resource(resource: Resource, plan: Plan) -> Iterator[str]:
    steps = _steps(resource, plan)
    if steps:
        listed = ", ".join(f"{_moment(moment)}: {number(units)}" for moment, units in steps)
        yield f"capacity: {{{listed}}}"
    else:
        yield f"capacity: {number(resource.capacity)}"
    if resource.rate is not None:
        yield f"rate: {resource.rate.amount:f}/{resource.rate.period}"
    if resource.kind != "people":
        yield f"kind: {text(resource.kind)}"
    if resource.calendar:
        yield f"calendar: {text(resource.calendar)}"
    if resource.skills:
        yield f"skills: {_list([text(skill) for skill in resource.skills])}"


def _steps(resource: Resource, plan: Plan) -> list[tuple[Moment, float]]:
    """Return the capacity by days. What there is before the first of them is there at the start."""
    if not resource.steps or resource.capacity == 0.0:
        return list(resource.steps)
    begin: Moment = 0.0 if plan.start is None else plan.start
    first = resource.steps[0][0]
    if type(first) is type(begin) and begin < first:  # type: ignore[operator]
        return [(begin, resource.capacity), *resource.steps]
    return list(resource.steps)


def _items(plan: Plan, losses: Losses) -> Iterator[str]:
    yield "items:"
    ids = {item.id for item in plan.items}
    for item in plan.items:
        first, *more = _item(item, ids, losses)
        yield f"  - {first}"
        yield from (f"    {line}" for line in more)


def _item(item: Item, ids: Collection[str], losses: Losses) -> Iterator[str]:
    yield f"id: {text(item.id)}"
    if item.name:
        yield f"name: {_name(item.name, losses)}"
    if item.kind is not ItemKind.TASK:
        yield f"kind: {item.kind.value}"
    yield from _ranges(item, losses)
    if item.after:
        yield f"after: {_links(item, ids, losses)}"
    if item.needs:
        needs = ", ".join(f"{text(name)}: {number(units)}" for name, units in item.needs.items())
        yield f"needs: {{{needs}}}"
    if item.cost:
        yield f"cost: {item.cost:f}"
    if item.attempts is not None:
        yield f"attempts: {{{', '.join(_attempts(item.attempts))}}}"
    yield from _moments(item)
    yield from _others(item)


def _ranges(item: Item, losses: Losses) -> Iterator[str]:
    shape = _shape(item, losses)
    for key, estimate in (("estimate", item.estimate), ("remaining", item.remaining)):
        if estimate is not None:
            yield f"{key}: {_range(estimate)}"
    if shape is not None:
        yield f"distribution: {shape.value}"


def _links(item: Item, ids: Collection[str], losses: Losses) -> str:
    return _list([text(link_text(item, link, ids, losses)) for link in item.after])


def _moments(item: Item) -> Iterator[str]:
    for key in ("not_before", "pinned", "deadline", "started", "finished"):
        moment = getattr(item, key)
        if moment is not None:
            yield f"{key}: {_moment(moment)}"


def _others(item: Item) -> Iterator[str]:
    if item.done is not None:
        yield f"done: {number(item.done)}"
    if item.calendar:
        yield f"calendar: {text(item.calendar)}"
    if item.also:
        yield f"also: {_list([text(name) for name in item.also])}"
    if item.priority != USUAL_PRIORITY:
        yield f"priority: {item.priority}"
    if item.outline:
        yield f"outline: {_list([text(name) for name in item.outline])}"


def _shape(item: Item, losses: Losses) -> Distribution | None:
    """Return the one distribution of an item's ranges; a file has one for all of them."""
    ranges = [item.estimate, item.remaining, item.attempts.each if item.attempts else None]
    shapes = {estimate.distribution for estimate in ranges if estimate is not None}
    if len(shapes) > 1:
        losses.tell("An item's ranges take one distribution", item.id)
    return next((shape for shape in shapes if shape is not None), None)


def _attempts(attempts: Attempts) -> Iterator[str]:
    yield f"success: {_range(attempts.success)}"
    if attempts.feasible != 1.0:
        yield f"feasible: {number(attempts.feasible)}"
    yield f"max: {attempts.max}"
    yield f"each: {_range(attempts.each)}"
    if attempts.cost:
        yield f"cost: {attempts.cost:f}"
    if attempts.stop_by is not None:
        yield f"stop_by: {_moment(attempts.stop_by)}"
    if attempts.fallback is not None:
        yield f"else: {text(attempts.fallback)}"


def _risks(plan: Plan, losses: Losses) -> Iterator[str]:
    if plan.risks:
        yield "risks:"
    for risk in plan.risks:
        yield f"  - {{{', '.join(_risk(risk, losses))}}}"


def _risk(risk: Risk, losses: Losses) -> Iterator[str]:
    yield f"id: {text(risk.id)}"
    if risk.name:
        yield f"name: {_name(risk.name, losses)}"
    yield f"probability: {number(risk.probability)}"
    if risk.delays:
        yield f"delays: {_list([text(item_id) for item_id in risk.delays])}"
    if risk.delay is not None:
        yield f"delay: {_range(risk.delay)}"
    if risk.impact is not None:
        yield f"cost: {_range(risk.impact)}"
    if risk.closes is not None:
        yield f"closes: {{{', '.join(_closure(risk.closes))}}}"
    if risk.mitigated is not None:
        yield f"mitigated: {{{', '.join(_mitigation(risk.mitigated))}}}"


def _closure(closure: Closure) -> Iterator[str]:
    yield f"lasts: {_range(closure.lasts)}"
    yield f"from: {_moment(closure.first)}"
    yield f"to: {_moment(closure.last)}"
    if closure.items:
        yield f"items: {_list([text(item_id) for item_id in closure.items])}"
    if closure.resources:
        yield f"resources: {_list([text(name) for name in closure.resources])}"


def _mitigation(response: Mitigation) -> Iterator[str]:
    if response.probability is not None:
        yield f"probability: {number(response.probability)}"
    if response.delay is not None:
        yield f"delay: {_range(response.delay)}"
    if response.impact is not None:
        yield f"impact: {_range(response.impact)}"
    if response.cost:
        yield f"cost: {response.cost:f}"


def _correlations(plan: Plan) -> Iterator[str]:
    if plan.correlations:
        yield "correlations:"
    for correlation in plan.correlations:
        items = _list([text(item_id) for item_id in correlation.items])
        yield f"  - {{items: {items}, rho: {number(correlation.rho)}}}"
