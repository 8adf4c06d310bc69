"""A vendor as a frozen value, the words of money, and readers that several tables share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from headway.domain.programs.rules.fields import (
    LARGEST_AMOUNT,
    Reader,
    choice,
    day,
    decimal,
    text,
)
from headway.errors import Invalid

#: What money is spent on; the same words as in `cost` evidence.
CATEGORIES = ("people", "compute", "data", "annotation", "vendor", "software", "other")

#: Millionths: prices of a unit may be far below a cent.
MICROS = 6


@dataclass(frozen=True, slots=True)
class VendorFacts:
    """Somebody outside who delivers to us; `kind` is what they mostly deliver."""

    id: UUID
    workspace_id: UUID
    key: str
    name: str
    kind: str
    owner: str
    note: str
    is_sample: bool
    version: int


VENDOR_FIELDS: Mapping[str, Reader] = {
    "name": text(200, required=True),
    "kind": choice(*CATEGORIES),
    "owner": text(200),
    "note": text(2_000),
}


def a_day(field: str, value: object) -> date:
    """Read a day that has to be there."""
    found = day(field, value)
    if found is None:
        sentence = f"The {field.replace('_', ' ')} is empty; write a day as 2026-03-15."
        raise Invalid(sentence)
    return found


def an_amount(field: str, value: object) -> Decimal | None:
    """Read an amount of 0 or more, or nothing."""
    if value is None or value == "":
        return None
    found = decimal(field, value)
    if found < 0:
        sentence = f"The {field.replace('_', ' ')} is {found}; it is 0 or more."
        raise Invalid(sentence)
    return found


def a_price(field: str, value: object) -> Decimal | None:
    """Read the price of a unit: 0 or more, to a millionth, or nothing."""
    found = an_amount(field, value)
    if found is None:
        return None
    if found > LARGEST_AMOUNT / 1_000 or found != found.quantize(Decimal(1).scaleb(-MICROS)):
        sentence = f"The {field.replace('_', ' ')} {found} is no price: six decimals at most fit."
        raise Invalid(sentence)
    return found


def to_micros(price: Decimal | None) -> int | None:
    """Return a price in millionths of the currency, as it is kept."""
    return None if price is None else int(price.scaleb(MICROS))


def from_micros(micros: int | None) -> Decimal | None:
    """Return a kept price as an exact Decimal, without needless zeros."""
    if micros is None:
        return None
    return Decimal(f"{Decimal(micros).scaleb(-MICROS).normalize():f}")


def quantity(value: float) -> str:
    """Say a number of units: 1,257, or 2.5 where it is no whole number."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.6g}"


def joined(words: list[str]) -> str:
    """Return words as a person lists them: a, b and c."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""
