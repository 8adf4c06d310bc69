"""All vendors: what waits and what lapses, what is committed to each, and how they compare.

A workspace holds thousands of orders; only the columns that count are read of each, and whole rows
only of those that somebody sees.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.rules.fields import from_minor
from headway.domain.vendors.models import Invoice, PurchaseOrder
from headway.domain.vendors.queries.approvals import WaitingCount, vendor_approvals_counted
from headway.domain.vendors.queries.billing import InvoicePage, matches_of, tolerance_of
from headway.domain.vendors.queries.columns import (
    ContractRow,
    InvoiceRow,
    InvoiceSum,
    OrderRow,
    OrderSum,
    kept_rows,
)
from headway.domain.vendors.queries.rows import (
    Books,
    books_of,
    contract_rows,
    homes_of,
    invoice_rows,
    order_rows,
    receipt_rows,
    vendor_rows,
)
from headway.domain.vendors.rules import (
    ContractFacts,
    Lapse,
    OrderFacts,
    VendorFacts,
    lapsing,
    standing_of,
)
from headway.domain.vendors.rules.credits import VendorRecord, record_of
from headway.domain.vendors.rules.invoices import LIVE, OPEN, OWED, plain_number
from headway.domain.vendors.rules.orders import left_of

#: Sums of money by currency: never added across two.
Sums = Sequence[tuple[str, Decimal]]


@dataclass(frozen=True, slots=True)
class VendorLine:
    """One vendor of the list: what is committed, what waits, what lapses next."""

    vendor: VendorFacts
    contracts: int
    orders: int
    committed: Sums
    invoices: int
    mismatches: int
    lapse: Lapse | None


@dataclass(frozen=True, slots=True)
class VendorsPage:
    """All vendors: what waits and what lapses first, then a line each."""

    lines: Sequence[VendorLine]
    lapses: Sequence[Lapse]
    waiting: WaitingCount
    open_invoices: Sequence[InvoicePage]
    committed: Sums


@dataclass(frozen=True, slots=True)
class _Ledger:
    """What the list is added up from: whole vendors and contracts, sums of orders and invoices."""

    workspace: UUID
    known_at: datetime | None
    vendors: Mapping[UUID, VendorFacts]
    contracts: Mapping[UUID, ContractFacts]
    orders: Sequence[OrderSum]
    invoices: Sequence[InvoiceSum]

    @classmethod
    def of(cls, workspace: UUID, known_at: datetime | None) -> _Ledger:
        """Read it; four queries."""
        here: dict[str, object] = {"workspace_id": workspace}
        vendors = vendor_rows(workspace, known_at)
        contracts = contract_rows(vendors, kept_rows(ContractRow, known_at, **here))
        invoices = [one for one in kept_rows(InvoiceSum, known_at, **here) if one.state in LIVE]
        orders = kept_rows(OrderSum, known_at, **here)
        return cls(workspace, known_at, vendors, contracts, orders, invoices)

    def committed(self) -> Mapping[UUID, tuple[int, Mapping[str, int]]]:
        """Return by vendor how many orders have something open, and how much by currency."""
        invoiced: dict[tuple[str, str], int] = defaultdict(int)
        for one in self.invoices:
            for line in one.lines if one.state in OWED else ():
                invoiced[line["order"], one.currency] += line["amount_minor"]
        found: dict[UUID, tuple[int, dict[str, int]]] = {}
        for order in self.orders:
            contract = self.contracts[order.contract_id]
            paid = invoiced.get((str(order.id), contract.currency), 0)
            left = left_of(order.state, order.amount_minor, paid)
            if left:
                count, sums = found.get(contract.vendor_id, (0, {}))
                sums[contract.currency] = sums.get(contract.currency, 0) + left
                found[contract.vendor_id] = (count + 1, sums)
        return found

    def waiting_books(self) -> Books:
        """Return the books in which invoices without an answer are matched, and no more.

        Those are the orders that they bill, what came for these, whatever else bills them, and
        every invoice of the same number; three queries.
        """
        unanswered = [one for one in self.invoices if one.state in OPEN]
        asked = {line["order"] for one in unanswered for line in one.lines if line["order"]}
        numbers = {(one.vendor_id, plain_number(one.number)) for one in unanswered}
        owners = {one.vendor_id for one in unanswered}
        near = [
            one.id
            for one in self.invoices
            if one.vendor_id in owners
            and (
                any(line["order"] in asked for line in one.lines)
                or (one.vendor_id, plain_number(one.number)) in numbers
            )
        ]
        chosen = {"workspace_id": self.workspace, "id__in": list(asked)}
        orders = order_rows(self.contracts, kept_rows(OrderRow, self.known_at, **chosen))
        receipts = receipt_rows(orders, self.known_at, chosen)
        rows = kept_rows(InvoiceRow, self.known_at, workspace_id=self.workspace, id__in=near)
        homes = homes_of(self.workspace)
        invoices = invoice_rows(rows, self.vendors, orders, homes)
        return Books(self.vendors, self.contracts, orders, receipts, invoices, homes)


def vendors_page(actor: Actor, at: datetime, known_at: datetime | None = None) -> VendorsPage:
    """Return every vendor with what waits and lapses; the number of queries stays the same."""
    require(actor, Permission.VIEW)
    ledger = _Ledger.of(actor.workspace_id, known_at)
    today = at.date()
    standings = [standing_of(one, Decimal(0), today) for one in ledger.contracts.values()]
    lapses = lapsing(standings, today)
    books = ledger.waiting_books()
    unanswered = [one for one in books.invoices.values() if one.state in OPEN]
    pages = matches_of(books, tolerance_of(actor.workspace_id), unanswered)
    committed = ledger.committed()
    total: Counter[str] = Counter()
    for _, sums in committed.values():
        total.update(sums)
    return VendorsPage(
        _lines(ledger, committed, pages, lapses),
        lapses,
        vendor_approvals_counted(actor, known_at),
        pages,
        _sums(total),
    )


def _lines(
    ledger: _Ledger,
    committed: Mapping[UUID, tuple[int, Mapping[str, int]]],
    pages: Sequence[InvoicePage],
    lapses: Sequence[Lapse],
) -> Sequence[VendorLine]:
    """Return a line for each vendor; each list is walked once."""
    contracts = Counter(one.vendor_id for one in ledger.contracts.values())
    open_ = Counter(one.invoice.vendor_id for one in pages)
    wrong = Counter(one.invoice.vendor_id for one in pages if not one.match.is_clean)
    first = {one.contract.vendor_id: one for one in reversed(lapses)}
    found = []
    for key, vendor in ledger.vendors.items():
        orders, sums = committed.get(key, (0, {}))
        counts = (contracts[key], orders, _sums(sums), open_[key], wrong[key])
        found.append(VendorLine(vendor, *counts, first.get(key)))
    return found


def _sums(minor: Mapping[str, int]) -> Sums:
    return [(one, from_minor(minor[one], one)) for one in sorted(minor)]


def trading_vendors(actor: Actor, known_at: datetime | None = None) -> Sequence[VendorFacts]:
    """Return the vendors of whom something was ordered, or who billed something; three queries."""
    require(actor, Permission.VIEW)
    known: set[UUID] = set()
    for model, name in ((PurchaseOrder, "contract__vendor_id"), (Invoice, "vendor_id")):
        told: Any = model
        rows = told.objects.filter(workspace_id=actor.workspace_id)
        if known_at is not None:
            past = told.history.filter(workspace_id=actor.workspace_id)
            rows = past.filter(history_date__lte=known_at)
        known |= set(rows.order_by().values_list(name, flat=True).distinct())
    return [one for key, one in vendor_rows(actor.workspace_id, known_at).items() if key in known]


def vendor_records(
    actor: Actor, vendors: Collection[UUID], known_at: datetime | None = None
) -> Mapping[UUID, VendorRecord]:
    """Return how these vendors did, by id: the ground on which they are compared."""
    require(actor, Permission.VIEW)
    books = books_of(actor.workspace_id, known_at, vendors)
    orders: dict[UUID, list[OrderFacts]] = defaultdict(list)
    for order in books.orders.values():
        orders[order.vendor_id].append(order)
    matches: dict[UUID, list[bool]] = defaultdict(list)
    for page in matches_of(books, tolerance_of(actor.workspace_id)):
        if page.invoice.is_live:
            matches[page.invoice.vendor_id].append(page.match.is_clean)
    return {key: record_of(orders[key], books.receipts, matches[key]) for key in books.vendors}
