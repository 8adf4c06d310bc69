"""When a column has drifted: by how much it has to, and how often chance may look like it.

A distance alone grows from chance in small data, and a p-value alone shrinks to nothing in large
data. A test finds drift when its effect reaches the bound **and** its p-value survives
Benjamini-Hochberg over all tests of the comparison. The effect is the distance beyond what chance
exceeds once in a thousand comparisons of equal data, in quadrature: √(distance² - noise²).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from headway.errors import Invalid

#: The point that a standard normal exceeds once in a thousand, and by size either way.
_ONE_SIDED, _TWO_SIDED = 3.0902, 3.2905
#: The point of Kolmogorov's limit that chance exceeds once in a thousand.
_KOLMOGOROV = 1.9495


@dataclass(frozen=True, slots=True)
class Rules:
    """The bounds of a comparison. All are shares or distances from 0 to 1."""

    #: The false discovery rate that Benjamini-Hochberg holds.
    q: float = 0.01
    #: KS distance of a numeric column.
    ks: float = 0.02
    #: Jensen-Shannon distance (base 2) of a category.
    js: float = 0.015
    #: Change of the share of missing (null and NaN) and of infinite values.
    missing: float = 0.01
    #: Share of values that the reference never had, beyond those that were to be expected.
    new: float = 0.005
    #: Fewer values on a side are too few to tell.
    least: int = field(default=30)

    def __post_init__(self) -> None:
        """Refuse a bound that no comparison could meet or fail."""
        for name in ("q", "ks", "js", "missing", "new"):
            value = getattr(self, name)
            if not 0 < value < 1:
                sentence = f"The bound {name} is {value:g}; it has to lie between 0 and 1."
                raise Invalid(sentence)


def beyond(distance: float, noise: float) -> float:
    """Return the part of a distance that chance does not explain."""
    return math.sqrt(max(0.0, distance * distance - noise * noise))


def ks_noise(n: int, m: int) -> float:
    """Return the KS distance that equal distributions exceed once in a thousand."""
    return _KOLMOGOROV / math.sqrt(n * m / (n + m)) if n and m else 1.0


def js_noise(levels: int, n: int, m: int) -> float:
    """Return the JS distance (base 2) that equal distributions exceed once in a thousand.

    The divergence in bits is about chi-square (k - 1 degrees) / (8 ln 2 · nm / (n + m)), so that
    with k levels the distance grows like √(k / n) by chance alone (Wilson and Hilferty's point).
    """
    if levels < 2 or not n or not m:
        return 0.0
    dof = levels - 1
    part = 2 / (9 * dof)
    point = dof * (1 - part + _ONE_SIDED * math.sqrt(part)) ** 3
    return min(1.0, math.sqrt(point * (1 / n + 1 / m) / (8 * math.log(2))))


def share_noise(x: int, n: int, y: int, m: int) -> float:
    """Return the difference of two shares that one common share exceeds once in a thousand."""
    if not n or not m:
        return 1.0
    share = (x + y) / (n + m)
    return _TWO_SIDED * math.sqrt(share * (1 - share) * (1 / n + 1 / m))
