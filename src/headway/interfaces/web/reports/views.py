"""A program's reports: what one would say now, the frozen ones, and their files."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.programs.queries import program_named
from headway.domain.reports import actions
from headway.domain.reports.queries import (
    compose_report,
    report_content,
    report_numbered,
    reports_of,
)
from headway.domain.reports.rules import Audience, Format
from headway.errors import NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.rendering.report import as_html


def reports(request: WorkspaceRequest, program: str) -> HttpResponse:
    """List the frozen reports, and show what the next one would say."""
    facts = program_named(request.actor, program, request.at)
    moment = request.at or request.now
    preview = compose_report(request.actor, facts, moment, known_at=request.at)
    values = {
        "program": facts,
        "lines": reports_of(request.actor, facts, request.at),
        "preview": as_html(preview),
    }
    return render(request, "reports_web/reports.html", values)


def freeze_report(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Freeze the executive report with its data date: nobody can change it afterwards."""
    line = actions.freeze_report(
        request.actor, program, Audience.EXECUTIVE, request.now, known_at=request.at
    )
    tell(request, f"Report {line.number} is frozen.")
    return redirect("report", request.place.slug, program, line.number)


def report(request: WorkspaceRequest, program: str, number: int) -> HttpResponse:
    """Show a frozen report."""
    facts = program_named(request.actor, program, request.at)
    line, _, page = report_numbered(request.actor, facts, number)
    values = {
        "program": facts,
        "line": line,
        "title": f"Report {number}",
        "page": page,
        "formats": list(Format),
    }
    return render(request, "reports_web/report.html", values)


def download_report(
    request: WorkspaceRequest, program: str, number: int, form: str
) -> HttpResponse:
    """Send a frozen report as a file."""
    if form not in list(Format):
        sentence = f"There is no report as .{form[:20]}; there is {', '.join(Format)}."
        raise NotFound(sentence)
    facts = program_named(request.actor, program, request.at)
    content = report_content(request.actor, facts, number, Format(form))
    response = HttpResponse(content.data, content_type=content.content_type)
    response["Content-Disposition"] = f'attachment; filename="{content.name}"'
    # Should a browser show a downloaded page after all, it shows it as a stranger's.
    response._csp_update = {"sandbox": ["allow-downloads"]}  # type: ignore[attr-defined]
    return response
