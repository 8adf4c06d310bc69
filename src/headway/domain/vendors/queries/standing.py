"""Vendors, contracts, orders and receipts, as known at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.queries import entry_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import meant
from headway.domain.vendors.queries.columns import ContractRow, OrderRow, ReceiptRow, kept_rows
from headway.domain.vendors.queries.rows import (
    Books,
    contract_rows,
    order_rows,
    receipt_facts,
    vendor_rows,
)
from headway.domain.vendors.rules import (
    ContractFacts,
    ContractStanding,
    Lapse,
    OrderFacts,
    ReceiptFacts,
    VendorFacts,
    lapsing,
    standing_of,
)
from headway.errors import NotFound


def vendors_of(actor: Actor, at: datetime | None = None) -> Sequence[VendorFacts]:
    """Return the vendors of the workspace by name; one query."""
    require(actor, Permission.VIEW)
    return list(vendor_rows(actor.workspace_id, at).values())


def vendor_named(actor: Actor, key: str, at: datetime | None = None) -> VendorFacts:
    """Return the vendor with this key; NotFound with the nearest key."""
    known = {one.key: one for one in vendors_of(actor, at)}
    if key not in known:
        sentence = f"There is no vendor '{key}' here{meant(key, known) or '.'}"
        raise NotFound(sentence)
    return known[key]


def contracts_of(actor: Actor, at: datetime | None = None) -> Sequence[ContractFacts]:
    """Return the contracts of the workspace by vendor and key; two queries."""
    require(actor, Permission.VIEW)
    vendors = vendor_rows(actor.workspace_id, at)
    rows = kept_rows(ContractRow, at, workspace_id=actor.workspace_id)
    return list(contract_rows(vendors, rows).values())


def contract_named(
    actor: Actor, vendor: str, key: str, at: datetime | None = None
) -> ContractFacts:
    """Return the contract at vendor/key; NotFound with the nearest key."""
    known = {one.address: one for one in contracts_of(actor, at)}
    address = f"{vendor}/{key}"
    if address not in known:
        sentence = f"There is no contract '{address}' here{meant(address, known) or '.'}"
        raise NotFound(sentence)
    return known[address]


def orders_of(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None = None
) -> Mapping[UUID, Sequence[OrderFacts]]:
    """Return the orders of programs by program id, each by day and key; three queries."""
    asked = list(programs)
    for program in asked:
        require(actor, Permission.VIEW, program)
    found: dict[UUID, list[OrderFacts]] = {program.id: [] for program in asked}
    contracts = {one.id: one for one in contracts_of(actor, at)}
    rows = kept_rows(OrderRow, at, workspace_id=actor.workspace_id, program_id__in=list(found))
    for order in order_rows(contracts, rows).values():
        found[order.program_id].append(order)
    return found


def order_named(
    actor: Actor, program: ProgramFacts, key: str, at: datetime | None = None
) -> OrderFacts:
    """Return the order of a program with this key; NotFound with the nearest key."""
    orders = orders_of(actor, [program], at)[program.id]
    return entry_named(orders, key, "purchase order", program)


def receipts_of(
    actor: Actor, orders: Iterable[OrderFacts], at: datetime | None = None
) -> Mapping[UUID, Sequence[ReceiptFacts]]:
    """Return what came for orders by order id, by day; one query."""
    asked = {order.id: order for order in orders}
    for order in asked.values():
        require(actor, Permission.VIEW, order)
    found: dict[UUID, list[ReceiptFacts]] = {order_id: [] for order_id in asked}
    rows = kept_rows(ReceiptRow, at, workspace_id=actor.workspace_id, order_id__in=list(asked))
    for row in sorted(rows, key=lambda row: (row.received_on, row.key)):
        found[row.order_id].append(receipt_facts(row, asked[row.order_id]))
    return found


def contract_standings(books: Books, today: date) -> Sequence[ContractStanding]:
    """Return how each contract of these books stands on a day, by vendor and key."""
    ordered: dict[UUID, Decimal] = {}
    for order in books.orders.values():
        if order.state != "cancelled":
            sum_ = ordered.get(order.contract_id, Decimal(0))
            ordered[order.contract_id] = sum_ + order.amount
    return [
        standing_of(one, ordered.get(one.id, Decimal(0)), today) for one in books.contracts.values()
    ]


def lapses_of(actor: Actor, at: datetime, known_at: datetime | None = None) -> Sequence[Lapse]:
    """Return which contracts lapse soon after `at`, as known at `known_at`; two queries at most."""
    require(actor, Permission.VIEW)
    rows = kept_rows(ContractRow, known_at, workspace_id=actor.workspace_id)
    if not rows:
        return []
    contracts = contract_rows(vendor_rows(actor.workspace_id, known_at), rows)
    today = at.date()
    return lapsing([standing_of(one, Decimal(0), today) for one in contracts.values()], today)
