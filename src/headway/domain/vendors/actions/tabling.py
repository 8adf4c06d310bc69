"""Bringing contracts, orders, receipts and invoices in from a table, CSV or a workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from headway.connectors.tables.grid import Grid, read_grid
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.fields import meant
from headway.domain.vendors.actions.billing import set_invoice
from headway.domain.vendors.actions.ordering import set_order, set_receipt
from headway.domain.vendors.actions.terms import set_contract, set_vendor
from headway.domain.vendors.models import Contract, Invoice, PurchaseOrder, Receipt, Vendor
from headway.domain.vendors.queries.standing import order_named, vendor_named
from headway.domain.vendors.rules.tables import (
    CONTRACT_COLUMNS,
    INVOICE_COLUMNS,
    LINE_COLUMNS,
    ORDER_COLUMNS,
    RECEIPT_COLUMNS,
)
from headway.errors import HeadwayError, Invalid
from headway.rendering.cells import restored

#: A table of so many bytes and rows is none of orders or invoices.
MOST_BYTES, MOST_ROWS = 1_000_000, 5_000


@dataclass(frozen=True, slots=True)
class TakenRow:
    """What became of a row: new, changed, unchanged or refused, and why."""

    line: int
    name: str
    what: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class TableImport:
    """What an import did, or would do, row by row; an invoice counts once, by its first row."""

    rows: Sequence[TakenRow]

    def count(self, what: str) -> int:
        """Return how many rows became `what`."""
        return sum(one.what == what for one in self.rows)

    @property
    def sentence(self) -> str:
        """Say how many rows became what."""
        parts = [f"{self.count(one)} {one}" for one in ("new", "changed", "unchanged", "refused")]
        return ", ".join(parts)


def import_orders(
    actor: Actor, data: bytes, name: str, at: datetime, *, dry_run: bool = False
) -> TableImport:
    """Set orders as a table says (ORDER_COLUMNS); each row whole or refused with its reason.

    A second import of the same file changes nothing; with `dry_run` nothing is kept. Raises
    Invalid for what is no such table.
    """
    require(actor, Permission.PROGRAM)
    rows = [(line, cells) for line, cells in _rows(data, name, ORDER_COLUMNS, ("program", "key"))]

    def take(cells: Mapping[str, str]) -> tuple[str, str]:
        place = (cells["program"], cells["key"])
        values = {
            field: text for field, text in cells.items() if text and field not in ("program", "key")
        }
        parent = program_named(actor, place[0])
        held = PurchaseOrder.objects.filter(program_id=parent.id, key=place[1]).first()
        saved = set_order(actor, *place, values, at)
        return "/".join(place), _what(held.version if held else None, saved.version)

    return _taken(rows, lambda cells: f"{cells['program']}/{cells['key']}", take, dry_run=dry_run)


def import_contracts(
    actor: Actor, data: bytes, name: str, at: datetime, *, dry_run: bool = False
) -> TableImport:
    """Set contracts as a table says (CONTRACT_COLUMNS), as `import_orders` does orders.

    A vendor that nobody wrote down yet is made where the row says its name; one that is known
    keeps the name it has. Promises and documents stay as they are.
    """
    require(actor, Permission.PROGRAM)
    rows = _rows(data, name, CONTRACT_COLUMNS, ("vendor", "key"))

    def take(cells: Mapping[str, str]) -> tuple[str, str]:
        place = (cells["vendor"], cells["key"])
        skipped = ("vendor", "vendor_name", "key")
        values = {field: text for field, text in cells.items() if text and field not in skipped}
        vendors = Vendor.objects.filter(workspace_id=actor.workspace_id, key=place[0])
        if cells["vendor_name"] and not vendors.exists():
            set_vendor(actor, place[0], {"name": cells["vendor_name"]}, at)
        held = Contract.objects.filter(vendor__in=vendors, key=place[1]).first()
        saved = set_contract(actor, *place, values, at)
        return "/".join(place), _what(held.version if held else None, saved.version)

    return _taken(rows, lambda cells: f"{cells['vendor']}/{cells['key']}", take, dry_run=dry_run)


def import_receipts(
    actor: Actor, data: bytes, name: str, at: datetime, *, dry_run: bool = False
) -> TableImport:
    """Take in what came as a table says (RECEIPT_COLUMNS), as `import_orders` does orders."""
    require(actor, Permission.PLAN)
    columns = ("program", "order", "key")
    rows = _rows(data, name, RECEIPT_COLUMNS, columns)

    def take(cells: Mapping[str, str]) -> tuple[str, str]:
        place, key = (cells["program"], cells["order"]), cells["key"]
        if not key:
            sentence = "The row names no receipt: without a key it would come in again each time."
            raise Invalid(sentence)
        values = {field: text for field, text in cells.items() if text and field not in columns}
        order = order_named(actor, program_named(actor, place[0]), place[1])
        held = Receipt.objects.filter(order_id=order.id, key=key).first()
        saved = set_receipt(actor, place, key, values, at)
        return "/".join((*place, key)), _what(held.version if held else None, saved.version)

    def called(cells: Mapping[str, str]) -> str:
        return "/".join(cells[column] for column in columns)

    return _taken(rows, called, take, dry_run=dry_run)


def import_invoices(
    actor: Actor, data: bytes, name: str, at: datetime, *, dry_run: bool = False
) -> TableImport:
    """Take invoices in as a table says: a row a line, rows of one vendor and number together.

    As `import_orders`: whole or refused, idempotent, and nothing is kept with `dry_run`.
    """
    require(actor, Permission.PLAN)
    columns = (*INVOICE_COLUMNS, *LINE_COLUMNS)
    grouped: dict[tuple[str, str], tuple[int, dict[str, str], list[dict[str, str]]]] = {}
    for line, cells in _rows(data, name, columns, ("vendor", "number")):
        head = {field: cells[field] for field in INVOICE_COLUMNS}
        part = {field: cells[field] for field in LINE_COLUMNS if cells[field]}
        key = (cells["vendor"], cells["number"])
        grouped.setdefault(key, (line, head, []))[2].append(part)

    def take(cells: Mapping[str, str]) -> tuple[str, str]:
        key = (cells["vendor"], cells["number"])
        _, head, lines = grouped[key]
        values: dict[str, object] = {
            field: text for field, text in head.items() if text and field != "vendor"
        }
        vendor = vendor_named(actor, key[0])
        held = Invoice.objects.filter(vendor_id=vendor.id, number=key[1]).first()
        page = set_invoice(actor, key[0], "", {**values, "lines": lines}, at)
        what = _what(held.version if held else None, page.invoice.version)
        return f"{key[0]} {key[1]}", what

    rows = [(line, head) for line, head, _ in grouped.values()]
    return _taken(rows, lambda cells: f"{cells['vendor']} {cells['number']}", take, dry_run=dry_run)


def _what(before: int | None, after: int) -> str:
    if before is None:
        return "new"
    return "unchanged" if before == after else "changed"


def _taken(
    rows: Sequence[tuple[int, Mapping[str, str]]],
    called: Callable[[Mapping[str, str]], str],
    take: Callable[[Mapping[str, str]], tuple[str, str]],
    *,
    dry_run: bool,
) -> TableImport:
    found, seen = [], set[str]()
    with transaction.atomic():
        for line, cells in rows:
            name = called(cells)
            try:
                with transaction.atomic():
                    if name in seen:
                        sentence = f"{name} stands in the file twice; the first one was taken."
                        raise Invalid(sentence)
                    _, what = take(cells)
            except HeadwayError as error:
                found.append(TakenRow(line, name, "refused", str(error)))
                continue
            seen.add(name)
            found.append(TakenRow(line, name, what))
        if dry_run:
            transaction.set_rollback(True)
    return TableImport(found)


def _rows(
    data: bytes, name: str, columns: Sequence[str], needed: Sequence[str]
) -> list[tuple[int, dict[str, str]]]:
    """Return the rows by column, each with its line in the file; Invalid for another table."""
    if len(data) > MOST_BYTES:
        sentence = f"{name} has {len(data):,} bytes; at most {MOST_BYTES:,} are read."
        raise Invalid(sentence)
    grid = read_grid(data, name)
    places = _places(grid, name, columns, needed)
    if len(grid.rows) > MOST_ROWS:
        sentence = f"{name} has {len(grid.rows):,} rows; at most {MOST_ROWS:,} are read."
        raise Invalid(sentence)
    found = []
    for line, row in zip(grid.lines, grid.rows, strict=True):
        cells = {
            column: row[places[column]].strip() if column in places else "" for column in columns
        }
        # An apostrophe was put there so that no spreadsheet computes the cell.
        found.append((line, {column: restored(text) for column, text in cells.items()}))
    return found


def _places(grid: Grid, name: str, columns: Sequence[str], needed: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, heading in enumerate(grid.header):
        column = heading.strip().lower().replace(" ", "_")
        if column not in columns:
            sentence = (
                f"{name} has a column '{heading[:40]}' that nobody knows{meant(column, columns)}. "
                f"Known are: {', '.join(columns)}."
            )
            raise Invalid(sentence)
        places.setdefault(column, place)
    for column in needed:
        if column not in places:
            sentence = f"{name} has no column '{column}'; its columns are {', '.join(grid.header)}."
            raise Invalid(sentence)
    return places


#: What a file holds → what reads it.
VENDOR_IMPORTS: Mapping[str, Callable[..., TableImport]] = {
    "contracts": import_contracts,
    "orders": import_orders,
    "receipts": import_receipts,
    "invoices": import_invoices,
}
