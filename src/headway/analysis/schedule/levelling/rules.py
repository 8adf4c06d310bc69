"""Lists that give an answer at once: in which order activities ask for their resources."""

from __future__ import annotations

import numpy as np

from headway.analysis.schedule.levelling.packing import Packed
from headway.analysis.schedule.levelling.problem import PRIORITY, Numbers, Problem


def rules(problem: Problem, packed: Packed) -> list[Numbers]:
    """Return the keys of each rule by the numbers of `packed`, lowest first.

    Latest finish, latest start, and TaskJuggler's: the path whose resources are asked for most,
    as a share of what there is (in thousandths), goes first. Priorities come before all of them.
    """
    durations, tails = packed.forward[0], packed.tails
    length = int(tails.max(initial=0))
    critical = _path_criticalness(problem, packed)
    keys = [length - tails + durations, length - tails, critical.max(initial=0) - critical]
    priorities = problem.priorities[packed.order]
    if bool((priorities == PRIORITY).all()):
        return keys
    return [(1000 - priorities) * (int(key.max(initial=0)) + 1) + key for key in keys]


def _path_criticalness(problem: Problem, packed: Packed) -> Numbers:
    durations = packed.forward[0]
    demands = problem.demands[packed.order]
    levels = np.maximum([steps[-1][1] for steps in problem.capacities], 1)
    asked = (durations[:, np.newaxis] * demands).sum(axis=0)
    span = max(int(packed.tails.max(initial=0)), 1)
    scarcity = asked * 1000 // (levels * span) if len(levels) else asked
    own = np.where(demands > 0, scarcity, 0).max(axis=1, initial=0) * durations
    pointers, followers = packed.backward[6].tolist(), packed.backward[7].tolist()
    paths = own.tolist()
    for number in range(len(paths) - 1, -1, -1):
        after = followers[pointers[number] : pointers[number + 1]]
        paths[number] += max((paths[follower] for follower in after), default=0)
    return np.array(paths, dtype=np.int64)
