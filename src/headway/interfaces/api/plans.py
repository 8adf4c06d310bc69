"""Plan files: a whole plan becomes the work items of a project."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated

from ninja import Query, Router
from pydantic import BaseModel, Field

from headway.domain.accounts.rules import Permission
from headway.domain.plans.actions import UndoResult, import_plan, undo_import
from headway.domain.plans.rules.importing import ImportResult
from headway.errors import Invalid
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import check_type
from headway.interfaces.api.operations import documented, operation

router = Router(tags=["Work"])

#: What a plan file may be sent as. Its name tells the format, as it does on the command line.
FILE_TYPES = (
    "application/octet-stream",
    "application/yaml",
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
@documented(requestBody=_BODY)
def import_file(request: ApiRequest, asked: Query[ImportAsked]) -> ImportResult:
    """Import a plan file (the body, as it is) into a project: all of it or nothing."""
    check_type(request, *FILE_TYPES)
    return import_plan(
        request.auth,
        request.body,
        asked.file,
        request.now,
        project=asked.project,
        dry_run=asked.dry_run,
        mapping=_mapping(asked.mapping),
    )


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
