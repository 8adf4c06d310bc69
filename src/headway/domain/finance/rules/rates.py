"""Exchange rates with their day: the one way in which an amount changes its currency."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from headway.domain.programs.rules.fields import Reader, decimal, decimals_of, text
from headway.errors import Invalid

#: Rates are kept in billionths: nine decimals.
NANOS = Decimal(10) ** 9
_LARGEST = Decimal(10) ** 8


@dataclass(frozen=True, slots=True)
class ExchangeRateFacts:
    """One unit of `base` was worth `rate` of `quote` from `day` on, says `source`."""

    id: UUID
    workspace_id: UUID
    base: str
    quote: str
    day: date
    rate: Decimal
    source: str
    version: int

    @property
    def key(self) -> str:
        """Return what names it in its workspace."""
        return f"{self.base}/{self.quote}/{self.day.isoformat()}"


@dataclass(frozen=True, slots=True)
class Converted:
    """An amount in another currency than it was told in, and by which rate of which day."""

    amount: Decimal
    original: Decimal
    original_currency: str
    rate: Decimal
    rate_day: date


class Rates:
    """The rates of a workspace, to be asked by day."""

    def __init__(self, rates: Iterable[ExchangeRateFacts]) -> None:
        """Keep the rates by pair of currencies, oldest first."""
        self._held: dict[tuple[str, str], list[ExchangeRateFacts]] = {}
        for rate in sorted(rates, key=lambda one: one.day):
            self._held.setdefault((rate.base, rate.quote), []).append(rate)

    def rate_on(self, base: str, quote: str, day: date) -> ExchangeRateFacts | None:
        """Return the newest rate on or before `day`; None where there is none: none is guessed.

        A rate holds in the direction in which it was written down, not in the other one.
        """
        held = self._held.get((base, quote), [])
        place = bisect_right(held, day, key=lambda one: one.day)
        return held[place - 1] if place else None

    def convert(self, amount: Decimal, currency: str, into: str, day: date) -> Converted | None:
        """Return an amount in `into` at the rate of `day`, half a minor unit up; None without."""
        rate = self.rate_on(currency, into, day)
        if rate is None:
            return None
        unit = Decimal(1).scaleb(-decimals_of(into))
        worth = (amount * rate.rate).quantize(unit, ROUND_HALF_UP)
        return Converted(worth, amount, currency, rate.rate, rate.day)


def read_rate(field: str, value: object) -> Decimal:
    """Read a rate: above 0, at most nine decimals."""
    found = decimal(field, value)
    if not 0 < found < _LARGEST or found * NANOS != (found * NANOS).to_integral_value():
        sentence = f"The {field} is {found:f}; write one above 0 with at most nine decimals."
        raise Invalid(sentence)
    return found


RATE_FIELDS: Mapping[str, Reader] = {"rate": read_rate, "source": text(200, required=True)}
