"""An invoice held against its order and its receipts: matched, or what differs, in a sentence.

Line by line: is it ordered, in the order's currency, at the order's price, no more than was
ordered, and has it come? Earlier invoices count: what they billed cannot be billed again, but for
what a credit note (a line below 0) gave back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from headway.domain.programs.rules.fields import decimals_of
from headway.domain.vendors.rules.facts import quantity
from headway.domain.vendors.rules.invoices import OWED, InvoiceFacts, InvoiceLine, plain_number
from headway.domain.vendors.rules.orders import OrderFacts, ReceiptFacts, received_value

#: What a match may say, the worst first.
RESULTS = (
    "duplicate number",
    "currency differs",
    "not ordered",
    "not received",
    "price differs",
    "quantity differs",
    "matched",
)


#: Units are counted as floats: 0.1 + 0.2 is no more than 0.3.
_HAIR = 1e-9


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a price and a number of units may be off, as shares; 0: exact to the cent."""

    price: float = 0.0
    units: float = 0.0


@dataclass(frozen=True, slots=True)
class LineMatch:
    """What is to be said of one line; `result` is one of RESULTS."""

    line: int
    result: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Match:
    """What is to be said of an invoice: its worst line, and each finding."""

    result: str
    findings: tuple[LineMatch, ...]

    @property
    def is_clean(self) -> bool:
        """Say whether nothing differs."""
        return self.result == "matched"

    @property
    def sentence(self) -> str:
        """Say what differs first, or that nothing does."""
        worst = next((one for one in self.findings if one.result == self.result), None)
        return worst.sentence if worst else "It bills what was ordered and received."


#: When an invoice counts before another: approved ones first, then by day.
_Place = tuple[bool, date, str]


@dataclass(frozen=True, slots=True)
class _Bill:
    """What one invoice bills of one order."""

    place: _Place
    units: float
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Ground:
    """What invoices are held against: orders by id, their receipts, and all that was billed.

    `numbers` are invoices that claim something by vendor and plain number, `bills` what they bill
    by order; made once for all invoices, so that each is held against its own few.
    """

    orders: Mapping[UUID, OrderFacts]
    receipts: Mapping[UUID, Sequence[ReceiptFacts]]
    numbers: Mapping[tuple[UUID, str], Sequence[InvoiceFacts]]
    bills: Mapping[UUID, Sequence[_Bill]]

    @classmethod
    def of(
        cls,
        orders: Mapping[UUID, OrderFacts],
        receipts: Mapping[UUID, Sequence[ReceiptFacts]],
        invoices: Iterable[InvoiceFacts],
    ) -> Ground:
        """Return the ground of these orders and invoices, of one vendor or of many."""
        numbers: dict[tuple[UUID, str], list[InvoiceFacts]] = {}
        bills: dict[UUID, list[_Bill]] = {}
        for one in invoices:
            if not one.is_live:
                continue
            numbers.setdefault((one.vendor_id, plain_number(one.number)), []).append(one)
            for line in one.lines:
                order = orders.get(line.order_id) if line.order_id else None
                if order is not None and order.vendor_id == one.vendor_id:
                    bill = _Bill(_place(one), line.units or 0.0, line.amount)
                    bills.setdefault(order.id, []).append(bill)
        return cls(orders, receipts, numbers, bills)

    def billed_before(self, order: OrderFacts, invoice: InvoiceFacts) -> tuple[float, Decimal]:
        """Return the units and the money of an order that invoices before this one bill."""
        place = _place(invoice)
        mine = [one for one in self.bills.get(order.id, ()) if one.place < place]
        return sum(one.units for one in mine), sum((one.amount for one in mine), Decimal(0))


def match_invoice(
    invoice: InvoiceFacts, ground: Ground, tolerance: Tolerance = Tolerance()
) -> Match:
    """Return how an invoice matches its orders and receipts."""
    findings = _duplicates(invoice, ground)
    billed: dict[UUID, tuple[float, Decimal]] = {}
    for place, line in enumerate(invoice.lines, 1):
        order = ground.orders.get(line.order_id) if line.order_id else None
        found = _ordered(place, line, order, invoice)
        if found is not None or order is None:
            findings.append(found or LineMatch(place, "not ordered", "No order is named."))
            continue
        before = billed.get(order.id) or ground.billed_before(order, invoice)
        units, amount = before[0] + (line.units or 0.0), before[1] + line.amount
        billed[order.id] = (units, amount)
        if line.amount < 0:
            findings += _credited(place, order, (units, amount))
            continue
        receipts = ground.receipts.get(order.id, ())
        findings += _priced(place, line, order, tolerance)
        findings += _amount(place, line, order, (units, amount), receipts, tolerance)
    worst = min((RESULTS.index(one.result) for one in findings), default=len(RESULTS) - 1)
    return Match(RESULTS[worst], tuple(findings))


