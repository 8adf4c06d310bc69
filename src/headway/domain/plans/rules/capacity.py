"""When an item takes whom and how much of them: its demand, dated by a stored forecast."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np

from headway.analysis.schedule.plan import Calendar


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What capacity asks of an unfinished item. Ranges are working days."""

    id: UUID
    project_id: UUID
    key: str
    name: str
    kind: str
    owner: str
    estimate: Sequence[float] | None
    remaining: Sequence[float] | None
    attempts: Mapping[str, object] | None
    started: date | None


@dataclass(frozen=True, slots=True)
class Span:
    """The days on which an item is worked on, both included, as a forecast says."""

    begin: date
    end: date


def working_days_of(calendar: Calendar) -> np.busdaycalendar:
    """Return which days a program's calendar works, as NumPy counts them."""
    mask = [day in calendar.weekdays for day in range(7)]
    off = [*calendar.holidays, *(day for day, spans in calendar.extra if not spans)]
    return np.busdaycalendar(mask if any(mask) else [True] * 7, np.array(off, "datetime64[D]"))


def span_of(item: OpenItem, said: Mapping[str, object], days: np.busdaycalendar) -> Span | None:
    """Return when an item is worked on: up to its P50, for as long as it most likely takes.

    A P50 holds what the work before it may take longer: counted from the earliest start, an item
    would ask for people while it still waits. An experiment may take every attempt from there on.
    None for a milestone, and for what has no P50.
    """
    end, start = _day(said.get("p50")), _day(said.get("start"))
    if end is None or item.kind == "milestone":
        return None
    if item.started is not None:
        return Span(min(item.started, end), end)
    start = min(start or end, end)
    likely = item.remaining or item.estimate
    if item.attempts or not likely:
        return Span(start, end)
    back = 1 - max(1, math.ceil(likely[1]))
    first = np.busday_offset(np.datetime64(end), back, roll="backward", busdaycal=days)
    return Span(max(start, first.astype(object)), end)


def owner_share(needs: Mapping[str, float], people: Mapping[str, object], role: str) -> float:
    """Return how much of its owner an item takes.

    An item that needs the owner's role takes that much of them, one at most. One that needs other
    people only is done by those; one that says nothing of people takes its owner whole.
    """
    asked = {name: units for name, units in needs.items() if name in people}
    if not asked:
        return 1.0
    named = {name.strip().lower(): units for name, units in asked.items()}
    return min(1.0, named.get(role.strip().lower(), 0.0)) if role.strip() else 0.0


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
