"""How short no schedule can be: arguments that need no search."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from headway.analysis.schedule.levelling.problem import Numbers, Problem

#: Beyond so many users of a resource only all of them together are weighed.
MOST_USERS = 2_000


class Bound(NamedTuple):
    """No schedule finishes before `slots`, by the argument `by`."""

    slots: int
    by: str


PATH = "the longest path"
WORK = "the work of a resource"


def lower_bound(problem: Problem, order: Numbers, heads: Numbers, tails: Numbers) -> Bound:
    """Return the best bound of a problem whose capacities never change.

    `heads` and `tails` are of the activities in `order`: no start is sooner than its head, and no
    finish of all sooner than its tail after the start.
    """
    best = Bound(int((heads + tails).max(initial=0)), PATH)
    durations, demands = problem.durations[order], problem.demands[order]
    for number, steps in enumerate(problem.capacities):
        work = durations * demands[:, number]
        users = np.flatnonzero(work)
        if not len(users):
            continue
        after = tails[users] - durations[users]
        slots = _work_bound(heads[users], work[users], after, steps[0][1])
        if slots > best.slots:
            best = Bound(slots, WORK)
    return best


def _work_bound(heads: Numbers, work: Numbers, after: Numbers, level: int) -> int:
    """Return the most of head + work / level + tail over all sets of the users of a resource.

    It suffices to look at those whose head is at least one of the heads and whose rest is at least
    one of the rests (Carlier's bound, for the energy of a cumulative resource).
    """
    by_rest = np.argsort(-after, kind="stable")
    heads, work, after = heads[by_rest], work[by_rest], after[by_rest]
    firsts = np.unique(heads) if len(heads) <= MOST_USERS else heads[:1] * 0 + heads.min()
    best = 0
    for first in firsts.tolist():
        inside = heads >= first
        slots = -(-np.cumsum(work * inside) // level) + after
        best = max(best, first + int(slots[inside].max()))
    return best
