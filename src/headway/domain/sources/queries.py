"""Every read of sources: what is connected, how old it is, what went wrong. Never a secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.sources.models import Source
from headway.errors import NotFound


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source as pages show it."""

    id: UUID
    name: str
    kind: str
    url: str
    project: str
    options: Mapping[str, object]
    has_secret: bool
    has_webhook: bool
    is_enabled: bool
    every_minutes: int
    is_waiting: bool
    synced_at: datetime | None
    swept_at: datetime | None
    failed_at: datetime | None
    failure: str
    failures_in_a_row: int
    version: int


def sources_page(actor: Actor) -> Sequence[SourceLine]:
    """Return every source of the workspace, by name."""
    require(actor, Permission.VIEW)
    rows = Source.objects.select_related("project").filter(workspace_id=actor.workspace_id)
    return [_line(row) for row in rows.order_by("name")]


def source_named(actor: Actor, name: str) -> SourceLine:
    """Return one source. Raises NotFound."""
    require(actor, Permission.VIEW)
    row = (
        Source.objects.select_related("project")
        .filter(workspace_id=actor.workspace_id, name=name)
        .first()
    )
    if row is None:
        sentence = f"There is no source '{name}' in this workspace."
        raise NotFound(sentence)
    return _line(row)


def _line(row: Source) -> SourceLine:
    tried = max(filter(None, (row.synced_at, row.failed_at)), default=None)
    waiting = row.wanted_at is not None and (tried is None or row.wanted_at > tried)
    return SourceLine(
        id=row.id,
        name=row.name,
        kind=row.kind,
        url=row.url,
        project=row.project.slug if row.project else "",
        options=row.options,
        has_secret=row.secret is not None,
        has_webhook=row.webhook_secret is not None,
        is_enabled=row.is_enabled,
        every_minutes=row.every_minutes,
        is_waiting=row.is_enabled and waiting,
        synced_at=row.synced_at,
        swept_at=row.swept_at,
        failed_at=row.failed_at,
        failure=row.failure,
        failures_in_a_row=row.failures_in_a_row,
        version=row.version,
    )
