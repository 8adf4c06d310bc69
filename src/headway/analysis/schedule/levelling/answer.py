"""A levelled plan as one value: what moves, what stays in conflict, how good it is, its JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from headway.analysis.schedule.calendars import TOLERANCE
from headway.analysis.schedule.levelling.binding import bounds
from headway.analysis.schedule.levelling.conflicts import Remaining, remaining
from headway.analysis.schedule.levelling.loads import ResourceLoad, loads_of, usage
from headway.analysis.schedule.levelling.problem import Levelling, Status
from headway.analysis.schedule.levelling.translation import Translation
from headway.analysis.schedule.plan import Moment, Plan

#: Starts that differ by less are one: a time of rest is thin where a plan has several clocks.
_ROUNDING = 1e-4
#: Part of every stored answer: the same version, plan, seed and schedules give the same bits.
ENGINE = "headway-levelling 1"


@dataclass(frozen=True, slots=True)
class Move:
    """An item that starts at another time than in the plan as it stands, in units.

    `is_held` says that levelling itself holds it back: its links alone would let it start sooner.
    """

    item: str
    name: str
    before: float
    after: float
    is_held: bool

    @property
    def shift(self) -> float:
        """Return by how much it moves; positive is later."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Clash:
    """What stays in conflict: an item, a resource, from when until when, and why."""

    item: str
    resource: str
    reason: str
    begins: float
    ends: float


