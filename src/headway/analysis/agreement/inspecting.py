"""Acceptance sampling: how many of a delivered lot to look at, and what the found defects allow.

A single sampling plan (n, c) by a good and a bad quality with the producer's and the consumer's
risk, exact by the hypergeometric law (ISO 2859's logic without its tables); or the plain rule that
the bound on the lot's defect rate is shown, or shown to be broken, by an exact interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from headway.analysis.agreement.proportions import at_most, lot_interval, percent
from headway.analysis.chance import uniforms
from headway.errors import Invalid

ACCEPTED, REWORK, UNDECIDED = "accepted", "rework", "insufficient"


@dataclass(frozen=True, slots=True)
class SamplingPlan:
    """Look at `sample` of `lot` and accept with at most `accept` defects.

    `producer_risk` is the chance to refuse a lot of the good quality `aql`, `consumer_risk` that to
    accept one of the bad quality `ltpd`.
    """

    lot: int
    sample: int
    accept: int
    aql: float
    ltpd: float
    producer_risk: float
    consumer_risk: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What an inspection allows: accepted, rework, or insufficient to say.

    `low` and `high` bound the lot's share of defects. The sentence says by which rule.
    """

    outcome: str
    inspected: int
    defects: int
    lot: int
    low: float
    high: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Bound:
    """The rule that a lot's share of defects must be shown to be at most `most`."""

    most: float
    confidence: float = 0.95


