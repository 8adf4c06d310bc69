"""The newest record of each series, of many kinds at once: what answers a framework."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.models import Reading, Record
from headway.domain.evidence.queries.facts import LatestRecord
from headway.domain.evidence.queries.placed import holding, in_projects

#: Kinds that come in masses: of them only the newest of each series is read, by its reading.
_MASSES = ("check", "evaluation")
_SERIES = ("subject_id", "kind", "metric", "dataset", "split")


def newest_records(
    actor: Actor,
    project_ids: Collection[UUID],
    at: datetime | None = None,
    *,
    kinds: Collection[str],
) -> Sequence[LatestRecord]:
    """Return the records of these kinds and projects known at `at`, oldest first; one query.

    Of checks and evaluations the newest of each series only (subject, metric, dataset, split), of
    other kinds all.
    """
    require(actor, Permission.VIEW)
    rows = Record.objects.filter(workspace_id=actor.workspace_id, kind__in=kinds)
    if at is not None:
        rows = rows.filter(recorded_at__lte=at)
    masses = [kind for kind in _MASSES if kind in kinds]
    if masses:
        newest = _newest(actor, masses, at)
        rows = rows.filter(~Q(kind__in=masses) | Q(id__in=newest))
    found = in_projects(rows, project_ids, at).select_related("subject")
    return [
        LatestRecord(
            row.sequence,
            str(row.subject),
            row.kind,
            json.loads(row.payload),
            row.observed_at,
            row.recorded_at,
            row.valid_until,
            row.home,
        )
        for row in found.order_by("observed_at", "sequence")
    ]


def _newest(actor: Actor, kinds: Collection[str], at: datetime | None) -> QuerySet[Any, Any]:
    """Return a subquery of the records that hold the newest reading of each series."""
    rows = Reading.objects.filter(workspace_id=actor.workspace_id, kind__in=kinds)
    rows = rows.filter(Q(known_until__isnull=True) if at is None else holding(at))
    rows = rows.filter(Q(kind="check") | Q(segment=""))
    place = Window(
        RowNumber(),
        partition_by=[F(name) for name in _SERIES],
        order_by=[F("observed_at").desc(), F("record_id").desc()],
    )
    return rows.annotate(place=place).filter(place=1).values("record_id")
