"""How far the items of projects are, and nothing else of them: thousands in milliseconds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.models import WorkItem
from headway.domain.plans.rules import ItemMark
from headway.domain.programs.queries.past import columns_at, texts_of, values_at
from headway.domain.programs.rules import ProjectFacts


def item_marks(
    actor: Actor, projects: Sequence[ProjectFacts], at: datetime | None = None
) -> Mapping[str, ItemMark]:
    """Return when each item of these projects began and ended, by address; one query."""
    for project in projects:
        require(actor, Permission.VIEW, project)
    ids = [project.id for project in projects]
    if at is None:  # by the name of the project: a key of the database is dear to read
        rows = WorkItem.objects.filter(project_id__in=ids)
        names = ("project__slug", "key", "started", "finished")
        return {f"{one[0]}/{one[1]}": one[2:] for one in rows.values_list(*names)}
    slugs = {text: one.slug for one in projects for text in texts_of(one.id)}
    names = ("project_id", "key", "started", "finished")
    past = values_at(WorkItem, at, names, project_id__in=ids)
    return {f"{slugs[one[0]]}/{one[1]}": one[2:] for one in past}


def item_addresses(
    actor: Actor,
    item_ids: Collection[UUID],
    projects: Sequence[ProjectFacts],
    at: datetime | None = None,
) -> Mapping[UUID, str]:
    """Return the address of each of these items that the projects have; one query."""
    for project in projects:
        require(actor, Permission.VIEW, project)
    if not item_ids:
        return {}
    slugs = {project.id: project.slug for project in projects}
    wanted: dict[str, Any] = {"project_id__in": list(slugs), "id__in": list(item_ids)}
    found = columns_at(WorkItem, at, ("project_id", "key"), **wanted)
    return {item_id: f"{slugs[home]}/{key}" for item_id, (home, key) in found.items()}
