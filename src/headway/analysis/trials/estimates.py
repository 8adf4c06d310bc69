"""From moments to a value, its standard error, and the difference of two variants.

Ratio metrics by the delta method (Deng, Knoblich and Lu, KDD 2018). CUPED by Deng, Xu, Kohavi and
Walker (WSDM 2013): θ = cov(Y, X)/var(X) over both arms pooled, Y' = Y − θ(X − mean of X).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from headway.analysis.summaries.moments import Moments
from headway.analysis.trials.metric import Kind, Metric


@dataclass(frozen=True, slots=True)
class Estimate:
    """The value of a metric in one variant: `value` ± sqrt(`variance` / `n`); n in units."""

    n: int
    value: float
    variance: float

    @property
    def se2(self) -> float:
        """Return the squared standard error of the value; infinite without units."""
        return self.variance / self.n if self.n else math.inf


@dataclass(frozen=True, slots=True)
class Effect:
    """Treatment minus control: absolute, and relative to the control's size.

    `se` is the standard error of the absolute difference, `df` its Welch-Satterthwaite degrees of
    freedom, `relative_se` that of the lift by the delta method. The relative pair is NaN where the
    control is 0. `n` counts the units of both arms, `fewest` those of the smaller one.
    """

    absolute: float
    se: float
    df: float
    relative: float
    relative_se: float
    n: int
    fewest: int

    @property
    def is_judged(self) -> bool:
        """Say whether there is a standard error to judge the difference by."""
        return self.se > 0 and math.isfinite(self.se)


@dataclass(frozen=True, slots=True)
class Pair:
    """Control and treatment as they are compared; `theta` is CUPED's, 0 without a covariate.

    `kept` is the share of the variance that is left after the covariate (1: none was taken away).
    """

    control: Estimate
    treatment: Estimate
    theta: float = 0.0
    kept: float = 1.0

    @property
    def effect(self) -> Effect:
        """Return the difference of the two."""
        return difference(self.control, self.treatment)


def estimate(moments: Moments, metric: Metric) -> Estimate:
    """Return the metric's value in one variant; NaN for a ratio whose denominator sums to 0.

    The columns of `moments` are value, denominator (of a ratio), covariate (if there is one).
    """
    if moments.n == 0:
        return Estimate(0, math.nan, math.nan)
    weights = _slopes(moments, metric)
    value = float(moments.mean[0])
    if metric.kind is Kind.RATIO:
        value = value / float(moments.mean[1]) if moments.mean[1] else math.nan
    if metric.kind is Kind.PROPORTION:
        return Estimate(moments.n, value, value * (1.0 - value))
    own = moments.cov[: len(weights), : len(weights)]
    return Estimate(moments.n, value, float(weights @ own @ weights))


def pair(control: Moments, treatment: Moments, metric: Metric) -> Pair:
    """Return both variants as they are compared, adjusted where the metric has a covariate."""
    plain = Pair(estimate(control, metric), estimate(treatment, metric))
    if not metric.covariate or not (control.n and treatment.n):
        return plain
    pooled = control + treatment
    theta = _theta(pooled, metric)
    if theta == 0.0:
        return plain
    centre = float(pooled.mean[-1])
    adjusted = [_adjusted(moments, metric, theta, centre) for moments in (control, treatment)]
    before = plain.control.se2 + plain.treatment.se2
    after = adjusted[0].se2 + adjusted[1].se2
    return Pair(adjusted[0], adjusted[1], theta, after / before if before else 1.0)


def difference(control: Estimate, treatment: Estimate) -> Effect:
    """Return treatment minus control with Welch's standard error.

    Relative lift: (μB − μA)/|μA| with the delta variance σ²B/nB/μA² + σ²A/nA·μB²/μA⁴.
    """
    a, b = control.se2, treatment.se2
    se = math.sqrt(a + b)
    pieces = ((a, control.n), (b, treatment.n))
    spread = math.fsum(part * part / (n - 1) for part, n in pieces if n > 1 and part > 0)
    df = (a + b) ** 2 / spread if spread > 0 else math.inf
    absolute = treatment.value - control.value
    relative = relative_se = math.nan
    if control.value:
        relative = absolute / abs(control.value)
        ratio = treatment.value / control.value
        relative_se = math.sqrt(b + a * ratio * ratio) / abs(control.value)
    n = control.n + treatment.n
    return Effect(absolute, se, df, relative, relative_se, n, min(control.n, treatment.n))


def _slopes(moments: Moments, metric: Metric) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return how the metric's value moves with the mean of each of its columns, covariate apart."""
    if metric.kind is not Kind.RATIO:
        return np.ones(1)
    top, bottom = float(moments.mean[0]), float(moments.mean[1])
    if bottom == 0.0:
        return np.full(2, math.nan)
    return np.array([1.0 / bottom, -top / (bottom * bottom)])


def _theta(pooled: Moments, metric: Metric) -> float:
    """Return θ over all units of both arms; 0 where either variance is 0 (nothing to take away)."""
    weights = _slopes(pooled, metric)
    k = len(weights)
    own = float(weights @ pooled.cov[:k, :k] @ weights)
    spread = float(pooled.cov[-1, -1])
    if not own > 0.0 or not spread > 0.0:
        return 0.0
    return float(weights @ pooled.cov[:k, -1]) / spread


def _adjusted(moments: Moments, metric: Metric, theta: float, centre: float) -> Estimate:
    """Return one variant without what its covariate explains: σ²Y + θ²σ²X − 2θ cov(Y, X)."""
    plain = estimate(moments, metric)
    weights = _slopes(moments, metric)
    shared = float(weights @ moments.cov[: len(weights), -1])
    spread = float(moments.cov[-1, -1])
    variance = max(plain.variance + theta * theta * spread - 2.0 * theta * shared, 0.0)
    return Estimate(moments.n, plain.value - theta * (float(moments.mean[-1]) - centre), variance)
