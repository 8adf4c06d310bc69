"""A budget as a file: taken away as CSV or a workbook, brought back after a preview."""

from __future__ import annotations

import base64
import binascii

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.finance.actions import import_budget
from headway.domain.finance.actions.tabling import MOST_BYTES
from headway.domain.finance.queries import budget_table
from headway.domain.plans.queries import latest_forecast
from headway.domain.programs.queries import program_named
from headway.errors import HeadwayError, Invalid, NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.program import head_of
from headway.rendering.cells import csv_text
from headway.rendering.report.blocks import Sheet
from headway.rendering.report.workbook import sheet_xlsx

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BudgetFileForm(forms.Form):
    """A table of budget lines."""

    file = forms.FileField(
        label="File",
        help_text="CSV or a workbook: a row a line, columns Line, Amount and months as 2026-11.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.ods"}),
    )


def table(request: WorkspaceRequest, program: str, table_kind: str) -> HttpResponse:
    """Give the phased budget away as a file."""
    facts = program_named(request.actor, program, request.at)
    rows = budget_table(request.actor, facts, request.at)
    name = f"budget-{facts.slug}.{table_kind}"
    if table_kind == "csv":
        told = csv_text(["" if cell is None else cell for cell in row] for row in rows)
        response = HttpResponse(told, content_type="text/csv; charset=utf-8")
    elif table_kind == "xlsx":
        heads, *body = rows
        widths = " ".join(["18"] * len(heads))
        sheet = Sheet("Budget", tuple(map(str, heads)), tuple(map(tuple, body)), widths)
        at = request.at or request.now
        response = HttpResponse(sheet_xlsx(name, sheet, at), content_type=_XLSX)
    else:
        sentence = f"A budget is given as csv or xlsx; '{table_kind[:10]}' is neither."
        raise NotFound(sentence)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def bring(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Ask for a file, show what it would change, then change it."""
    if request.method != "POST":
        return _page(request, program, form=BudgetFileForm())
    try:
        name, data = _sent(request)
        sure = "sure" in request.POST
        done = import_budget(request.actor, program, data, name, request.now, dry_run=not sure)
    except Invalid as error:
        return _page(request, program, form=BudgetFileForm(), error=error, status=422)
    if not sure:
        kept = base64.b64encode(data).decode()
        return _page(request, program, done=done, name=name, kept=kept)
    new, changed, same = (len(one) for one in (done.created, done.changed, done.unchanged))
    told = f"{new} new, {changed} changed, {same} as before, {len(done.refused)} refused"
    tell(request, f"The budget is read: {told}.")
    return redirect(address(request, "budget", program=program))


def _sent(request: WorkspaceRequest) -> tuple[str, bytes]:
    """Return the file that was chosen, or the one whose preview was confirmed."""
    if "kept" in request.POST:
        try:
            data = base64.b64decode(request.POST["kept"], validate=True)
        except (binascii.Error, ValueError):
            sentence = "What was previewed did not arrive whole; choose the file again."
            raise Invalid(sentence) from None
        return request.POST.get("name", "the file")[:200], data
    form = BudgetFileForm(request.POST, request.FILES)
    if not form.is_valid():
        sentence = "No file was chosen; choose one."
        raise Invalid(sentence)
    file = form.cleaned_data["file"]
    if file.size > MOST_BYTES:
        sentence = f"{file.name} has {file.size:,} bytes; at most {MOST_BYTES:,} are read."
        raise Invalid(sentence)
    return str(file.name), file.read()


def _page(
    request: WorkspaceRequest,
    program: str,
    *,
    error: HeadwayError | None = None,
    status: int = 200,
    **shown: object,
) -> HttpResponse:
    facts = program_named(request.actor, program, request.at)
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at))
    values |= {"error": str(error) if error else "", **shown}
    return render(request, "budgets_web/import.html", values, status=status)
