"""An import that the worker does: how far it is, the way to cancel it, what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway import clock
from headway.domain.plans.actions import cancel_import
from headway.domain.plans.queries import import_job_of
from headway.domain.plans.rules.importing import Skipped, skipped_csv
from headway.domain.plans.rules.jobs import ImportJobFacts, JobState
from headway.domain.programs.queries import program_of, project_named
from headway.errors import NotFound
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address


def import_job(request: WorkspaceRequest, job: UUID) -> HttpResponse:
    """Show how far an import is; a fragment that asks for itself until it has ended."""
    return _shown(request, import_job_of(request.actor, job, clock.now()))


def cancel(request: WorkspaceRequest, job: UUID) -> HttpResponse:
    """Cancel an import: nothing of it stays."""
    facts = cancel_import(request.actor, job, clock.now())
    if request.htmx:
        return _shown(request, facts)
    return redirect(address(request, "import_job", job=job))


def skipped(request: WorkspaceRequest, job: UUID) -> HttpResponse:
    """Hand out what an import skipped, with line and reason."""
    result = import_job_of(request.actor, job, clock.now()).result
    if result is None:
        sentence = "This import has not ended with a result; there is no list of what it skipped."
        raise NotFound(sentence)
    rows: Any = result["skipped"]
    return skipped_file([Skipped(**row) for row in rows])


def skipped_file(rows: Iterable[Skipped]) -> HttpResponse:
    """Return what was skipped as a CSV that computes nothing."""
    response = HttpResponse(skipped_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="skipped.csv"'
    return response


def _shown(request: WorkspaceRequest, facts: ImportJobFacts) -> HttpResponse:
    is_done = facts.state is JobState.DONE
    # What changed nothing is no import to undo: the one before it would be taken back.
    has_changed = is_done and any((facts.result or {}).get(key) for key in ("created", "updated"))
    skips = len((facts.result or {}).get("skipped", ()))  # type: ignore[arg-type]
    values = {
        "facts": facts,
        "is_done": is_done,
        "skips": skips,
        "job": {
            "id": facts.id,
            "label": f"Importing {facts.file_name}",
            "state": "ended" if facts.has_ended else "running",
            "done": facts.done / facts.total if facts.what else None,
            "total": 1,
            "sentence": facts.sentence,
            "href": address(request, "import_job", job=facts.id),
            "cancel": address(request, "cancel_import", job=facts.id),
        },
        "again": address(request, "import_plan"),
        "skipped": address(request, "skipped_rows", job=facts.id) if skips else "",
        "undo": address(request, "undo_import", project=facts.project) if has_changed else "",
        "program": _program(request, facts) if is_done else "",
    }
    name = "_import_job" if request.htmx else "import_job"
    response = render(request, f"programs_web/{name}.html", values)
    if request.htmx and facts.has_ended:
        response["HX-Refresh"] = "true"  # the heading tells how it ended, too
    return response


def _program(request: WorkspaceRequest, facts: ImportJobFacts) -> str:
    """Return the page of the program that holds it now; nothing when the project is gone."""
    try:
        parent = program_of(request.actor, project_named(request.actor, facts.project))
    except NotFound:
        return ""
    return address(request, "program", program=parent.slug)
