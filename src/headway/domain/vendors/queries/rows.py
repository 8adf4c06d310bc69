"""The rows of a workspace's vendors as frozen values, whoever asks: no permission is asked here.

Queries above ask for `view`; a vendor's own pages ask for their own vendor and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from headway.domain.programs.models import Program
from headway.domain.programs.queries import facts
from headway.domain.programs.queries.past import ids_ever
from headway.domain.programs.rules.fields import from_minor
from headway.domain.vendors.models import Contract, Invoice, PurchaseOrder, Receipt
from headway.domain.vendors.queries.columns import (
    ContractRow,
    InvoiceRow,
    OrderRow,
    ReceiptRow,
    VendorRow,
    kept_rows,
)
from headway.domain.vendors.rules import (
    ContractFacts,
    InvoiceFacts,
    InvoiceLine,
    OrderFacts,
    ReceiptFacts,
    SlaTerm,
    VendorFacts,
)
from headway.domain.vendors.rules.facts import from_micros
from headway.domain.vendors.rules.invoices import OWED
from headway.domain.vendors.rules.orders import Billed


@dataclass(frozen=True, slots=True)
class Books:
    """Everything of a workspace's vendors (or of one vendor) as known at a moment.

    Five queries, however many rows there are. `homes` are the addresses of programs by id.
    """

    vendors: Mapping[UUID, VendorFacts]
    contracts: Mapping[UUID, ContractFacts]
    orders: Mapping[UUID, OrderFacts]
    receipts: Mapping[UUID, Sequence[ReceiptFacts]] = field(default_factory=dict)
    invoices: Mapping[UUID, InvoiceFacts] = field(default_factory=dict)
    homes: Mapping[UUID, str] = field(default_factory=dict)

    def billed(self) -> Mapping[UUID, Billed]:
        """Return what invoices say of each order."""
        found: dict[UUID, Billed] = defaultdict(Billed)
        for invoice in self.invoices.values():
            if not invoice.is_live:
                continue
            for line in invoice.lines:
                if line.order_id is None or line.order_id not in self.orders:
                    continue
                if self.orders[line.order_id].currency != invoice.currency:
                    continue  # never two currencies in one sum; the match says it
                held = found[line.order_id]
                owed = invoice.state in OWED
                found[line.order_id] = Billed(
                    held.invoiced + (line.amount if owed else Decimal(0)),
                    held.claimed + (Decimal(0) if owed else line.amount),
                    held.units + (line.units or 0.0),
                )
        return found

    def of_contract(self, contract: UUID) -> Sequence[OrderFacts]:
        """Return the orders under a contract, by day and key."""
        return [one for one in self.orders.values() if one.contract_id == contract]

    def of_vendor(self, vendor: UUID) -> Sequence[InvoiceFacts]:
        """Return the invoices of a vendor, the newest first."""
        return [one for one in self.invoices.values() if one.vendor_id == vendor]


def books_of(
    workspace: UUID,
    at: datetime | None,
    only: Collection[UUID] | None = None,
    *,
    programs: Collection[UUID] | None = None,
) -> Books:
    """Return the books of a workspace, of some vendors alone, or the orders of `programs` alone."""
    here: dict[str, object] = {"workspace_id": workspace}
    mine = here | ({} if only is None else {"vendor_id__in": list(only)})
    vendors = vendor_rows(workspace, at, only)
    contracts = contract_rows(vendors, kept_rows(ContractRow, at, **mine))
    found = here | ({} if programs is None else {"program_id__in": list(programs)})
    if only is not None:
        found["contract_id__in"] = list(contracts)
    orders = order_rows(contracts, kept_rows(OrderRow, at, **found))
    receipts = receipt_rows(orders, at, found)
    homes = homes_of(workspace)
    names = orders if programs is None else {}
    invoices = invoice_rows(kept_rows(InvoiceRow, at, **mine), vendors, names, homes)
    return Books(vendors, contracts, orders, receipts, invoices, homes)


def homes_of(workspace: UUID) -> Mapping[UUID, str]:
    """Return the addresses of programs by id; one query."""
    return dict(Program.objects.filter(workspace_id=workspace).values_list("id", "slug"))


def _by_receipt(row: ReceiptRow) -> tuple[Any, str]:
    return (row.received_on, row.key)


def receipt_rows(
    orders: Mapping[UUID, OrderFacts], at: datetime | None, chosen: Mapping[str, object]
) -> dict[UUID, list[ReceiptFacts]]:
    """Return what came for these orders by order id, by day and key; one query.

    `chosen` are the conditions that these orders were read by.
    """
    found: dict[UUID, list[ReceiptFacts]] = defaultdict(list)
    where: dict[str, object] = {"workspace_id": chosen["workspace_id"]}
    if len(chosen) > 1:
        where["order_id__in"] = ids_ever(PurchaseOrder, at, **chosen)
    for row in sorted(kept_rows(ReceiptRow, at, **where), key=_by_receipt):
        if row.order_id in orders:
            found[row.order_id].append(receipt_facts(row, orders[row.order_id]))
    return found


def vendor_rows(
    workspace: UUID, at: datetime | None, only: Collection[UUID] | None = None
) -> dict[UUID, VendorFacts]:
    """Return the vendors by id, in the order of their names; one query."""
    here: dict[str, object] = {"workspace_id": workspace}
    if only is not None:
        here["id__in"] = list(only)
    rows = sorted(kept_rows(VendorRow, at, **here), key=lambda row: (row.name.casefold(), row.key))
    return {row.id: facts(VendorFacts, row, workspace_id=workspace) for row in rows}


def contract_rows(
    vendors: Mapping[UUID, VendorFacts], rows: Sequence[ContractRow]
) -> dict[UUID, ContractFacts]:
    """Return contracts by id, in the order of their vendors and keys."""
    known = [row for row in rows if row.vendor_id in vendors]
    place = {one: number for number, one in enumerate(vendors)}
    return {
        row.id: contract_facts(row, vendors[row.vendor_id])
        for row in sorted(known, key=lambda row: (place[row.vendor_id], row.key))
    }


def contract_facts(row: Contract | ContractRow, vendor: VendorFacts) -> ContractFacts:
    """Return a contract as a frozen value."""
    cap = None if row.cap_minor is None else from_minor(row.cap_minor, row.currency)
    return facts(
        ContractFacts,
        row,
        workspace_id=vendor.workspace_id,
        vendor=vendor.key,
        vendor_name=vendor.name,
        cap=cap,
        sla=tuple(SlaTerm(**one) for one in row.sla),
        wanted=tuple(row.wanted),
        documents=tuple((one["name"], one["url"]) for one in row.documents),
    )


def order_rows(
    contracts: Mapping[UUID, ContractFacts], rows: Sequence[OrderRow]
) -> dict[UUID, OrderFacts]:
    """Return orders by id, by the day they were made and their key."""
    return {
        row.id: order_facts(row, contracts[row.contract_id])
        for row in sorted(rows, key=lambda row: (row.ordered_on, row.key))
        if row.contract_id in contracts
    }


def order_facts(row: PurchaseOrder | OrderRow, contract: ContractFacts) -> OrderFacts:
    """Return an order as a frozen value."""
    return facts(
        OrderFacts,
        row,
        workspace_id=contract.workspace_id,
        vendor_id=contract.vendor_id,
        vendor=contract.vendor,
        vendor_name=contract.vendor_name,
        contract=contract.key,
        unit_price=from_micros(row.unit_price_micros),
        amount=from_minor(row.amount_minor, contract.currency),
        currency=contract.currency,
    )


def receipt_facts(row: Receipt | ReceiptRow, order: OrderFacts) -> ReceiptFacts:
    """Return a receipt of an order as a frozen value."""
    amount = None if row.amount_minor is None else from_minor(row.amount_minor, order.currency)
    return facts(ReceiptFacts, row, workspace_id=order.workspace_id, amount=amount)


def invoice_rows(
    rows: Iterable[InvoiceRow],
    vendors: Mapping[UUID, VendorFacts],
    orders: Mapping[UUID, OrderFacts],
    homes: Mapping[UUID, str],
) -> dict[UUID, InvoiceFacts]:
    """Return invoices by id, the newest first."""
    newest = sorted(rows, key=lambda row: (row.invoiced_on, row.key), reverse=True)
    return {
        row.id: invoice_facts(row, vendors[row.vendor_id], orders, homes)
        for row in newest
        if row.vendor_id in vendors
    }


def invoice_facts(
    row: Invoice | InvoiceRow,
    vendor: VendorFacts,
    orders: Mapping[UUID, OrderFacts],
    homes: Mapping[UUID, str],
) -> InvoiceFacts:
    """Return an invoice as a frozen value; its lines name their orders by program/key."""
    return facts(
        InvoiceFacts,
        row,
        workspace_id=vendor.workspace_id,
        vendor=vendor.key,
        vendor_name=vendor.name,
        lines=tuple(_line(one, row.currency, orders, homes) for one in row.lines),
        net=from_minor(row.net_minor, row.currency),
        tax=from_minor(row.tax_minor, row.currency),
    )


def _line(
    held: Mapping[str, Any],
    currency: str,
    orders: Mapping[UUID, OrderFacts],
    homes: Mapping[UUID, str],
) -> InvoiceLine:
    order_id = UUID(held["order"]) if held["order"] else None
    order = orders.get(order_id) if order_id else None
    return InvoiceLine(
        order_id,
        f"{homes.get(order.program_id, '')}/{order.key}" if order else "",
        held["words"],
        held["units"],
        Decimal(held["unit_price"]) if held["unit_price"] is not None else None,
        from_minor(held["amount_minor"], currency),
    )
