"""What of a tracker became a plan: remembered, so that the next import changes what changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.sources.actions.setup import own_source
from headway.domain.sources.models import Source, SourceItem
from headway.domain.sources.rules import WorkMapping

_FIELDS = ("brought", "brought_before", "brought_at")


@transaction.atomic
def remember_import(
    actor: Actor,
    name: str,
    brought: Mapping[str, dict[str, Any] | None],
    mapping: WorkMapping,
    at: datetime,
    *,
    seen: datetime | None,
) -> None:
    """Keep what each item (by key) became, and how it was read; from now on the plan follows.

    The state before is kept beside it, for an undo. `seen` is when the items that were imported
    last changed: what was read meanwhile is still to come.
    """
    require(actor, Permission.PLAN)
    source = own_source(actor, name)
    moved = []
    for item in source.items.filter(key__in=list(brought)):
        if item.brought != brought[item.key]:
            item.brought_before, item.brought = item.brought, brought[item.key]
            item.brought_at = at
            moved.append(item)
    SourceItem.objects.bulk_update(moved, _FIELDS, batch_size=100)
    source.mapping = mapping.as_json()
    source.follows, source.imported_at, source.import_failure = True, at, ""
    if source.changed_at == seen:
        source.changed_at = None
    fields = ("mapping", "follows", "imported_at", "import_failure", "changed_at")
    source.save(update_fields=fields)


@transaction.atomic
def take_import_back(actor: Actor, project_id: UUID, moment: datetime) -> None:
    """Undo what `remember_import` kept at `moment`; the plan follows no more until told to."""
    require(actor, Permission.PLAN)
    rows = Source.objects.select_for_update().filter(workspace_id=actor.workspace_id)
    for source in rows.filter(project_id=project_id, imported_at=moment):
        moved = list(source.items.filter(brought_at=moment))
        for item in moved:
            item.brought, item.brought_before, item.brought_at = item.brought_before, None, None
        SourceItem.objects.bulk_update(moved, _FIELDS, batch_size=100)
        source.follows = False
        source.save(update_fields=["follows"])


def note_import_failure(actor: Actor, name: str, sentence: str) -> None:
    """Remember why the plan could not follow a source; the next import clears it."""
    require(actor, Permission.PLAN)
    rows = Source.objects.filter(workspace_id=actor.workspace_id, name=name)
    rows.update(import_failure=sentence[:2_000])
