"""Tables of vendors as files: taken away as CSV or a workbook, brought in after a preview."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.vendors.actions import VENDOR_IMPORTS, TableImport
from headway.domain.vendors.actions.tabling import MOST_BYTES
from headway.domain.vendors.queries import VENDOR_TABLES
from headway.domain.vendors.rules.tables import (
    CONTRACT_COLUMNS,
    INVOICE_COLUMNS,
    LINE_COLUMNS,
    ORDER_COLUMNS,
    RECEIPT_COLUMNS,
)
from headway.errors import Invalid, NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.tables import TableFileForm, given_table, kept_table, sent_table
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import address

_CHOICES = [
    ("contracts", "Contracts"),
    ("orders", "Orders"),
    ("receipts", "Receipts, what came for orders"),
    ("invoices", "Invoices, a row a line"),
]


class VendorFileForm(TableFileForm):
    """A table of contracts, orders, receipts or invoices."""

    rows = forms.ChoiceField(label="What is in it", choices=_CHOICES)


def table(request: WorkspaceRequest, rows_kind: str, table_kind: str) -> HttpResponse:
    """Give contracts, orders, receipts or invoices away as a file."""
    if rows_kind not in VENDOR_TABLES:
        sentence = f"Orders and invoices are given as tables; '{rows_kind[:20]}' is neither."
        raise NotFound(sentence)
    rows = VENDOR_TABLES[rows_kind](request.actor, request.at)
    return given_table(request, rows_kind, table_kind, rows)


def bring(request: WorkspaceRequest) -> HttpResponse:
    """Ask for a file, show what it would do, then do it."""
    if request.method != "POST":
        return _page(request, VendorFileForm())
    try:
        rows, name, data = _sent(request)
        sure = "sure" in request.POST
        done = VENDOR_IMPORTS[rows](request.actor, data, name, request.now, dry_run=not sure)
    except Invalid as error:
        return _page(request, VendorFileForm(), error=str(error), status=422)
    if not sure:
        kept = (rows, name, kept_table(data))
        return _page(request, VendorFileForm(), done=done, kept=kept)
    tell(request, f"{name} is read: {done.sentence}.")
    return redirect(address(request, "vendors"))


def _sent(request: WorkspaceRequest) -> tuple[str, str, bytes]:
    """Return what is in the file, its name and its bytes: chosen, or confirmed after a preview."""
    rows = request.POST.get("rows", "")
    if rows not in VENDOR_IMPORTS:
        sentence = "Say what is in the file: contracts, orders, receipts or invoices."
        raise Invalid(sentence)
    return rows, *sent_table(request, MOST_BYTES)


def _page(
    request: WorkspaceRequest,
    form: VendorFileForm,
    *,
    done: TableImport | None = None,
    kept: tuple[str, str, str] | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    values = {
        "form": form,
        "done": done,
        "kept": kept,
        "error": error,
        "columns": [
            ("Contracts", ", ".join(CONTRACT_COLUMNS)),
            ("Orders", ", ".join(ORDER_COLUMNS)),
            ("Receipts", ", ".join(RECEIPT_COLUMNS)),
            ("Invoices", ", ".join((*INVOICE_COLUMNS, *LINE_COLUMNS))),
        ],
    }
    return render(request, "vendors_web/import.html", values, status=status)
