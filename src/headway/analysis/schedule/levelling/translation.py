"""From a plan to the question that levelling answers: slots, whole units, what may not move.

Durations are most likely ones: what is left of a started item, one attempt of an experiment. What
is finished is past and only binds what comes after it. What has started stays where it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from headway.analysis.schedule.calendars import TOLERANCE, WorkingTime
from headway.analysis.schedule.critical_path import CriticalPath, critical_path
from headway.analysis.schedule.draws import most_likely
from headway.analysis.schedule.levelling.axis import Axis, axis_of
from headway.analysis.schedule.levelling.needs import Pool, pools_of
from headway.analysis.schedule.levelling.problem import (
    ALWAYS,
    FREE,
    NEVER,
    Kind,
    Link,
    Mask,
    Mode,
    Problem,
    Schedule,
)
from headway.analysis.schedule.levelling.wall import WallAxis, wall_axis
from headway.analysis.schedule.network import Edge, network
from headway.analysis.schedule.passes import Frame, Run, forward, reach
from headway.analysis.schedule.plan import (
    NEVER_MOVED,
    Calendar,
    LagUnit,
    LinkType,
    Moment,
    Plan,
)
from headway.analysis.schedule.several import SeveralCalendars, time_of
from headway.analysis.schedule.soundness import require_estimates
from headway.analysis.schedule.staffing import Way, ways_of
from headway.analysis.schedule.timing import timings
from headway.errors import NotFound

_KINDS = {kind: Kind[kind.value] for kind in LinkType}
_TO_START = (LinkType.FS, LinkType.SS)
_FROM_FINISH = (LinkType.FS, LinkType.FF)
#: Days of a calendar that are looked at for when it is not worked.
_MOST_DAYS = 20_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a levelling.

    `resources` are those to level, all when empty. `smooth` keeps every item within its float.
    `coarse` keeps starts to whole units of the plan.
    """

    as_of: Moment | None = None
    smooth: bool = False
    resources: tuple[str, ...] = ()
    coarse: bool = False


@dataclass(frozen=True, eq=False)
class Translation:
    """A plan as a problem. Activity k is the item `numbers[k]`; resource j is `pools[j]`.

    `ways` are by activity, in the order of the problem's modes. `run` and `path` are the plan as
    it stands, unlevelled.
    """

    asked: Asked
    frame: Frame
    run: Run
    path: CriticalPath
    axis: Axis | WallAxis
    problem: Problem
    numbers: tuple[int, ...]
    pools: tuple[Pool, ...]
    ways: tuple[tuple[Way, ...], ...]
    #: By item number, how long it takes from where it starts or resumes, in units.
    lasting: Mapping[int, float]
    #: Where each activity starts in the plan as it stands, in slots.
    early: tuple[int, ...]
    notes: tuple[str, ...]

    @property
    def plan(self) -> Plan:
        """Return the plan that is levelled."""
        return self.frame.plan

    def times_of(self, schedule: Schedule) -> tuple[dict[int, float], dict[int, float]]:
        """Return by item number when each item starts and ends in a schedule, in units.

        What has started or ended did so when it did; what a duration was rounded up by is not in.
        """
        start = {number: float(times[0]) for number, times in enumerate(self.run.starts)}
        finish = {number: float(times[0]) for number, times in enumerate(self.run.finishes)}
        for place, number in enumerate(self.numbers):
            lasting = self.lasting[number]
            is_wall = isinstance(self.axis, WallAxis)
            spare = 0.0 if is_wall else self.axis.lasting(lasting) / self.axis.per_unit - lasting
            finish[number] = self.axis.time(int(schedule.finishes[place])) - spare
            if self.frame.timings[number].started is None:
                start[number] = self.axis.time(int(schedule.starts[place]))
        return start, finish

    def with_deadlines(self) -> Problem | None:
        """Return the problem with those deadlines as limits that the plan keeps as it stands.

        None where it has no such deadline.
        """
        limits = [self._limit(number) for number in self.numbers]
        if all(limit == NEVER for limit in limits):
            return None
        return replace(self.problem, latest=np.minimum(self.problem.latest, np.array(limits)))

    def _limit(self, number: int) -> int:
        due = self.deadline_of(number)
        ends = float(self.run.finishes[number][0])
        if due is None or ends > due + TOLERANCE or self.frame.timings[number].started is not None:
            return NEVER
        return max(0, self.axis.at_or_before(due))

    def deadline_of(self, number: int) -> float | None:
        """Return the end of an item's deadline in units; None without one."""
        due = self.plan.items[number].deadline
        return None if due is None else self.frame.time.end_of(due)


