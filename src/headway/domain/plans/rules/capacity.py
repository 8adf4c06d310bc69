"""What a heat map is made of, and when an item takes whom: its demand, dated by a forecast."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

import numpy as np

from headway.analysis.schedule.plan import Calendar
from headway.domain.people.rules import PersonFacts, ResourceFacts
from headway.domain.people.rules.allocations import Booking, RequestFacts
from headway.domain.people.rules.heat import Heat
from headway.domain.people.rules.loads import Hours, Portion, Weeks, Whole
from headway.domain.people.rules.operations import OperationsLoadFacts
from headway.domain.people.rules.pools import PoolFacts
from headway.domain.programs.rules import ProgramFacts, ProjectFacts

#: Days before and after the weeks shown for which work days are counted out: five years.
_AROUND = 1_830


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What capacity asks of an unfinished item. Ranges are working days."""

    project: str
    key: str
    name: str
    kind: str
    owner: str
    estimate: Sequence[float] | None
    remaining: Sequence[float] | None
    attempts: Mapping[str, object] | None
    started: date | None


@dataclass(frozen=True, slots=True)
class MapView:
    """What a reader wants to see: the weeks, and whose demand counts as that of "here"."""

    weeks: Weeks
    program: ProgramFacts | None = None
    project: str = ""


@dataclass(frozen=True, slots=True)
class MapRow:
    """A row: a person (by key), or a role or a pool of a program (by the resource's id)."""

    key: str
    sort: str  # person, role, pool
    name: str
    group: str
    program: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """What asks something of a row: an allocation, an item, an open request, operations."""

    portion: Portion
    sort: str
    name: str
    key: str  # the allocation's, the request's, or project/item
    program: str = ""
    project: str = ""
    is_tentative: bool = False
    amount: str = ""
    days: tuple[date, date] | None = None


@dataclass(frozen=True)
class CapacityMap:
    """Rows by weeks. `taken` is what each piece takes, [pieces, weeks]; of an item the part that
    no allocation covers. `undated` items have no date in a forecast, `forecast_at` is the oldest.
    `origin` are the rows that the pieces name, of each row that is shown.
    """

    view: MapView
    rows: Sequence[MapRow]
    heat: Heat
    origin: Sequence[int]
    pieces: Sequence[Piece]
    taken: Whole
    undated: int
    forecast_at: datetime | None

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Return the place of each row by its key."""
        return {row.key: number for number, row in enumerate(self.rows)}

    def pieces_of(self, place: int) -> Sequence[tuple[Piece, Whole]]:
        """Return what makes up the row at `place`, each with what it takes by week."""
        row = self.origin[place]
        return [
            (piece, self.taken[number])
            for number, piece in enumerate(self.pieces)
            if piece.portion.row == row
        ]


#: What items need: (project, key) → resource → units.
Needs = Mapping[tuple[str, str], Mapping[str, float]]


@dataclass(frozen=True)
class Known:
    """Everything a map is made of, read at one moment."""

    programs: Sequence[ProgramFacts]
    projects: Mapping[UUID, ProjectFacts]
    people: Sequence[PersonFacts]
    bookings: Sequence[Booking]
    requests: Sequence[RequestFacts]
    resources: Sequence[ResourceFacts]
    pools: Mapping[UUID, PoolFacts]
    items: Sequence[OpenItem]
    needs: Needs
    answers: Mapping[UUID, Mapping[str, object]]  # what the newest forecast says, by program
    hours: Hours  # of the people
    operations: Sequence[OperationsLoadFacts] = ()
    forecast_at: datetime | None = None  # of the oldest of them


@dataclass(frozen=True, slots=True)
class Span:
    """The days on which an item is worked on, both included, as a forecast says."""

    begin: date
    end: date


class WorkDays:
    """Which days a calendar works: asked thousands of times, so they are counted out once."""

    def __init__(self, calendar: Calendar, weeks: Weeks) -> None:
        """Count the days out around `weeks`; beyond them NumPy is asked."""
        mask = [day in calendar.weekdays for day in range(7)]
        off = [*calendar.holidays, *(day for day, spans in calendar.extra if not spans)]
        self._all = np.busdaycalendar(
            mask if any(mask) else [True] * 7, np.array(off, "datetime64[D]")
        )
        around = np.datetime64(weeks.first) + np.arange(-_AROUND, weeks.days + _AROUND)
        worked = around[np.is_busday(around, busdaycal=self._all)]
        self._days: list[date] = worked.astype(object).tolist()
        self._last: date = around[-1].astype(object)

    def back(self, end: date, count: int) -> date:
        """Return the day that is so many working days before the last one up to `end`."""
        place = bisect_right(self._days, end) - 1 - count
        if place >= 0 and end <= self._last:
            return self._days[place]
        offset = np.busday_offset(np.datetime64(end), -count, roll="backward", busdaycal=self._all)
        found: date = offset.astype(object)
        return found


def span_of(item: OpenItem, said: Mapping[str, object], days: WorkDays) -> Span | None:
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
    return Span(max(start, days.back(end, max(1, math.ceil(likely[1])) - 1)), end)


def owner_share(needs: Mapping[str, float], people: Collection[str], role: str) -> float:
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
