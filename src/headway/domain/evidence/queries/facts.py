"""Evidence as the rules of higher apps want it: measurements, latest records, costs, ages."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, TextField, Window
from django.db.models.functions import Cast, RowNumber

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.models import Reading, Record, Subject
from headway.domain.evidence.queries.placed import first_heard, in_projects
from headway.domain.evidence.queries.told import current_runs
from headway.domain.programs.models import Project
from headway.observation import SubjectRef


@dataclass(frozen=True, slots=True)
class Measurement:
    """One number, with everything a rule may ask of it. `record` opens it."""

    record: int
    subject_kind: str
    subject_name: str
    subject_version: str
    kind: str
    metric: str
    segment: str
    value: float | None
    n: int | None
    low: float | None
    high: float | None
    confidence: float | None
    dataset: str
    dataset_digest: str
    split: str
    is_estimated: bool
    context: Mapping[str, object]
    observed_at: datetime
    valid_until: datetime | None
    project_id: UUID | None


#: Where each field of a Measurement stands, in their order.
_COLUMNS = (
    "record__sequence",
    "subject__kind",
    "subject__name",
    "subject__version",
    *("kind", "metric", "segment", "value", "n", "low", "high", "confidence"),
    *("dataset", "dataset_digest", "split", "is_estimated", "context"),
    *("observed_at", "valid_until"),
    "home",
)


@dataclass(frozen=True, slots=True)
class LatestRecord:
    """A record's own words, for kinds that hold no numbers (approvals, aliases, versions)."""

    record: int
    subject: str
    kind: str
    payload: Mapping[str, object]
    observed_at: datetime
    recorded_at: datetime
    valid_until: datetime | None
    project_id: UUID | None


@dataclass(frozen=True, slots=True)
class ExpiringEvidence:
    """A record that stands now and goes stale soon."""

    record: int
    subject: str
    kind: str
    valid_until: datetime


@dataclass(frozen=True, slots=True, eq=False)
class CostFacts:
    """Money that evidence says was spent.

    One is equal to itself only: what `_cost` keeps is looked up by what it is, thousands a page.
    """

    record: int
    project_id: UUID | None
    amount: Decimal
    currency: str
    category: str
    period_start: date
    period_end: date
    description: str


@dataclass(frozen=True, slots=True)
class SubjectName:
    """A subject of a project, in the order it was first heard of."""

    project_id: UUID
    kind: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class EvidenceAge:
    """When a project last heard anything of a kind."""

    project_id: UUID
    kind: str
    observed_at: datetime
    count: int


def _known(rows: QuerySet[Reading], at: datetime | None) -> QuerySet[Reading]:
    """Cut `rows` to what was known at `at` (None: now)."""
    if at is None:
        return rows.filter(known_until__isnull=True)
    return rows.filter(known_from__lte=at).filter(
        Q(known_until__isnull=True) | Q(known_until__gt=at)
    )


def _records(
    actor: Actor, project_ids: Collection[UUID], at: datetime | None
) -> QuerySet[Any, Any]:
    """Return the records of these projects known at `at`, annotated with the `home` of then."""
    rows = Record.objects.filter(workspace_id=actor.workspace_id)
    if at is not None:
        rows = rows.filter(recorded_at__lte=at)
    return in_projects(rows, project_ids, at)


def measurements_of(
    actor: Actor,
    project_ids: Collection[UUID],
    at: datetime | None = None,
    *,
    kinds: Collection[str] = ("evaluation", "check"),
    metrics: Collection[str] = (),
    newest: bool = False,
) -> Sequence[Measurement]:
    """Return the readings of these projects known at `at`, oldest first.

    With `newest` only the last of each subject, name, segment, split and dataset: a rule that
    reduces to the newest record needs no other, and a ledger may hold a hundred thousand.
    """
    require(actor, Permission.VIEW)
    rows = Reading.objects.filter(workspace_id=actor.workspace_id, kind__in=kinds)
    if metrics:
        rows = rows.filter(metric__in=metrics)
    rows = in_projects(_known(rows, at), project_ids, at)
    if newest:
        parts = ("subject_id", "kind", "metric", "segment", "split", "dataset")
        last = [F("observed_at").desc(), F("record_id").desc()]
        place = Window(RowNumber(), partition_by=[F(part) for part in parts], order_by=last)
        # Only the ids go through the sort.
        rows = rows.filter(id__in=rows.annotate(place=place).filter(place=1).values("id"))
    rows = rows.order_by("observed_at", "record__sequence", "id")
    # Thousands of readings stand behind one page: columns, where rows as models cost five times.
    return [Measurement(*columns) for columns in rows.values_list(*_COLUMNS)]


