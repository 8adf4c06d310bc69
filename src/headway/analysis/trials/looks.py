"""The looks of a trial: which moments count, and how each metric stood at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.analysis.summaries.moments import Moments
from headway.analysis.summaries.variants import Variants
from headway.analysis.trials.bayes import Bayes
from headway.analysis.trials.estimates import Pair, pair
from headway.analysis.trials.method import Fixed, Method
from headway.analysis.trials.metric import Metric
from headway.analysis.trials.plan import TrialPlan, Way
from headway.analysis.trials.sequential import TUNED, AlwaysValid
from headway.analysis.trials.spending import GroupSequential


@dataclass(frozen=True, slots=True)
class Schedule:
    """The looks that count: `at` are their places among the looks of the data, `index` their
    numbers.

    `fractions` are of the planned units, for a group sequential trial. A trial that is before its
    first planned look has none.
    """

    at: tuple[int, ...]
    index: tuple[int, ...]
    fractions: tuple[float, ...] = ()


def schedule(plan: TrialPlan, found: Variants) -> Schedule:
    """Return which looks of the data count under the plan.

    Always-valid and Bayesian readings may use each; a fixed one only the last; a group sequential
    one those at which a planned share of the units is first reached.
    """
    last = len(found.looks) - 1
    if not plan.is_group_sequential:
        at = tuple(range(last + 1)) if plan.method is Way.SEQUENTIAL else (last,)
        return Schedule(at, at)
    planned = float(plan.planned or 1)
    shares = [float(count) / planned for count in found.units.sum(axis=0).cumsum()]
    if last == 0:
        return _one_look(shares[0], plan.looks)
    at_, fractions, next_look = [], [], 1
    for place, share in enumerate(shares):
        if share * plan.looks >= next_look - 1e-9 and next_look <= plan.looks:
            at_.append(place)
            fractions.append(min(share, 1.0))
            next_look = int(share * plan.looks + 1e-9) + 1
    return Schedule(tuple(at_), tuple(range(len(at_))), tuple(fractions))


def _one_look(share: float, looks: int) -> Schedule:
    """Return the only look that is known; the planned ones before it count as taken."""
    number = min(int(share * looks + 1e-9), looks)
    if number == 0:
        return Schedule((), (), ())
    before = tuple((look + 1) / looks for look in range(number - 1))
    return Schedule((0,), (number - 1,), (*before, min(share, 1.0)))


def method_of(plan: TrialPlan, fractions: tuple[float, ...], scale: float = 1.0) -> Method:
    """Return the method of a plan; `scale` is the control's size, for a prior on lifts."""
    if plan.method is Way.BAYES:
        return Bayes(plan.prior * scale if plan.prior and scale else None)
    if plan.method is Way.FIXED:
        return Fixed()
    if plan.is_group_sequential:
        return GroupSequential(plan.alpha, fractions, plan.spending)
    return AlwaysValid(plan.alpha, float(plan.planned or TUNED), fewest=plan.fewest)


def pairs(metric: Metric, control: Sequence[Moments], treatment: Sequence[Moments]) -> list[Pair]:
    """Return control and treatment as they stood after each look: moments add up over looks."""
    found: list[Pair] = []
    a, b = control[0], treatment[0]
    for place in range(len(control)):
        if place:
            a, b = a + control[place], b + treatment[place]
        found.append(pair(a, b, metric))
    return found
