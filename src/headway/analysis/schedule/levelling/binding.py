"""How early each item of a levelled plan could start by its links alone, and so what is held back.

What is held back is what levelling itself delays: an item that merely waits for a delayed one
needs no delay of its own, and moves back with it when that one ends sooner.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from headway.analysis.schedule.calendars import WorkingTime
from headway.analysis.schedule.levelling.translation import Translation
from headway.analysis.schedule.network import Edge
from headway.analysis.schedule.plan import LagUnit, LinkType

_FROM_FINISH = (LinkType.FS, LinkType.FF)
_TO_START = (LinkType.FS, LinkType.SS)


def bounds(
    asked: Translation, start: Mapping[int, float], finish: Mapping[int, float]
) -> dict[int, float]:
    """Return by item number the earliest start that status date, dates and links allow, in units.

    `start` and `finish` are the times of every item in the levelled plan.
    """
    found = {}
    for number in asked.numbers:
        bound = asked.frame.timings[number].earliest
        for edge in asked.frame.network.edges[number]:
            reached = _reached(asked, edge, start, finish)
            bound = max(
                bound, reached if edge.type in _TO_START else _before(asked, number, reached)
            )
        found[number] = _opening(asked, number, bound)
    return found


def _reached(
    asked: Translation, edge: Edge, start: Mapping[int, float], finish: Mapping[int, float]
) -> float:
    from_finish = edge.type in _FROM_FINISH
    time = (finish if from_finish else start)[edge.source]
    if edge.unit is LagUnit.ELAPSED:
        return _later(asked.frame.time, time, edge.lag, at_end=from_finish)
    share = asked.lasting[edge.source] / 100.0 if edge.unit is LagUnit.PERCENT else 1.0
    lag = edge.lag * share
    clock = asked.frame.time.clock(edge.source)
    if clock is None or not lag:
        return time + lag
    counted = clock.count(np.array([time])) + lag
    if lag < 0.0:
        return min(time, float(clock.opening(counted)[0]))
    return max(time, float(clock.closing(counted)[0]))


def _before(asked: Translation, number: int, end: float) -> float:
    """Return where an item starts that is to end at `end`."""
    clock, lasting = asked.frame.time.clock(number), asked.lasting[number]
    if clock is None:
        return end - lasting
    return float(clock.opening(clock.count(np.array([end])) - lasting)[0])


def _opening(asked: Translation, number: int, time: float) -> float:
    """Return when work on an item begins that may begin at `time`."""
    clock = asked.frame.time.clock(number)
    if clock is None or not asked.lasting[number]:
        return time
    return float(clock.opening(clock.count(np.array([time])))[0])


def _later(time: WorkingTime, at: float, lag: float, *, at_end: bool) -> float:
    return float(time.after_elapsed(np.array([at]), lag, at_end=at_end)[0])
