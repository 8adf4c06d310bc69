"""The records that rules ask for by name, out of a ledger of any size, in a flat number of queries.

Of evaluations and checks the newest by name, data and split is found among the readings, whose
index begins with subject and metric; only then are those records opened.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.models import Reading, Record, Run, Subject
from headway.domain.evidence.queries.facts import LatestRecord
from headway.domain.evidence.queries.placed import first_heard, holding, in_projects

#: Kinds whose numbers are readings.
READ_KINDS = ("evaluation", "check", "kpi")

#: Of one subject and kind no more records than this are opened, the newest first.
MOST_OF_EACH = 500

#: More names than this are not put into one question; then all names are read.
_MOST_NAMES = 600


@dataclass(frozen=True, slots=True)
class KnownSubject:
    """A subject that a project holds."""

    id: UUID
    project_id: UUID
    kind: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Want:
    """Records of `kinds` about `subjects`; of evaluations and checks only of `names` (empty: all).

    `is_series`: every record, not only the newest of each.
    """

    kinds: Collection[str]
    subjects: Collection[UUID]
    names: Collection[str] = ()
    is_series: bool = False


def known_subjects(
    actor: Actor, project_ids: Collection[UUID], at: datetime | None, *, kinds: Collection[str]
) -> Sequence[KnownSubject]:
    """Return the subjects of these projects known at `at`, the first heard of first.

    A subject stays known when its evidence falls silent: that is how silence is noticed.
    """
    require(actor, Permission.VIEW)
    rows = Subject.objects.filter(workspace_id=actor.workspace_id, kind__in=kinds)
    rows = in_projects(rows, project_ids, at, subject="")
    return [
        KnownSubject(row.id, row.home, row.kind, row.name, str(row))
        for row in first_heard(rows, at)
    ]


def records_wanted(
    actor: Actor, project_ids: Collection[UUID], at: datetime | None, want: Want
) -> Sequence[LatestRecord]:
    """Return the records that `want` names, oldest first; one query, two where readings are asked.

    Records of subjects that these projects did not hold at `at` are not among them.
    """
    require(actor, Permission.VIEW)
    read = [kind for kind in want.kinds if kind in READ_KINDS]
    other = [kind for kind in want.kinds if kind not in READ_KINDS]
    found: list[LatestRecord] = []
    if read and want.subjects:
        found += _opened(_records(actor, project_ids, at).filter(id__in=_newest(want, read, at)))
    if other and want.subjects:
        rows = _records(actor, project_ids, at).filter(
            subject_id__in=list(want.subjects), kind__in=other
        )
        found += _opened(_numbered(rows, ("subject_id", "kind")).filter(place__lte=MOST_OF_EACH))
    return sorted(found, key=lambda one: (one.observed_at, one.record))


def _records(
    actor: Actor, project_ids: Collection[UUID], at: datetime | None
) -> QuerySet[Any, Any]:
    rows = Record.objects.filter(workspace_id=actor.workspace_id)
    if at is not None:
        rows = rows.filter(recorded_at__lte=at)
    return in_projects(rows, project_ids, at)


def _newest(want: Want, kinds: Sequence[str], at: datetime | None) -> QuerySet[Any, Any]:
    """Return the ids of the records of these kinds that hold the newest of each name."""
    rows = Reading.objects.filter(subject_id__in=list(want.subjects), kind__in=kinds)
    rows = rows.filter(known_until__isnull=True) if at is None else rows.filter(holding(at))
    rows = rows.filter(~Q(kind="evaluation") | Q(segment=""))  # the whole stands for its segments
    if want.names and len(want.names) <= _MOST_NAMES:
        rows = rows.filter(metric__in=list(want.names))
    if want.is_series:
        return rows.values("record_id")
    parts = ("subject_id", "kind", "metric", "split", "dataset", "dataset_digest")
    return _numbered(rows, parts).filter(place=1).values("record_id")


def _numbered(rows: QuerySet[Any, Any], parts: Sequence[str]) -> QuerySet[Any, Any]:
    """Annotate rows with their `place` among those that are alike, the newest first."""
    order = "record_id" if rows.model is Reading else "id"
    newest = [F("observed_at").desc(), F(order).desc()]
    place = Window(RowNumber(), partition_by=[F(part) for part in parts], order_by=newest)
    numbered: QuerySet[Any, Any] = rows.annotate(place=place)
    return numbered


#: Where each field of a LatestRecord stands; hundreds are opened for a page: columns, not models.
_COLUMNS = (
    *("sequence", "subject__kind", "subject__name", "subject__version", "kind", "payload"),
    *("observed_at", "recorded_at", "valid_until", "home"),
)


def _opened(rows: QuerySet[Any, Any]) -> Iterator[LatestRecord]:
    """Yield records with their payloads read."""
    for number, sort, name, version, kind, payload, *rest in rows.values_list(*_COLUMNS):
        subject = f"{sort}:{name}@{version}" if version else f"{sort}:{name}"
        yield LatestRecord(number, subject, kind, json.loads(payload), *rest)


def run_commits(
    actor: Actor, project_ids: Collection[UUID], runs: Collection[str], at: datetime | None
) -> dict[str, tuple[str, int]]:
    """Return the commit of each of these runs (by the id its tracker knows), and its record."""
    require(actor, Permission.VIEW)
    if not runs:
        return {}
    named = Q()
    for run in sorted(runs):
        named |= Q(subject__name=run) | Q(subject__name__endswith=f"/{run}")
    rows = Run.objects.filter(named, workspace_id=actor.workspace_id)
    rows = rows.filter(known_until__isnull=True) if at is None else rows.filter(holding(at))
    rows = in_projects(rows, project_ids, at).order_by("record__sequence")
    columns = rows.values_list("subject__name", "commit", "record__sequence")
    return {name.rpartition("/")[2]: (commit, record) for name, commit, record in columns}
