"""Orders and invoices as files: taken away as CSV or a workbook, brought in after a preview."""

from __future__ import annotations

import base64
import binascii

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.vendors.actions import import_invoices, import_orders
from headway.domain.vendors.actions.tabling import MOST_BYTES, TableImport
from headway.domain.vendors.queries import invoice_table, order_table
from headway.domain.vendors.rules.tables import INVOICE_COLUMNS, LINE_COLUMNS, ORDER_COLUMNS
from headway.errors import Invalid, NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import address
from headway.rendering.cells import csv_text
from headway.rendering.report.blocks import Sheet
from headway.rendering.report.workbook import sheet_xlsx

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TABLES = {"orders": order_table, "invoices": invoice_table}
_IMPORTS = {"orders": import_orders, "invoices": import_invoices}
_CHOICES = [("orders", "Orders"), ("invoices", "Invoices, a row a line")]


class VendorFileForm(forms.Form):
    """A table of orders or invoices."""

    rows = forms.ChoiceField(
        label="What is in it",
        choices=_CHOICES,
    )
    file = forms.FileField(
        label="File",
        help_text="CSV or a workbook; no formula is computed.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.ods"}),
    )


def table(request: WorkspaceRequest, rows_kind: str, table_kind: str) -> HttpResponse:
    """Give the orders or the invoices away as a file."""
    if rows_kind not in _TABLES or table_kind not in ("csv", "xlsx"):
        sentence = "Orders and invoices are given as csv or xlsx."
        raise NotFound(sentence)
    head, *body = _TABLES[rows_kind](request.actor, request.at)
    name = f"{rows_kind}.{table_kind}"
    if table_kind == "csv":
        response = HttpResponse(csv_text([head, *body]), content_type="text/csv; charset=utf-8")
    else:
        widths = " ".join(["16"] * len(head))
        sheet = Sheet(rows_kind.capitalize(), tuple(map(str, head)), tuple(body), widths)
        data = sheet_xlsx(name, sheet, request.at or request.now)
        response = HttpResponse(data, content_type=_XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def bring(request: WorkspaceRequest) -> HttpResponse:
    """Ask for a file, show what it would do, then do it."""
    if request.method != "POST":
        return _page(request, VendorFileForm())
    try:
        rows, name, data = _sent(request)
        sure = "sure" in request.POST
        done = _IMPORTS[rows](request.actor, data, name, request.now, dry_run=not sure)
    except Invalid as error:
        return _page(request, VendorFileForm(), error=str(error), status=422)
    if not sure:
        kept = base64.b64encode(data).decode()
        return _page(request, VendorFileForm(), done=done, kept=(rows, name, kept))
    tell(request, f"{name} is read: {done.sentence}.")
    return redirect(address(request, "vendors"))


def _sent(request: WorkspaceRequest) -> tuple[str, str, bytes]:
    """Return what is in the file, its name and its bytes: chosen, or confirmed after a preview."""
    rows = request.POST.get("rows", "")
    if rows not in _IMPORTS:
        sentence = "Say what is in the file: orders or invoices."
        raise Invalid(sentence)
    if "kept" in request.POST:
        try:
            data = base64.b64decode(request.POST["kept"], validate=True)
        except (binascii.Error, ValueError):
            sentence = "What was previewed did not arrive whole; choose the file again."
            raise Invalid(sentence) from None
        return rows, request.POST.get("name", "the file")[:200], data
    form = VendorFileForm(request.POST, request.FILES)
    if not form.is_valid():
        sentence = "No file was chosen; choose one."
        raise Invalid(sentence)
    file = form.cleaned_data["file"]
    if file.size > MOST_BYTES:
        sentence = f"{file.name} has {file.size:,} bytes; at most {MOST_BYTES:,} are read."
        raise Invalid(sentence)
    return rows, str(file.name), file.read()


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
        "orders": ", ".join(ORDER_COLUMNS),
        "invoices": ", ".join((*INVOICE_COLUMNS, *LINE_COLUMNS)),
    }
    return render(request, "vendors_web/import.html", values, status=status)
