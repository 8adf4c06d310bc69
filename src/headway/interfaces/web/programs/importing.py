"""Importing a plan file: a preview of what would happen, then the import itself."""

from __future__ import annotations

import base64
import binascii

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.plans.actions import import_plan, make_forecast
from headway.domain.programs.queries import program_of, project_named
from headway.errors import HeadwayError, Invalid, Problem
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.forms import ConfirmForm, PlanFileForm

#: The largest plan file taken by a browser; the command line takes larger ones.
LARGEST = 1_000_000


def import_page(request: WorkspaceRequest, project: str = "") -> HttpResponse:
    """Ask for a plan file; preview it; import what was previewed."""
    if project:
        project_named(request.actor, project)
    if request.method != "POST":
        return _page(request, project)
    if "content" in request.POST:
        return _imported(request, project)
    form = PlanFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, project, form=form, status=422)
    file = form.cleaned_data["file"]
    if file.size > LARGEST:
        form.add_error("file", f"The file has {file.size:,} bytes; at most {LARGEST:,} fit here.")
        return _page(request, project, form=form, status=422)
    return _previewed(request, project, file.name[:200], file.read())


def _previewed(request: WorkspaceRequest, project: str, name: str, data: bytes) -> HttpResponse:
    try:
        result = import_plan(request.actor, data, name, request.now, project=project, dry_run=True)
    except HeadwayError as error:
        return _page(request, project, error=error, name=name, status=422)
    content = base64.b64encode(data).decode()
    confirm = ConfirmForm(initial={"name": name, "content": content})
    return _page(request, project, result=result, confirm=confirm, name=name)


def _imported(request: WorkspaceRequest, project: str) -> HttpResponse:
    form = ConfirmForm(request.POST)
    try:
        data = base64.b64decode(request.POST["content"], validate=True)
        if not form.is_valid():
            raise ValueError
    except (binascii.Error, ValueError):
        sentence = "The previewed file did not arrive whole; choose it again."
        return _page(request, project, error=Invalid(sentence), status=422)
    name = form.cleaned_data["name"]
    try:
        result = import_plan(request.actor, data, name, request.now, project=project)
    except HeadwayError as error:
        return _page(request, project, error=error, name=name, status=422)
    parent = program_of(request.actor, project_named(request.actor, result.project))
    make_forecast(request.actor, parent.slug, request.now)
    tell(
        request,
        f"{result.created} created, {result.updated} updated, {result.unchanged} as before.",
    )
    return redirect(address(request, "program", program=parent.slug))


def _page(
    request: WorkspaceRequest,
    project: str,
    *,
    error: HeadwayError | None = None,
    status: int = 200,
    **shown: object,
) -> HttpResponse:
    """Show the page; `shown` may hold form, confirm, result and the file's name."""
    problems: tuple[Problem, ...] = error.problems if isinstance(error, Invalid) else ()
    values = {
        "project": project,
        "form": PlanFileForm(),
        "error": str(error) if error else "",
        "problems": problems,
        "portfolio": address(request, "programs"),
        "project_page": address(request, "project", project=project) if project else "",
    }
    return render(request, "programs_web/import.html", values | shown, status=status)
