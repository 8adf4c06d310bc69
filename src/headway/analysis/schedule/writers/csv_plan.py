"""The plan file in CSV, as rows: ids, names, ranges and links; whatever else a plan holds is told.

Whoever writes the rows as text guards them against spreadsheets that compute (`rendering.cells`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from headway.analysis.schedule.calendars import ELAPSED_DAYS
from headway.analysis.schedule.plan import (
    USUAL_PRIORITY,
    Distribution,
    Estimate,
    Item,
    ItemKind,
    LagUnit,
    OnePoint,
    Plan,
    Progress,
    Unit,
)
from headway.analysis.schedule.readers.csv_plan import COLUMNS
from headway.analysis.schedule.readers.result import Losses
from headway.analysis.schedule.writers.links import link_text
from headway.analysis.schedule.writers.yaml_plan import number

_LOST = "CSV cannot carry"
_OF_ITEM = {
    "needs": "needs",
    "cost": "costs",
    "attempts": "attempts (the range of one is kept)",
    "not_before": "the day before which work does not begin",
    "pinned": "pins",
    "deadline": "deadlines",
    "started": "what started",
    "finished": "what finished",
    "done": "shares done",
    "calendar": "calendars of items",
    "also": "calendars of who does the work",
    "outline": "summaries",
}
_OF_PLAN = {
    "start": "the start: times are numbers from 0",
    "target": "the target",
    "budget": "the budget",
    "resources": "resources",
    "risks": "risks",
    "correlations": "correlations",
}


def csv_rows(plan: Plan) -> tuple[Sequence[Sequence[object]], tuple[str, ...]]:
    """Return the header and a row an item, and what they cannot carry as sentences."""
    losses = Losses()
    plan = _in_days(plan, losses)
    for key, what in _OF_PLAN.items():
        if getattr(plan, key):
            losses.tell(f"{_LOST} {what}")
    if plan.distribution is not Distribution.PERT:
        losses.tell(f"{_LOST} the distribution {plan.distribution.value}: it is read as pert")
    if plan.one_point is not OnePoint.CERTAIN:
        losses.tell(f"{_LOST} what one number stands for: it is read as certain")
    if plan.progress is not Progress.OVERRIDE:
        losses.tell(f"{_LOST} that work begun out of order waits: it is read as going on")
    ids = {item.id for item in plan.items}
    rows = [tuple(_row(item, ids, losses)) for item in plan.items]
    return (COLUMNS, *rows), losses.sentences()


def _in_days(plan: Plan, losses: Losses) -> Plan:
    """Return a plan with dates in working days, as the file is read; plain numbers stay."""
    if plan.unit is Unit.DAYS:
        return plan
    if plan.calendar is None:
        losses.tell(f"{_LOST} the unit {plan.unit.value}: numbers are read as days")
        return plan
    hours = plan.calendar.hours_per_day
    scale = 1 / hours if plan.unit is Unit.HOURS else float(len(plan.calendar.weekdays))
    losses.tell(f"{_LOST} the unit {plan.unit.value}: durations are written in working days")
    elapsed = ELAPSED_DAYS[plan.unit]
    return replace(plan, items=tuple(_scaled(item, scale, elapsed) for item in plan.items))


def _scaled(item: Item, scale: float, elapsed: float) -> Item:
    by = {LagUnit.WORKING: scale, LagUnit.ELAPSED: elapsed, LagUnit.PERCENT: 1.0}
    attempts = item.attempts
    return replace(
        item,
        after=tuple(replace(one, lag=round(one.lag * by[one.unit], 9)) for one in item.after),
        estimate=_times(item.estimate, scale),
        remaining=_times(item.remaining, scale),
        attempts=replace(attempts, each=_times(attempts.each, scale)) if attempts else None,
    )


def _times(estimate: Estimate | None, scale: float) -> Any:  # noqa: ANN401 - as it was given
    if estimate is None:
        return None
    low, likely, high = (number * scale for number in estimate.numbers)
    return Estimate(low, likely, high, estimate.distribution)


def _row(item: Item, ids: Collection[str], losses: Losses) -> Iterator[object]:
    _tell(item, losses)
    yield item.id
    yield item.name
    duration = item.estimate or item.duration
    if duration is None:
        yield from ("", "", "")
    elif duration.is_certain:
        yield from ("", number(duration.most_likely), "")
    else:
        yield from (number(value) for value in duration.numbers)
    yield _after(item, ids, losses)


def _after(item: Item, ids: Collection[str], losses: Losses) -> str:
    links = [link_text(item, link, ids, losses) for link in item.after]
    if any(";" in link for link in links) and not (len(links) == 1 and links[0] in ids):
        losses.tell(f"{_LOST} links to an id with a semicolon", item.id)
    if len(links) == 1 and links[0] not in ids and "," in links[0]:
        return f"{links[0]};"
    return "; ".join(links)


def _tell(item: Item, losses: Losses) -> None:
    for key, what in _OF_ITEM.items():
        if getattr(item, key):
            losses.tell(f"{_LOST} {what}", item.id)
    if item.kind is not ItemKind.TASK:
        losses.tell(f"{_LOST} kinds of work", item.id)
    if item.priority != USUAL_PRIORITY:
        losses.tell(f"{_LOST} priorities", item.id)
    if item.remaining is not None and item.estimate is not None:
        losses.tell(f"{_LOST} what remains", item.id)
    if item.estimate is not None and item.estimate.distribution is not None:
        losses.tell(f"{_LOST} distributions of items", item.id)
