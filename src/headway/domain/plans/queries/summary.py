"""How much work each project has, counted: for what asks only whether there is any."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.models import Need, WorkItem


@dataclass(frozen=True, slots=True)
class WorkCount:
    """Items of a project: all, those that somebody owns or a resource does, those started."""

    items: int = 0
    owned: int = 0
    started: int = 0


def work_counts(actor: Actor, project_ids: Collection[UUID]) -> Mapping[UUID, WorkCount]:
    """Return the work of these projects as it stands now, by project id; one query."""
    require(actor, Permission.VIEW)
    rows = WorkItem.objects.filter(workspace_id=actor.workspace_id, project_id__in=project_ids)
    needing = Exists(Need.objects.filter(item_id=OuterRef("id")))
    counted = (
        rows.annotate(is_needing=needing)
        .values_list("project_id")
        .annotate(
            items=Count("id"),
            owned=Count("id", filter=~Q(owner="") | Q(is_needing=True)),
            started=Count("id", filter=Q(started__isnull=False)),
        )
    )
    return {project: WorkCount(*numbers) for project, *numbers in counted.order_by()}
