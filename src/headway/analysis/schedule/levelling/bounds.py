"""How short no schedule can be: arguments that need no search."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from headway.analysis import compiled
from headway.analysis.schedule.levelling.problem import Numbers, Problem

PATHS = "headway.analysis.schedule.levelling.paths"
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
    paths = compiled.load(PATHS)
    best = Bound(int((heads + tails).max(initial=0)), PATH)
    durations, demands = problem.durations[order], problem.demands[order]
    for number, steps in enumerate(problem.capacities):
        work = durations * demands[:, number]
        users = np.flatnonzero(work)
        if not len(users):
            continue
        rests = tails[users] - durations[users]
        users, rests = users[by_rest := np.argsort(-rests, kind="stable")], rests[by_rest]
        firsts = heads[users]
        if len(users) > MOST_USERS:
            firsts, rests = np.full_like(firsts, firsts.min()), np.full_like(rests, rests.min())
        slots = int(paths.work_bound(firsts, work[users], rests, steps[0][1]))
        if slots > best.slots:
            best = Bound(slots, WORK)
    return best
