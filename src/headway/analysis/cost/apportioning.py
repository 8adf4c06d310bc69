"""One rule for what does not divide: whole parts by weights, which add up to the whole exactly.

Every part gets its share rounded towards 0; the units that are left go one by one to the parts
that lost most, of equal ones to the first (the largest-remainder method). A negative whole is split
as its opposite: a credit takes from everybody what the charge that it takes back gave to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from math import lcm


def apportion(whole: int, weights: Sequence[int]) -> list[int]:
    """Return `whole` in parts as `weights` (0 or more) stand; alike where all of them are 0."""
    total = sum(weights)
    if not total:
        weights = [1] * len(weights)
        total = len(weights)
    units = abs(whole)
    parts = [units * weight // total for weight in weights]
    left = units - sum(parts)
    if left and parts:
        rests = [units * weight % total for weight in weights]
        for at in sorted(range(len(parts)), key=lambda one: -rests[one])[:left]:
            parts[at] += 1
    return [-part for part in parts] if whole < 0 else parts


def split(micros: int, shares: Sequence[Decimal]) -> list[int]:
    """Return the parts of an amount by shares that add up to 1; the parts add up to the amount."""
    return apportion(micros, ratios(tuple(shares)))


@lru_cache(maxsize=4_096)
def ratios(shares: tuple[Decimal, ...]) -> Sequence[int]:
    """Return shares as whole numbers in the same ratio."""
    told = [share.as_integer_ratio() for share in shares]
    common = lcm(*(below for _, below in told))
    return [above * (common // below) for above, below in told]
