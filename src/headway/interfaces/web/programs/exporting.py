"""The plan as files to take away, with what each format cannot carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.plans.queries import export_losses, latest_forecast, plan_file
from headway.domain.plans.rules.exporting import FORMATS
from headway.domain.programs.queries import program_named, projects_of
from headway.errors import NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.program import head_of

_NAMES = {
    "yaml": ("YAML", "Headway's own plan file: everything, readable by people and by git."),
    "xml": ("Microsoft Project XML", "Opens in Microsoft Project, ProjectLibre and others."),
    "csv": ("CSV", "One line an item: names, ranges and what each waits for."),
}


@dataclass(frozen=True, slots=True)
class FormRow:
    """A format with the address of the file and what it cannot carry; None where not tried."""

    name: str
    what: str
    href: str
    losses: Sequence[str] | None


def plan_files(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Offer the plan of a program, or of one of its projects, as files."""
    facts = program_named(request.actor, program, request.at)
    chosen = request.GET.get("project", "")
    projects = projects_of(request.actor, facts, request.at)
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at))
    values |= {"projects": projects, "chosen": chosen, "rows": []}
    try:
        told = export_losses(request.actor, facts, request.at, project=chosen)
    except NotFound as error:
        return render(request, "programs_web/plan_files.html", values | {"nothing": str(error)})
    values["rows"] = [
        FormRow(*_NAMES[form], _href(request, program, form, chosen), told.get(form))
        for form in FORMATS
    ]
    return render(request, "programs_web/plan_files.html", values)


def _href(request: WorkspaceRequest, program: str, form: str, project: str) -> str:
    here = address(request, "plan_file", program=program, ending=form)
    return f"{here}?project={project}" if project else here


def file(request: WorkspaceRequest, program: str, ending: str) -> HttpResponse:
    """Give the plan away as a file."""
    facts = program_named(request.actor, program, request.at)
    project = request.GET.get("project", "")
    found = plan_file(request.actor, facts, ending, request.at, project=project)
    response = HttpResponse(found.data, content_type=f"{found.content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.name}"'
    response["Cache-Control"] = "private, no-store"
    return response
