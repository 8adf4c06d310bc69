"""Resources, assignments and costs of a P6 file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from headway.analysis.schedule.plan import Calendar, Rate, Resource
from headway.analysis.schedule.readers.result import Losses
from headway.analysis.schedule.readers.xer.project import Project
from headway.analysis.schedule.readers.xer.tables import Record, Tables

_KINDS = {"RT_Labor": "people", "RT_Equip": "compute"}


@dataclass(slots=True)
class Pool:
    """Resources by rsrc_id, and what items need and cost by their id."""

    named: dict[str, Resource] = field(default_factory=dict)
    needs: dict[str, dict[str, float]] = field(default_factory=dict)
    costs: dict[str, Decimal] = field(default_factory=dict)

    def pay(self, item_id: str, cost: Decimal) -> None:
        """Add to what an item costs."""
        self.costs[item_id] = self.costs.get(item_id, Decimal(0)) + cost


def read_resources(
    tables: Tables,
    project: Project,
    codes: Mapping[str, str],
    calendars: Mapping[str, Calendar],
    losses: Losses,
) -> Pool:
    """Return who is assigned to the items; `codes` are the ids of items by task_id."""
    pool = Pool()
    assigned = [row for row in tables.of("TASKRSRC") if row.text("task_id") in codes]
    used = {row.text("rsrc_id") for row in assigned}
    rates: dict[str, list[Record]] = {}
    for rate in tables.of("RSRCRATE"):
        rates.setdefault(rate.text("rsrc_id"), []).append(rate)
    rows = {row.text("rsrc_id"): row for row in tables.of("RSRC")}
    names = Counter(_name(row) for row in rows.values())
    for key, row in rows.items():
        if key in used and row.text("rsrc_type") in _KINDS:
            name = _name(row) if names[_name(row)] == 1 else f"{_name(row)} ({key})"
            pool.named[key] = _resource(name, row, rates.get(key, []), project, calendars, losses)
    for row in assigned:
        _assign(pool, row, codes[row.text("task_id")], rows, losses)
    for row in tables.of("PROJCOST"):
        if row.text("task_id") in codes:
            pool.pay(codes[row.text("task_id")], row.amount("target_cost"))
    return pool


def _name(row: Record) -> str:
    return row.name("rsrc_name") or row.name("rsrc_short_name") or row.name("rsrc_id")


def _resource(
    name: str,
    row: Record,
    rates: list[Record],
    project: Project,
    calendars: Mapping[str, Calendar],
    losses: Losses,
) -> Resource:
    first = row.number("def_qty_per_hr")
    usual = 1.0 if first is None or first <= 0 else first
    steps: dict[date, float] = {}
    prices = []
    for rate in rates:
        since, most = rate.day("start_date"), rate.number("max_qty_per_hr")
        prices.append((since or date.min, rate.amount("cost_per_qty")))
        if since is not None and most is not None:
            steps[since] = most
    ordered = sorted(steps.items())
    begun = [units for day, units in ordered if day <= project.start]
    later = tuple((day, units) for day, units in ordered if day > project.start)
    if len({price for _, price in prices}) > 1:
        losses.tell("Rates that change with time are read as the first", name)
    price = min(prices)[1] if prices else Decimal(0)
    held = calendars.get(row.text("clndr_id"))
    return Resource(
        name=name,
        capacity=begun[-1] if begun else usual,
        rate=Rate(price) if price > 0 else None,
        kind=_KINDS[row.text("rsrc_type")],
        steps=later,
        calendar="" if held is None or held.name == project.calendar.name else held.name,
        line=row.line,
    )


def _assign(
    pool: Pool, row: Record, item_id: str, rows: Mapping[str, Record], losses: Losses
) -> None:
    key = row.text("rsrc_id")
    if not key:
        losses.tell("Assignments of a role without a person are left out", item_id)
    elif key not in rows:
        row.note(f"It is of the rsrc_id {key[:40]!r}, which is not in RSRC; correct it.")
    elif key in pool.named:
        units = row.number("target_qty_per_hr")
        needs, name = pool.needs.setdefault(item_id, {}), pool.named[key].name
        if units is None or units > 0:
            needs[name] = needs.get(name, 0.0) + (1.0 if units is None else units)
    else:
        losses.tell("Materials are part of the cost of the work", _name(rows[key]))
        pool.pay(item_id, row.amount("target_cost"))