def run_values(
    actor: Actor,
    project_ids: Collection[UUID],
    at: datetime | None = None,
    *,
    metrics: Collection[str],
) -> Sequence[Measurement]:
    """Return what finished runs of these projects logged of these metrics, oldest first; one query.

    Failed and deleted runs raise no best; they are in the runs table.
    """
    require(actor, Permission.VIEW)
    if not metrics:
        return []
    runs = current_runs(actor.workspace_id, at).filter(status="finished", is_deleted=False)
    rows = Reading.objects.filter(
        workspace_id=actor.workspace_id,
        metric__in=metrics,
        segment="",
        record_id__in=runs.values("record_id"),
    )
    rows = in_projects(rows, project_ids, at).order_by("observed_at", "record__sequence", "id")
    return [Measurement(*columns) for columns in rows.values_list(*_COLUMNS)]


def latest_records(
    actor: Actor,
    project_ids: Collection[UUID],
    at: datetime | None = None,
    *,
    kinds: Collection[str],
) -> Sequence[LatestRecord]:
    """Return, for each subject and kind, the record that was observed last and known at `at`.

    Approvals are kept per function as well: legal's and privacy's stand beside each other.
    """
    require(actor, Permission.VIEW)
    rows = _records(actor, project_ids, at).filter(kind__in=kinds)
    latest: dict[tuple[object, ...], LatestRecord] = {}
    for row in rows.select_related("subject").order_by("observed_at", "sequence"):
        payload = json.loads(row.payload)
        key = (row.subject_id, row.kind, payload.get("function"))
        latest[key] = LatestRecord(
            row.sequence,
            str(row.subject),
            row.kind,
            payload,
            row.observed_at,
            row.recorded_at,
            row.valid_until,
            row.home,
        )
    return list(latest.values())


def records_about(
    actor: Actor,
    subjects: Collection[SubjectRef],
    at: datetime | None = None,
    *,
    kinds: Collection[str],
) -> Sequence[LatestRecord]:
    """Return every record of these kinds about these subjects known at `at`, oldest first."""
    require(actor, Permission.VIEW)
    wanted = {(one.kind, one.name, one.version) for one in subjects}
    rows = Record.objects.filter(
        workspace_id=actor.workspace_id,
        kind__in=kinds,
        subject__kind__in={one.kind for one in subjects},
        subject__name__in={one.name for one in subjects},
    )
    if at is not None:
        rows = rows.filter(recorded_at__lte=at)
    return [
        LatestRecord(
            row.sequence,
            str(row.subject),
            row.kind,
            json.loads(row.payload),
            row.observed_at,
            row.recorded_at,
            row.valid_until,
            row.subject.project_id,
        )
        for row in rows.select_related("subject").order_by("observed_at", "sequence")
        if (row.subject.kind, row.subject.name, row.subject.version) in wanted
    ]


def expiring_evidence(
    actor: Actor, project_ids: Collection[UUID], at: datetime, until: datetime
) -> Sequence[ExpiringEvidence]:
    """Return what is valid at `at` and not after `until`, soonest first; superseded is not told."""
    require(actor, Permission.VIEW)
    known = Record.objects.filter(workspace_id=actor.workspace_id, recorded_at__lte=at)
    newer = known.filter(
        subject_id=OuterRef("subject_id"), kind=OuterRef("kind"), source=OuterRef("source")
    ).filter(Q(valid_until__isnull=True) | Q(valid_until__gt=OuterRef("valid_until")))
    rows = in_projects(known, project_ids, at).filter(
        ~Exists(newer.filter(observed_at__gte=OuterRef("observed_at"))),
        valid_until__gt=at,
        valid_until__lte=until,
    )
    return [
        ExpiringEvidence(row.sequence, str(row.subject), row.kind, row.valid_until)
        for row in rows.select_related("subject").order_by("valid_until", "sequence")
        if row.valid_until is not None
    ]


