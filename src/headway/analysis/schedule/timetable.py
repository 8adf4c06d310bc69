"""The most likely schedule as dates and money: when each item begins and ends, what it costs.

The dates are those of the deterministic forward pass (actual ones where they are known), the money
is fixed cost, one attempt and resource rates over the hours of that pass: no risk, no chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from headway.analysis.quantities import cents
from headway.analysis.schedule.critical_path import critical_path
from headway.analysis.schedule.draws import most_likely
from headway.analysis.schedule.passes import Run, forward
from headway.analysis.schedule.plan import Moment, Plan
from headway.analysis.schedule.simulation import frame_of, hourly_rates
from headway.analysis.schedule.soundness import require_estimates


@dataclass(frozen=True, slots=True)
class TimetableRow:
    """One item: its days, its length in working units, and its cost in the plan's currency."""

    start: date | None
    finish: date | None
    length: float
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Timetable:
    """Every item's row by its id; `finish` is the plan's, `path` what is critical."""

    finish: date | None
    cost: Decimal
    path: tuple[str, ...]
    rows: Mapping[str, TimetableRow]


def timetable(plan: Plan, as_of: Moment | None = None) -> Timetable:
    """Return the most likely schedule of a sound `plan` at the status date `as_of`.

    Raises Invalid for an item without an estimate and for a cycle.
    """
    require_estimates(plan)
    frame = frame_of(plan, as_of)
    run = forward(frame, most_likely(plan, frame.timings))
    hourly = hourly_rates(plan, frame.time)
    rows = {item.id: _row(run, number, hourly) for number, item in enumerate(frame.plan.items)}
    path = critical_path(frame)
    return Timetable(
        frame.time.date_of_finish(path.duration),
        sum((row.cost for row in rows.values()), Decimal(0)),
        path.path,
        rows,
    )


def _row(run: Run, number: int, hourly: Mapping[str, float]) -> TimetableRow:
    time = run.frame.time
    begin, end = float(run.starts[number][0]), float(run.finishes[number][0])
    first = time.date_of_finish if end <= begin else time.date_of_start
    return TimetableRow(
        first(begin), time.date_of_finish(end), max(0.0, end - begin), _cost(run, number, hourly)
    )


def _cost(run: Run, number: int, hourly: Mapping[str, float]) -> Decimal:
    """Return what an item costs; a fallback that the most likely schedule passes over, nothing."""
    item = run.frame.plan.items[number]
    if number in run.taken and not bool(run.taken[number][0]):
        return Decimal("0.00")
    rate = sum(price * item.needs.get(name, 0.0) for name, price in hourly.items())
    cost = float(item.cost) + rate * run.frame.time.hours_per_unit * float(run.lasting[number][0])
    if item.attempts is not None:
        cost += float(item.attempts.cost)
    return Decimal(cents(cost))
