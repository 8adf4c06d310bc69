"""The result types that analyses share: amounts of money and percentiles of what was simulated."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
from numpy.typing import NDArray

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency (ISO 4217 code)."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        """Return the amount to the cent and its currency."""
        return f"{cents(float(self.amount))} {self.currency}"


@dataclass(frozen=True, slots=True)
class Percentiles:
    """Values that a share of outcomes does not exceed; None where that share never arrives."""

    p10: float | None
    p50: float | None
    p80: float | None
    p90: float | None
    p95: float | None

    @classmethod
    def of(cls, ordered: NDArray[np.float64]) -> Percentiles:
        """Return the percentiles of values sorted ascending; +inf means "never"."""
        return cls(*(finite(inverted_cdf(ordered, percent)) for percent in (10, 50, 80, 90, 95)))

    def as_dict(self) -> dict[str, float | None]:
        """Return the five values by name."""
        return {name: getattr(self, name) for name in ("p10", "p50", "p80", "p90", "p95")}


def inverted_cdf(ordered: NDArray[np.float64], percent: int) -> float:
    """Return the smallest of the sorted values that `percent` of all values do not exceed."""
    rank = -(-percent * len(ordered) // 100)
    return float(ordered[max(rank, 1) - 1])


def finite(value: float) -> float | None:
    """Return `value`, or None when it is infinite: a number without an answer."""
    return value if np.isfinite(value) else None


def cents(amount: float) -> str:
    """Return an amount of money as a decimal string with two places."""
    return str(Decimal(repr(float(amount))).quantize(CENT, ROUND_HALF_EVEN))
