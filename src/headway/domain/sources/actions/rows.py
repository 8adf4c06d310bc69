"""Keeping what a tracker tells: each batch with the cursor behind it, together or not at all.

Killed at any moment, the next reading goes on from the last stored cursor; a row that is read
twice replaces itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from headway.connectors.base import WorkBatch
from headway.domain.sources.models import Source, SourceItem
from headway.domain.sources.rules import kept_row
from headway.errors import Conflict

#: A walk takes a day at most: what was refused before is told again by now, or is mended.
_WALK_AGE = timedelta(days=1)
_FIELDS = ("row", "reason", "read_at", "gone_at")


@dataclass(slots=True)
class Kept:
    """How many items of a batch were new or different, were known alike, and are gone."""

    changed: int = 0
    known: int = 0
    gone: int = 0


@transaction.atomic
def keep_rows(source: Source, batch: WorkBatch, at: datetime) -> Kept:
    """Store a batch of a tracker and the cursor to go on from.

    Raises Conflict when the connection was changed while it was read: its cursor may be another's.
    """
    standing = locked_as_read(source)
    told: dict[str, tuple[dict[str, Any] | None, str]] = {
        problem.where[:300]: (None, problem.sentence) for problem in batch.refused
    }
    told |= {row.key: (kept_row(row), "") for row in batch.rows}
    kept = _store(source, told, at)
    kept.gone = _leave(source, batch.gone, at)
    source.cursor = dict(batch.cursor)
    source.notes = list(dict.fromkeys([*standing.notes, *batch.notes]))[:50]
    if kept.changed or kept.gone:
        source.changed_at = at
    source.save(update_fields=["cursor", "notes", "changed_at"])
    return kept


def locked_as_read(source: Source) -> Source:
    """Return the stored source, locked. Raises Conflict when it is not the one that is read."""
    standing = Source.objects.select_for_update().get(id=source.id)
    if standing.version != source.version:
        sentence = f"Source '{source.name}' was changed while it was read; it is read anew."
        raise Conflict(sentence)
    return standing


def _store(
    source: Source, told: Mapping[str, tuple[dict[str, Any] | None, str]], at: datetime
) -> Kept:
    there = {item.key: item for item in source.items.filter(key__in=list(told))}
    last = source.items.aggregate(last=Max("place"))["last"] or 0
    kept = Kept()
    fresh: list[SourceItem] = []
    moved: list[SourceItem] = []
    known: list[str] = []
    for key, (row, reason) in told.items():
        item = there.get(key)
        if item is None:
            place = last + len(fresh) + 1
            item = SourceItem(workspace_id=source.workspace_id, source=source, key=key, place=place)
            fresh.append(item)
        elif (item.row, item.reason, item.gone_at) == (row, reason, None):
            kept.known += row is not None
            known.append(key)
            continue
        else:
            moved.append(item)
        kept.changed += row is not None
        item.row, item.reason, item.read_at, item.gone_at = row, reason, at, None
    source.items.filter(key__in=known).update(read_at=at)
    SourceItem.objects.bulk_create(fresh, batch_size=500)
    SourceItem.objects.bulk_update(moved, _FIELDS, batch_size=100)
    return kept


def _leave(source: Source, keys: Iterable[str], at: datetime) -> int:
    """Note that items are no longer there; what a plan was made of stays known."""
    return source.items.filter(key__in=list(keys), gone_at=None).update(gone_at=at)


def forget_stale_refusals(source: Source, at: datetime) -> None:
    """After a whole reading, forget what could not be read once and was not met any more."""
    source.items.exclude(reason="").filter(read_at__lt=at - _WALK_AGE).delete()
