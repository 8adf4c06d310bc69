"""The register of risks as a file: CSV or a workbook, brought back after a preview."""

from __future__ import annotations

import base64
import binascii

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.plans.actions.risk_tabling import MOST_RISK_BYTES, import_risks
from headway.domain.plans.queries import latest_forecast, risk_standings
from headway.domain.plans.rules.risk_tables import risk_rows
from headway.domain.programs.queries import program_named
from headway.errors import HeadwayError, Invalid, NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.program import head_of
from headway.interfaces.web.raid.risk_editing import forecast_words
from headway.rendering.cells import csv_text
from headway.rendering.report.blocks import Sheet
from headway.rendering.report.workbook import sheet_xlsx

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class RiskFileForm(forms.Form):
    """A table of risks."""

    file = forms.FileField(
        label="File",
        help_text="CSV or a workbook: a row a risk, with columns Risk and Probability at least.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.ods"}),
    )


def table(request: WorkspaceRequest, program: str, table_kind: str) -> HttpResponse:
    """Give the register away as a file."""
    facts = program_named(request.actor, program, request.at)
    rows = risk_rows(risk_standings(request.actor, [facts], request.at)[facts.id])
    name = f"risks-{facts.slug}.{table_kind}"
    if table_kind == "csv":
        response = HttpResponse(csv_text(rows), content_type="text/csv; charset=utf-8")
    elif table_kind == "xlsx":
        heads, *body = rows
        sheet = Sheet("Risks", tuple(heads), tuple(map(tuple, body)), " ".join(["18"] * len(heads)))
        told = sheet_xlsx(name, sheet, request.at or request.now)
        response = HttpResponse(told, content_type=_XLSX)
    else:
        sentence = f"A register is given as csv or xlsx; '{table_kind[:10]}' is neither."
        raise NotFound(sentence)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def bring(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Ask for a file, show what it would change, then change it."""
    if request.method != "POST":
        return _page(request, program, form=RiskFileForm())
    try:
        name, data = _sent(request)
        sure = "sure" in request.POST
        done = import_risks(request.actor, program, data, name, request.now, dry_run=not sure)
    except Invalid as error:
        return _page(request, program, form=RiskFileForm(), error=error, status=422)
    if not sure:
        kept = base64.b64encode(data).decode()
        return _page(request, program, done=done, name=name, kept=kept)
    new, changed, same = (len(one) for one in (done.created, done.changed, done.unchanged))
    told = f"{new} new, {changed} changed, {same} as before, {len(done.refused)} refused"
    moved = forecast_words(request, program_named(request.actor, program))
    tell(request, f"The register is read: {told}.{moved}")
    return redirect(address(request, "risks", program=program))


def _sent(request: WorkspaceRequest) -> tuple[str, bytes]:
    """Return the file that was chosen, or the one whose preview was confirmed."""
    if "kept" in request.POST:
        try:
            data = base64.b64decode(request.POST["kept"], validate=True)
        except (binascii.Error, ValueError):
            sentence = "What was previewed did not arrive whole; choose the file again."
            raise Invalid(sentence) from None
        return request.POST.get("name", "the file")[:200], data
    form = RiskFileForm(request.POST, request.FILES)
    if not form.is_valid():
        sentence = "No file was chosen; choose one."
        raise Invalid(sentence)
    file = form.cleaned_data["file"]
    if file.size > MOST_RISK_BYTES:
        sentence = f"{file.name} has {file.size:,} bytes; at most {MOST_RISK_BYTES:,} are read."
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
    return render(request, "raid_web/risk_files.html", values, status=status)
