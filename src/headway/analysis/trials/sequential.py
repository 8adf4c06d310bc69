"""Looking as often as one likes: the asymptotic confidence sequence, which is a mixture SPRT.

Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2021, arXiv 2103.06476); with τ² = s²ρ² its e-value
is the mixture likelihood ratio of Robbins (1970) as used by Johari, Koomen, Pekelis and Walsh
(*Always Valid Inference*, Operations Research 2022, arXiv 1512.04922). Asymptotic: a look counts
from 200 units an arm on. n counts the units of both arms, s² = SE²·n.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from headway.analysis.trials.method import Look

#: The number of units at which the interval is tightest, where none was planned.
TUNED = 5000.0
#: Units an arm before the first look counts.
FEWEST = 200


@dataclass(frozen=True, slots=True)
class AlwaysValid:
    """The asymptotic confidence sequence, tightest at `tuned` units of both arms.

    `tuned` has to be fixed before the first look, as has alpha.
    """

    alpha: float
    tuned: float = TUNED
    fewest: int = FEWEST
    cumulative: bool = True

    def interval(self, look: Look, alpha: float) -> tuple[float, float]:
        """Return value ± half the width of the sequence at this look."""
        half = half_width(look.se, look.n, alpha, self.tuned)
        return look.value - half, look.value + half

    def bounds(self, look: Look, alpha: float) -> tuple[float, float]:
        """Return the one-sided sequences at this look."""
        half = one_sided_half_width(look.se, look.n, alpha, self.tuned)
        return look.value - half, look.value + half

    def p(self, look: Look) -> float | None:
        """Return the always-valid p-value of this look alone."""
        return always_valid_p(look.value, look.se, look.n, rho(self.alpha, self.tuned))

    def p_above(self, look: Look, null: float, alpha: float) -> float | None:
        """Return the least alpha (below 0.5) at which the one-sided bound is above `null`.

        ρ stays that of the planned alpha. Found by bisection to 1e-10.
        """
        scale = rho(2.0 * alpha, self.tuned)
        gap = look.value - null

        def excludes(level: float) -> bool:
            return gap > _one_sided(look.se, look.n, level, scale)

        if not excludes(0.5):
            return 0.5 if gap > 0 else 1.0
        low, high = -700.0, math.log(0.5)
        while high - low > 1e-10:
            middle = 0.5 * (low + high)
            low, high = (low, middle) if excludes(math.exp(middle)) else (middle, high)
        return math.exp(high)


def rho(alpha: float, tuned: float = TUNED) -> float:
    """Return the ρ that makes the sequence tightest at `tuned` units."""
    log = -2.0 * math.log(alpha)
    return math.sqrt((log + math.log(log + 1.0)) / tuned)


def half_width(se: float, n: int, alpha: float, tuned: float = TUNED) -> float:
    """Return s·sqrt(2(nρ²+1)·ln(sqrt(nρ²+1)/α)/(nρ)²) with s = SE·√n."""
    scale = rho(alpha, tuned)
    grown = n * scale * scale + 1.0
    log = math.log(math.sqrt(grown) / alpha)
    return se * math.sqrt(n) * math.sqrt(2.0 * grown * log) / (n * scale)


def one_sided_half_width(se: float, n: int, alpha: float, tuned: float = TUNED) -> float:
    """Return the distance of the one-sided bound: ρ of 2α, log term ln(1 + sqrt(nρ²+1)/(2α))."""
    return _one_sided(se, n, alpha, rho(2.0 * alpha, tuned))


def _one_sided(se: float, n: int, alpha: float, scale: float) -> float:
    grown = n * scale * scale + 1.0
    log = math.log1p(math.sqrt(grown) / (2.0 * alpha))
    return se * math.sqrt(n) * math.sqrt(2.0 * grown * log) / (n * scale)


def log_e_value(value: float, se: float, n: int, scale: float, null: float = 0.0) -> float:
    """Return ln e with e = exp(ρ²S/(2(nρ²+1)))/sqrt(nρ²+1), S = (value − null)²·n/SE²."""
    grown = n * scale * scale + 1.0
    score = ((value - null) / se) ** 2 * n
    return scale * scale * score / (2.0 * grown) - 0.5 * math.log(grown)


def always_valid_p(value: float, se: float, n: int, scale: float, null: float = 0.0) -> float:
    """Return min(1, 1/e)."""
    return min(1.0, math.exp(-max(0.0, log_e_value(value, se, n, scale, null))))