def costs_of(
    actor: Actor, project_ids: Collection[UUID], at: datetime | None = None
) -> Sequence[CostFacts]:
    """Return every cost recorded for these projects and known at `at`, by period."""
    require(actor, Permission.VIEW)
    # Three columns and not whole rows: a portfolio of five years has tens of thousands.
    rows = _records(actor, project_ids, at).filter(kind="cost")
    told = rows.annotate(place=Cast("home", TextField()))
    costs = [_cost(*row) for row in told.values_list("sequence", "place", "payload")]
    costs.sort(key=lambda cost: (cost.period_start, cost.record))
    return costs


@lru_cache(maxsize=32_768)
def _cost(sequence: int, place: str | None, payload: str) -> CostFacts:
    """Return what a cost says; its record never changes, so its payload is read once."""
    told = json.loads(payload)
    return CostFacts(
        record=sequence,
        project_id=_home(place) if place else None,
        amount=Decimal(told["amount"]),
        currency=told["currency"],
        category=told["category"],
        period_start=date.fromisoformat(told["period_start"]),
        period_end=date.fromisoformat(told["period_end"]),
        description=told["description"],
    )


@lru_cache(maxsize=4_096)
def _home(place: str) -> UUID:
    """Return the id of a project: one value for all of its costs, so they are told apart fast."""
    return UUID(place)


def evidence_ages(
    actor: Actor,
    project_ids: Collection[UUID],
    at: datetime | None = None,
    *,
    kinds: Collection[str] = (),
) -> Sequence[EvidenceAge]:
    """Return when each project last heard anything of each kind (of these), and how much."""
    require(actor, Permission.VIEW)
    records = _records(actor, project_ids, at)
    ages = (
        (records.filter(kind__in=kinds) if kinds else records)
        .values_list("home", "kind")
        .annotate(newest=Max("observed_at"), count=Count("id"))
    )
    return [
        EvidenceAge(project_id, kind, newest, count)
        for project_id, kind, newest, count in ages.order_by("home", "kind")
        if project_id is not None
    ]


def kinds_heard(
    actor: Actor, project_ids: Collection[UUID], kinds: Sequence[str]
) -> Mapping[UUID, Collection[str]]:
    """Return which of these kinds each project holds any record of now; one query, nothing counted.

    Whether there is one is found at the first; a count would read the whole ledger.
    """
    require(actor, Permission.VIEW)
    held = Record.objects.filter(subject__project_id=OuterRef("id"))
    rows = Project.objects.filter(workspace_id=actor.workspace_id, id__in=project_ids)
    found = rows.annotate(**{f"has_{kind}": Exists(held.filter(kind=kind)) for kind in kinds})
    names = [f"has_{kind}" for kind in kinds]
    return {
        project: {kind for kind, is_there in zip(kinds, there, strict=True) if is_there}
        for project, *there in found.values_list("id", *names)
    }


def subject_names(
    actor: Actor,
    project_ids: Collection[UUID],
    at: datetime | None = None,
    *,
    kinds: Collection[str],
) -> Sequence[SubjectName]:
    """Return the subjects of these projects known at `at`, the first heard of first.

    A subject stays known when its evidence falls silent: that is how silence is noticed.
    """
    require(actor, Permission.VIEW)
    rows = Subject.objects.filter(workspace_id=actor.workspace_id, kind__in=kinds)
    rows = in_projects(rows, project_ids, at, subject="")
    return [SubjectName(row.home, row.kind, row.name, str(row)) for row in first_heard(rows, at)]


def record_times(actor: Actor, sequences: Collection[int]) -> Mapping[int, datetime]:
    """Return when each of these records was observed."""
    require(actor, Permission.VIEW)
    rows = Record.objects.filter(
        workspace_id=actor.workspace_id, sequence__in=sorted(sequences)[:20_000]
    )
    return dict(rows.values_list("sequence", "observed_at"))
