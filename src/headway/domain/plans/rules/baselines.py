"""Baselines: what a plan was when it was agreed, frozen; one of them is the one that counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from headway.analysis.schedule.plan import Plan
from headway.analysis.schedule.timetable import Timetable
from headway.domain.programs.rules.fields import Reader, text

#: Baselines of a program that are not set aside.
MOST_BASELINES = 10

ACTIVE, KEPT, ASIDE = STATES = ("active", "kept", "aside")

BASELINE_FIELDS: Mapping[str, Reader] = {
    "name": text(200, required=True),
    "reason": text(2_000, required=True),
}


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One item of a schedule: the most likely days (actual ones once known), P50, P80, its cost."""

    name: str
    kind: str
    start: date | None
    finish: date | None
    p50: date | None
    p80: date | None
    cost: Decimal
    is_started: bool = False
    is_finished: bool = False


@dataclass(frozen=True, slots=True)
class PlannedWhole:
    """A program's schedule in one line: deterministic, at P50 and at P80, and what it costs."""

    finish: date | None
    p50: date | None
    p80: date | None
    p_on_time: float | None
    cost: Decimal
    cost_p50: Decimal | None
    cost_p80: Decimal | None
    target: date | None
    budget: Decimal | None
    currency: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BaselineFacts:
    """A baseline: the plan as it was agreed at `at`, and how it stands among the others.

    `items` (by address, project/key) is empty where a list of baselines does not need them.
    """

    id: UUID
    workspace_id: UUID
    program_id: UUID
    key: str
    name: str
    reason: str
    at: datetime
    made_by: str
    state: str
    version: int
    digest: str
    whole: PlannedWhole
    items: Mapping[str, PlannedItem]

    @property
    def is_active(self) -> bool:
        """Say whether it is the one that the plan is held against."""
        return self.state == ACTIVE


def planned_items(
    plan: Plan, table: Timetable, answer: Mapping[str, Any]
) -> Mapping[str, PlannedItem]:
    """Return every item with its days by `table` and its percentiles by a forecast's `answer`."""
    said = answer.get("items")
    held = said if isinstance(said, Mapping) else {}
    found = {}
    for item in plan.items:
        row, odds = table.rows[item.id], held.get(item.id) or {}
        found[item.id] = PlannedItem(
            item.name,
            item.kind.value,
            row.start,
            row.finish,
            _day(odds.get("p50")),
            _day(odds.get("p80")),
            row.cost,
            item.started is not None or item.finished is not None,
            item.finished is not None,
        )
    return found


def planned_whole(plan: Plan, table: Timetable, answer: Mapping[str, Any]) -> PlannedWhole:
    """Return the schedule of a program in one line."""
    dates, cost = answer.get("finish_dates") or {}, answer.get("cost") or {}
    return PlannedWhole(
        table.finish,
        _day(dates.get("p50")),
        _day(dates.get("p80")),
        answer.get("p_on_time"),
        table.cost,
        _amount(cost.get("p50")),
        _amount(cost.get("p80")),
        plan.target if isinstance(plan.target, date) else None,
        plan.budget.amount if plan.budget else None,
        plan.budget.currency if plan.budget else str(cost.get("currency") or ""),
        table.path,
    )


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _amount(value: object) -> Decimal | None:
    return Decimal(value) if isinstance(value, str) else None