def _duplicates(invoice: InvoiceFacts, ground: Ground) -> list[LineMatch]:
    mine = (invoice.vendor_id, plain_number(invoice.number))
    return [
        LineMatch(
            0,
            "duplicate number",
            f"Invoice {one.number} of {one.invoiced_on} has the same number.",
        )
        for one in ground.numbers.get(mine, ())
        if one.id != invoice.id
    ]


def _place(one: InvoiceFacts) -> _Place:
    return (one.state not in OWED, one.invoiced_on, one.key)


def _ordered(
    place: int, line: InvoiceLine, order: OrderFacts | None, invoice: InvoiceFacts
) -> LineMatch | None:
    """Return why a line cannot be held against any order; None where it can."""
    if order is None:
        words = f"“{line.words}”" if line.words else f"Line {place}"
        return LineMatch(place, "not ordered", f"{words} names no order of {invoice.vendor_name}.")
    if order.vendor_id != invoice.vendor_id:
        sentence = f"Order {order.key} is with another vendor."
        return LineMatch(place, "not ordered", sentence)
    if order.state == "cancelled":
        return LineMatch(place, "not ordered", f"Order {order.key} was cancelled.")
    if order.currency != invoice.currency:
        sentence = f"Order {order.key} is in {order.currency}, the invoice in {invoice.currency}."
        return LineMatch(place, "currency differs", sentence)
    return None


def _credited(place: int, order: OrderFacts, billed: tuple[float, Decimal]) -> list[LineMatch]:
    """Return what is to be said of a credit: it gives back no more than was billed in all.

    `billed` are units and money of the order with this line. A credit that counts units gives them
    back, to be billed again; one of money alone changes what was paid for them.
    """
    if billed[1] >= 0 and billed[0] >= -_HAIR:
        return []
    sentence = f"More of order {order.key} is credited than was ever billed."
    return [LineMatch(place, "quantity differs", sentence)]


def _priced(
    place: int, line: InvoiceLine, order: OrderFacts, tolerance: Tolerance
) -> list[LineMatch]:
    """Return what is to be said of the price of a unit, and of the sum of a line."""
    if order.unit_price is None:
        return []
    if line.units is None:
        sentence = f"Order {order.key} is by the {order.unit or 'unit'}; the line counts none."
        return [LineMatch(place, "quantity differs", sentence)]
    agreed = Decimal(str(line.units)) * order.unit_price
    allowed = max(
        abs(agreed) * Decimal(str(tolerance.price)),
        Decimal(1).scaleb(-decimals_of(order.currency)),
    )
    if abs(line.amount - agreed) <= allowed:
        return []
    price = line.unit_price
    if price is None and line.units:
        price = (line.amount / Decimal(str(line.units))).quantize(Decimal("0.000001")).normalize()
    unit = order.unit or "unit"
    if price is not None and price != order.unit_price:
        sentence = f"{price:f} {order.currency} a {unit}; {order.unit_price} were agreed."
    else:
        sentence = (
            f"{quantity(line.units)} at {order.unit_price} are {agreed:,f} {order.currency}, "
            f"not {line.amount:,}."
        )
    return [LineMatch(place, "price differs", sentence)]


def _amount(
    place: int,
    line: InvoiceLine,
    order: OrderFacts,
    billed: tuple[float, Decimal],
    receipts: Sequence[ReceiptFacts],
    tolerance: Tolerance,
) -> list[LineMatch]:
    """Return what is to be said of how much was billed in all: against order and receipts."""
    if order.is_counted and order.units is not None:
        if line.units is None:
            return []
        room = 1 + tolerance.units + _HAIR
        came = sum(one.counts for one in receipts)
        return _quantities(place, order, (billed[0], order.units, came), room, bool(receipts))
    found = []
    room_ = 1 + Decimal(str(tolerance.price))
    if billed[1] > order.amount * room_:
        sentence = f"{billed[1]:,} {order.currency} are billed in all, {order.amount:,} ordered."
        found.append(LineMatch(place, "price differs", sentence))
    came_ = received_value(order, receipts)
    if not receipts:
        found.append(LineMatch(place, "not received", f"Nothing came for order {order.key} yet."))
    elif billed[1] > came_ * room_:
        sentence = f"{billed[1]:,} {order.currency} are billed in all, {came_:,} received."
        found.append(LineMatch(place, "quantity differs", sentence))
    return found


def _plural(unit: str) -> str:
    return unit if unit.endswith("s") else f"{unit or 'unit'}s"


def _quantities(
    place: int,
    order: OrderFacts,
    counts: tuple[float, float, float],
    room: float,
    has_come: bool,
) -> list[LineMatch]:
    billed, ordered, came = counts
    unit, found = _plural(order.unit), []
    if billed > ordered * room:
        sentence = f"{quantity(billed)} {unit} are billed in all, {quantity(ordered)} ordered."
        found.append(LineMatch(place, "quantity differs", sentence))
    if not has_come:
        found.append(LineMatch(place, "not received", f"Nothing came for order {order.key} yet."))
    elif billed > came * room:
        sentence = f"{quantity(billed)} {unit} are billed in all, {quantity(came)} accepted."
        found.append(LineMatch(place, "quantity differs", sentence))
    return found
