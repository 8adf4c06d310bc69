"""Every read of sources: what is connected, how old it is, what it told. Never a secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from headway.connectors.registry import WORK_KINDS, title_of
from headway.connectors.work import WorkRow
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.sources.models import Source, SourceItem
from headway.domain.sources.rules import row_from
from headway.errors import Invalid, NotFound


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source as pages show it."""

    id: UUID
    name: str
    kind: str
    title: str
    gives_work: bool
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
    #: Of a tracker: whether the plan follows, since when it is behind, when it was brought up to
    #: date, and what was in the way.
    follows: bool
    changed_at: datetime | None
    imported_at: datetime | None
    import_failure: str
    version: int


@dataclass(frozen=True, slots=True)
class ToldItem:
    """An item as its tracker told it last; `row` is None for what could not be read.

    `brought` is what the last import made of it, None when it is not in the plan by import.
    """

    key: str
    row: WorkRow | None
    reason: str
    is_gone: bool
    brought: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class SourceWork:
    """Everything a tracker told, in order of first reading; `mapping` is None before an import."""

    line: SourceLine
    items: Sequence[ToldItem]
    notes: Sequence[str]
    mapping: Mapping[str, object] | None


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


def source_work(actor: Actor, name: str) -> SourceWork:
    """Return what a tracker told. Raises NotFound, and Invalid for a source of evidence."""
    line = source_named(actor, name)
    if not line.gives_work:
        sentence = f"Source '{name}' gives evidence, not work: {line.title} has no items to plan."
        raise Invalid(sentence)
    row = Source.objects.get(id=line.id)
    items = [
        ToldItem(
            item.key,
            row_from(item.row) if item.row is not None else None,
            item.reason,
            item.gone_at is not None,
            item.brought,
        )
        for item in row.items.order_by("place")
    ]
    return SourceWork(line, items, row.notes, row.mapping or None)


def following(actor: Actor) -> Sequence[SourceLine]:
    """Return the trackers whose plan is to follow and is behind what was read."""
    return [
        line
        for line in sources_page(actor)
        if line.gives_work and line.is_enabled and line.follows and line.changed_at is not None
    ]


def keys_of_others(actor: Actor, name: str, project: str) -> Mapping[str, str]:
    """Return the keys that other trackers brought into `project`, each with its source's name."""
    require(actor, Permission.VIEW)
    rows = SourceItem.objects.filter(
        workspace_id=actor.workspace_id, source__project__slug=project
    ).exclude(source__name=name)
    return {
        key: other for key, other, was in rows.values_list("key", "source__name", "brought") if was
    }


def _line(row: Source) -> SourceLine:
    tried = max(filter(None, (row.synced_at, row.failed_at)), default=None)
    waiting = row.wanted_at is not None and (tried is None or row.wanted_at > tried)
    return SourceLine(
        id=row.id,
        name=row.name,
        kind=row.kind,
        title=title_of(row.kind),
        gives_work=row.kind in WORK_KINDS,
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
        follows=row.follows,
        changed_at=row.changed_at,
        imported_at=row.imported_at,
        import_failure=row.import_failure,
        version=row.version,
    )
