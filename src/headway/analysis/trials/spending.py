"""Group sequential boundaries: a planned number of looks that share one error rate.

Lan and DeMets (Biometrika 1983): an error spending function says how much of alpha each look may
use up; the boundary follows by the recursive integration of Armitage, McPherson and Rowe (1969),
here on Gauss-Legendre nodes. Symmetric and two-sided: each side spends alpha/2. The fraction of a
look is its units over those planned.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from headway.analysis.trials.distributions import normal_quantile, upper_normal
from headway.analysis.trials.method import Look
from headway.errors import Invalid

Array = NDArray[np.float64]
#: Where no boundary can be told from infinity: P(Z > 8.2) is 1e-16.
_FAR = 8.2
#: Planned looks of one trial at the most.
MOST_LOOKS = 200
#: Nodes for each standard deviation of a step: alpha is then spent to 1e-8.
_FINE = 4.0


class Spending(StrEnum):
    """How the error is spent: hardly at first (O'Brien-Fleming), or evenly (Pocock)."""

    OBRIEN_FLEMING = "obrien-fleming"
    POCOCK = "pocock"


def spent(spending: Spending, fraction: float, alpha: float) -> float:
    """Return what one side may have spent by `fraction` of the information, of its `alpha`."""
    if fraction >= 1.0:
        return alpha
    if spending is Spending.POCOCK:
        return alpha * math.log1p((math.e - 1.0) * fraction)
    return 2.0 * upper_normal(normal_quantile(1.0 - alpha / 2.0) / math.sqrt(fraction))


@lru_cache(maxsize=4096)
def boundaries(
    fractions: tuple[float, ...], alpha: float, spending: Spending = Spending.OBRIEN_FLEMING
) -> tuple[float, ...]:
    """Return the critical |z| at each look; `fractions` increase and end at 1 at the most."""
    _require_fractions(fractions)
    side, found, used = alpha / 2.0, [], 0.0
    walk = _Walk()
    for fraction in fractions:
        target = spent(spending, fraction, side)
        walk.step(fraction)
        found.append(walk.bound(target - used))
        walk.stop(found[-1])
        used = max(used, target)
    return tuple(found)


def crossing(fractions: Sequence[float], bounds: Sequence[float], drift: float = 0.0) -> Array:
    """Return, for each look, the chance to cross |z| ≥ bound there and not before.

    `drift` is the expected z at fraction 1: 0 gives the error, something else the power.
    """
    walk, found = _Walk(drift), []
    for fraction, bound in zip(fractions, bounds, strict=True):
        walk.step(fraction)
        found.append(walk.beyond(bound) + walk.beyond(-bound, below=True))
        walk.stop(bound)
    return np.array(found)


def inflation_of_looks(looks: int, alpha: float) -> float:
    """Return the error of a fixed test at `alpha`, looked at `looks` times, evenly spaced."""
    z = normal_quantile(1.0 - alpha / 2.0)
    return float(crossing([(k + 1) / looks for k in range(looks)], [z] * looks).sum())


@lru_cache(maxsize=64)
def _nodes(blocks: int) -> tuple[Array, Array]:
    """Return Gauss-Legendre nodes and weights on −1 to 1, 32 a block, from 64 to 2,048."""
    nodes, weights = np.polynomial.legendre.leggauss(32 * min(max(blocks, 2), 64))
    return nodes, weights


class _Walk:
    """The density of the score at a look, among the trials that have not stopped."""

    def __init__(self, drift: float = 0.0) -> None:
        self.drift = drift
        self.fraction = 0.0
        self.sd = 0.0
        self.at = np.zeros(1)
        self.mass = np.ones(1)

    def step(self, fraction: float) -> None:
        """Go on to the next look."""
        self.sd = math.sqrt(fraction - self.fraction)
        self.at = self.at + self.drift * (fraction - self.fraction)
        self.fraction = fraction

    def beyond(self, z: float, *, below: bool = False) -> float:
        """Return the chance that the score is above z at this look (below it, if asked)."""
        from scipy.special import ndtr

        away = (z * math.sqrt(self.fraction) - self.at) / self.sd
        return float(self.mass @ ndtr(away if below else -away))

    def bound(self, chance: float) -> float:
        """Return the z that the score exceeds with that chance."""
        if self.beyond(_FAR) >= chance:
            return _FAR
        low, high = -_FAR, _FAR
        while high - low > 1e-10:
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self.beyond(middle) > chance else (low, middle)
        return 0.5 * (low + high)

    def stop(self, z: float) -> None:
        """Drop what is outside ± z, and lay the rest on new nodes."""
        edge = max(z, 1e-9) * math.sqrt(self.fraction)
        nodes, weights = _nodes(math.ceil(_FINE * 2.0 * edge / self.sd / 32.0))
        at = edge * nodes
        away = (at[:, None] - self.at[None, :]) / self.sd
        density = np.exp(-0.5 * away * away) @ self.mass / (self.sd * math.sqrt(2.0 * math.pi))
        self.at, self.mass = at, density * weights * edge


def _require_fractions(fractions: Sequence[float]) -> None:
    rising = all(a < b for a, b in zip((0.0, *fractions), fractions, strict=False))
    if not fractions or not rising or fractions[-1] > 1.0 + 1e-12 or len(fractions) > MOST_LOOKS:
        told = ", ".join(f"{one:.3g}" for one in fractions[:8]) or "nowhere"
        sentence = (
            f"The looks are at {told} of the planned units; "
            f"they have to rise from above 0 to 1 at the most, {MOST_LOOKS} at most."
        )
        raise Invalid(sentence)


@dataclass(frozen=True, slots=True)
class GroupSequential:
    """Planned looks at `fractions` of the planned units; the error is spent by `spending`."""

    alpha: float
    fractions: tuple[float, ...]
    spending: Spending = Spending.OBRIEN_FLEMING
    fewest: int = 2
    cumulative: bool = True

    def interval(self, look: Look, alpha: float) -> tuple[float, float]:
        """Return the repeated confidence interval: value ± boundary · SE."""
        half = self._bound(look, alpha) * look.se
        return look.value - half, look.value + half

    def bounds(self, look: Look, alpha: float) -> tuple[float, float]:
        """Return the one-sided repeated bounds, each side spending alpha."""
        half = self._bound(look, 2.0 * alpha) * look.se
        return look.value - half, look.value + half

    def p(self, look: Look) -> float | None:
        """Return the repeated p: the least alpha at which this look is beyond its boundary."""
        return self._least(look, abs(look.value) / look.se)

    def p_above(self, look: Look, null: float, alpha: float) -> float | None:
        """Return the one-sided repeated p-value of "at most null"."""
        del alpha
        z = (look.value - null) / look.se
        return 0.5 * self._least(look, z) if z > 0 else 1.0

    def _bound(self, look: Look, alpha: float) -> float:
        return boundaries(self.fractions[: look.index + 1], alpha, self.spending)[look.index]

    def _least(self, look: Look, z: float) -> float:
        """Return the least alpha whose boundary at this look is at most z, to 1e-4 of itself."""
        low, high = math.log(1e-15), math.log(0.999)
        if z < self._bound(look, 0.999):
            return 1.0
        while high - low > 1e-4:
            middle = 0.5 * (low + high)
            beyond = z >= self._bound(look, math.exp(middle))
            low, high = (low, middle) if beyond else (middle, high)
        return math.exp(high)
