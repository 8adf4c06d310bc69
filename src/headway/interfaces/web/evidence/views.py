"""The evidence list, a record opened, and a subject placed by hand."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.evidence import actions
from headway.domain.evidence.queries import (
    RecordsView,
    ledger_head,
    record_page,
    records_page,
)
from headway.domain.evidence.rules.kinds import KINDS
from headway.domain.programs.queries import portfolio_lines
from headway.errors import Invalid
from headway.interfaces.web.evidence.forms import RecordsForm, project_choices
from headway.interfaces.web.evidence.told import pretty, told
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import address, back


def records(request: WorkspaceRequest) -> HttpResponse:
    """List the ledger, newest first; the address says of which kind, project and subject."""
    projects = project_choices(portfolio_lines(request.actor, request.at), "Any")
    form = RecordsForm(request.GET, tuple(KINDS), projects)
    if not form.is_valid():
        sentence = "The address names no part of the evidence; start from the whole list."
        raise Invalid(sentence)
    asked = form.cleaned_data
    view = RecordsView(asked["kind"], asked["project"], asked["subject"], asked["cursor"])
    values = {
        "page": records_page(request.actor, view, request.at),
        "form": form,
        "is_narrowed": any((asked["kind"], asked["project"], asked["subject"])),
        "moment": request.at or request.now,
        "head": ledger_head(request.actor),
    }
    return render(request, "evidence_web/records.html", values)


def record(request: WorkspaceRequest, sequence: int) -> HttpResponse:
    """Open one record: what it says, where it came from, its place in the chain."""
    page = record_page(request.actor, sequence, request.at)
    valid_until = page.line.valid_until
    values = {
        "page": page,
        "title": f"Record {sequence}",
        "kind": page.line.kind.replace("_", " "),
        "told": told(page.line.kind, page.payload),
        "json": pretty(page.payload),
        "is_stale": bool(valid_until and valid_until < (request.at or request.now)),
    }
    return render(request, "evidence_web/record.html", values)


def place_subject(request: WorkspaceRequest, subject: UUID) -> HttpResponse:
    """Say which project a subject belongs to; without one it goes back into the inbox."""
    is_scratch = bool(request.POST.get("scratch"))
    slug = "" if is_scratch else request.POST.get("project", "")
    placed = actions.place_subject(request.actor, subject, slug, request.now, is_scratch=is_scratch)
    if is_scratch:
        tell(request, f"{placed} is scratch: it feeds nothing.", undo=request.path)
    elif slug:
        sentence = f"{placed} belongs to {slug} now; verdicts follow at the worker's next turn."
        tell(request, sentence, undo=request.path)
    else:
        tell(request, f"{placed} is back where its source or a rule puts it, else in the inbox.")
    return back(request, address(request, "unplaced") + "?each=1")