def translate(plan: Plan, asked: Asked) -> Translation:
    """Return the problem of a sound `plan`.

    Raises Invalid when an unfinished item has no estimate, NotFound for an unknown resource.
    """
    _require_known(plan, asked)
    require_estimates(plan)
    frame = _frame(plan, asked)
    run = forward(frame, most_likely(plan, frame.timings))
    return _Translating(asked, frame, run).translation()


def _frame(plan: Plan, asked: Asked) -> Frame:
    """Return the frame; in whole units by the plan's own calendar, whose days others take away."""
    time = WorkingTime.of(plan) if asked.coarse else time_of(plan)
    return Frame(plan, network(plan), time, timings(plan, time, asked.as_of))


def _require_known(plan: Plan, asked: Asked) -> None:
    known = {resource.name for resource in plan.resources}
    for name in asked.resources:
        if name not in known:
            there = ", ".join(sorted(known)) or "none at all"
            sentence = f"The plan {plan.name!r} has no resource {name!r}; there is {there}."
            raise NotFound(sentence)


class _Translating:
    """One translation under way."""

    def __init__(self, asked: Asked, frame: Frame, run: Run) -> None:
        self.asked, self.frame, self.run = asked, frame, run
        self.plan, self.time = frame.plan, frame.time
        self.path = critical_path(frame)
        timed = enumerate(frame.timings)
        self.numbers = tuple(number for number, one in timed if one.finished is None)
        self.places = {number: place for place, number in enumerate(self.numbers)}
        self.status = 0.0 if asked.as_of is None else frame.time.start_of(asked.as_of)
        self.axis: Axis | WallAxis = (
            wall_axis(frame.time, self.status, [self._lasting(number) for number in self.numbers])
            if isinstance(frame.time, SeveralCalendars)
            else axis_of(frame.time, self.status, list(self._values()), coarse=asked.coarse)
        )
        self.rounded = sum(not self.axis.is_whole(self._lasting(number)) for number in self.numbers)
        self.masks: dict[tuple[Calendar, ...], int] = {}
        self.clocks: dict[int, int] = {}
        self.calendars: list[Mask] = []
        self.notes: list[str] = []

    def translation(self) -> Translation:
        """Return the whole."""
        pools = pools_of(self.plan, [of for _, of in self._staffed()], self.asked.resources)
        modes = [self._modes(number, ways, pools) for number, ways in self._staffed()]
        links, releases = self._links()
        first = [next(iter(of)) for of in modes]
        problem = Problem(
            durations=np.array([mode.duration for mode in first], dtype=np.int64),
            demands=np.array([mode.demand for mode in first], dtype=np.int64),
            capacities=tuple(pool.steps(self.time, self.axis) for pool in pools),
            links=np.array(links, dtype=np.int64),
            releases=np.array(releases, dtype=np.int64),
            calendar=np.array([mode.calendar for mode in first], dtype=np.int64),
            calendars=tuple(self.calendars),
            modes={place: tuple(of)[1:] for place, of in enumerate(modes) if len(of) > 1},
            priorities=np.array([self.plan.items[n].priority for n in self.numbers]),
        )
        return Translation(
            self.asked,
            self.frame,
            self.run,
            self.path,
            self.axis,
            self._bound(problem),
            self.numbers,
            tuple(pools),
            tuple(tuple(of.values()) for of in modes),
            {number: self._lasting(number) for number in range(len(self.plan.items))},
            tuple(self._early(problem)),
            tuple(self._told()),
        )

    def _values(self) -> Iterator[float]:
        """Yield the times that slots should make whole."""
        for number in self.numbers:
            yield self._lasting(number)
            timing = self.frame.timings[number]
            if timing.started is None and timing.earliest > self.status:
                yield timing.earliest - math.floor(timing.earliest)
            for edge in self.frame.network.edges[number]:
                if edge.unit is not LagUnit.ELAPSED and edge.lag:
                    yield abs(self._lag(edge))
        for moment, _ in (step for one in self.plan.resources for step in one.steps):
            yield math.modf(self.time.start_of(moment))[0]
        if self.plan.calendars:  # whose days off fall on single days
            yield float(self.time.in_units(np.ones(1))[0])

    def _lasting(self, number: int) -> float:
        """Return the work that is left of an item, from where it resumes."""
        begin, timing = self._begin(number), self.frame.timings[number]
        if timing.started is None or timing.finished is not None:
            return float(np.broadcast_to(self.run.lasting[number], 1)[0])
        ends = float(self.run.finishes[number][0])
        clock = self.time.clock(number)
        if clock is not None:
            begin, ends = clock.count(np.array([begin, ends])).tolist()
        return max(0.0, ends - begin)

    def _begin(self, number: int) -> float:
        """Return from when an item still takes time: its start, or where it resumes."""
        timing = self.frame.timings[number]
        if timing.started is None:
            return float(self.run.starts[number][0])
        if number in self.run.resumed:
            return float(self.run.resumed[number][0])
        return max(self.status, timing.work_from or 0.0, 0.0)

    def _staffed(self) -> Iterator[tuple[int, Sequence[Way]]]:
        """Yield each unfinished item with the ways to staff it."""
        for number in self.numbers:
            # A fallback is most likely not needed.
            taken = number in self.run.taken
            yield number, ({},) if taken else ways_of(self.plan.items[number], self.plan) or ({},)

    def _modes(self, number: int, ways: Sequence[Way], pools: Sequence[Pool]) -> dict[Mode, Way]:
        """Return the ways by what they come to: those that differ in nothing levelled are one."""
        lasting = self.axis.lasting(self._lasting(number))
        found: dict[Mode, Way] = {}
        for way in ways:
            demand = tuple(pool.parts(way.get(pool.resource.name, 0.0)) for pool in pools)
            found.setdefault(Mode(demand, lasting, self._calendar(number, way)), way)
        return found

    def _calendar(self, number: int, way: Way) -> int:
        """Return the mask of when an item is worked: by its own calendar and its resources'."""
        if self.plan.calendar is None:
            return ALWAYS
        if isinstance(self.axis, WallAxis):
            return self._by_clock(self.axis, number)
        if self.frame.timings[number].started is not None and number not in self.frame.held:
            return ALWAYS
        named = {calendar.name: calendar for calendar in self.plan.calendars}
        item = self.plan.items[number]
        wanted = [item.calendar, *item.also]
        wanted += [one.calendar for one in self.plan.resources if one.name in way]
        found = tuple(
            named[name]
            for name in dict.fromkeys(wanted)
            if name in named and named[name] != self.plan.calendar
        )
        if not found:
            return ALWAYS
        if found not in self.masks:
            mask = self._mask(found)
            self.masks[found] = ALWAYS if mask.all() else len(self.calendars)
            if not mask.all():
                self.calendars.append(mask)
        return self.masks[found]

    def _by_clock(self, axis: WallAxis, number: int) -> int:
        """Return the mask of the clock by which an item is worked on."""
        key = id(self.time.clock(number))
        if key not in self.clocks:
            work = sum(axis.lasting(self._lasting(one)) for one in self.numbers)
            late = max(axis.at_or_after(float(self.run.finishes[n][0])) for n in self.numbers)
            self.clocks[key] = len(self.calendars)
            self.calendars.append(axis.mask(number, late + 6 * work + 4_000))
        return self.clocks[key]

    def _mask(self, calendars: Sequence[Calendar]) -> Mask:
        """Return which slots all of `calendars` work; looked at as far as work can reach."""
        per_day = max(1, round(float(self.time.in_units(np.ones(1))[0]) * self.axis.per_unit))
        work = sum(self.axis.lasting(self._lasting(number)) for number in self.numbers)
        slots = min(_MOST_DAYS * per_day, 2 * work + 400 * per_day)
        starts = np.array([self.axis.time(slot) for slot in range(0, slots, per_day)])
        days = self.time.dates_of_start(starts).astype(object)
        worked = [all(_works(calendar, day) for calendar in calendars) for day in days]
        return np.repeat(np.array(worked, dtype=np.bool_), per_day)

    def _links(self) -> tuple[list[Link], list[int]]:
        """Return the links between unfinished items, and the first slot of each."""
        links = []
        releases = []
        for number in self.numbers:
            timing = self.frame.timings[number]
            earliest = max(timing.earliest, self.status)
            is_bound = timing.started is None or number in self.frame.held
            for edge in self.frame.network.edges[number] if is_bound else ():
                if edge.source in self.places and not self._is_past(edge):
                    links.append(self._link(edge, number))
                else:
                    bound = float(reach(self.run, edge)[0])
                    earliest = max(earliest, self._sooner(number, bound, edge))
            releases.append(max(0, self.axis.at_or_after(earliest)))
        return links, releases

    def _sooner(self, number: int, bound: float, edge: Edge) -> float:
        """Return where an item starts at the soonest by a link that binds one of its ends."""
        if edge.type in _TO_START:
            return bound
        clock, lasting = self.time.clock(number), self._lasting(number)
        if clock is None:
            return bound - lasting
        return float(clock.opening(clock.count(np.array([bound])) - lasting)[0])

    def _is_past(self, edge: Edge) -> bool:
        """Say whether a link leaves from something that has happened: the start of started work."""
        started = self.frame.timings[edge.source].started is not None
        return started and edge.type not in _FROM_FINISH

    def _link(self, edge: Edge, number: int) -> Link:
        before, after, kind = self.places[edge.source], self.places[number], _KINDS[edge.type]
        if isinstance(self.axis, WallAxis):
            return self._wall_link(self.axis, edge, number)
        lag = math.ceil(self._lag(edge) * self.axis.per_unit - TOLERANCE)
        return Link(before, after, kind, lag)

    def _wall_link(self, axis: WallAxis, edge: Edge, number: int) -> Link:
        """Return a link whose lag counts the slots that its predecessor's clock works.

        A bound of a finish becomes one of the start, as long before as the work lasts: Tuesday's
        opening and Monday's closing are one to a finish, and two slots of the wall.
        """
        before, after, kind = self.places[edge.source], self.places[number], _KINDS[edge.type]
        if edge.unit is LagUnit.ELAPSED:
            return Link(before, after, kind, axis.elapsed(edge.lag))
        lag = math.ceil(self._lag(edge) * axis.per_unit - TOLERANCE)
        theirs, mine = self._by_clock(axis, edge.source), self._by_clock(axis, number)
        if kind in (Kind.FS, Kind.SS) or (lag and theirs != mine):
            return Link(before, after, kind, lag, theirs if lag else ALWAYS)
        to_start = Kind.FS if kind is Kind.FF else Kind.SS
        lag -= axis.lasting(self._lasting(number))
        return Link(before, after, to_start, lag, mine if lag else ALWAYS)

    def _lag(self, edge: Edge) -> float:
        """Return a lag in working units; an elapsed one as long as it can come to."""
        if edge.unit is LagUnit.PERCENT:
            lasting = np.broadcast_to(self.run.lasting[edge.source], 1)
            return float(lasting[0]) * edge.lag / 100.0
        if edge.unit is LagUnit.WORKING or self.plan.calendar is None or not edge.lag:
            return edge.lag
        days = np.arange(0.0, 600.0)
        times = self.status + self.time.in_units(days)
        at_end = edge.type in _FROM_FINISH
        return float(np.max(self.time.after_elapsed(times, edge.lag, at_end=at_end) - times))

    def _bound(self, problem: Problem) -> Problem:
        """Return `problem` with what may not move, and with how late things may be."""
        early = self._early(problem)
        fixed, latest = [], []
        for place, number in enumerate(self.numbers):
            item, timing = self.plan.items[number], self.frame.timings[number]
            if timing.started is not None and number not in self.frame.held:
                fixed.append(max(0, self.axis.at_or_before(self._begin(number))))
            elif item.pinned is not None:
                fixed.append(max(0, self.axis.at_or_after(self._begin(number))))
            else:
                fixed.append(early[place] if item.priority >= NEVER_MOVED else FREE)
            latest.append(self._latest(number, early[place], int(problem.durations[place])))
        return replace(problem, fixed=np.array(fixed), latest=np.array(latest))

    def _early(self, problem: Problem) -> list[int]:
        """Return where each activity starts in the schedule as it stands, in slots."""
        return [
            max(int(problem.releases[place]), self.axis.at_or_after(self._begin(number)))
            for place, number in enumerate(self.numbers)
        ]

    def _latest(self, number: int, early: int, duration: int) -> int:
        if not self.asked.smooth:
            return NEVER
        late = self.path.late_finish[self.plan.items[number].id]
        return max(early + duration, self.axis.at_or_after(late))

    def _told(self) -> Iterator[str]:
        if self.rounded:
            words = self.axis.words(self.plan.unit)
            some = f"{self.rounded} duration{'s are' if self.rounded > 1 else ' is'}"
            yield f"Starts fall on {words}; {some} rounded up to it."
        elapsed = {
            edge.lag
            for number in self.numbers
            for edge in self.frame.network.edges[number]
            if edge.unit is LagUnit.ELAPSED and edge.lag
        }
        if elapsed and self.plan.calendar is not None and isinstance(self.axis, Axis):
            yield "Lags in elapsed time are taken as the most working time that they can come to."
        if self.asked.coarse and not time_of(self.plan).is_plain:
            yield (
                "Calendars of items and resources count by the day here: their days off pause "
                "work, their hours and their days beyond the plan's own calendar do not count."
            )
        if not self.pools_are_asked():
            yield "No item needs any of the resources, so there is nothing to level."

    def pools_are_asked(self) -> bool:
        """Say whether any unfinished item needs anything."""
        return any(self.plan.items[number].needs for number in self.numbers)


def _works(calendar: Calendar, day: date) -> bool:
    """Say whether any hour of `day` is worked."""
    for other, windows in calendar.extra:
        if other == day:
            return bool(windows)
    return day.weekday() in calendar.weekdays and day not in calendar.holidays
