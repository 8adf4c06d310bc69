"""The auditor's package: of what one can be made, and the file itself."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.evidence.queries import ledger_head
from headway.domain.reports.queries import audit_scopes, auditors_package
from headway.interfaces.web.layout.routes import WorkspaceRequest


def hand_over(request: WorkspaceRequest) -> HttpResponse:
    """List the programs and systems that a package can be made of."""
    scopes = audit_scopes(request.actor, request.at)
    values = {"scopes": scopes, "head": ledger_head(request.actor)}
    return render(request, "law_web/hand_over.html", values)


def package(request: WorkspaceRequest, handed: str) -> HttpResponse:
    """Send the package of a program or a system, as of the moment that is looked from."""
    found = auditors_package(request.actor, handed, request.at or request.now)
    response = HttpResponse(found.data, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{found.name}"'
    response["Cache-Control"] = "no-store"
    return response
