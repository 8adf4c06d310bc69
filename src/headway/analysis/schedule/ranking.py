"""Spearman's correlation of each item's duration with the finish: cruciality.

In a large simulation durations are not held, and to rank each of thousands would cost more than the
simulation. A duration rises with the uniform number that it is drawn from, so its rank is that
number's; and a uniform number is its own rank up to the luck of the draw. Its first 20 bits, the
grade, therefore stand for the rank (so the result is Pearson's correlation of the grade with the
rank of the finish). It estimates the same quantity; the difference to ranks is far under its
sampling error of about 1/√trials. What is not drawn so (under way, delayed by a risk, attempts,
correlated) is ranked in large simulations too. Sums are of whole numbers: the same bits in any
order. Which way is taken depends on the size alone, never on the engine.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from headway.analysis.chance import key_of, uniforms
from headway.analysis.schedule.calendars import Times
from headway.analysis.schedule.draws import Undrawn
from headway.analysis.schedule.futures import CompiledRun
from headway.analysis.schedule.simulation import Simulation

Ranks = NDArray[np.int64]

#: A range, or a spread of durations, under this is certain.
CERTAIN = 1e-9
GRADES = 1 << 20


def cruciality(simulation: Simulation) -> dict[str, float | None]:
    """Return |Spearman's rho| between each item's duration and the finish; None when certain."""
    finish = ranks(simulation.finish)
    found: dict[str, float | None] = {}
    graded = _graded(simulation, finish) if simulation.is_large else {}
    parts = simulation.draws.parts
    for number, item_id in enumerate(simulation.frame.network.ids):
        if number in graded:
            found[item_id] = graded[number]
            continue
        if simulation.is_large and _is_certain(simulation, number, parts[number]):
            found[item_id] = None
            continue
        lasting = simulation.run.lasting[number]
        certain = len(lasting) == 1 or float(np.ptp(lasting)) < CERTAIN
        found[item_id] = None if certain else correlation(ranks(lasting), finish)
    return found


def ranks(values: Times) -> Ranks:
    """Return twice the ranks of `values`, from 1, ties sharing their mean: whole numbers."""
    order = np.argsort(values)
    ordered = values[order]
    opens = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    bounds = np.append(np.flatnonzero(opens), len(values))
    group = np.cumsum(opens) - 1
    found = np.empty(len(values), dtype=np.int64)
    found[order] = bounds[group] + bounds[group + 1] + 1
    return found


def correlation(left: Ranks, right: Ranks) -> float | None:
    """Return the absolute correlation of doubled ranks, summed in whole numbers."""
    mean = len(left) + 1
    one, other = left - mean, right - mean
    spread = int((one * one).sum()) * int((other * other).sum())
    return abs(int((one * other).sum())) / math.sqrt(spread) if spread else None


def _is_certain(simulation: Simulation, number: int, part: Times | Undrawn) -> bool:
    """Say whether an item of a large simulation lasts as long in every trial."""
    is_one = not isinstance(part, Undrawn) and len(part) == 1
    moved = (simulation.draws.attempts, simulation.delays, simulation.run.taken)
    return is_one and not any(number in known for known in moved)


def _graded(simulation: Simulation, finish: Ranks) -> dict[int, float | None]:
    """Return the cruciality of the items whose rank is that of their own uniform number."""
    moved = simulation.delays.keys() | simulation.run.taken.keys()
    chosen = {
        number: part
        for number, part in enumerate(simulation.draws.parts)
        if isinstance(part, Undrawn) and number not in moved
        if part.estimate.pessimistic - part.estimate.optimistic >= CERTAIN
    }
    centred = finish - (len(finish) + 1)
    sums = np.zeros((len(chosen), 3), dtype=np.int64)
    if isinstance(simulation.run, CompiledRun):
        keys = [key_of(part.seed, part.stream) for part in chosen.values()]
        simulation.run.kernels.graded(np.array(keys, dtype=np.uint64), centred, sums)
    else:
        for row, part in enumerate(chosen.values()):
            u = uniforms(part.seed, part.stream, part.trials)
            grade = (u * GRADES).astype(np.int64) * 2 + 1 - GRADES
            sums[row] = (grade * centred).sum(), grade.sum(), (grade * grade).sum()
    spread = int((centred * centred).sum())
    return {
        number: _from_sums(row, len(finish), spread)
        for number, row in zip(chosen, sums.tolist(), strict=True)
    }


def _from_sums(sums: list[int], trials: int, spread: int) -> float | None:
    """Return the correlation from the sums of products, grades and squares of grades."""
    products, total, squares = sums
    both = (trials * squares - total * total) * spread
    return abs(products) / math.sqrt(both / trials) if both else None
