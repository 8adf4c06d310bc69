"""Plan files: a whole plan becomes the work items of a project."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from headway import clock
from headway.domain.accounts.rules import Permission
from headway.domain.plans.actions import (
    UndoResult,
    cancel_import,
    import_plan,
    start_import,
    store_import,
    undo_import,
)
from headway.domain.plans.queries import import_job_of, plan_file
from headway.domain.plans.rules.exporting import FORMATS
from headway.domain.plans.rules.importing import ImportResult
from headway.domain.plans.rules.jobs import AT_ONCE, ImportJobFacts
from headway.domain.programs.queries import program_named
from headway.errors import Invalid
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import check_type
from headway.interfaces.api.operations import (
    Accepted,
    File,
    documented,
    may_accept,
    operation,
    slow,
)
from headway.interfaces.api.paging import At

router = Router(tags=["Work"])

#: What a plan file may be sent as. Its name tells the format, as it does on the command line.
FILE_TYPES = (
    "application/octet-stream",
    "application/yaml",
    "application/xml",
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)

_BODY = {
    "required": True,
    "content": {
        kind: {"schema": {"type": "string", "description": "The file, as it is."}}
        for kind in FILE_TYPES
    },
}


_PLAN = {"description": "The plan.", "content": {kind: {} for kind in FORMATS.values()}}

#: Bytes that hold no more rows than are imported at once, or hardly.
_SMALL = 20_000


class ImportAsked(BaseModel):
    """Which file is sent, where it goes, and whether it is only tried."""

    file: Annotated[
        str,
        Field(min_length=1, max_length=200, description="The file's name: its ending is .yaml …"),
    ]
    project: Annotated[
        str, Field(max_length=60, description="The project; default: one named as the plan.")
    ] = ""
    dry_run: Annotated[bool, Field(description="Say what would happen and change nothing.")] = False
    mapping: Annotated[
        str,
        Field(max_length=20_000, description="What a foreign table's columns hold, as JSON."),
    ] = ""


@operation(router, "POST", "/plan-imports", Permission.PLAN, ImportResult)
@may_accept(ImportJobFacts)
@slow
@documented(requestBody=_BODY)
def import_file(request: ApiRequest, asked: Query[ImportAsked]) -> ImportResult | Accepted:
    """Import a plan file (the body, as it is) into a project: all of it or nothing.

    A table of more than 2,000 rows is the worker's: 202, with the import under way.
    """
    check_type(request, *FILE_TYPES)
    data, mapping = request.body, _mapping(asked.mapping)

    def bring(*, dry_run: bool) -> ImportResult:
        return import_plan(
            request.auth,
            data,
            asked.file,
            request.now,
            project=asked.project,
            dry_run=dry_run,
            mapping=mapping,
        )

    if asked.dry_run or len(data) < _SMALL:
        return bring(dry_run=asked.dry_run)
    preview = bring(dry_run=True)  # what is wrong with it is said now, not by a job
    if preview.read <= AT_ONCE:
        return bring(dry_run=False)
    now = clock.now()
    job = store_import(
        request.auth, data, asked.file, now, project=asked.project, rows=preview.read
    )
    facts = start_import(request.auth, job.id, request.now, now, mapping=mapping)
    return Accepted(facts, f"/api/v1/plan-imports/{facts.id}")


@operation(router, "GET", "/plan-imports/{job}", Permission.PLAN, ImportJobFacts)
def read_import(request: ApiRequest, job: UUID) -> ImportJobFacts:
    """Say how far an import is that the worker does, and what came of it."""
    return import_job_of(request.auth, job, clock.now())


@operation(router, "POST", "/plan-imports/{job}/cancel", Permission.PLAN, ImportJobFacts)
def cancel_running_import(request: ApiRequest, job: UUID) -> ImportJobFacts:
    """Cancel an import that waits or runs: nothing of it stays. What has ended stays as it is."""
    return cancel_import(request.auth, job, clock.now())


def _mapping(text: str) -> Mapping[str, object] | None:
    """Return the mapping a query carries. Raises Invalid for what is no JSON object."""
    if not text:
        return None
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        sentence = "The query's `mapping` is not a JSON object; send it as the preview gave it."
        raise Invalid(sentence)
    return value


@operation(router, "POST", "/projects/{slug}/undo-import", Permission.PLAN, UndoResult)
def undo(request: ApiRequest, slug: str) -> UndoResult:
    """Take the last import into the project back; what was changed since is kept and named."""
    return undo_import(request.auth, slug, request.now)


class FileAsked(At):
    """Whose plan is taken away, and as what."""

    format: Annotated[str, Field(description="yaml, xml (Microsoft Project) or csv.")] = "yaml"
    project: Annotated[
        str, Field(max_length=60, description="Of one project; default: of the program.")
    ] = ""


@operation(router, "GET", "/programs/{slug}/plan-file", Permission.VIEW, File)
@documented(responses={200: _PLAN})
@slow
def download_plan(request: ApiRequest, slug: str, asked: Query[FileAsked]) -> File:
    """Take the plan of a program, or of one of its projects, away as a file."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    found = plan_file(request.auth, program, asked.format, moment, project=asked.project)
    return File(found.name, found.content_type, found.data)
