"""How much of each resource the most likely schedule takes: at once, and in all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.analysis.schedule.calendars import TOLERANCE
from headway.analysis.schedule.draws import most_likely
from headway.analysis.schedule.passes import Frame, forward
from headway.analysis.schedule.timing import Timing


@dataclass(frozen=True, slots=True)
class Demand:
    """One resource: the most that is taken at once, and units × working days from now on.

    `capacity` is what there is at first; a peak above it cannot be done as planned.
    """

    name: str
    peak: float
    total: float
    capacity: float


def demand(frame: Frame) -> tuple[Demand, ...]:
    """Return the demand for each resource that open work of the plan takes, in the plan's order."""
    run = forward(frame, most_likely(frame.plan, frame.timings))
    spans: dict[str, list[tuple[float, float, float]]] = {}
    for number, item in enumerate(frame.plan.items):
        timing = frame.timings[number]
        passed_over = number in run.taken and not bool(run.taken[number][0])
        if timing.finished is not None or passed_over:
            continue
        end = float(run.finishes[number][0])
        begin = _open_from(timing, float(run.starts[number][0]))
        for name, units in item.needs.items():
            spans.setdefault(name, []).append((begin, end, units))
    return tuple(
        Demand(
            resource.name,
            _peak(spans[resource.name]),
            _in_days(frame, sum(units * max(0.0, end - begin) for begin, end, units in rows)),
            resource.capacity,
        )
        for resource in frame.plan.resources
        if (rows := spans.get(resource.name))
    )


def _in_days(frame: Frame, units: float) -> float:
    return round(float(frame.time.in_days(np.array([units]))[0]), 9)


def _open_from(timing: Timing, start: float) -> float:
    """Return from when on an item still takes its resources: of one under way, from today."""
    return start if timing.work_from is None else max(start, timing.work_from)


def _peak(spans: list[tuple[float, float, float]]) -> float:
    """Return the most units taken at once; what ends makes room for what begins."""
    moves = [(begin, 1, units) for begin, end, units in spans if end > begin + TOLERANCE]
    moves += [
        (end - TOLERANCE, 0, -units) for begin, end, units in spans if end > begin + TOLERANCE
    ]
    height = peak = 0.0
    for _, _, units in sorted(moves):
        height += units
        peak = max(peak, height)
    return round(peak, 9)
