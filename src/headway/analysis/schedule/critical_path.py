"""The critical path method on one set of durations, and the classical PERT estimate along it.

Kelley and Walker 1959 (CPM); Malcolm, Roseboom, Clark and Fazar 1959 (PERT). A link's lag counts
in the backward pass as what it came to in working time in the forward pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from headway.analysis.schedule.by_item import ByItem
from headway.analysis.schedule.calendars import TOLERANCE, Times
from headway.analysis.schedule.clocks import Clock
from headway.analysis.schedule.draws import Draws, certain, most_likely
from headway.analysis.schedule.network import Edge
from headway.analysis.schedule.passes import Frame, Run, binds, critical, forward, reach, waits
from headway.analysis.schedule.plan import Estimate, LagUnit, LinkType
from headway.analysis.schedule.single import driven, late, single
from headway.analysis.schedule.tables import normal_cdf

_FROM_FINISH = (LinkType.FS, LinkType.FF)
_TO_START = (LinkType.FS, LinkType.SS)
#: Items with at most so many working days of float are near-critical.
NEAR_DAYS = 3.0


@dataclass(frozen=True, slots=True)
class CriticalPath:
    """Early and late times by item, on the plan's axis, and floats in working units.

    `path` lists the items without float; `longest` those on which the finish rests through links
    that drive, whatever their float; `near` those with some float, and little. Of the total float
    the free float moves nobody else, and the interfering float takes it from successors.
    """

    duration: float
    path: tuple[str, ...]
    early_start: Mapping[str, float]
    early_finish: Mapping[str, float]
    late_start: Mapping[str, float]
    late_finish: Mapping[str, float]
    total_float: Mapping[str, float]
    free_float: Mapping[str, float]
    longest: tuple[str, ...] = ()
    near: tuple[str, ...] = ()

    @property
    def interfering_float(self) -> dict[str, float]:
        """Return total less free float by item."""
        return {key: total - self.free_float[key] for key, total in self.total_float.items()}


@dataclass(frozen=True, slots=True)
class ClassicalPert:
    """The sum of expected durations along the longest path, and of their variances."""

    duration: float
    variance: float

    def p_by(self, time: float) -> float:
        """Return the probability of ending at or before `time`, by the normal approximation."""
        if self.variance == 0.0:
            return float(self.duration <= time + TOLERANCE)
        deviation = float(np.sqrt(self.variance))
        return float(normal_cdf(np.array([(time - self.duration) / deviation]))[0])


def critical_path(
    frame: Frame,
    draws: Draws | None = None,
    *,
    deadlines: bool = False,
    near_days: float = NEAR_DAYS,
) -> CriticalPath:
    """Return the critical path of most likely durations, or of one trial of given `draws`.

    With `deadlines` floats are held against the deadlines of items and the plan's target too, so
    that a day that cannot be kept shows as negative float; else only pinned starts do that.
    """
    if draws is None and frame.is_simple:
        return _path_of_single(frame, deadlines=deadlines, near_days=near_days)
    run = forward(frame, draws or most_likely(frame.plan, frame.timings))
    return path_of(run, deadlines=deadlines, near_days=near_days)


def _path_of_single(frame: Frame, *, deadlines: bool, near_days: float) -> CriticalPath:
    """Return the critical path of most likely durations, of a plan that `single` computes."""
    run = single(frame, frame.likely)
    end, free = late(run, _limits(frame, run.finish, deadlines=deadlines))
    starts, finishes, latest = (np.array(times) for times in (run.starts, run.finishes, end))
    begin = (latest - (finishes - starts)).tolist()
    total = (latest - finishes).tolist()
    passed = _Passed(begin, end, total, free)
    is_open = [timing.finished is None for timing in frame.timings]
    longest = [here and there for here, there in zip(driven(run), is_open, strict=True)]
    return _told(frame, (run.starts, run.finishes), passed, (is_open, longest), near_days)


def path_of(run: Run, *, deadlines: bool = False, near_days: float = NEAR_DAYS) -> CriticalPath:
    """Return the critical path of a run of one trial."""
    frame = run.frame
    finish = float(run.finish[0])
    limits = _limits(frame, finish, deadlines=deadlines)
    passed = (_late_plain if frame.time.is_plain else _late_by_clocks)(run, limits)
    flags = critical(run, np.array([finish]))[:, 0].tolist()
    is_open = [_is_open(run, number) for number in range(len(limits))]
    longest = [here and there for here, there in zip(flags, is_open, strict=True)]
    times = (_only(run.starts), _only(run.finishes))
    return _told(frame, times, passed, (is_open, longest), near_days)


def _told(
    frame: Frame,
    times: tuple[list[float], list[float]],
    passed: _Passed,
    marks: tuple[list[bool], list[bool]],
    near_days: float,
) -> CriticalPath:
    """Return the answer by item. `marks` are what is open, and what is on the longest path."""
    (starts, finishes), (is_open, is_longest) = times, marks
    ids, order, floats = frame.network.ids, frame.network.order, passed.total
    places = frame.places
    most = TOLERANCE + float(frame.time.in_units(np.array([near_days]))[0])
    near = [n for n in order if TOLERANCE < floats[n] <= most and is_open[n]]

    def by_start(numbers: list[int]) -> tuple[str, ...]:
        return tuple(ids[number] for number in sorted(numbers, key=lambda number: starts[number]))

    return CriticalPath(
        max(finishes[number] for number in frame.last),
        by_start([n for n in order if floats[n] <= TOLERANCE and is_open[n]]),
        ByItem(places, starts),
        ByItem(places, finishes),
        ByItem(places, passed.begin),
        ByItem(places, passed.end),
        ByItem(places, floats),
        ByItem(places, passed.free),
        by_start([n for n in order if is_longest[n]]),
        by_start(near),
    )


def _only(times: Sequence[Times]) -> list[float]:
    """Return the times of the one trial."""
    return [float(time[0]) for time in times]


def _is_open(run: Run, number: int) -> bool:
    return run.frame.timings[number].finished is None and number not in run.taken


def _limits(frame: Frame, finish: float, *, deadlines: bool) -> list[float]:
    """Return before when each item has to end, whatever comes after it."""
    plan, time = frame.plan, frame.time
    if not deadlines:
        return [finish] * len(plan.items)
    last = finish if plan.target is None else min(finish, time.end_of(plan.target))
    return [
        last if item.deadline is None else min(last, time.end_of(item.deadline))
        for item in plan.items
    ]


@dataclass(frozen=True, slots=True)
class _Passed:
    """What the backward pass found: late times on the axis, floats in working units."""

    begin: list[float]
    end: list[float]
    total: list[float]
    free: list[float]


def _binding(run: Run, number: int) -> list[Edge]:
    """Return the links that bind an item's start or finish, held or not."""
    timing = run.frame.timings[number]
    if timing.finished is not None:
        return []
    edges = run.frame.network.edges[number]
    if timing.started is not None and number not in run.resumed:
        return [edge for edge in edges if edge.type not in _TO_START]
    if number in run.taken and not run.taken[number][0]:
        # A fallback that is not taken stands where its experiments end, and waits for nobody else.
        return [edge for edge in edges if edge.source in run.frame.network.fallback_of[number]]
    return list(edges)


