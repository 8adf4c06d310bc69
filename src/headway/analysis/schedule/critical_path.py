"""The critical path method on one set of durations, and the classical PERT estimate along it.

Kelley and Walker 1959 (CPM); Malcolm, Roseboom, Clark and Fazar 1959 (PERT). A link's lag counts
in the backward pass as what it came to in working time in the forward pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from headway.analysis.schedule.calendars import TOLERANCE, Times
from headway.analysis.schedule.draws import Draws, certain, most_likely
from headway.analysis.schedule.network import Edge
from headway.analysis.schedule.passes import Frame, Run, binds, forward, reach
from headway.analysis.schedule.plan import Estimate, LinkType
from headway.analysis.schedule.tables import normal_cdf

_FROM_FINISH = (LinkType.FS, LinkType.FF)
_TO_START = (LinkType.FS, LinkType.SS)


@dataclass(frozen=True, slots=True)
class CriticalPath:
    """Early and late times and floats by item, in units; `path` lists the items without float."""

    duration: float
    path: tuple[str, ...]
    early_start: dict[str, float]
    early_finish: dict[str, float]
    late_start: dict[str, float]
    late_finish: dict[str, float]
    total_float: dict[str, float]
    free_float: dict[str, float]


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


def critical_path(frame: Frame, draws: Draws | None = None) -> CriticalPath:
    """Return the critical path of most likely durations, or of one trial of given `draws`."""
    run = forward(frame, draws or most_likely(frame.plan, frame.timings))
    finish = float(run.finish[0])
    late, slack = _late_finishes(run, finish)
    starts, finishes = _only(run.starts), _only(run.finishes)
    floats = [after - end for after, end in zip(late, finishes, strict=True)]
    ids = frame.network.ids
    on_path = [number for number in frame.network.order if _is_critical(run, number, floats)]
    on_path.sort(key=lambda number: starts[number])
    lengths = [end - begin for begin, end in zip(starts, finishes, strict=True)]
    return CriticalPath(
        finish,
        tuple(ids[number] for number in on_path),
        dict(zip(ids, starts, strict=True)),
        dict(zip(ids, finishes, strict=True)),
        {item_id: late[n] - lengths[n] for n, item_id in enumerate(ids)},
        dict(zip(ids, late, strict=True)),
        dict(zip(ids, floats, strict=True)),
        dict(zip(ids, slack, strict=True)),
    )


def _only(times: Sequence[Times]) -> list[float]:
    """Return the times of the one trial."""
    return [float(time[0]) for time in times]


def _is_critical(run: Run, number: int, floats: Sequence[float]) -> bool:
    """Say whether an item without float is work to be done: not past, not a road not taken."""
    open_work = run.frame.timings[number].finished is None
    return floats[number] <= TOLERANCE and open_work and number not in run.taken


def _late_finishes(run: Run, finish: float) -> tuple[list[float], list[float]]:
    """Return the latest finish of each item that keeps the plan's `finish`, and its free float."""
    late = [finish] * len(run.starts)
    free = [finish - end for end in _only(run.finishes)]
    for number in reversed(run.frame.network.order):
        timing = run.frame.timings[number]
        spare = late[number] - float(run.finishes[number][0])
        for edge in run.frame.network.edges[number]:
            to_start = edge.type in _TO_START
            if timing.finished is not None or (to_start and timing.started is not None):
                continue
            bound = float((run.starts if to_start else run.finishes)[number][0])
            slack = bound - float(reach(run, edge)[0])
            end = float(run.finishes[edge.source][0])
            late[edge.source] = min(late[edge.source], end + slack + spare)
            free[edge.source] = min(free[edge.source], slack)
    return late, free


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
        to_start[number] = max(before, default=0.0) if timing.started is None else 0.0
        pushed = [_carried(edge, to_start, to_finish) for edge in edges if edge not in starting]
        own = 0.0 if number in run.taken else variances[number]
        to_finish[number] = max(pushed, default=to_start[number] + own)
    finish = float(run.finish[0])
    last = [n for n, end in enumerate(_only(run.finishes)) if end >= finish - TOLERANCE]
    return ClassicalPert(finish, max(to_finish[number] for number in last))


def _carried(edge: Edge, to_start: Sequence[float], to_finish: Sequence[float]) -> float:
    """Return the variance that has gathered up to the end from which a link leaves."""
    return (to_finish if edge.type in _FROM_FINISH else to_start)[edge.source]
