"""The register of risks as a file: CSV or a workbook, brought back after a preview."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.plans.actions.risk_tabling import import_risks
from headway.domain.plans.queries import latest_forecast, risk_standings
from headway.domain.plans.rules.risk_tables import risk_rows
from headway.domain.programs.actions.tables import MOST_BYTES
from headway.domain.programs.queries import program_named
from headway.errors import HeadwayError, Invalid
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.tables import TableFileForm, given_table, kept_table, sent_table
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.program import head_of
from headway.interfaces.web.raid.risk_editing import forecast_words

_TOLD = "CSV or a workbook: a row a risk, with columns Risk and Probability at least."


def table(request: WorkspaceRequest, program: str, table_kind: str) -> HttpResponse:
    """Give the register away as a file."""
    facts = program_named(request.actor, program, request.at)
    rows = risk_rows(risk_standings(request.actor, [facts], request.at)[facts.id])
    return given_table(request, f"risks-{facts.slug}", table_kind, rows)


def bring(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Ask for a file, show what it would change, then change it."""
    if request.method != "POST":
        return _page(request, program, form=TableFileForm(told=_TOLD))
    try:
        name, data = sent_table(request, MOST_BYTES)
        sure = "sure" in request.POST
        done = import_risks(request.actor, program, data, name, request.now, dry_run=not sure)
    except Invalid as error:
        return _page(request, program, form=TableFileForm(told=_TOLD), error=error, status=422)
    if not sure:
        return _page(request, program, done=done, name=name, kept=kept_table(data))
    moved = forecast_words(request, program_named(request.actor, program))
    tell(request, f"The register is read: {done.words}.{moved}")
    return redirect(address(request, "risks", program=program))


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