def _late_plain(run: Run, limits: Sequence[float]) -> _Passed:
    """Return late times and floats on an axis of working units.

    An item's late finish is the latest that keeps every one of `limits`.
    """
    late = list(limits)
    starts, finishes = _only(run.starts), _only(run.finishes)
    finish = float(run.finish[0])
    free = [finish - end for end in finishes]
    for number in reversed(run.frame.network.order):
        if run.frame.timings[number].pinned is not None:
            late[number] = min(late[number], finishes[number])
        spare = late[number] - finishes[number]
        for edge in _binding(run, number):
            bound = finishes[number]
            if edge.type in _TO_START:
                bound = float(waits(run, number)[0])
            slack = bound - float(reach(run, edge)[0])
            late[edge.source] = min(late[edge.source], finishes[edge.source] + slack + spare)
            free[edge.source] = min(free[edge.source], slack)
    lengths = [end - begin for begin, end in zip(starts, finishes, strict=True)]
    begin = [end - length for end, length in zip(late, lengths, strict=True)]
    total = [after - end for after, end in zip(late, finishes, strict=True)]
    return _Passed(begin, late, total, free)


def _late_by_clocks(run: Run, limits: Sequence[float]) -> _Passed:
    """Return the same on the absolute axis: each item counts back by its own clock."""
    works = [_Work.of(run, number) for number in range(len(limits))]
    late = list(limits)
    free = [float(run.finish[0])] * len(limits)
    begin = list(limits)
    for number in reversed(run.frame.network.order):
        work = works[number]
        if run.frame.timings[number].pinned is not None:
            late[number] = min(late[number], work.finish)
        begin[number] = work.latest_start(late[number])
        goes_on = float(waits(run, number)[0])
        latest_on = begin[number]
        if number in run.resumed:
            latest_on = replace(work, start=goes_on, length=work.units_from(goes_on)).latest_start(
                late[number]
            )
        for edge in _binding(run, number):
            to_start = edge.type in _TO_START
            before = works[edge.source]
            bound = latest_on if to_start else late[number]
            latest = before.latest_finish(run, edge, bound)
            late[edge.source] = min(late[edge.source], latest)
            own = before.latest_finish(run, edge, goes_on if to_start else work.finish)
            free[edge.source] = min(free[edge.source], own)
    total = [work.units_after(end) for work, end in zip(works, late, strict=True)]
    spare = [work.units_after(end) for work, end in zip(works, free, strict=True)]
    end = [work.told_finish(end) for work, end in zip(works, late, strict=True)]
    return _Passed(begin, end, total, spare)


