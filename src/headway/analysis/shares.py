"""The exact interval of a share: Clopper and Pearson 1934, by the incomplete beta function.

Written out rather than taken from SciPy, whose import costs a command that reads a file more than
all its own work; the tests hold it against SciPy's to ten digits.
"""

from __future__ import annotations

import math
from functools import lru_cache

from headway.errors import Invalid

#: Terms of the continued fraction, and steps towards its inverse; far more than are ever needed.
_MOST_TERMS, _MOST_STEPS = 10_000, 200
_CLOSE = 1e-14
_TINY = 1e-300


def exact_interval(count: int, of: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the Clopper-Pearson interval of a share: `count` in `of` cases; (0, 1) of none."""
    refuse_share(count, of, confidence)
    return share_interval(count / of if of else 0.0, of, confidence)


def refuse_share(count: int, of: int, confidence: float) -> None:
    """Raise Invalid unless `count` is a part of `of`, and the confidence lies between 0 and 1."""
    if not 0 <= count <= of:
        sentence = f"{count} of {of} is no share: give a count from 0 to the number of cases."
        raise Invalid(sentence)
    if not 0 < confidence < 1:
        sentence = f"The confidence is {confidence}; it lies between 0 and 1, such as 0.95."
        raise Invalid(sentence)


@lru_cache(maxsize=8_192)
def share_interval(share: float, cases: float, confidence: float = 0.95) -> tuple[float, float]:
    """Return the interval of a `share` seen in so many `cases`, which need not be a whole number.

    Cases that hang together are worth fewer (Korn and Graubard 1998): give what they are worth.
    """
    if cases <= 0:
        return 0.0, 1.0
    seen, tail = share * cases, (1 - confidence) / 2
    low = 0.0 if seen <= 0 else beta_quantile(seen, cases - seen + 1, tail)
    high = 1.0 if seen >= cases else beta_quantile(seen + 1, cases - seen, 1 - tail)
    return low, high


def beta_quantile(a: float, b: float, p: float) -> float:
    """Return x at which the beta distribution (a, b) reaches `p`, by Newton within a bracket."""
    low, high = 0.0, 1.0
    x = a / (a + b)
    scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    for _ in range(_MOST_STEPS):
        missing = beta_share(a, b, x) - p
        low, high = (x, high) if missing < 0 else (low, x)
        slope = math.exp(scale + (a - 1) * math.log(x) + (b - 1) * math.log1p(-x))
        step = missing / slope if slope > 0 else math.inf
        found = x - step if low < x - step < high else (low + high) / 2
        if abs(found - x) <= _CLOSE * found or found in (low, high):
            return found
        x = found
    return x


def beta_share(a: float, b: float, x: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b), by its continued fraction."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - beta_share(b, a, 1.0 - x)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front += a * math.log(x) + b * math.log1p(-x)
    return math.exp(front) / a * _fraction(a, b, x)


def _fraction(a: float, b: float, x: float) -> float:
    """Return the continued fraction of the incomplete beta function (Lentz 1976)."""
    above, below = 1.0, 1.0 / _off_zero(1.0 - (a + b) * x / (a + 1))
    total = below
    for m in range(1, _MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        below = 1.0 / _off_zero(1.0 + even * below)
        above = _off_zero(1.0 + even / above)
        total *= below * above
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        below = 1.0 / _off_zero(1.0 + odd * below)
        above = _off_zero(1.0 + odd / above)
        step = below * above
        total *= step
        if abs(step - 1.0) < 1e-15:
            break
    return total


def _off_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
