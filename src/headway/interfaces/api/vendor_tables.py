"""Contracts, orders, receipts and invoices as tables, both ways: CSV or a workbook."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from headway.domain.accounts.rules import Permission
from headway.domain.vendors.actions import VENDOR_IMPORTS, TableImport
from headway.domain.vendors.queries import VENDOR_TABLES
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import check_type
from headway.interfaces.api.operations import File, documented, operation, slow
from headway.interfaces.api.paging import At
from headway.rendering.cells import csv_text
from headway.rendering.report.blocks import Sheet
from headway.rendering.report.workbook import sheet_xlsx

router = Router(tags=["Vendors"])

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = ("text/csv", _XLSX)
_BODY = {
    "required": True,
    "content": {kind: {"schema": {"type": "string"}} for kind in _TYPES},
}
_VIEW, _PLAN, _RUN = Permission.VIEW, Permission.PLAN, Permission.PROGRAM


class TableGiven(At):
    """As what the table is given."""

    format: Literal["csv", "xlsx"] = "csv"


class VendorTableAsked(BaseModel):
    """The name of the file that is sent (its ending tells the format), and whether to keep it."""

    file: Annotated[str, Field(min_length=1, max_length=200)] = "table.csv"
    dry_run: bool = False


def _given(request: ApiRequest, name: str, asked: TableGiven) -> File:
    moment = asked.moment(request)
    head, *body = VENDOR_TABLES[name](request.auth, moment)
    if asked.format == "csv":
        data = csv_text([head, *body]).encode()
        return File(f"{name}.csv", "text/csv; charset=utf-8", data)
    sheet = Sheet(name.capitalize(), tuple(head), tuple(body), " ".join(["16"] * len(head)))
    return File(f"{name}.xlsx", _XLSX, sheet_xlsx(f"{name}.xlsx", sheet, moment or request.now))


def _taken(request: ApiRequest, name: str, asked: VendorTableAsked) -> TableImport:
    check_type(request, *_TYPES)
    take = VENDOR_IMPORTS[name]
    return take(request.auth, request.body, asked.file, request.now, dry_run=asked.dry_run)


@operation(router, "GET", "/contract-table", _VIEW, File)
def read_contract_table(request: ApiRequest, asked: Query[TableGiven]) -> File:
    """Return every contract as a table, which the import reads again."""
    return _given(request, "contracts", asked)


@operation(router, "POST", "/contract-table", _RUN, TableImport)
@slow
@documented(requestBody=_BODY)
def import_contract_table(request: ApiRequest, asked: Query[VendorTableAsked]) -> TableImport:
    """Read a table of contracts (the body, CSV or XLSX), row by row; twice changes nothing."""
    return _taken(request, "contracts", asked)


@operation(router, "GET", "/purchase-table", _VIEW, File)
def read_purchase_table(request: ApiRequest, asked: Query[TableGiven]) -> File:
    """Return every order as a table, which the import reads again."""
    return _given(request, "orders", asked)


@operation(router, "POST", "/purchase-table", _RUN, TableImport)
@slow
@documented(requestBody=_BODY)
def import_purchase_table(request: ApiRequest, asked: Query[VendorTableAsked]) -> TableImport:
    """Read a table of orders (the body, CSV or XLSX), row by row; twice changes nothing."""
    return _taken(request, "orders", asked)


@operation(router, "GET", "/receipt-table", _VIEW, File)
def read_receipt_table(request: ApiRequest, asked: Query[TableGiven]) -> File:
    """Return everything that came as a table, which the import reads again."""
    return _given(request, "receipts", asked)


@operation(router, "POST", "/receipt-table", _PLAN, TableImport)
@slow
@documented(requestBody=_BODY)
def import_receipt_table(request: ApiRequest, asked: Query[VendorTableAsked]) -> TableImport:
    """Read a table of receipts (the body, CSV or XLSX), row by row; twice changes nothing."""
    return _taken(request, "receipts", asked)


@operation(router, "GET", "/invoice-table", _VIEW, File)
def read_invoice_table(request: ApiRequest, asked: Query[TableGiven]) -> File:
    """Return every invoice as a table, a row a line, which the import reads again."""
    return _given(request, "invoices", asked)


@operation(router, "POST", "/invoice-table", _PLAN, TableImport)
@slow
@documented(requestBody=_BODY)
def import_invoice_table(request: ApiRequest, asked: Query[VendorTableAsked]) -> TableImport:
    """Read a table of invoices (the body, CSV or XLSX), a row a line; twice changes nothing."""
    return _taken(request, "invoices", asked)
