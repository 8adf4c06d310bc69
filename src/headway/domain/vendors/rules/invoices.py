"""Invoices: what one holds, how its lines are read, and what its number is compared by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from headway.domain.programs.rules.fields import Reader, currency, day, decimal, number, text
from headway.domain.vendors.rules.facts import a_day, a_price
from headway.domain.vendors.rules.orders import to_cents
from headway.errors import Invalid

STATES = ("received", "disputed", "approved", "paid", "withdrawn")
#: Those whose money is owed, or was paid.
OWED = ("approved", "paid")
#: Those that wait for an answer.
OPEN = ("received", "disputed")
#: Those that claim something of an order.
LIVE = (*OPEN, *OWED)

MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line of an invoice: what is billed, for which order (None: it names none)."""

    order_id: UUID | None
    order: str
    words: str
    units: float | None
    unit_price: Decimal | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """What a vendor asks to be paid. `net` are the lines; `total` has the tax too."""

    id: UUID
    workspace_id: UUID
    vendor_id: UUID
    vendor: str
    vendor_name: str
    key: str
    number: str
    invoiced_on: date
    period_start: date
    period_end: date
    due_on: date | None
    currency: str
    lines: tuple[InvoiceLine, ...]
    net: Decimal
    tax: Decimal
    state: str
    reason: str
    file_name: str
    file_digest: str
    submitted_by: str
    paid_on: date | None
    version: int

    @property
    def total(self) -> Decimal:
        """Return what is to be paid."""
        return self.net + self.tax

    @property
    def subject(self) -> str:
        """Return what evidence about it names."""
        return f"invoice:{self.vendor}/{self.key}"

    @property
    def is_live(self) -> bool:
        """Say whether it claims something."""
        return self.state in LIVE

    def bills(self, order: UUID) -> bool:
        """Say whether one of its lines bills an order."""
        return any(line.order_id == order for line in self.lines)


def plain_number(number_: str) -> str:
    """Return an invoice number as it is compared: "INV 0042" and "inv-42" are the same paper."""
    parts = re.findall(r"[a-z]+|[0-9]+", number_.casefold())
    return "-".join(part.lstrip("0") or "0" if part.isdigit() else part for part in parts)


@dataclass(frozen=True, slots=True)
class LineDraft:
    """A line as it was typed: its order by address program/key, or nothing."""

    order: str
    words: str
    units: float | None
    unit_price: Decimal | None
    amount: Decimal


def read_lines(value: object, currency_code: str) -> list[LineDraft]:
    """Read the lines of an invoice; an amount may be left out where units and price are there.

    A line below 0 is a credit: units that go back at their price, or money alone.
    """
    if not isinstance(value, list | tuple) or not value or len(value) > MOST_LINES:
        sentence = f"An invoice has 1 to {MOST_LINES} lines; write a list of them."
        raise Invalid(sentence)
    return [_line(place, entry, currency_code) for place, entry in enumerate(value, 1)]


def _line(place: int, entry: object, currency_code: str) -> LineDraft:
    if not isinstance(entry, Mapping):
        sentence = f"Line {place} of the invoice is {str(entry)[:40]!r}; write its parts by name."
        raise Invalid(sentence)
    unknown = set(entry) - {"order", "words", "units", "unit_price", "amount"}
    if unknown:
        sentence = f"Line {place} of the invoice knows no '{sorted(map(str, unknown))[0]}'."
        raise Invalid(sentence)
    units = number(-1e12, 1e12)("units", entry.get("units"))
    price = a_price("unit_price", entry.get("unit_price"))
    given = entry.get("amount")
    units_, price_ = _number(units), price
    if given not in (None, ""):
        amount = to_cents(decimal("amount", given), currency_code)
    elif units_ is not None and price_ is not None:
        amount = to_cents(Decimal(str(units_)) * price_, currency_code)
    else:
        sentence = f"Line {place} of the invoice needs its amount, or units and the price of one."
        raise Invalid(sentence)
    if abs(amount) > Decimal(10) ** 12:
        sentence = f"Line {place} of the invoice comes to {amount:.4g}; check it."
        raise Invalid(sentence)
    order = str(text(130)("order", entry.get("order")))
    return LineDraft(order, str(text(500)("words", entry.get("words"))), units_, price_, amount)


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))


def read_digest(field: str, value: object) -> str:
    """Read the SHA-256 of a file as 64 hexadecimal digits, or nothing."""
    found = str(value or "").strip().lower().removeprefix("sha256:")
    if found and not re.fullmatch(r"[0-9a-f]{64}", found):
        sentence = f"The {field} {found[:20]!r} is no SHA-256: 64 digits of 0-9 and a-f."
        raise Invalid(sentence)
    return found


def a_tax(field: str, value: object) -> Decimal | None:
    """Read the tax of an invoice, or nothing; a credit note's is below 0."""
    return None if value in (None, "") else decimal(field, value)


def require_period(starts: date, ends: date) -> None:
    """Raise Invalid for a period that ends before it begins."""
    if ends < starts:
        sentence = f"The period ends on {ends}, before it begins on {starts}."
        raise Invalid(sentence)


INVOICE_FIELDS: Mapping[str, Reader] = {
    "number": text(100, required=True),
    "invoiced_on": a_day,
    "period_start": a_day,
    "period_end": a_day,
    "due_on": day,
    "currency": currency,
    "tax": a_tax,
    "file_name": text(200),
    "file_digest": read_digest,
}
