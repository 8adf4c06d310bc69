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
        lasting = asked.lasting[number]
        bound = asked.frame.timings[number].earliest
        for edge in asked.frame.network.edges[number]:
            reached = _reached(asked, edge, start, finish)
            bound = max(bound, reached if edge.type in _TO_START else reached - lasting)
        found[number] = bound
    return found


def _reached(
    asked: Translation, edge: Edge, start: Mapping[int, float], finish: Mapping[int, float]
) -> float:
    from_finish = edge.type in _FROM_FINISH
    time = (finish if from_finish else start)[edge.source]
    if edge.unit is LagUnit.PERCENT:
        return time + asked.lasting[edge.source] * edge.lag / 100.0
    if edge.unit is LagUnit.ELAPSED:
        return _later(asked.frame.time, time, edge.lag, at_end=from_finish)
    return time + edge.lag


def _later(time: WorkingTime, at: float, lag: float, *, at_end: bool) -> float:
    return float(time.after_elapsed(np.array([at]), lag, at_end=at_end)[0])
