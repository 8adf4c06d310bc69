"""One trial of a plan on an axis of working units, in plain numbers instead of arrays.

What `passes` and `critical_path` do with arrays for any plan, this does for the usual one (no
fallbacks, no elapsed lags through a calendar, one regular calendar) in a twentieth of the time:
with one trial a column, an array costs more than the number in it. Tests compare both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from headway.analysis.schedule.calendars import TOLERANCE
from headway.analysis.schedule.network import Edge
from headway.analysis.schedule.passes import Frame
from headway.analysis.schedule.plan import LagUnit, LinkType

_FROM_FINISH = (LinkType.FS, LinkType.FF)
_TO_START = (LinkType.FS, LinkType.SS)


@dataclass(frozen=True, slots=True)
class Single:
    """The times of the one trial by item, in working units."""

    frame: Frame
    starts: list[float]
    finishes: list[float]
    lasting: list[float]
    #: When the rest of what is under way goes on, where it may have to wait.
    resumed: dict[int, float] = field(default_factory=dict)

    @property
    def finish(self) -> float:
        """Return the finish of the whole plan."""
        return max(self.finishes[number] for number in self.frame.last)

    def reach(self, edge: Edge) -> float:
        """Return the time to which a link binds its successor: `passes.reach`."""
        times = self.finishes if edge.type in _FROM_FINISH else self.starts
        if edge.lag == 0.0:
            return times[edge.source]
        if edge.unit is LagUnit.PERCENT:
            return times[edge.source] + self.lasting[edge.source] * (edge.lag / 100.0)
        return times[edge.source] + edge.lag


def single(frame: Frame, durations: Sequence[float]) -> Single:
    """Return the times of the trial in which each item takes its given duration."""
    count = len(durations)
    run = Single(frame, [0.0] * count, [0.0] * count, list(durations))
    starts, finishes = run.starts, run.finishes
    simply_after = frame.simply_after
    for number in frame.network.order:
        simple = simply_after[number]
        if simple is None:
            _place(run, number)
            continue
        start, sources = simple
        for source in sources:
            if finishes[source] > start:
                start = finishes[source]
        starts[number] = start
        finishes[number] = start + durations[number]
    return run


def _place(run: Single, number: int) -> None:
    """Compute an item that is not simply after the finishes of others: `passes._place`."""
    timing, work = run.frame.timings[number], run.lasting[number]
    start, least = timing.earliest, float("-inf")
    if timing.finished is not None:
        run.starts[number], run.finishes[number] = start, timing.finished
        run.lasting[number] = timing.finished - start
        return
    for edge in run.frame.network.edges[number]:
        if edge.type not in _TO_START:
            least = max(least, run.reach(edge))
        elif not timing.is_fixed:
            start = max(start, run.reach(edge))
    begin = start if timing.work_from is None else timing.work_from
    pause = _pause(run, number) if number in run.frame.held else 0.0
    worked = begin + pause + work
    if pause > 0.0:
        worked = max(worked, run.resumed[number])
    if least > worked and not timing.is_fixed:
        start = least - work
    run.starts[number], run.finishes[number] = start, max(worked, least)
    if timing.started is not None:
        run.lasting[number] = begin + work - start


def _pause(run: Single, number: int) -> float:
    """Return for how long the rest of an item waits: `passes._pause`."""
    resumes = run.frame.timings[number].resumes
    edges = run.frame.network.edges[number]
    reached = [run.reach(edge) for edge in edges if edge.type in _TO_START]
    run.resumed[number] = max(resumes, *reached)
    return run.resumed[number] - resumes


def late(run: Single, limits: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return late finishes that keep `limits`, and free floats: `critical_path._late_plain`."""
    found, starts, finishes = list(limits), run.starts, run.finishes
    whole = run.finish
    free = [whole - end for end in finishes]
    simply_after = run.frame.simply_after
    for number in reversed(run.frame.network.order):
        simple = simply_after[number]
        if simple is None:
            _late(run, number, found, free)
            continue
        start, spare = starts[number], found[number] - finishes[number]
        for source in simple[1]:
            end = finishes[source]
            slack = start - end
            latest = end + slack + spare
            if latest < found[source]:
                found[source] = latest
            if slack < free[source]:
                free[source] = slack
    return found, free


def _late(run: Single, number: int, found: list[float], free: list[float]) -> None:
    timing = run.frame.timings[number]
    if timing.pinned is not None:
        found[number] = min(found[number], run.finishes[number])
    if timing.finished is not None:
        return
    spare = found[number] - run.finishes[number]
    for edge in run.frame.network.edges[number]:
        to_start = edge.type in _TO_START
        if to_start and timing.started is not None and number not in run.resumed:
            continue
        slack = _bound(run, number, to_start=to_start) - run.reach(edge)
        source = edge.source
        found[source] = min(found[source], run.finishes[source] + slack + spare)
        free[source] = min(free[source], slack)


def _bound(run: Single, number: int, *, to_start: bool) -> float:
    """Return what a link holds of an item: its finish, its start, or when its rest goes on."""
    if not to_start:
        return run.finishes[number]
    return run.resumed.get(number, run.starts[number])


def driven(run: Single) -> list[bool]:
    """Return whether the finish rests on each item through links that drive: `passes.critical`."""
    least, finishes = run.finish - TOLERANCE, run.finishes
    found = [end >= least for end in finishes]
    simply_after = run.frame.simply_after
    for number in reversed(run.frame.network.order):
        simple = simply_after[number]
        if simple is None:
            _driven(run, number, found)
        elif found[number]:
            start = run.starts[number] - TOLERANCE
            for source in simple[1]:
                if finishes[source] >= start:
                    found[source] = True
    return found


def _driven(run: Single, number: int, found: list[bool]) -> None:
    timing = run.frame.timings[number]
    if timing.finished is not None:
        found[number] = False
    if not found[number]:
        return
    for edge in run.frame.network.edges[number]:
        to_start = edge.type in _TO_START
        if to_start and timing.is_fixed and number not in run.resumed:
            continue
        if run.reach(edge) >= _bound(run, number, to_start=to_start) - TOLERANCE:
            found[edge.source] = True
