"""Contracts, orders, receipts and invoices as tables, each as its import reads it again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.models import Project
from headway.domain.vendors.queries.rows import books_of
from headway.domain.vendors.queries.standing import contracts_of
from headway.domain.vendors.rules.tables import (
    CONTRACT_COLUMNS,
    INVOICE_COLUMNS,
    LINE_COLUMNS,
    ORDER_COLUMNS,
    RECEIPT_COLUMNS,
    Row,
    contract_row,
    invoice_rows,
    order_row,
    receipt_row,
)


def contract_table(actor: Actor, known_at: datetime | None = None) -> Sequence[Row]:
    """Return every contract as a row, under a head; as `import_contracts` reads it."""
    return [CONTRACT_COLUMNS, *(contract_row(one) for one in contracts_of(actor, known_at))]


def receipt_table(actor: Actor, known_at: datetime | None = None) -> Sequence[Row]:
    """Return everything that came as a row, under a head; as `import_receipts` reads it."""
    require(actor, Permission.VIEW)
    books = books_of(actor.workspace_id, known_at)
    return [
        RECEIPT_COLUMNS,
        *(
            receipt_row(one, order, books.homes.get(order.program_id, ""))
            for order in books.orders.values()
            for one in books.receipts.get(order.id, ())
        ),
    ]


def order_table(actor: Actor, known_at: datetime | None = None) -> Sequence[Row]:
    """Return every order as a row, under a head: the table that `import_orders` reads."""
    require(actor, Permission.VIEW)
    books = books_of(actor.workspace_id, known_at)
    projects = Project.objects.filter(workspace_id=actor.workspace_id)
    slugs = dict(projects.values_list("id", "slug"))
    return [
        ORDER_COLUMNS,
        *(
            order_row(one, books.homes.get(one.program_id, ""), slugs)
            for one in books.orders.values()
        ),
    ]


def invoice_table(actor: Actor, known_at: datetime | None = None) -> Sequence[Row]:
    """Return every line of every invoice as a row, under a head; as `import_invoices` reads it."""
    require(actor, Permission.VIEW)
    books = books_of(actor.workspace_id, known_at)
    rows = [row for one in books.invoices.values() if one.is_live for row in invoice_rows(one)]
    return [(*INVOICE_COLUMNS, *LINE_COLUMNS), *rows]


#: What a file holds → what makes it.
VENDOR_TABLES: Mapping[str, Callable[[Actor, datetime | None], Sequence[Row]]] = {
    "contracts": contract_table,
    "orders": order_table,
    "receipts": receipt_table,
    "invoices": invoice_table,
}
