"""Sources: the systems that evidence and work are read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated

from ninja import Query, Router
from pydantic import Field

from headway import clock
from headway.domain.accounts.rules import Permission
from headway.domain.plans.actions import follow_source, import_source
from headway.domain.plans.rules.importing import ImportResult
from headway.domain.sources.actions import (
    add_source,
    ask_sync,
    check_source,
    disconnect_source,
    edit_source,
    sync_source,
)
from headway.domain.sources.queries import SourceLine, source_named, sources_page
from headway.domain.sources.rules import SourceDraft
from headway.errors import HeadwayError
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit
from headway.interfaces.api.operations import also_answers, operation, slow
from headway.interfaces.api.paging import Asked, Page, page_of

router = Router(tags=["Sources"])


class SourceBody(Given):
    """A connection, whole. `secret` left out keeps the stored one; it is never shown."""

    url: str
    project: str = ""
    options: dict[str, object] = {}
    secret: str | None = None
    webhook_secret: str | None = None
    every_minutes: Annotated[int, Field(ge=1, le=10_080)] = 15


class NewSource(SourceBody):
    """A new connection: its kind (mlflow, prometheus, jira, github, gitlab) and its name here."""

    kind: str
    name: str


class ReadingBody(Given):
    """How a source is read; a sweep compares everything by content."""

    sweep: bool = False


class WorkImportBody(Given):
    """How a tracker's items become a plan; without a mapping the last one holds."""

    dry_run: bool = False
    mapping: dict[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a source answered when it was asked once."""

    sentence: str


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Something that was read and refused: where it stood, and why."""

    line: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reading brought, in the keys of `headway sync --json`."""

    source: str
    read: int
    recorded: int
    already_known: int
    tombstoned: int
    refused: Sequence[NotTaken]
    cursor: Mapping[str, object]
    plan: Mapping[str, object] | None


@operation(router, "GET", "/sources", Permission.VIEW, Page[SourceLine])
def list_sources(request: ApiRequest, asked: Query[Asked]) -> Page[SourceLine]:
    """List the sources, by name, with how their last reading went."""
    return page_of(sources_page(request.auth), lambda row: row.name, asked)


@operation(router, "POST", "/sources", Permission.SOURCE, SourceLine, 201)
def connect(request: ApiRequest, body: NewSource) -> SourceLine:
    """Connect another system, read only; the worker reads it at its next tick."""
    draft = SourceDraft(**body.given())
    add_source(request.auth, draft, request.now)
    return source_named(request.auth, draft.name)


@operation(router, "GET", "/sources/{name}", Permission.VIEW, SourceLine)
def read_source(request: ApiRequest, name: str) -> SourceLine:
    """Read a source; never its secret."""
    return source_named(request.auth, name)


@operation(router, "PUT", "/sources/{name}", Permission.SOURCE, SourceLine)
def change_source(request: ApiRequest, name: str, body: SourceBody) -> SourceLine:
    """Change a connection. Another host, scheme or port drops the stored secret."""
    actor, at = request.auth, request.now

    def write(version: int) -> SourceLine:
        draft = SourceDraft(kind=source_named(actor, name).kind, name=name, **body.given())
        edit_source(actor, name, draft, at, version=version)
        return source_named(actor, name)

    return edit(request, lambda: source_named(actor, name), write)


@operation(router, "POST", "/sources/{name}/disconnect", Permission.SOURCE, SourceLine)
def disconnect(request: ApiRequest, name: str) -> SourceLine:
    """Stop reading a source and forget its secrets; its evidence stays."""
    disconnect_source(request.auth, name, request.now)
    return source_named(request.auth, name)


@operation(router, "POST", "/sources/{name}/sync", Permission.SYNC, SourceLine)
def ask_for_sync(request: ApiRequest, name: str) -> SourceLine:
    """Ask for a source to be read at the worker's next tick."""
    ask_sync(request.auth, name, request.now)
    return source_named(request.auth, name)


@operation(router, "POST", "/sources/{name}/readings", Permission.SYNC, Reading)
@also_answers(502)
@slow
def read_now(request: ApiRequest, name: str, body: ReadingBody) -> Reading:
    """Read a source now, to its end: the answer waits for it, and says what it brought.

    What was read before the other system failed (502) is kept.
    """
    # A sample stands still, the system that is read does not.
    found = sync_source(request.auth, name, clock.now(), sweep=body.sweep)
    plan = None
    with suppress(HeadwayError):  # what was read is kept; the source says what is in the way
        plan = follow_source(request.auth, name, request.now)
    refused = [NotTaken(problem.where, problem.sentence) for problem in found.refused]
    return Reading(
        found.source,
        found.read,
        found.recorded,
        found.already_known,
        found.tombstoned,
        refused,
        found.cursor,
        plan.counts() if plan else None,
    )


@operation(router, "POST", "/sources/{name}/check", Permission.SOURCE, Checked)
@also_answers(502)
@slow
def check(request: ApiRequest, name: str) -> Checked:
    """Ask a source once, with its stored secret; nothing is read."""
    return Checked(check_source(request.auth, name))


@operation(router, "POST", "/sources/{name}/import", Permission.PLAN, ImportResult)
def import_work(request: ApiRequest, name: str, body: WorkImportBody) -> ImportResult:
    """Make a plan of what a tracker told, or say what would come of it; then the plan follows."""
    return import_source(
        request.auth, name, request.now, dry_run=body.dry_run, mapping=body.mapping
    )
