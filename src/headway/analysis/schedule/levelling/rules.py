"""Lists that give an answer at once: in which order activities ask for their resources."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from headway.analysis import compiled
from headway.analysis.schedule.levelling.bounds import PATHS
from headway.analysis.schedule.levelling.packing import Packed
from headway.analysis.schedule.levelling.problem import PRIORITY, Numbers, Problem


def rules(problem: Problem, packed: Packed) -> Iterator[Numbers]:
    """Yield the keys of each rule by the numbers of `packed`, lowest first.

    Latest finish, latest start, and TaskJuggler's: the path whose resources are asked for most,
    as a share of what there is (in thousandths), goes first. Priorities come before all of them.
    """
    durations, tails = packed.forward[0], packed.tails
    length = int(tails.max(initial=0))
    yield _by_priority(problem, packed, length - tails + durations)
    yield _by_priority(problem, packed, length - tails)
    critical = _path_criticalness(problem, packed)
    yield _by_priority(problem, packed, critical.max(initial=0) - critical)


def _by_priority(problem: Problem, packed: Packed, keys: Numbers) -> Numbers:
    priorities = problem.priorities[packed.order]
    if bool((priorities == PRIORITY).all()):
        return keys
    return (1000 - priorities) * (int(keys.max(initial=0)) + 1) + keys


def _path_criticalness(problem: Problem, packed: Packed) -> Numbers:
    durations = packed.forward[0]
    demands = problem.demands[packed.order]
    levels = np.maximum([steps[-1][1] for steps in problem.capacities], 1)
    asked = (durations[:, np.newaxis] * demands).sum(axis=0)
    span = max(int(packed.tails.max(initial=0)), 1)
    scarcity = asked * 1000 // (levels * span) if len(levels) else asked
    own: Numbers = np.where(demands > 0, scarcity, 0).max(axis=1, initial=0) * durations
    compiled.load(PATHS).add_along(packed.backward[6], packed.backward[7], own)
    return own
