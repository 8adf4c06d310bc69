"""Contracts, orders and invoices by name alone, as lists of questions call them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.vendors.queries.columns import ContractRow, InvoiceRow, OrderRow, kept_rows
from headway.domain.vendors.queries.rows import (
    contract_rows,
    homes_of,
    invoice_facts,
    order_rows,
    vendor_rows,
)
from headway.domain.vendors.rules import ContractFacts, InvoiceFacts, OrderFacts


@dataclass(frozen=True, slots=True)
class Named:
    """Something that functions approve, by name: a contract, an order or an invoice.

    `place` is vendor and key, of an order program and key; `author` who took an invoice in.
    """

    subject: str
    sort: str
    name: str
    place: tuple[str, str]
    author: str = ""

    @classmethod
    def of_contract(cls, one: ContractFacts) -> Named:
        """Name a contract."""
        name = f"{one.name} with {one.vendor_name}"
        return cls(one.subject, "contract", name, (one.vendor, one.key))

    @classmethod
    def of_order(cls, one: OrderFacts, home: str) -> Named:
        """Name an order of the program at `home`."""
        name = f"{one.name} from {one.vendor_name}"
        return cls(f"order:{home}/{one.key}", "order", name, (home, one.key))

    @classmethod
    def of_invoice(cls, one: InvoiceFacts) -> Named:
        """Name an invoice."""
        name = f"Invoice {one.number} of {one.vendor_name}"
        return cls(one.subject, "invoice", name, (one.vendor, one.key), one.submitted_by)


def named_of(
    workspace: UUID, subjects: Collection[str], at: datetime | None = None
) -> Mapping[str, Named]:
    """Return what these subjects name, by subject; five queries at most, however many they are."""
    keys: dict[str, list[str]] = defaultdict(list)
    for subject in subjects:
        sort, _, place = subject.partition(":")
        keys[sort].append(place.partition("/")[2])
    here: dict[str, object] = {"workspace_id": workspace}
    vendors = vendor_rows(workspace, at)
    found: list[Named] = []
    if keys["contract"] or keys["order"]:
        contracts = contract_rows(vendors, kept_rows(ContractRow, at, **here))
        found += [Named.of_contract(one) for one in contracts.values()]
        rows = kept_rows(OrderRow, at, key__in=keys["order"], **here) if keys["order"] else []
        homes = homes_of(workspace) if rows else {}
        for order in order_rows(contracts, rows).values():
            found.append(Named.of_order(order, homes.get(order.program_id, "")))
    if keys["invoice"]:
        for row in kept_rows(InvoiceRow, at, key__in=keys["invoice"], **here):
            if row.vendor_id in vendors:
                found.append(Named.of_invoice(invoice_facts(row, vendors[row.vendor_id], {}, {})))
    return {one.subject: one for one in found if one.subject in subjects}
