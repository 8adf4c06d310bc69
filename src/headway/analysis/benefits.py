"""What a model is worth a year: from a metric, through what it changes, to money, with ranges.

A line is a quantity that the model is to change (readings typed by hand, wrong readings booked):
how much of it there is a year today, how much there will be when the metric is at its target, and
what one unit is worth. Lines are drawn independently and, where the range is not certain, from
triangular distributions; a metric on its way earns its share of the way (linear: an assumption).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.analysis.chance import triangular, uniforms
from headway.analysis.quantities import Percentiles

#: Optimistic, most likely, pessimistic in the order low to high.
Range = tuple[float, float, float]

NOTHING: Range = (0.0, 0.0, 0.0)
WEEKS_A_YEAR = 365.25 / 7


@dataclass(frozen=True, slots=True)
class BenefitLine:
    """A quantity a year: `start` today, `at_target` then; one unit is worth `worth`.

    A quantity of which `less_is_better` earns when it falls: errors, hours, second looks.
    """

    key: str
    start: float
    at_target: Range
    worth: Range
    less_is_better: bool = True


@dataclass(frozen=True, slots=True)
class Benefit:
    """Money a year: `net` is what the lines earn less what running costs.

    Percentiles are of the simulated outcomes in ascending order: p10 is the careful one.
    `p_positive` is the share of outcomes in which more comes in than goes out, `lines` the p50 of
    each line, `week` the p50 of the net over a week: what a week without it forgoes.
    """

    net: Percentiles
    p_positive: float
    lines: Mapping[str, float]
    week: float


def yearly_benefit(
    lines: Sequence[BenefitLine],
    running: Range = NOTHING,
    *,
    reached: float = 1.0,
    seed: int = 0,
    trials: int = 10_000,
) -> Benefit:
    """Return what `lines` earn a year when the metric has gone the share `reached` of its way.

    `reached` is cut to 0–1: nothing is credited beyond what was promised. `running` is the cost a
    year, and is paid in full. Same seed, same bits.
    """
    share = min(max(reached, 0.0), 1.0)
    earned = {line.key: share * _full(line, seed, trials) for line in lines}
    net = sum(earned.values(), np.zeros(trials)) - _draw(running, seed, "running", trials)
    ordered = np.sort(net)
    percentiles = Percentiles.of(ordered)
    return Benefit(
        net=percentiles,
        p_positive=float(np.count_nonzero(net > 0.0)) / trials,
        lines={key: float(np.sort(one)[(trials - 1) // 2]) for key, one in earned.items()},
        week=(percentiles.p50 or 0.0) / WEEKS_A_YEAR,
    )


def share_of_the_way(start: float, target: float, now: float) -> float | None:
    """Return how far `now` is from `start` to `target`, cut to 0–1; None where they are equal."""
    if start == target:
        return None
    return min(max((now - start) / (target - start), 0.0), 1.0)


def _full(line: BenefitLine, seed: int, trials: int) -> NDArray[np.float64]:
    then = _draw(line.at_target, seed, f"then\0{line.key}", trials)
    worth = _draw(line.worth, seed, f"worth\0{line.key}", trials)
    change = line.start - then if line.less_is_better else then - line.start
    return change * worth


def _draw(numbers: Range, seed: int, stream: str, trials: int) -> NDArray[np.float64]:
    return triangular(*numbers, uniforms(seed, stream, trials))
