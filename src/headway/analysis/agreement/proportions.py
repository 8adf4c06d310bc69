"""Shares counted in a sample, exactly: of an endless process (binomial) and of a lot at hand.

Clopper and Pearson 1934; for a lot of N the same inversion of tails by the hypergeometric law.
"""

from __future__ import annotations

import math

from headway.errors import Invalid


def percent(share: float, digits: int = 0) -> str:
    """Return a share as people read it: 0.071 with one digit is "7.1 %"."""
    return f"{100 * share:.{digits}f} %"


def exact_interval(count: int, of: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the Clopper-Pearson interval of a share: `count` in `of` cases; (0, 1) of none."""
    _refuse(count, of, confidence)
    if of == 0:
        return 0.0, 1.0
    from scipy.special import betaincinv

    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else float(betaincinv(count, of - count + 1, tail))
    high = 1.0 if count == of else float(betaincinv(count + 1, of - count, 1 - tail))
    return low, high


def lot_interval(
    count: int, of: int, lot: int, confidence: float = 0.95, *, sided: int = 2
) -> tuple[int, int]:
    """Return between how many and how many of a `lot` are defective: `count` in a sample `of` it.

    Exact by the hypergeometric law; `sided` 1 makes each end one-sided at `confidence`.
    """
    _refuse(count, of, confidence)
    if of > lot:
        sentence = f"The sample holds {of}, more than the lot of {lot}; check both."
        raise Invalid(sentence)
    tail = (1 - confidence) / sided
    fewest, most = count, lot - (of - count)
    # P(X ≥ count | D) grows with D, P(X ≤ count | D) falls: the ends of what was not too unlikely.
    low, high = fewest, most
    while low < high:
        middle = (low + high) // 2
        if 1 - at_most(count - 1, lot, middle, of) > tail:
            high = middle
        else:
            low = middle + 1
    least, low, high = low, fewest, most
    while low < high:
        middle = (low + high + 1) // 2
        if at_most(count, lot, middle, of) > tail:
            low = middle
        else:
            high = middle - 1
    return least, low


def at_most(count: int, lot: int, defective: int, sample: int) -> float:
    """Return P(at most `count` defects in a `sample` from a `lot` with `defective` of them)."""
    if count < 0:
        return 0.0
    first = max(0, sample - (lot - defective))
    last = min(count, sample, defective)
    if last >= min(sample, defective):
        return 1.0
    if last < first:
        return 0.0
    total = math.fsum(
        math.exp(
            _log_choose(defective, seen)
            + _log_choose(lot - defective, sample - seen)
            - _log_choose(lot, sample)
        )
        for seen in range(first, last + 1)
    )
    return min(1.0, total)


def binomial_at_most(count: int, share: float, sample: int) -> float:
    """Return P(at most `count` defects in a `sample` of a process with this `share` of them)."""
    if count < 0:
        return 0.0
    if count >= sample or share <= 0:
        return 1.0
    if share >= 1:
        return 0.0
    total = math.fsum(
        math.exp(
            _log_choose(sample, seen)
            + seen * math.log(share)
            + (sample - seen) * math.log1p(-share)
        )
        for seen in range(count + 1)
    )
    return min(1.0, total)


def _log_choose(whole: int, part: int) -> float:
    return math.lgamma(whole + 1) - math.lgamma(part + 1) - math.lgamma(whole - part + 1)


def _refuse(count: int, of: int, confidence: float) -> None:
    if not 0 <= count <= of:
        sentence = f"{count} of {of} is no share: give a count from 0 to the number of cases."
        raise Invalid(sentence)
    if not 0 < confidence < 1:
        sentence = f"The confidence is {confidence}; it lies between 0 and 1, such as 0.95."
        raise Invalid(sentence)
