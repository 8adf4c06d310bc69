"""The trust page: is this installation well, and where does the ledger stand?"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.accounts.queries import audit_page
from headway.domain.evidence.queries import ledger_head
from headway.domain.installation.queries import configuration, doctor
from headway.interfaces.web.layout.routes import WorkspaceRequest


def installation(request: WorkspaceRequest) -> HttpResponse:
    """Show every finding that concerns this workspace, and what is configured, without values."""
    findings = doctor(request.now, workspace=request.place.slug)
    values = {
        "findings": sorted(findings, key=lambda finding: finding.is_well),
        "unwell": sum(not finding.is_well for finding in findings),
        "configured": sorted(configuration()),
        "ledger": ledger_head(request.actor),
        "trail": audit_page(request.actor).head,
    }
    return render(request, "home_web/installation.html", values)
