"""Normal, Student's t and chi-square, each by the one function that is needed.

The normal distribution is the standard library's; t and chi-square are SciPy's, imported when they
are asked for.
"""

from __future__ import annotations

import math
from statistics import NormalDist

_NORMAL = NormalDist()


def upper_normal(z: float) -> float:
    """Return P(Z > z), exact in the far tail."""
    return 0.5 * math.erfc(z / math.sqrt(2.0))


def normal_quantile(p: float) -> float:
    """Return the z that a share `p` of a standard normal does not exceed."""
    return -_NORMAL.inv_cdf(1.0 - p) if p > 0.5 else _NORMAL.inv_cdf(p)


def upper_t(t: float, df: float) -> float:
    """Return P(T > t) with `df` degrees of freedom (infinite: normal)."""
    if math.isinf(df):
        return upper_normal(t)
    from scipy.special import stdtr

    return float(stdtr(df, -t))


def t_quantile(p: float, df: float) -> float:
    """Return the t that a share `p` of Student's distribution does not exceed."""
    if math.isinf(df):
        return normal_quantile(p)
    from scipy.special import stdtrit

    return float(stdtrit(df, p))


def upper_chi_square(x: float, df: int) -> float:
    """Return P(X > x) with `df` degrees of freedom."""
    from scipy.special import chdtrc

    return float(chdtrc(df, x))
