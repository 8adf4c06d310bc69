"""exp, log and sine from + − × ÷ alone, so that every processor returns the same bits.

The libraries' versions differ between processors in the last place, and one bit is enough to move
a percentile. Accuracy is a few units in the last place over the stated range.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

LOG2_E = 1.4426950408889634
LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10
SQRT_HALF = 0.7071067811865476
PI = 3.141592653589793

#: 1/n! for n = 13 … 0: enough for |r| ≤ ln(2)/2.
EXP_TERMS = (
    1 / 6227020800,
    1 / 479001600,
    1 / 39916800,
    1 / 3628800,
    1 / 362880,
    1 / 40320,
    1 / 5040,
    1 / 720,
    1 / 120,
    1 / 24,
    1 / 6,
    1 / 2,
    1.0,
    1.0,
)
#: 2/n for n = 23, 21 … 1: the series of log((1 + s)/(1 − s)) in s².
_LOG_TERMS = tuple(2.0 / n for n in range(23, 0, -2))
#: ±1/n! for n = 21, 19 … 1.
_SINE_TERMS = (
    1 / 51090942171709440000,
    -1 / 121645100408832000,
    1 / 355687428096000,
    -1 / 1307674368000,
    1 / 6227020800,
    -1 / 39916800,
    1 / 362880,
    -1 / 5040,
    1 / 120,
    -1 / 6,
    1.0,
)


def exp(x: Numbers) -> Numbers:
    """Return e to the power of `x`, for x clipped to ±700."""
    bounded = np.clip(x, -700.0, 700.0)
    doublings = np.rint(bounded * LOG2_E)
    rest = (bounded - doublings * LN2_HIGH) - doublings * LN2_LOW
    return np.asarray(np.ldexp(_horner(EXP_TERMS, rest), doublings.astype(np.int32)))


def log(x: Numbers) -> Numbers:
    """Return the natural logarithm of `x` > 0."""
    mantissa, exponent = np.frexp(x)
    low = mantissa < SQRT_HALF
    mantissa = np.where(low, mantissa * 2.0, mantissa)
    doublings = np.where(low, exponent - 1, exponent).astype(np.float64)
    s = (mantissa - 1.0) / (mantissa + 1.0)
    series = s * _horner(_LOG_TERMS, s * s)
    return np.asarray(doublings * LN2_HIGH + (series + doublings * LN2_LOW))


def sine(x: Numbers) -> Numbers:
    """Return the sine of `x`, |x| ≤ π/2."""
    return x * _horner(_SINE_TERMS, x * x)


def _horner(terms: tuple[float, ...], x: Numbers) -> Numbers:
    total = np.full_like(x, terms[0])
    for term in terms[1:]:
        total = total * x + term
    return total
