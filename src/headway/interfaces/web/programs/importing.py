"""Importing a file: a preview of what would happen and how it was read, then the import itself."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway import clock
from headway.domain.plans.actions import (
    forecast_soon,
    preview_import,
    start_import,
    store_import,
    undo_import,
)
from headway.domain.plans.queries import import_job_of
from headway.domain.plans.rules.jobs import LARGEST, ImportJobFacts
from headway.domain.programs.queries import program_of, project_named
from headway.errors import HeadwayError, Invalid, Problem
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.forms import ConfirmForm, PlanFileForm
from headway.interfaces.web.programs.import_jobs import skipped_file
from headway.interfaces.web.programs.mapping import MappingForm, chosen_mapping

Mapped = Mapping[str, object] | None


def import_page(request: WorkspaceRequest, project: str = "") -> HttpResponse:
    """Ask for a plan file; preview it; import what was previewed."""
    if project:
        project_named(request.actor, project)
    if request.method != "POST":
        return _page(request, project)
    if "job" in request.POST:
        return _decided(request, project)
    form = PlanFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, project, form=form, status=422)
    file = form.cleaned_data["file"]
    if file.size > LARGEST:
        form.add_error("file", f"The file has {file.size:,} bytes; at most {LARGEST:,} are read.")
        return _page(request, project, form=form, status=422)
    data, now = file.read(), clock.now()
    job = store_import(request.actor, data, file.name, now, project=project)
    return _previewed(request, project, job.id)


def _previewed(
    request: WorkspaceRequest, project: str, job: UUID, mapping: Mapped = None
) -> HttpResponse:
    """Show what a stored file would do; the page carries its id, never the file."""
    try:
        result = preview_import(request.actor, job, request.now, mapping=mapping)
    except HeadwayError as error:
        return _page(request, project, error=error, status=422)
    kept = dict(result.mapping) if result.mapping else None
    confirm = ConfirmForm(initial={"job": job, "mapping": kept})
    reading = MappingForm(result.headings, kept) if kept else None
    name = import_job_of(request.actor, job, clock.now()).file_name
    return _page(request, project, result=result, confirm=confirm, reading=reading, name=name)


def _decided(request: WorkspaceRequest, project: str) -> HttpResponse:
    """Import what was previewed, read it again by another mapping, or hand out what was skipped."""
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        sentence = "What was previewed did not arrive whole; choose the file again."
        return _page(request, project, error=Invalid(sentence), status=422)
    job, mapping = form.cleaned_data["job"], form.cleaned_data["mapping"]
    if "again" in request.POST:
        return _previewed(request, project, job, chosen_mapping(request.POST, mapping))
    try:
        if "skipped" in request.POST:
            result = preview_import(request.actor, job, request.now, mapping=mapping)
            return skipped_file(result.skipped)
        done = start_import(request.actor, job, request.now, clock.now(), mapping=mapping)
    except HeadwayError as error:
        return _page(request, project, error=error, status=422)
    if not done.has_ended:
        return redirect(address(request, "import_job", job=job))
    return _finished(request, done)


def _finished(request: WorkspaceRequest, done: ImportJobFacts) -> HttpResponse:
    """Forecast what was imported at once, and show the program with the way back."""
    result = done.result or {}
    parent = program_of(request.actor, project_named(request.actor, done.project))
    created, updated, unchanged = (
        int(str(result[key])) for key in ("created", "updated", "unchanged")
    )
    told = f"{created} created, {updated} updated, {unchanged} as before."
    if not forecast_soon(request.actor, parent.slug, request.now):
        told += " The forecast of so many items takes minutes; the worker is making it."
    # What changed nothing is no import to undo: the one before it would be taken back.
    undoing = address(request, "undo_import", project=done.project) if created or updated else ""
    tell(request, told, undoing)
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
