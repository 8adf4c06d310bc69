"""What subjects tell of themselves, as rules about runs ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from headway.domain.evidence.models import Record, Run
from headway.domain.evidence.rules.placing import Told

#: id, kind, name of a subject.
Named = tuple[UUID, str, str]


def told_by(
    workspace_id: UUID,
    subjects: Iterable[Named],
    ids: QuerySet[Any, Any] | list[UUID],
    at: datetime | None = None,
) -> Mapping[UUID, Told]:
    """Return what these subjects tell, by id; two queries. `ids` selects the same subjects.

    A subject without a record known at `at` is left out: nobody has heard of it.
    """
    runs = current_runs(workspace_id, at).filter(subject_id__in=ids)
    found = {
        subject: Told(source, "", is_run=True, group=group, name=name, tags=tags)
        for subject, source, group, name, tags in runs.values_list(
            "subject_id", "record__source", "group", "name", "tags"
        )
    }
    records = Record.objects.filter(workspace_id=workspace_id, subject_id__in=ids)
    if at is not None:
        records = records.filter(recorded_at__lte=at)
    others = records.exclude(subject__runs__isnull=False)
    sources = dict(others.values_list("subject_id").annotate(source=Max("source")))
    told: dict[UUID, Told] = {}
    for subject, kind, name in subjects:
        run = found.get(subject)
        if run is not None:
            thing = f"{kind}:{name}"
            told[subject] = Told(run.source, thing, True, run.group, run.name, run.tags)
        elif subject in sources:
            told[subject] = Told(sources[subject], thing_of(kind, name, sources[subject]))
    return told


def current_runs(workspace_id: UUID, at: datetime | None) -> QuerySet[Run]:
    """Return the state of every run as known at `at`."""
    rows = Run.objects.filter(workspace_id=workspace_id)
    if at is None:
        return rows.filter(known_until__isnull=True)
    holds = Q(known_until__isnull=True) | Q(known_until__gt=at)
    return rows.filter(holds, known_from__lte=at)


def thing_of(kind: str, name: str, source: str) -> str:
    """Return `kind:name` of a subject; an alias (`server/model/alias`) counts to its model."""
    if kind != "alias":
        return f"{kind}:{name}"
    server = source.partition(":")[2]
    model, _, _ = name.removeprefix(f"{server}/").rpartition("/")
    return f"model:{model}"