def single_plan(
    lot: int, aql: float, ltpd: float, *, producer: float = 0.05, consumer: float = 0.10
) -> SamplingPlan:
    """Return the smallest single sampling plan for a lot that keeps both risks.

    Where no part of the lot is enough, all of it is looked at. Raises Invalid unless
    0 ≤ aql < ltpd ≤ 1 and the lot holds something.
    """
    if not (lot > 0 and 0 <= aql < ltpd <= 1):
        sentence = (
            f"A lot of {lot} with a good share of {aql:g} and a bad one of {ltpd:g} defects is no "
            "plan: the lot holds something, and the good share is below the bad one."
        )
        raise Invalid(sentence)
    good, bad = int(aql * lot), min(lot, -int(-ltpd * lot // 1))
    accept = 0
    while accept < bad:
        sample = _least_sample(lot, bad, accept, consumer)
        if sample >= lot:
            break
        if 1 - at_most(accept, lot, good, sample) <= producer:
            return _plan(lot, sample, accept, (aql, good), (ltpd, bad))
        accept += 1
    return _plan(lot, lot, good, (aql, good), (ltpd, bad))


def _least_sample(lot: int, bad: int, accept: int, risk: float) -> int:
    """Return the least sample by which a bad lot passes with at most `risk`."""
    low, high = min(accept + 1, lot), lot
    while low < high:
        middle = (low + high) // 2
        if at_most(accept, lot, bad, middle) <= risk:
            high = middle
        else:
            low = middle + 1
    return low


def _plan(
    lot: int, sample: int, accept: int, good: tuple[float, int], bad: tuple[float, int]
) -> SamplingPlan:
    producer = 1 - at_most(accept, lot, good[1], sample)
    consumer = at_most(accept, lot, bad[1], sample)
    return SamplingPlan(lot, sample, accept, good[0], bad[0], max(producer, 0.0), consumer)


def bound_sample(lot: int, bound: Bound, share: float) -> int:
    """Return the least sample that shows the bound if the `share` of defects seen is as expected.

    All of the lot where no less does: then there is nothing to estimate.
    """
    low, high = 1, lot
    while low < high:
        middle = (low + high) // 2
        defects = int(share * middle)
        if judged(lot, middle, defects, bound).outcome == ACCEPTED:
            high = middle
        else:
            low = middle + 1
    return low


@dataclass(frozen=True, slots=True)
class Look:
    """Look at `sample` of a lot: at most `defects` wrong accept it."""

    sample: int
    defects: int


def looks(lot: int, rule: Bound | SamplingPlan, most: int = 5) -> tuple[Look, ...]:
    """Return how many of a lot to look at for each number of defects that is still accepted.

    For a bound: the least sample that shows it with 0, 1 … `most` wrong, as long as the lot holds
    so many; exact by the hypergeometric law. A plan has one answer.
    """
    if isinstance(rule, SamplingPlan):
        return (Look(rule.sample, rule.accept),)
    found = []
    for defects in range(most + 1):
        low, high = max(1, defects), lot
        if high < low or judged(lot, high, min(defects, lot), rule).outcome != ACCEPTED:
            break
        while low < high:
            middle = (low + high) // 2
            if judged(lot, middle, defects, rule).outcome == ACCEPTED:
                high = middle
            else:
                low = middle + 1
        found.append(Look(low, defects))
    return tuple(found)


def judged(lot: int, inspected: int, defects: int, rule: Bound | SamplingPlan) -> Finding:
    """Return what `defects` among `inspected` items of a `lot` allow.

    Nothing inspected never accepts. More defects never make acceptance likelier.
    """
    if lot <= 0 or inspected > lot:
        sentence = f"{inspected} inspected of a lot of {lot} is no sample; check both."
        raise Invalid(sentence)
    if isinstance(rule, SamplingPlan):
        return _by_plan(lot, inspected, defects, rule)
    if not inspected:
        sentence = "Nothing was inspected yet, so nothing is accepted."
        return Finding(UNDECIDED, 0, 0, lot, 0.0, 1.0, sentence)
    # Each end is one-sided: to accept a bad lot, or to refuse a good one, has 1 − confidence.
    least, most = lot_interval(defects, inspected, lot, rule.confidence, sided=1)
    low, high = least / lot, most / lot
    seen = f"{defects} of {inspected:,} inspected labels are wrong"
    ends = f"{percent(low, 1)} to {percent(high, 1)} of the lot of {lot:,}"
    said = f"{seen}: {ends}, each end at {percent(rule.confidence)}"
    if high <= rule.most:
        outcome, why = ACCEPTED, f", within the bound of {percent(rule.most, 1)}."
    elif low > rule.most:
        outcome, why = REWORK, f", above the bound of {percent(rule.most, 1)}."
    else:
        outcome = UNDECIDED
        why = f": the bound of {percent(rule.most, 1)} is neither shown nor broken; inspect more."
    return Finding(outcome, inspected, defects, lot, low, high, said + why)


def _by_plan(lot: int, inspected: int, defects: int, plan: SamplingPlan) -> Finding:
    least, most = lot_interval(defects, inspected, lot)
    low, high = least / lot, most / lot
    seen = f"{defects} of {inspected:,} inspected labels are wrong"
    rule = f"the plan looks at {plan.sample:,} of {lot:,} and allows {plan.accept}"
    if defects > plan.accept:
        return Finding(REWORK, inspected, defects, lot, low, high, f"{seen}; {rule}.")
    if inspected >= plan.sample:
        return Finding(ACCEPTED, inspected, defects, lot, low, high, f"{seen}; {rule}.")
    missing = plan.sample - inspected
    said = f"{seen}; {rule}: {missing:,} are still to be inspected."
    return Finding(UNDECIDED, inspected, defects, lot, low, high, said)


def draw(lot: int, sample: int, *, seed: int = 0, stream: str = "") -> tuple[int, ...]:
    """Return which places (1 to `lot`) to inspect, ascending; the same for the same seed and name.

    A larger sample holds every place of a smaller one, so that one may go on inspecting.
    """
    if not 0 <= sample <= lot:
        sentence = f"A sample of {sample} cannot be drawn from a lot of {lot}."
        raise Invalid(sentence)
    order = np.argsort(uniforms(seed, f"inspection of {stream}", lot), kind="stable")
    return tuple(sorted(int(place) + 1 for place in order[:sample]))


@dataclass(frozen=True, slots=True)
class Quota:
    """How many labels of a class are wanted and there; `verdict` is met, unmet or not_due."""

    label: str
    wanted: int
    found: int
    verdict: str


def quotas(
    wanted: Mapping[str, int], found: Mapping[str, int], *, is_complete: bool
) -> tuple[Quota, ...]:
    """Return how each class stands against its quota; what is short is not due until complete."""
    return tuple(
        Quota(
            label,
            count,
            found.get(label, 0),
            "met" if found.get(label, 0) >= count else "unmet" if is_complete else "not_due",
        )
        for label, count in wanted.items()
    )