@dataclass(frozen=True, eq=False)
class Levelled:
    """The answer about one plan. Times are units from the plan's start."""

    translation: Translation
    found: Levelling
    seed: int
    makespan: float
    makespan_before: float
    lower_bound: float
    start: Mapping[str, float]
    start_before: Mapping[str, float]
    moves: tuple[Move, ...]
    clashes: tuple[Clash, ...]
    loads: tuple[ResourceLoad, ...]
    chosen: Mapping[str, Mapping[str, float]]
    notes: tuple[str, ...]

    @property
    def plan(self) -> Plan:
        """Return the plan that was levelled."""
        return self.translation.plan

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Return the number of each item by its id."""
        return {item.id: number for number, item in enumerate(self.plan.items)}

    @property
    def status(self) -> Status:
        """Return what is known of the answer; infeasible while anything is left in conflict."""
        return Status.INFEASIBLE if self.clashes else self.found.status

    @property
    def gap(self) -> float:
        """Return by which share of the bound the makespan may be too long; 0 when proved."""
        return max(0.0, self.found.gap)

    def date_of_start(self, time: float) -> date | None:
        """Return the day on which something starts; None without a calendar."""
        return self.translation.frame.time.date_of_start(time)

    def date_of_finish(self, time: float) -> date | None:
        """Return the day on which something ends; None without a calendar."""
        return self.translation.frame.time.date_of_finish(time)

    def as_json(self) -> dict[str, object]:
        """Return the document that `headway level --json` prints."""
        plan, asked = self.plan, self.translation.asked
        return {
            "plan": plan.name,
            "items": len(plan.items),
            "unit": plan.unit.value,
            "start_day": _text(plan.start if plan.calendar else None),
            "as_of": _text(asked.as_of),
            "smooth": asked.smooth,
            "resources": [pool.resource.name for pool in self.translation.pools],
            "makespan": self._told(self.makespan),
            "makespan_before": self._told(self.makespan_before),
            "finish": _text(self.date_of_finish(self.makespan)),
            "finish_before": _text(self.date_of_finish(self.makespan_before)),
            "lower_bound": self._told(self.lower_bound),
            "lower_bound_date": _text(self.date_of_finish(self.lower_bound)),
            "bound_by": self.found.bound_by,
            "gap": self.gap,
            "status": self.status.value,
            "start": {one: self._told(at) for one, at in self.start.items()},
            "start_before": {one: self._told(at) for one, at in self.start_before.items()},
            "start_dates": {one: _text(self.begins(one, at)) for one, at in self.start.items()},
            "moves": [self._move(row) for row in self.moves],
            "conflicts": [self._clash(row) for row in self.clashes],
            "loads": [_load(row) for row in self.loads],
            "chosen": {item: dict(way) for item, way in self.chosen.items()},
            "slot": 1 / self.translation.axis.per_unit,
            "seconds": self.found.seconds,
            "schedules": self.found.schedules,
            "seed": self.seed,
            "engine": ENGINE,
            "notes": list(self.notes),
        }

    def _told(self, time: float) -> float:
        """Return a time as it is told: without the slivers that several clocks leave for rest."""
        return time if self.translation.frame.time.is_plain else round(time, 3)

    def begins(self, item: str, at: float) -> date | None:
        """Return the day of a start; what takes no time stands at the end of the day before."""
        is_instant = self.translation.lasting[self.numbers[item]] <= TOLERANCE
        return self.date_of_finish(at) if is_instant else self.date_of_start(at)

    def _move(self, row: Move) -> dict[str, object]:
        return {
            "item": row.item,
            "name": row.name,
            "before": self._told(row.before),
            "after": self._told(row.after),
            "shift": self._told(row.shift),
            "before_date": _text(self.begins(row.item, row.before)),
            "after_date": _text(self.begins(row.item, row.after)),
            "held": row.is_held,
        }

    def _clash(self, row: Clash) -> dict[str, object]:
        return {
            "item": row.item,
            "resource": row.resource,
            "reason": row.reason,
            "from": self._told(row.begins),
            "to": self._told(row.ends),
            "from_date": _text(self.date_of_start(row.begins)),
            "to_date": _text(self.date_of_finish(row.ends)),
        }


def levelled(translation: Translation, found: Levelling, seed: int) -> Levelled:
    """Return the answer that a search `found`, in the words of the plan."""
    return _Telling(translation, found).answer(seed)


class _Telling:
    """One answer on its way from slots to units."""

    def __init__(self, translation: Translation, found: Levelling) -> None:
        self.asked, self.found = translation, found
        self.axis, self.items = translation.axis, translation.plan.items
        self.starts, self.ends = translation.times_of(found.schedule)

    def answer(self, seed: int) -> Levelled:
        before = {
            item.id: float(self.asked.run.starts[number][0])
            for number, item in enumerate(self.items)
        }
        start = {item.id: self.starts[number] for number, item in enumerate(self.items)}
        open_work = set(self.asked.numbers)
        past = [end for number, end in self.ends.items() if number not in open_work]
        end = max([self.axis.time(self.found.schedule.makespan), *past])
        bound = max([self.axis.time(self.found.lower_bound), *past])
        clashes = tuple(self._clash(row) for row in remaining(self.asked.problem, self.found))
        old, new = self._usage()
        return Levelled(
            translation=self.asked,
            found=self.found,
            seed=seed,
            makespan=end,
            makespan_before=self.asked.path.duration,
            lower_bound=min(bound, end),
            start=start,
            start_before=before,
            moves=tuple(self._moves(before)),
            clashes=clashes,
            loads=loads_of(self.asked, old, new),
            chosen=self._chosen(),
            notes=(*self.asked.notes, *self._missed(), *self.found.notes),
        )

    def _moves(self, before: Mapping[str, float]) -> list[Move]:
        soonest = bounds(self.asked, self.starts, self.ends)
        rows = []
        for number in self.asked.numbers:
            item, old, new = self.items[number], before[self.items[number].id], self.starts[number]
            if abs(new - old) > _ROUNDING:
                rows.append(Move(item.id, item.name, old, new, new > soonest[number] + _ROUNDING))
        return sorted(rows, key=lambda row: (row.after, row.item))

    def _clash(self, row: Remaining) -> Clash:
        item = self.items[self.asked.numbers[row.activity]]
        name = self.asked.pools[row.resource].resource.name
        begins, ends = self.axis.time(row.first), self.axis.time(row.last)
        return Clash(item.id, name, row.reason.value, begins, ends)

    def _usage(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        problem, schedule = self.asked.problem, self.found.schedule
        early = np.array(self.asked.early, dtype=np.int64)
        lasting = problem.durations
        ends = [schedule.finishes.max(initial=0), (early + lasting).max(initial=0), 1]
        slots = int(max(ends))
        blank = np.zeros(problem.size, dtype=np.int64)
        return (
            usage(problem, early, blank, slots),
            usage(problem, schedule.starts, schedule.modes, slots),
        )

    def _missed(self) -> Iterator[str]:
        """Yield the deadlines that the plan keeps as it stands and levelled would miss."""
        for number in self.asked.numbers:
            due = self.asked.deadline_of(number)
            before = float(self.asked.run.finishes[number][0])
            if due is not None and before <= due + TOLERANCE < self.ends[number]:
                item = self.items[number]
                yield f"Levelled, {item.name or item.id} would miss its deadline, {item.deadline}."

    def _chosen(self) -> dict[str, Mapping[str, float]]:
        """Return who does what needs a skill, by item."""
        return {
            self.items[number].id: self.asked.ways[place][int(self.found.schedule.modes[place])]
            for place, number in enumerate(self.asked.numbers)
            if len(self.asked.ways[place]) > 1
        }


def _load(row: ResourceLoad) -> dict[str, object]:
    return {
        "resource": row.resource,
        "over_before": row.over_before,
        "over_after": row.over_after,
        "weeks": [
            {
                "begins": _text(week.begins),
                "capacity": week.capacity,
                "before": week.before,
                "after": week.after,
            }
            for week in row.weeks
        ],
    }


def _text(moment: Moment | None) -> str | float | None:
    return moment.isoformat() if isinstance(moment, date) else moment
