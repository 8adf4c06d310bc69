"""Importing a file: a preview of what would happen and how it was read, then the import itself."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.plans.actions import import_plan, make_forecast, undo_import
from headway.domain.plans.rules.importing import ImportResult, skipped_csv
from headway.domain.programs.queries import program_of, project_named
from headway.errors import HeadwayError, Invalid, Problem
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.forms import ConfirmForm, PlanFileForm
from headway.interfaces.web.programs.mapping import MappingForm, chosen_mapping

Mapped = Mapping[str, object] | None

#: Items up to which the forecast is made before the page is shown.
AT_ONCE = 1_000
#: The largest plan file taken by a browser; the command line takes larger ones.
LARGEST = 8_000_000


def import_page(request: WorkspaceRequest, project: str = "") -> HttpResponse:
    """Ask for a plan file; preview it; import what was previewed."""
    if project:
        project_named(request.actor, project)
    if request.method != "POST":
        return _page(request, project)
    if "content" in request.POST:
        return _decided(request, project)
    form = PlanFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, project, form=form, status=422)
    file = form.cleaned_data["file"]
    if file.size > LARGEST:
        form.add_error("file", f"The file has {file.size:,} bytes; at most {LARGEST:,} fit here.")
        return _page(request, project, form=form, status=422)
    return _previewed(request, project, file.name[:200], file.read())


def _previewed(
    request: WorkspaceRequest, project: str, name: str, data: bytes, mapping: Mapped = None
) -> HttpResponse:
    content = base64.b64encode(data).decode()
    try:
        result = _brought(request, project, name, data, mapping, dry_run=True)
    except HeadwayError as error:
        return _page(request, project, error=error, name=name, status=422)
    kept = dict(result.mapping) if result.mapping else None
    confirm = ConfirmForm(initial={"name": name, "content": content, "mapping": kept})
    reading = MappingForm(result.headings, kept) if kept else None
    return _page(request, project, result=result, confirm=confirm, reading=reading, name=name)


def _decided(request: WorkspaceRequest, project: str) -> HttpResponse:
    """Import what was previewed, read it again by another mapping, or hand out what was skipped."""
    form = ConfirmForm(request.POST)
    try:
        data = base64.b64decode(request.POST["content"], validate=True)
        if not form.is_valid():
            raise ValueError
    except (binascii.Error, ValueError):
        sentence = "The previewed file did not arrive whole; choose it again."
        return _page(request, project, error=Invalid(sentence), status=422)
    name, mapping = form.cleaned_data["name"], form.cleaned_data["mapping"]
    if "again" in request.POST:
        return _previewed(request, project, name, data, chosen_mapping(request.POST, mapping))
    try:
        if "skipped" in request.POST:
            result = _brought(request, project, name, data, mapping, dry_run=True)
            return skipped_file(result)
        result = _brought(request, project, name, data, mapping)
    except HeadwayError as error:
        return _page(request, project, error=error, name=name, status=422)
    parent = program_of(request.actor, project_named(request.actor, result.project))
    told = f"{result.created} created, {result.updated} updated, {result.unchanged} as before."
    if result.created + result.updated + result.unchanged <= AT_ONCE:
        make_forecast(request.actor, parent.slug, request.now)
    else:
        told += " The forecast of so many items takes minutes; the worker is making it."
    tell(request, told, address(request, "undo_import", project=result.project))
    return redirect(address(request, "program", program=parent.slug))


def undo(request: WorkspaceRequest, project: str) -> HttpResponse:
    """Take the last import into a project back, and say what stays because it was changed since."""
    result = undo_import(request.actor, project, request.now)
    told = f"{result.removed} removed, {result.restored} as before the import."
    if result.kept:
        told += f" Kept, because they changed since: {', '.join(result.kept[:5])}"
        told += f" and {len(result.kept) - 5} more." if len(result.kept) > 5 else "."
    tell(request, told)
    parent = program_of(request.actor, project_named(request.actor, project))
    return redirect(address(request, "program", program=parent.slug))


def _brought(
    request: WorkspaceRequest,
    project: str,
    name: str,
    data: bytes,
    mapping: Mapped,
    *,
    dry_run: bool = False,
) -> ImportResult:
    return import_plan(
        request.actor, data, name, request.now, project=project, dry_run=dry_run, mapping=mapping
    )


def skipped_file(result: ImportResult) -> HttpResponse:
    """Return what was skipped as a CSV file."""
    response = HttpResponse(skipped_csv(result.skipped), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="skipped.csv"'
    return response


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
