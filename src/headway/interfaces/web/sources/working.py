"""The work of a tracker: what it told, the plan that would come of it, the import, the way back."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.plans.actions import forecast_soon, import_source
from headway.domain.plans.rules.importing import ImportResult
from headway.domain.programs.queries import program_of, project_named
from headway.domain.sources import actions
from headway.domain.sources.queries import SourceWork, source_work
from headway.errors import HeadwayError, Invalid, NotFound, Problem, SourceError
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.import_jobs import skipped_file
from headway.interfaces.web.sources.mapping import WorkMappingForm, chosen_work_mapping


def work(request: WorkspaceRequest, connection: str) -> HttpResponse:
    """Show the plan that a tracker's items would make; on POST map, import, or hand out skips."""
    told = _told(request, connection)
    if request.method != "POST":
        return _previewed(request, told)
    mapping = chosen_work_mapping(request.POST)
    if "again" in request.POST:
        return _previewed(request, told, mapping)
    try:
        if "skipped" in request.POST:
            tried = import_source(
                request.actor, connection, request.now, dry_run=True, mapping=mapping
            )
            return skipped_file(tried.skipped)
        result = import_source(request.actor, connection, request.now, mapping=mapping)
    except HeadwayError as error:
        return _page(request, told, error=error, status=422)
    return _imported(request, told, result)


def check(request: WorkspaceRequest, connection: str) -> HttpResponse:
    """Ask a source once, with its stored token, and say what it answered."""
    try:
        tell(request, actions.check_source(request.actor, connection))
    except (SourceError, Invalid) as error:
        tell(request, f"It did not answer as it should: {error}")
    return redirect("edit_source", workspace=request.place.slug, connection=connection)


def _told(request: WorkspaceRequest, connection: str) -> SourceWork:
    try:
        return source_work(request.actor, connection)
    except Invalid as error:  # a source of evidence has no such page
        raise NotFound(str(error)) from None


def _previewed(request: WorkspaceRequest, told: SourceWork, mapping: object = None) -> HttpResponse:
    if not told.items:
        return _page(request, told)
    chosen = mapping if isinstance(mapping, dict) else None
    try:
        result = import_source(
            request.actor, told.line.name, request.now, dry_run=True, mapping=chosen
        )
    except HeadwayError as error:
        return _page(request, told, error=error, status=422)
    assert result.mapping is not None
    reading = WorkMappingForm(result.mapping, told)
    return _page(request, told, result=result, reading=reading, is_changed=_is_changed(result))


def _is_changed(result: ImportResult) -> bool:
    return bool(result.created or result.updated or result.removed)


def _imported(request: WorkspaceRequest, told: SourceWork, result: ImportResult) -> HttpResponse:
    parent = program_of(request.actor, project_named(request.actor, result.project))
    gone = f", {result.removed} removed" if result.removed else ""
    said = (
        f"{result.created} created, {result.updated} updated{gone}, {result.unchanged} as before."
    )
    said += f" The plan follows {told.line.name} from now on."
    if not forecast_soon(request.actor, parent.slug, request.now):
        said += " The forecast of so many items takes minutes; the worker is making it."
    undo = address(request, "undo_import", project=result.project)
    tell(request, said, undo if _is_changed(result) else "")
    return redirect(address(request, "program", program=parent.slug))


def _page(
    request: WorkspaceRequest,
    told: SourceWork,
    *,
    error: HeadwayError | None = None,
    status: int = 200,
    **shown: object,
) -> HttpResponse:
    problems: tuple[Problem, ...] = error.problems if isinstance(error, Invalid) else ()
    values = {
        "told": told,
        "line": told.line,
        "error": str(error) if error else "",
        "problems": problems,
        "project_page": address(request, "project", project=told.line.project)
        if told.line.project
        else "",
    }
    return render(request, "sources_web/work.html", values | shown, status=status)