@dataclass(frozen=True, slots=True)
class _Work:
    """One item of a run of one trial, with the clock it is worked on by."""

    number: int
    clock: Clock
    start: float
    finish: float
    length: float

    @classmethod
    def of(cls, run: Run, number: int) -> _Work:
        clock = run.frame.time.clock(number)
        if clock is None:
            raise TypeError
        start, finish = float(run.starts[number][0]), float(run.finishes[number][0])
        begun, done = (float(units) for units in clock.count(np.array([start, finish])))
        return cls(number, clock, start, finish, max(done - begun, 0.0))

    def count(self, time: float) -> float:
        return float(self.clock.count(np.array([time]))[0])

    def opening(self, units: float) -> float:
        return float(self.clock.opening(np.array([units]))[0])

    def closing(self, units: float) -> float:
        return float(self.clock.closing(np.array([units]))[0])

    def latest_start(self, finish: float) -> float:
        """Return the latest start that ends by `finish`; what takes no work stands there itself."""
        if self.length <= self.clock.grain:
            return finish
        return self.opening(self.count(finish) - self.length)

    def latest_finish(self, run: Run, edge: Edge, bound: float) -> float:
        """Return the latest finish with which a link from this item lets its end be at `bound`."""
        latest = bound
        if edge.unit is LagUnit.ELAPSED:
            ahead = run.frame.time.after_elapsed(np.array([bound]), -edge.lag, at_end=True)
            latest = float(ahead[0])
        elif edge.lag != 0.0:
            share = edge.lag / 100.0 * float(run.lasting[self.number][0])
            lag = share if edge.unit is LagUnit.PERCENT else edge.lag
            latest = self.opening(self.count(bound) - lag)
        if edge.type in _FROM_FINISH or self.length <= self.clock.grain:
            return latest
        return self.closing(self.count(latest) + self.length)

    def units_from(self, time: float) -> float:
        """Return the working units from `time` to the finish."""
        return max(self.count(self.finish) - self.count(time), 0.0)

    def units_after(self, time: float) -> float:
        """Return the working units from the finish to `time`."""
        units = self.count(time) - self.count(self.finish)
        return 0.0 if abs(units) <= self.clock.grain else round(units, 9)

    def told_finish(self, late: float) -> float:
        """Return when work ends that may end as late as `late`."""
        if self.length <= self.clock.grain or not np.isfinite(late):
            return late
        return self.closing(self.count(late))


def classical_pert(frame: Frame) -> ClassicalPert:
    """Return PERT along the longest path of expected durations; of two, the one that varies more.

    Expected duration (a + 4m + b)/6, variance ((b − a)/6)²; risks and further attempts are not in.
    """
    estimates = [item.duration or Estimate.certain(0.0) for item in frame.plan.items]
    expected = [(e.optimistic + 4.0 * e.most_likely + e.pessimistic) / 6.0 for e in estimates]
    variances = [((e.pessimistic - e.optimistic) / 6.0) ** 2 for e in estimates]
    run = forward(frame, certain(frame.plan, frame.timings, expected))
    to_start = [0.0] * len(estimates)
    to_finish = [0.0] * len(estimates)
    for number in frame.network.order:
        timing = frame.timings[number]
        if timing.finished is not None:
            continue
        edges = [edge for edge in frame.network.edges[number] if binds(run, edge, number)[0]]
        starting = [edge for edge in edges if edge.type in _TO_START]
        before = [_carried(edge, to_start, to_finish) for edge in starting]
        to_start[number] = max(before, default=0.0) if not timing.is_fixed else 0.0
        pushed = [_carried(edge, to_start, to_finish) for edge in edges if edge not in starting]
        own = 0.0 if number in run.taken else variances[number]
        to_finish[number] = max(pushed, default=to_start[number] + own)
    finish = float(run.finish[0])
    last = [n for n, end in enumerate(_only(run.finishes)) if end >= finish - TOLERANCE]
    return ClassicalPert(finish, max(to_finish[number] for number in last))


def _carried(edge: Edge, to_start: Sequence[float], to_finish: Sequence[float]) -> float:
    """Return the variance that has gathered up to the end from which a link leaves."""
    return (to_finish if edge.type in _FROM_FINISH else to_start)[edge.source]
