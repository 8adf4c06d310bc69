"""Sources: the systems that evidence is read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from ninja import Query, Router
from pydantic import Field

from headway import clock
from headway.domain.accounts.rules import Permission
from headway.domain.sources.actions import (
    add_source,
    ask_sync,
    disconnect_source,
    edit_source,
    sync_source,
)
from headway.domain.sources.queries import SourceLine, source_named, sources_page
from headway.domain.sources.rules import SourceDraft
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
    """A new connection: its kind (mlflow), and what it is called here."""

    kind: str
    name: str


class ReadingBody(Given):
    """How a source is read; a sweep compares everything by content."""

    sweep: bool = False


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
    refused = [NotTaken(problem.where, problem.sentence) for problem in found.refused]
    return Reading(
        found.source,
        found.read,
        found.recorded,
        found.already_known,
        found.tombstoned,
        refused,
        found.cursor,
    )
