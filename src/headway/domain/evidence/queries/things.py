"""The ledger by kind over a whole workspace: what lives there, whichever project it belongs to."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, Max, Min, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.models import Placement, Record, Run, Subject
from headway.domain.evidence.queries.placed import holding, with_home
from headway.domain.evidence.queries.told import current_runs

#: Values in one IN (…): SQLite's builds differ in how many they take.
_AT_ONCE = 900


@dataclass(frozen=True, slots=True)
class ThingRecord:
    """A record with its payload; `home` is the slug of the project it belongs to, or nothing."""

    record: int
    kind: str
    subject: str
    name: str
    version: str
    source: str
    payload: Mapping[str, Any]
    observed_at: datetime
    recorded_at: datetime
    home: str
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class VersionHeard:
    """A version of something that evidence names: when it was first and last heard of."""

    name: str
    version: str
    first: datetime
    last: datetime
    home: str


def records_of_kinds(
    actor: Actor,
    kinds: Collection[str],
    at: datetime | None = None,
    *,
    names: Collection[str] = (),
    holding_name: str = "",
    most_each: int = 0,
) -> Sequence[ThingRecord]:
    """Return the records of these kinds known at `at`, oldest first; one query.

    `names` cuts to subjects of these names, `holding_name` to those whose names hold that text,
    `most_each` to the newest records of each subject.
    Scratch is left out, what waits in the inbox is not.
    """
    require(actor, Permission.VIEW)
    rows = Record.objects.filter(workspace_id=actor.workspace_id, kind__in=kinds)
    if at is not None:
        rows = rows.filter(recorded_at__lte=at)
    if names:
        rows = rows.filter(subject__name__in=names)
    if holding_name:
        rows = rows.filter(subject__name__contains=holding_name)
    if most_each:
        place = Window(
            RowNumber(),
            partition_by=[F("subject_id"), F("kind")],
            order_by=[F("observed_at").desc(), F("sequence").desc()],
        )
        rows = rows.annotate(place=place).filter(place__lte=most_each)
    found = with_home(rows, at).select_related("subject").order_by("observed_at", "sequence")
    return [_thing(row) for row in found if not row.home_is_scratch]


class SaidRecord(NamedTuple):
    """What one record says of a subject (`kind:name`), and when; nothing else of it."""

    record: int
    kind: str
    subject: str
    observed_at: datetime
    payload: Mapping[str, Any]


def told_of_kinds(
    actor: Actor, kinds: Collection[str], at: datetime | None, names: Collection[str] = ()
) -> Iterator[SaidRecord]:
    """Yield what records of these kinds say of subjects without a version; one query.

    Far less of each record is read than `records_of_kinds` reads, for pages of thousands of them.
    `names` cuts to subjects of these names. Scratch is left out.
    """
    require(actor, Permission.VIEW)
    rows = Record.objects.filter(workspace_id=actor.workspace_id, kind__in=kinds)
    rows = rows.filter(subject__version="")
    if names:
        rows = rows.filter(subject__name__in=names)
    if at is not None:
        rows = rows.filter(recorded_at__lte=at)
    found = with_home(rows, at).values_list(
        "sequence", "kind", "subject__kind", "subject__name", "observed_at", "payload",
        "home_is_scratch",
    )  # fmt: skip
    for record, kind, sort, name, moment, payload, is_scratch in found:
        if not is_scratch:
            yield SaidRecord(record, kind, f"{sort}:{name}", moment, json.loads(payload))


def _thing(row: Any) -> ThingRecord:  # noqa: ANN401  a Record, annotated by `with_home`
    return ThingRecord(
        row.sequence,
        row.kind,
        str(row.subject),
        row.subject.name,
        row.subject.version,
        row.source,
        json.loads(row.payload),
        row.observed_at,
        row.recorded_at,
        row.home_slug or "",
        row.valid_until,
    )


def versions_heard(
    actor: Actor,
    subject_kind: str,
    at: datetime | None = None,
    *,
    kinds: Collection[str] = (),
    names: Collection[str] = (),
) -> Sequence[VersionHeard]:
    """Return the versions of things of `subject_kind` that records known at `at` are about.

    `kinds` counts only records of these kinds; by name, the first heard of first. Two queries,
    whatever the size of the ledger.
    """
    require(actor, Permission.VIEW)
    rows = Subject.objects.filter(workspace_id=actor.workspace_id, kind=subject_kind)
    if names:
        rows = rows.filter(name__in=names)
    counted = Q() if at is None else Q(records__recorded_at__lte=at)
    if kinds:
        counted &= Q(records__kind__in=kinds)
    only: dict[str, Any] = {"filter": counted} if counted else {}
    found: QuerySet[Any, Any] = rows.annotate(
        first=Min("records__observed_at", **only), last=Max("records__observed_at", **only)
    ).filter(first__isnull=False)
    homes = _homes(actor, subject_kind, at)
    return [
        VersionHeard(name, version, first, last, homes[subject] or "")
        for subject, name, version, first, last in found.order_by("name", "first").values_list(
            "id", "name", "version", "first", "last"
        )
        if homes.get(subject, "") is not None
    ]


def _homes(actor: Actor, subject_kind: str, at: datetime | None) -> Mapping[UUID, str | None]:
    """Return the slug of the project of each subject, None of scratch; by its id."""
    found: dict[UUID, str | None] = defaultdict(str)
    if at is None:
        mine = Subject.objects.filter(workspace_id=actor.workspace_id, kind=subject_kind)
        placed: Iterable[Any] = mine.values_list("id", "project__slug", "is_scratch")
    else:
        slices = Placement.objects.filter(
            holding(at), workspace_id=actor.workspace_id, subject__kind=subject_kind
        )
        placed = slices.values_list("subject_id", "project__slug", "is_scratch")
    for subject, slug, is_scratch in placed:
        found[subject] = None if is_scratch else slug or ""
    return found


def runs_named(
    actor: Actor, names: Collection[str], at: datetime | None = None
) -> Sequence[ThingRecord]:
    """Return the states of the runs with these names (`server/id`), as known at `at`."""
    require(actor, Permission.VIEW)
    wanted = sorted(names)
    found: list[ThingRecord] = []
    for start in range(0, len(wanted), _AT_ONCE):
        rows = current_runs(actor.workspace_id, at)
        some = wanted[start : start + _AT_ONCE]
        found += _run_things(rows.filter(subject__kind="run", subject__name__in=some), at)
    return found


def runs_alike(
    actor: Actor,
    commits: Iterable[str],
    at: datetime | None = None,
    *,
    most: int = 500,
) -> Sequence[ThingRecord]:
    """Return the newest finished runs of these commits, at most so many."""
    require(actor, Permission.VIEW)
    wanted = sorted({commit for commit in commits if commit})
    rows = current_runs(actor.workspace_id, at).filter(commit__in=wanted, status="finished")
    return _run_things(rows.order_by("-record_id")[:most], at) if wanted else []


def _run_things(rows: QuerySet[Run], at: datetime | None) -> Sequence[ThingRecord]:
    ids = list(rows.values_list("record_id", flat=True))
    found: list[ThingRecord] = []
    for start in range(0, len(ids), _AT_ONCE):
        records = Record.objects.filter(id__in=ids[start : start + _AT_ONCE])
        ordered = with_home(records, at).select_related("subject").order_by("sequence")
        found += [_thing(row) for row in ordered]
    return found
