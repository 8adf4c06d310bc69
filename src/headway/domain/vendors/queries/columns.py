"""The columns that are read of vendors' tables, as rows of now or as they were.

A row of Django's for each of thousands takes most of a page's time, so columns are read; the names
are those of the tables.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Model

from headway.domain.vendors.models import Contract, Invoice, PurchaseOrder, Receipt, Vendor


class VendorRow(NamedTuple):
    """The columns of a vendor."""

    id: UUID
    key: str
    name: str
    kind: str
    owner: str
    note: str
    is_sample: bool
    version: int


class ContractRow(NamedTuple):
    """The columns of a contract."""

    id: UUID
    vendor_id: UUID
    program_id: UUID | None
    key: str
    name: str
    starts: date
    ends: date | None
    renewal: str
    notice_days: int | None
    currency: str
    cap_minor: int | None
    state: str
    sla: Any
    wanted: Any
    documents: Any
    tax_is_cost: bool
    version: int


class OrderRow(NamedTuple):
    """The columns of a purchase order."""

    id: UUID
    contract_id: UUID
    program_id: UUID
    project_id: UUID | None
    key: str
    name: str
    category: str
    unit: str
    units: float | None
    unit_price_micros: int | None
    amount_minor: int
    ordered_on: date
    needed_by: date | None
    state: str
    version: int


class ReceiptRow(NamedTuple):
    """The columns of a receipt."""

    id: UUID
    order_id: UUID
    key: str
    received_on: date
    delivered: float | None
    accepted: float | None
    amount_minor: int | None
    taken_by: str
    batch: str
    note: str
    version: int


class InvoiceRow(NamedTuple):
    """The columns of an invoice."""

    id: UUID
    vendor_id: UUID
    key: str
    number: str
    invoiced_on: date
    period_start: date
    period_end: date
    due_on: date | None
    currency: str
    lines: Any
    net_minor: int
    tax_minor: int
    state: str
    reason: str
    file_name: str
    file_digest: str
    submitted_by: str
    paid_on: date | None
    version: int


class OrderSum(NamedTuple):
    """What of an order counts for what is still committed."""

    id: UUID
    contract_id: UUID
    amount_minor: int
    state: str


class InvoiceSum(NamedTuple):
    """What of an invoice counts for what was billed."""

    id: UUID
    vendor_id: UUID
    number: str
    currency: str
    lines: Any
    state: str


Kept = TypeVar(
    "Kept", VendorRow, ContractRow, OrderRow, ReceiptRow, InvoiceRow, OrderSum, InvoiceSum
)

_TABLES: dict[type, type[Model]] = {
    VendorRow: Vendor,
    ContractRow: Contract,
    OrderRow: PurchaseOrder,
    ReceiptRow: Receipt,
    InvoiceRow: Invoice,
    OrderSum: PurchaseOrder,
    InvoiceSum: Invoice,
}


def kept_rows(shape: type[Kept], at: datetime | None, **conditions: object) -> list[Kept]:
    """Return the rows of the table of `shape` now, or as known `at`; one query.

    Conditions name columns that never change. Of the past every version is read: few are written,
    and a search for the latest of each takes seconds where a workspace holds thousands of rows.
    """
    model: Any = _TABLES[shape]
    if at is None:
        rows = model.objects.filter(**conditions).values_list(*shape._fields)
        return [shape._make(row) for row in rows]
    past = model.history.filter(history_date__lte=at, **conditions)
    versions = past.order_by("history_date", "history_id")
    latest = {row[1]: row for row in versions.values_list("history_type", *shape._fields)}
    return [shape._make(row[1:]) for row in latest.values() if row[0] != "-"]
