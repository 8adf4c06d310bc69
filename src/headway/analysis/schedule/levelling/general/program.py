"""Any problem as the arrays that the compiled placing works on, and bounds that need no search."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.analysis.schedule.levelling.bounds import PATH, WORK, Bound
from headway.analysis.schedule.levelling.problem import (
    FREE,
    Kind,
    Mask,
    Mode,
    Numbers,
    Problem,
)
from headway.errors import Invalid

#: Slots times resources and calendars that one problem may span.
MOST_CELLS = 50_000_000
_MIRRORED = {Kind.FS: Kind.FS, Kind.SS: Kind.FF, Kind.FF: Kind.SS, Kind.SF: Kind.SF}

Modes = tuple[Numbers, Numbers, Numbers, Numbers]
Links = tuple[Numbers, Numbers, Numbers, Numbers, Numbers]
Windows = tuple[Numbers, Numbers, Numbers]


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """The arrays, activities numbered along the links by `order`; `mirrored` links lead back."""

    order: Numbers
    modes: Modes
    links: Links
    mirrored: Links
    windows: Windows
    capacity: Numbers
    masks: Mask


def program(problem: Problem) -> Program:
    """Return the arrays of any problem. Raises Invalid when it spans too many slots."""
    order = problem.order
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    horizon = _horizon(problem)
    cells = horizon * (problem.resources + len(problem.calendars) + 1)
    if cells > MOST_CELLS:
        sentence = (
            f"The plan may span {horizon:,} slots for {problem.resources:,} resources and "
            f"{len(problem.calendars)} calendars: {cells:,} cells; the most is {MOST_CELLS:,}. "
            "Give coarser slots, or level fewer resources."
        )
        raise Invalid(sentence)
    links = problem.links.copy()
    links[:, 0], links[:, 1] = place[links[:, 0]], place[links[:, 1]]
    turned = links[:, [1, 0, 2, 3, 4]]
    turned[:, 2] = [_MIRRORED[Kind(kind)] for kind in turned[:, 2].tolist()]
    return Program(
        order=order,
        modes=_modes(problem, order),
        links=_by_target(links, len(order)),
        mirrored=_by_target(turned, len(order)),
        windows=(problem.releases[order], problem.fixed[order], problem.latest[order]),
        capacity=_capacity(problem, horizon),
        masks=_masks(problem),
    )


def general_bound(problem: Problem, starts: Numbers, finishes: Numbers) -> Bound:
    """Return the best bound: the schedule without resources, and the work of each resource.

    `starts` and `finishes` are of that schedule. With modes, an activity's work is its least.
    """
    best = Bound(int(finishes.max(initial=0)), PATH)
    for number, steps in enumerate(problem.capacities):
        work = sum(
            min(mode.demand[number] * mode.duration for mode in modes_of(problem, activity))
            for activity in range(problem.size)
        )
        slots = _slots_for(work, steps)
        if slots > best.slots:
            best = Bound(slots, WORK)
    return best


def modes_of(problem: Problem, activity: int) -> tuple[Mode, ...]:
    """Return all ways to do an activity."""
    return (problem.mode(activity, 0), *problem.modes.get(activity, ()))


def _slots_for(work: int, steps: tuple[tuple[int, int], ...]) -> int:
    """Return how many slots offer so much work; 0 when no number of slots does."""
    for (begin, level), (end, _) in zip(steps, [*steps[1:], (None, 0)], strict=True):
        if work <= 0:
            return begin
        if end is None or level * (end - begin) >= work:
            return begin + -(-work // level) if level else 0
        work -= level * (end - begin)
    return 0


def _horizon(problem: Problem) -> int:
    """Return a slot by which everything can be done one after the other, whatever the calendars."""
    longest = [
        max(mode.duration for mode in modes_of(problem, number)) for number in range(problem.size)
    ]
    fixed = [slot + 1 for slot in problem.fixed.tolist() if slot != FREE]
    steps = [slot for steps in problem.capacities for slot, _ in steps]
    masks = [len(mask) for mask in problem.calendars]
    settled: int = max([0, int(problem.releases.max(initial=0)), *fixed, *steps, *masks])
    lags = int(np.maximum(problem.links[:, 3], 0).sum())
    return settled + sum(longest) + lags + 1


def _modes(problem: Problem, order: Numbers) -> Modes:
    ways = [modes_of(problem, number) for number in order.tolist()]
    flat = [mode for modes in ways for mode in modes]
    counts = [len(modes) for modes in ways]
    demands = np.array([mode.demand for mode in flat], dtype=np.int64)
    return (
        np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        np.array([mode.duration for mode in flat], dtype=np.int64),
        np.array([mode.calendar for mode in flat], dtype=np.int64),
        demands.reshape(len(flat), problem.resources),
    )


def _by_target(links: Numbers, size: int) -> Links:
    links = links[np.argsort(links[:, 1], kind="stable")]
    counts = np.bincount(links[:, 1], minlength=size)
    pointers = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    source, kind, lag, calendar = (links[:, column].copy() for column in (0, 2, 3, 4))
    return pointers, source, kind, lag, calendar


def _capacity(problem: Problem, horizon: int) -> Numbers:
    capacity = np.zeros((problem.resources, horizon), dtype=np.int64)
    for number, steps in enumerate(problem.capacities):
        for slot, level in steps:
            capacity[number, slot:] = level
    return capacity


def _masks(problem: Problem) -> NDArray[np.bool_]:
    longest = max((len(mask) for mask in problem.calendars), default=0)
    masks = np.ones((len(problem.calendars), longest), dtype=np.bool_)
    for number, mask in enumerate(problem.calendars):
        masks[number, : len(mask)] = mask
    return masks
