"""What a member of the role vendor sees: what is their own vendor's, and nothing else.

Each value holds exactly what may be shown: no program, no budget, no note of ours, nobody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, Role, require
from headway.domain.vendors.models import VendorMember
from headway.domain.vendors.queries.billing import commitments_in
from headway.domain.vendors.queries.rows import Books, books_of, vendor_rows
from headway.domain.vendors.queries.standing import contract_standings
from headway.domain.vendors.rules import Commitment, ContractStanding, OrderFacts, VendorFacts
from headway.errors import NotFound


@dataclass(frozen=True, slots=True)
class OwnContract:
    """A contract as its vendor sees it."""

    key: str
    name: str
    starts: date
    ends: date | None
    notice_on: date | None
    currency: str
    cap: Decimal | None
    state: str


@dataclass(frozen=True, slots=True)
class OwnReceipt:
    """What came, as its vendor sees it."""

    received_on: date
    delivered: float | None
    accepted: float | None
    amount: Decimal | None
    batch: str


@dataclass(frozen=True, slots=True)
class OwnOrder:
    """An order as its vendor sees it: what is asked, what came, what was billed of it."""

    id: UUID
    contract: str
    key: str
    name: str
    unit: str
    units: float | None
    unit_price: Decimal | None
    amount: Decimal
    currency: str
    needed_by: date | None
    state: str
    delivered: float
    accepted: float
    billed: Decimal
    receipts: Sequence[OwnReceipt]

    @property
    def label(self) -> str:
        """Return how the vendor knows it."""
        return f"{self.contract}/{self.key}: {self.name}"


@dataclass(frozen=True, slots=True)
class OwnInvoice:
    """An invoice as its vendor sees it; `reason` says to them why it is disputed."""

    key: str
    number: str
    invoiced_on: date
    total: Decimal
    currency: str
    state: str
    reason: str
    paid_on: date | None


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Everything that a vendor's own people see."""

    name: str
    contracts: Sequence[OwnContract]
    orders: Sequence[OwnOrder]
    invoices: Sequence[OwnInvoice]

    @property
    def waiting(self) -> int:
        """Return how many invoices wait for an answer."""
        return sum(one.state == "received" for one in self.invoices)


def own_vendor(actor: Actor, at: datetime | None = None) -> VendorFacts:
    """Return the vendor that a member of the role vendor works for.

    NotFound for everybody else, and for a member whom nobody has tied to a vendor yet.
    """
    require(actor, Permission.SELF)
    row = None
    if actor.role == Role.VENDOR and actor.member_id is not None:
        row = VendorMember.objects.filter(
            workspace_id=actor.workspace_id, member_id=actor.member_id
        ).first()
    held = vendor_rows(actor.workspace_id, at, [row.vendor_id]) if row else {}
    if row is None or row.vendor_id not in held:
        sentence = (
            "These pages are a vendor's own. Members of the role vendor see them once whoever "
            "invited them has said which vendor they work for."
        )
        raise NotFound(sentence)
    return held[row.vendor_id]


def own_books(actor: Actor, at: datetime | None = None) -> Books:
    """Return the books of the actor's own vendor alone."""
    vendor = own_vendor(actor, at)
    return books_of(actor.workspace_id, at, [vendor.id])


def own_page(actor: Actor, at: datetime, known_at: datetime | None = None) -> OwnPage:
    """Return what the actor's own vendor has with us."""
    vendor = own_vendor(actor, known_at)
    books = books_of(actor.workspace_id, known_at, [vendor.id])
    return OwnPage(
        vendor.name,
        [_contract(one) for one in contract_standings(books, at.date())],
        [_order(books, one) for one in commitments_in(books)],
        [
            OwnInvoice(
                one.key,
                one.number,
                one.invoiced_on,
                one.total,
                one.currency,
                one.state,
                one.reason if one.state == "disputed" else "",
                one.paid_on,
            )
            for one in books.invoices.values()
        ],
    )


def own_order(actor: Actor, order: UUID, known_at: datetime | None = None) -> OwnOrder:
    """Return one order of the actor's own vendor; NotFound for any other."""
    books = own_books(actor, known_at)
    if order not in books.orders:
        sentence = "There is no such order of yours."
        raise NotFound(sentence)
    alone = replace(books, orders={order: books.orders[order]})
    return _order(books, commitments_in(alone)[0])


def _contract(one: ContractStanding) -> OwnContract:
    held = one.contract
    return OwnContract(
        held.key,
        held.name,
        held.starts,
        one.ends,
        one.notice_on,
        held.currency,
        held.cap,
        held.state,
    )


def _order(books: Books, one: Commitment) -> OwnOrder:
    order: OrderFacts = one.order
    receipts = books.receipts.get(order.id, ())
    return OwnOrder(
        order.id,
        order.contract,
        order.key,
        order.name,
        order.unit,
        order.units,
        order.unit_price,
        order.amount,
        order.currency,
        order.needed_by,
        order.state,
        sum(row.delivered or 0.0 for row in receipts),
        sum(row.accepted or 0.0 for row in receipts),
        one.invoiced + one.claimed,
        [
            OwnReceipt(row.received_on, row.delivered, row.accepted, row.amount, row.batch)
            for row in receipts
        ],
    )
