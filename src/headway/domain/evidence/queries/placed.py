"""Where subjects belonged at a moment: the one reading of placements.

Now it stands in the subject's own row; of the past it is read from the placements.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Subquery

from headway.domain.evidence.models import Placement, Record, Subject

Row = TypeVar("Row", bound=Model)


def in_projects(
    rows: QuerySet[Row],
    project_ids: Collection[UUID],
    at: datetime | None,
    *,
    subject: str = "subject__",
) -> QuerySet[Any, Any]:
    """Cut `rows` to those whose subject belonged to these projects at `at`, annotated with `home`.

    `subject` is the way from a row to its subject. A subject belongs to one project at a time, so
    that no row comes twice.
    """
    if at is None:
        rows = rows.filter(**{f"{subject}project_id__in": project_ids})
        return rows.annotate(home=F(f"{subject}project_id"))
    way = f"{subject}placements__"
    held = holding(at, way) & Q(**{f"{way}project_id__in": project_ids})
    return rows.filter(held).annotate(home=F(f"{way}project_id"))


def first_heard(subjects: QuerySet[Row], at: datetime | None) -> QuerySet[Any, Any]:
    """Order subjects by when they were first heard of, as known at `at`; unheard ones come last.

    Of the past, what was not heard of yet is left out. One look into an index each: grouping would
    read every record there is.
    """
    records = Record.objects.filter(subject_id=OuterRef("id"))
    if at is not None:
        records = records.filter(recorded_at__lte=at)
    first = Subquery(records.order_by("id").values("id")[:1])
    rows = subjects.annotate(first=first)
    if at is not None:
        rows = rows.filter(first__isnull=False)
    return rows.order_by(F("first").asc(nulls_last=True), "id")


def holding(at: datetime, way: str = "") -> Q:
    """Return the condition that a slice, reached by `way`, held at `at`."""
    still = Q(**{f"{way}known_until__isnull": True}) | Q(**{f"{way}known_until__gt": at})
    return Q(**{f"{way}known_from__lte": at}) & still


def with_home(rows: QuerySet[Row], at: datetime | None) -> QuerySet[Any, Any]:
    """Annotate rows that have a subject with the slug of its project, its name, and scratch."""
    if at is None:
        return rows.annotate(
            home_slug=F("subject__project__slug"),
            home_name=F("subject__project__name"),
            home_is_scratch=F("subject__is_scratch"),
        )
    slices = Placement.objects.filter(holding(at), subject_id=OuterRef("subject_id"))
    return rows.annotate(
        home_slug=Subquery(slices.values("project__slug")[:1]),
        home_name=Subquery(slices.values("project__name")[:1]),
        home_is_scratch=Subquery(slices.values("is_scratch")[:1]),
    )


def waiting(workspace_id: UUID, at: datetime | None) -> QuerySet[Subject]:
    """Return the subjects that belonged to no project at `at` and were not scratch: the inbox.

    A bill is of many projects: its charges are placed one by one, by rules of their own.
    """
    rows = Subject.objects.filter(workspace_id=workspace_id).exclude(kind="bill")
    if at is None:
        return rows.filter(project__isnull=True, is_scratch=False)
    known = Record.objects.filter(subject_id=OuterRef("id"), recorded_at__lte=at)
    placed = Placement.objects.filter(holding(at), subject_id=OuterRef("id"))
    placed = placed.filter(Q(project__isnull=False) | Q(is_scratch=True))
    return rows.filter(Exists(known), ~Exists(placed))
