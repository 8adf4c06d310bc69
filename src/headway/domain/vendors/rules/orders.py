"""Orders, what came for them, and the commitment that is left: ordered, got, billed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar
from uuid import UUID

from headway.domain.programs.rules.fields import Reader, choice, day, decimals_of, number, text
from headway.domain.vendors.rules.facts import CATEGORIES, a_day, a_price, an_amount
from headway.errors import Invalid

STATES = ("open", "received", "closed", "cancelled")
#: States of an order of which something may still come, or be billed.
LIVE = ("open", "received")


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """A purchase order: units at a price, or an amount; `vendor` and `contract` are keys."""

    id: UUID
    workspace_id: UUID
    program_id: UUID
    project_id: UUID | None
    contract_id: UUID
    vendor_id: UUID
    vendor: str
    vendor_name: str
    contract: str
    key: str
    name: str
    category: str
    unit: str
    units: float | None
    unit_price: Decimal | None
    amount: Decimal
    currency: str
    ordered_on: date
    needed_by: date | None
    state: str
    version: int

    @property
    def is_open(self) -> bool:
        """Say whether something may still come, or be billed."""
        return self.state in LIVE

    @property
    def is_counted(self) -> bool:
        """Say whether it is by units at a price."""
        return self.units is not None and self.unit_price is not None


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """A change of an order: more or less of it, and why."""

    number: int
    units: float | None
    amount: Decimal
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What came for an order on a day: delivered, and accepted of it (None: not judged yet)."""

    id: UUID
    workspace_id: UUID
    order_id: UUID
    key: str
    received_on: date
    delivered: float | None
    accepted: float | None
    amount: Decimal | None
    taken_by: str
    batch: str
    note: str
    version: int

    @property
    def counts(self) -> float:
        """Return the units that may be billed: what was accepted, else what was delivered."""
        return self.accepted if self.accepted is not None else self.delivered or 0.0


@dataclass(frozen=True, slots=True)
class Billed:
    """What invoices say of an order: approved or paid, and claimed without an answer yet."""

    invoiced: Decimal = Decimal(0)
    claimed: Decimal = Decimal(0)
    units: float = 0.0


@dataclass(frozen=True, slots=True)
class Commitment:
    """What is still owed of an order, in its contract's currency.

    `ordered` is the order's amount; `invoiced` what approved invoices bill of it, `claimed` what
    waits for approval; `received` is worth what came. `committed` is ordered less invoiced, never
    below 0; `accrued` what came and nobody billed yet. `sentence` marks what exceeds the order.
    """

    order: OrderFacts
    ordered: Decimal
    received: Decimal
    invoiced: Decimal
    claimed: Decimal
    committed: Decimal
    accrued: Decimal
    over: Decimal
    sentence: str = ""


Money = TypeVar("Money", int, Decimal)


def left_of(state: str, ordered: Money, invoiced: Money) -> Money:
    """Return what is still committed of an order: nothing of a closed one, and never below 0."""
    return max(ordered - invoiced, ordered - ordered) if state in LIVE else ordered - ordered


def commitment_of(
    order: OrderFacts, receipts: Sequence[ReceiptFacts], billed: Billed = Billed()
) -> Commitment:
    """Return what is left of an order. A closed or cancelled one commits nothing any more."""
    received = received_value(order, receipts)
    over = max(billed.invoiced - order.amount, Decimal(0))
    sentence = ""
    if over:
        sentence = (
            f"{billed.invoiced:,} {order.currency} are invoiced and {order.amount:,} were ordered: "
            f"{over:,} too much; a change order or a credit note is missing."
        )
    return Commitment(
        order,
        order.amount,
        received,
        billed.invoiced,
        billed.claimed,
        left_of(order.state, order.amount, billed.invoiced),
        max(received - billed.invoiced, Decimal(0)),
        over,
        sentence,
    )


def received_value(order: OrderFacts, receipts: Sequence[ReceiptFacts]) -> Decimal:
    """Return what came for an order, in money: accepted units at its price, or amounts."""
    if order.unit_price is None:
        return sum((one.amount or Decimal(0) for one in receipts), Decimal(0))
    units = sum(Decimal(str(one.counts)) for one in receipts)
    return to_cents(units * order.unit_price, order.currency)


def to_cents(amount: Decimal, currency: str) -> Decimal:
    """Return an amount rounded half up to the currency's minor unit."""
    return amount.quantize(Decimal(1).scaleb(-decimals_of(currency)), ROUND_HALF_UP)


def amount_of(
    units: float | None, price: Decimal | None, given: Decimal | None, currency: str
) -> Decimal:
    """Return what an order comes to. Raises Invalid where the parts are missing or disagree."""
    if (units is None) != (price is None):
        sentence = "An order by units needs both: the units, and the price of one."
        raise Invalid(sentence)
    if units is None or price is None:
        if given is None:
            sentence = "The order needs its amount, or units and the price of one."
            raise Invalid(sentence)
        return to_cents(given, currency)
    worked = to_cents(Decimal(str(units)) * price, currency)
    if given is not None and abs(to_cents(given, currency) - worked) > Decimal(1).scaleb(
        -decimals_of(currency)
    ):
        sentence = f"{units:g} at {price} are {worked} {currency}, not {given}; leave one out."
        raise Invalid(sentence)
    return worked


ORDER_FIELDS: Mapping[str, Reader] = {
    "name": text(300, required=True),
    "category": choice(*CATEGORIES),
    "unit": text(60),
    "units": number(0, 1e12),
    "unit_price": a_price,
    "amount": an_amount,
    "ordered_on": a_day,
    "needed_by": day,
    "state": choice(*STATES),
}

RECEIPT_FIELDS: Mapping[str, Reader] = {
    "received_on": a_day,
    "delivered": number(0, 1e12),
    "accepted": number(0, 1e12),
    "amount": an_amount,
    "taken_by": text(200),
    "batch": text(200),
    "note": text(2_000),
}


def require_receipt(
    delivered: float | None, accepted: float | None, amount: Decimal | None, *, counted: bool
) -> None:
    """Raise Invalid for a receipt that says nothing, or that more was accepted than came."""
    if counted and delivered is None:
        sentence = "Say how many units were delivered."
        raise Invalid(sentence)
    if not counted and amount is None:
        sentence = "This order has no price of a unit: say what the delivery is worth (amount)."
        raise Invalid(sentence)
    if delivered is not None and accepted is not None and accepted > delivered:
        sentence = f"{accepted:g} were accepted but only {delivered:g} delivered; check the counts."
        raise Invalid(sentence)
