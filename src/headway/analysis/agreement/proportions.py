"""Shares counted in a sample of a lot at hand, exactly: tails of the hypergeometric law inverted,
as Clopper and Pearson 1934 do for an endless process (`analysis.shares`).
"""

from __future__ import annotations

import math
from functools import lru_cache

from headway.analysis.shares import refuse_share
from headway.errors import Invalid


def percent(share: float, digits: int = 0) -> str:
    """Return a share as people read it: 0.071 with one digit is "7.1 %"."""
    return f"{100 * share:.{digits}f} %"


@lru_cache(maxsize=8_192)
def lot_interval(
    count: int, of: int, lot: int, confidence: float = 0.95, *, sided: int = 2
) -> tuple[int, int]:
    """Return between how many and how many of a `lot` are defective: `count` in a sample `of` it.

    Exact by the hypergeometric law; `sided` 1 makes each end one-sided at `confidence`.
    """
    refuse_share(count, of, confidence)
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


def _log_choose(whole: int, part: int) -> float:
    return math.lgamma(whole + 1) - math.lgamma(part + 1) - math.lgamma(whole - part + 1)
