"""The Bayesian reading of a lift: a normal posterior, the chance to win, and what a choice risks.

Prior on the relative lift: flat, or normal with mean 0 and standard deviation 0.3 (as in
GrowthBook). Looking often does not keep any error rate here: it is a statement about belief.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from headway.analysis.trials.distributions import normal_quantile, upper_normal
from headway.analysis.trials.method import Look

#: The expected loss (of lift) below which a variant may be chosen.
RISK_TO_SHIP = 0.0025
#: The expected loss of shipping above which a worse variant is stopped.
RISK_TO_STOP = 0.0125


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is believed of an effect: normal, with a mean and a standard deviation."""

    mean: float
    sd: float

    def chance_above(self, value: float) -> float:
        """Return P(effect > value)."""
        return upper_normal((value - self.mean) / self.sd)

    def loss_of_choosing(self, sign: int) -> float:
        """Return the expected loss of choosing the treatment, where `sign`·effect > 0 is good.

        E[max(−sign·effect, 0)] of a normal: sd·φ(z) − m·Φ(−z) with z = m/sd and m = sign·mean.
        """
        mean = sign * self.mean
        z = mean / self.sd
        density = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
        return self.sd * density - mean * upper_normal(z)


def posterior(value: float, se: float, prior_sd: float | None = None) -> Posterior:
    """Return the posterior of an effect that was seen as `value` ± `se`.

    Without `prior_sd` the prior is flat; with it, normal around 0.
    """
    if prior_sd is None:
        return Posterior(value, se)
    weight = 1.0 / (se * se)
    precision = weight + 1.0 / (prior_sd * prior_sd)
    return Posterior(value * weight / precision, 1.0 / math.sqrt(precision))


@dataclass(frozen=True, slots=True)
class Bayes:
    """Credible intervals of a look, by a prior on its scale; None is flat."""

    prior_sd: float | None = None
    fewest: int = 2
    cumulative: bool = False

    def interval(self, look: Look, alpha: float) -> tuple[float, float]:
        """Return the central credible interval of 1 − alpha."""
        return self._sides(look, alpha / 2.0)

    def bounds(self, look: Look, alpha: float) -> tuple[float, float]:
        """Return what the effect is above, and below, with a chance of 1 − alpha each."""
        return self._sides(look, alpha)

    def p(self, look: Look) -> float | None:
        """Return None: there is no p-value of a belief."""
        del look
        return None  # noqa: RET501  a method's answer, not the end of it

    def p_above(self, look: Look, null: float, alpha: float) -> float | None:
        """Return None: there is no p-value of a belief."""
        del look, null, alpha
        return None  # noqa: RET501

    def _sides(self, look: Look, tail: float) -> tuple[float, float]:
        believed = posterior(look.value, look.se, self.prior_sd)
        half = normal_quantile(1.0 - tail) * believed.sd
        return believed.mean - half, believed.mean + half
