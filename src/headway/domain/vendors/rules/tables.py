"""Columns of the tables in which contracts, orders, receipts and invoices travel, both ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from headway.domain.vendors.rules.contracts import ContractFacts
from headway.domain.vendors.rules.invoices import InvoiceFacts
from headway.domain.vendors.rules.orders import OrderFacts, ReceiptFacts

ORDER_COLUMNS = (
    "program",
    "key",
    "name",
    "contract",
    "project",
    "category",
    "unit",
    "units",
    "unit_price",
    "amount",
    "ordered_on",
    "needed_by",
    "state",
)

INVOICE_COLUMNS = (
    "vendor",
    "number",
    "invoiced_on",
    "period_start",
    "period_end",
    "due_on",
    "currency",
    "tax",
)

CONTRACT_COLUMNS = (
    "vendor",
    "vendor_name",
    "key",
    "name",
    "state",
    "starts",
    "ends",
    "renewal",
    "notice_days",
    "currency",
    "cap",
    "wanted",
)

RECEIPT_COLUMNS = (
    "program",
    "order",
    "key",
    "received_on",
    "delivered",
    "accepted",
    "amount",
    "batch",
    "note",
)

LINE_COLUMNS = ("order", "words", "units", "unit_price", "amount")

Row = tuple[str, ...]


def order_row(order: OrderFacts, home: str, projects: Mapping[UUID, str]) -> Row:
    """Return an order as a row of ORDER_COLUMNS."""
    return (
        home,
        order.key,
        order.name,
        f"{order.vendor}/{order.contract}",
        projects.get(order.project_id, "") if order.project_id else "",
        order.category,
        order.unit,
        _cell(order.units),
        _cell(order.unit_price),
        "" if order.is_counted else _cell(order.amount),
        _cell(order.ordered_on),
        _cell(order.needed_by),
        order.state,
    )


def contract_row(contract: ContractFacts) -> Row:
    """Return a contract as a row of CONTRACT_COLUMNS; its promises and documents are not in it."""
    return (
        contract.vendor,
        contract.vendor_name,
        contract.key,
        contract.name,
        contract.state,
        _cell(contract.starts),
        _cell(contract.ends),
        contract.renewal,
        "" if contract.notice_days is None else str(contract.notice_days),
        contract.currency,
        _cell(contract.cap),
        ", ".join(contract.wanted),
    )


def receipt_row(receipt: ReceiptFacts, order: OrderFacts, home: str) -> Row:
    """Return what came for an order as a row of RECEIPT_COLUMNS."""
    return (
        home,
        order.key,
        receipt.key,
        _cell(receipt.received_on),
        _cell(receipt.delivered),
        _cell(receipt.accepted),
        _cell(receipt.amount),
        receipt.batch,
        receipt.note,
    )


def invoice_rows(invoice: InvoiceFacts) -> Sequence[Row]:
    """Return an invoice as rows of INVOICE_COLUMNS and LINE_COLUMNS, one a line."""
    head = (
        invoice.vendor,
        invoice.number,
        _cell(invoice.invoiced_on),
        _cell(invoice.period_start),
        _cell(invoice.period_end),
        _cell(invoice.due_on),
        invoice.currency,
        _cell(invoice.tax),
    )
    return [
        (*head, one.order, one.words, _cell(one.units), _cell(one.unit_price), _cell(one.amount))
        for one in invoice.lines
    ]


def _cell(value: date | Decimal | float | None) -> str:
    """Return a value as a cell that is read back as the same: text, never a rounded number."""
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value:f}"
        case float():
            return f"{value:.15g}"
        case _:
            return value.isoformat()
