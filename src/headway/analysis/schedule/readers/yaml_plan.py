"""The plan file in YAML: its keys, and the Plan they make."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from headway.analysis.documents.text import Form, Scalar, Table, compose
from headway.analysis.quantities import Money
from headway.analysis.schedule.plan import (
    USUAL_PRIORITY,
    WEEKDAYS,
    Attempts,
    Calendar,
    Closure,
    Correlation,
    Distribution,
    Estimate,
    Item,
    ItemKind,
    Mitigation,
    Moment,
    OnePoint,
    Plan,
    Progress,
    Rate,
    Resource,
    Risk,
    Unit,
)
from headway.analysis.schedule.readers.calendar_fields import KEYS as CALENDAR_KEYS
from headway.analysis.schedule.readers.calendar_fields import Beside, read_calendar
from headway.analysis.schedule.readers.fields import Fields
from headway.analysis.schedule.readers.links import read_link
from headway.errors import Problem

PLAN_KEYS = (
    "plan", "start", "unit", "calendar", "calendars", "distribution", "target", "budget",
    "resources", "items", "risks", "correlations", "one_point", "progress",
)  # fmt: skip
ITEM_KEYS = (
    "id", "name", "kind", "estimate", "distribution", "after", "needs", "cost", "attempts",
    "not_before", "pinned", "deadline", "started", "finished", "remaining", "done",
    "calendar", "also", "priority", "outline",
)  # fmt: skip
RESOURCE_KEYS = ("capacity", "rate", "kind", "calendar", "skills")
ATTEMPT_KEYS = ("success", "feasible", "max", "each", "cost", "stop_by", "else")
RISK_KEYS = ("id", "name", "probability", "delays", "delay", "cost", "mitigated", "closes")
CLOSURE_KEYS = ("lasts", "from", "to", "items", "resources")
MITIGATION_KEYS = ("probability", "delay", "impact", "cost")
PLAN_FILE = Form("plan file", "`plan`, `start` and `items`", "split the plan")
_RATE = re.compile(r"(?P<amount>\d+(?:\.\d+)?)\s*/\s*(?P<period>hour|day|week)")


def read_yaml(text: str, name: str, beside: Beside | None = None) -> tuple[Plan, list[Problem]]:
    """Return the plan and the problems of its form. Raises Invalid when `text` is not YAML.

    `beside` gives the contents of the files that it names; without it, it may name none.
    """
    problems: list[Problem] = []
    root = Fields(compose(text, name, PLAN_FILE), "", problems, PLAN_KEYS)
    calendar, calendars, dated = _calendars(root, beside)
    budget = root.table_of("budget", ("amount", "currency"))
    plan = Plan(
        name=root.text("plan") or name,
        items=tuple(_items(root, dated=dated)),
        start=root.day("start") if dated else None,
        unit=root.word("unit", Unit, Unit.DAYS),
        calendar=calendar,
        distribution=root.word("distribution", Distribution, Distribution.PERT),
        target=root.moment("target", dated=dated),
        budget=_budget(budget) if budget else None,
        resources=tuple(_resources(root, dated=dated)),
        risks=tuple(_risks(root, dated=dated)),
        correlations=tuple(_correlations(root)),
        calendars=calendars,
        one_point=root.word("one_point", OnePoint, OnePoint.CERTAIN),
        progress=root.word("progress", Progress, Progress.OVERRIDE),
    )
    return plan, problems


def _calendars(
    root: Fields, beside: Beside | None
) -> tuple[Calendar | None, tuple[Calendar, ...], bool]:
    """Return the plan's calendar, those that may be named beside it, and whether times are dates.

    Without dates nothing can have a calendar.
    """
    named = {"weekdays": WEEKDAYS}
    start = root.day("start") if isinstance(root.node("start"), Scalar) else None
    defined = root.table_of("calendars", ())
    for key in defined.nodes if defined else ():
        fields = defined.table_of(key, CALENDAR_KEYS, f"calendar {key}") if defined else None
        if fields is not None:
            named[key] = read_calendar(key, fields, start, beside)
    scalar = root.scalar("calendar", "the name of one")
    if scalar is None:
        dated = root.node("start") is not None
        return (WEEKDAYS, tuple(named.values()), True) if dated else (None, (), False)
    if scalar.text == "none":
        return None, (), False
    if scalar.text not in named:
        sentence = f"`calendar` is {scalar}; use weekdays, none, or one defined under `calendars`."
        root.note(sentence, scalar.line)
    return named.get(scalar.text, WEEKDAYS), tuple(named.values()), True


def _budget(fields: Fields) -> Money | None:
    amount = fields.money("amount")
    currency = fields.text("currency")
    if amount is not None and currency is not None and re.fullmatch(r"[A-Z]{3}", currency):
        return Money(amount, currency)
    line = fields.table.line
    fields.note(
        "`budget` wants an amount and a currency, like {amount: 9000, currency: USD}.", line
    )
    return None


def _tables(
    root: Fields, key: str, known: tuple[str, ...], noun: str
) -> Iterator[tuple[str, Fields]]:
    """Yield the id and the fields of each member of a list; one without an id is noted."""
    for node in root.entries(key):
        if not isinstance(node, Table):
            root.note(f"`{key}` holds {node}; each {noun} is a mapping with an `id`.", node.line)
            continue
        fields = Fields(node, "", [], known)
        item_id = fields.text("id")
        place = f"{noun} {item_id}" if item_id else noun
        fields = Fields(node, place, root.problems, known)
        if item_id is None:
            fields.note(f"This {noun} has no `id`, or not a usable one; give it one.", node.line)
        else:
            yield item_id, fields


def _items(root: Fields, *, dated: bool) -> Iterator[Item]:
    tables = list(_tables(root, "items", ITEM_KEYS, "item"))
    ids = {item_id for item_id, _ in tables}
    for item_id, fields in tables:
        yield _item(item_id, fields, ids, dated=dated)


def _item(item_id: str, fields: Fields, ids: set[str], *, dated: bool) -> Item:
    own = fields.word("distribution", Distribution, Distribution.PERT)
    distribution = own if fields.node("distribution") is not None else None
    estimate = _with(fields.estimate("estimate"), distribution)
    return Item(
        id=item_id,
        name=fields.text("name") or "",
        kind=fields.word("kind", ItemKind, ItemKind.TASK),
        estimate=estimate,
        after=tuple(read_link(scalar.text, ids) for scalar in fields.texts("after")),
        needs=_needs(fields),
        cost=fields.money("cost") or Decimal(0),
        attempts=_attempts(fields, estimate, distribution, dated=dated),
        not_before=fields.moment("not_before", dated=dated),
        deadline=fields.moment("deadline", dated=dated),
        started=fields.moment("started", dated=dated),
        finished=fields.moment("finished", dated=dated),
        remaining=_with(fields.estimate("remaining"), distribution),
        pinned=fields.moment("pinned", dated=dated),
        done=_share(fields, "done"),
        calendar=fields.text("calendar") or "",
        priority=_or(fields.whole("priority"), USUAL_PRIORITY),
        outline=tuple(scalar.text.strip() for scalar in fields.texts("outline")),
        line=fields.table.line,
        also=tuple(scalar.text.strip() for scalar in fields.texts("also")),
    )


def _or(value: int | None, usual: int) -> int:
    return usual if value is None else value


def _share(fields: Fields, key: str) -> float | None:
    """Return the share under `key`, written as 0.4 or 40 %."""
    scalar = fields.scalar(key, "a share like 40 %")
    if scalar is None:
        return None
    text = scalar.text.strip()
    if not text.endswith("%"):
        return fields.as_number(key, scalar)
    number = fields.as_number(key, replace(scalar, text=text[:-1].strip()))
    return None if number is None else number / 100.0


def _with(estimate: Estimate | None, distribution: Distribution | None) -> Estimate | None:
    return replace(estimate, distribution=distribution) if estimate and distribution else estimate


def _needs(item: Fields) -> dict[str, float]:
    fields = item.table_of("needs", ())
    found = {key: fields.number(key) for key in fields.nodes} if fields else {}
    return {key: units for key, units in found.items() if units is not None}


def _attempts(
    item: Fields, estimate: Estimate | None, distribution: Distribution | None, *, dated: bool
) -> Attempts | None:
    fields = item.table_of("attempts", ATTEMPT_KEYS)
    if fields is None:
        return None
    success, most = fields.estimate("success"), fields.whole("max")
    each = _with(fields.estimate("each"), distribution) or estimate
    for key, value in (("success", success), ("max", most), ("each", each)):
        if value is None and key not in fields.nodes:
            fields.note(f"`attempts` lacks `{key}`; add it.", fields.table.line)
    feasible = fields.number("feasible")
    stop_by = fields.moment("stop_by", dated=dated)
    cost = fields.money("cost") or Decimal(0)
    fallback = fields.text("else")
    if success is None or most is None or each is None:
        return None
    feasible = 1.0 if feasible is None else feasible
    return Attempts(success, most, each, feasible, cost, stop_by, fallback)


def _resources(root: Fields, *, dated: bool) -> Iterator[Resource]:
    named = root.table_of("resources", ())
    for key in named.nodes if named else ():
        fields = named.table_of(key, RESOURCE_KEYS, f"resource {key}") if named else None
        if fields is not None:
            if fields.node("capacity") is None:
                fields.note("A resource lacks `capacity`; add it.", fields.table.line)
            capacity, steps = _capacity(fields, dated=dated)
            yield Resource(
                name=key,
                capacity=capacity,
                rate=_rate(fields),
                kind=fields.text("kind") or "people",
                steps=steps,
                calendar=fields.text("calendar") or "",
                skills=tuple(scalar.text.strip() for scalar in fields.texts("skills")),
                line=fields.table.line,
            )


def _capacity(fields: Fields, *, dated: bool) -> tuple[float, tuple[tuple[Moment, float], ...]]:
    """Return the capacity, one number or {day: number}: before the first day there is none."""
    node = fields.node("capacity")
    if not isinstance(node, Table):
        return fields.number("capacity") or 0.0, ()
    written = Fields(node, fields.where, fields.problems, ())
    steps = []
    for key, _ in node.pairs:
        moment: Moment | None
        moment = (fields.as_day if dated else fields.as_number)("capacity", key)
        units = written.number(key.text)
        if moment is not None and units is not None:
            steps.append((moment, units))
    return 0.0, tuple(steps)


def _rate(fields: Fields) -> Rate | None:
    scalar = fields.scalar("rate", "a price like 95/hour")
    if scalar is None:
        return None
    rate = _RATE.fullmatch(scalar.text.strip())
    if rate is not None:
        return Rate(Decimal(rate["amount"]), rate["period"])
    fields.note(
        f"`rate` is {scalar}; write a price per hour, day or week, like 95/hour.", scalar.line
    )
    return None


def _risks(root: Fields, *, dated: bool) -> Iterator[Risk]:
    for risk_id, fields in _tables(root, "risks", RISK_KEYS, "risk"):
        probability = fields.number("probability")
        if probability is None and "probability" not in fields.nodes:
            fields.note("A risk lacks `probability`; add it, from 0 to 1.", fields.table.line)
        response = fields.table_of("mitigated", MITIGATION_KEYS)
        closes = fields.table_of("closes", CLOSURE_KEYS)
        yield Risk(
            id=risk_id,
            probability=probability or 0.0,
            name=fields.text("name") or "",
            delays=tuple(scalar.text.strip() for scalar in fields.texts("delays")),
            delay=fields.estimate("delay"),
            impact=fields.estimate("cost"),
            mitigated=_mitigation(response) if response else None,
            line=fields.table.line,
            closes=_closure(closes, dated=dated) if closes else None,
        )


def _closure(fields: Fields, *, dated: bool) -> Closure | None:
    lasts = fields.estimate("lasts")
    first, last = (fields.moment(key, dated=dated) for key in ("from", "to"))
    for key, value in (("lasts", lasts), ("from", first), ("to", last)):
        if value is None and key not in fields.nodes:
            fields.note(f"`closes` lacks `{key}`; add it.", fields.table.line)
    if lasts is None or first is None or last is None:
        return None
    items, resources = (
        tuple(scalar.text.strip() for scalar in fields.texts(key)) for key in ("items", "resources")
    )
    return Closure(lasts, first, last, items, resources)


def _mitigation(fields: Fields) -> Mitigation:
    return Mitigation(
        fields.number("probability"),
        fields.estimate("delay"),
        fields.estimate("impact"),
        fields.money("cost") or Decimal(0),
    )


def _correlations(root: Fields) -> Iterator[Correlation]:
    for node in root.entries("correlations"):
        if not isinstance(node, Table):
            root.note(f"`correlations` holds {node}; write {{items: [A, E], rho: 0.5}}.", node.line)
            continue
        fields = Fields(node, "correlation", root.problems, ("items", "rho"))
        rho = fields.number("rho")
        if rho is None and "rho" not in fields.nodes:
            fields.note("A correlation lacks `rho`; add it, from -1 to 1.", node.line)
        items = tuple(scalar.text.strip() for scalar in fields.texts("items"))
        yield Correlation(items, rho or 0.0, node.line)
