"""How items earn and what they follow, as told by people."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.models import WorkItem
from headway.domain.plans.queries import item_addresses
from headway.domain.plans.rules import ItemFacts
from headway.domain.programs.queries import facts, ids_ever, rows_at
from headway.domain.programs.rules import ProjectFacts
from headway.domain.progress.models import Follow, Measure
from headway.domain.progress.rules.facts import FollowFacts, MeasureFacts
from headway.errors import NotFound


def measures_by_item(
    actor: Actor, item_ids: Collection[UUID], at: datetime | None = None
) -> Mapping[UUID, MeasureFacts]:
    """Return what people told of how these items earn, by item id; one query."""
    require(actor, Permission.VIEW)
    wanted = set(item_ids)
    rows = rows_at(Measure, at, workspace_id=actor.workspace_id)
    return {row.item_id: facts(MeasureFacts, row) for row in rows if row.item_id in wanted}


def measures_by_address(
    actor: Actor, projects: Sequence[ProjectFacts], at: datetime | None = None
) -> Mapping[str, MeasureFacts]:
    """Return what people told of how items of these projects earn, by address; two queries."""
    require(actor, Permission.VIEW)
    mine = {"item_id__in": ids_ever(WorkItem, at, project_id__in=[one.id for one in projects])}
    rows = rows_at(Measure, at, workspace_id=actor.workspace_id, **mine)
    told = {row.item_id: facts(MeasureFacts, row) for row in rows}
    addresses = item_addresses(actor, told, projects, at)
    return {address: told[item_id] for item_id, address in addresses.items()}


def follows_by_item(
    actor: Actor, item_ids: Collection[UUID], at: datetime | None = None
) -> Mapping[UUID, FollowFacts]:
    """Return what these items follow, by item id; one query."""
    require(actor, Permission.VIEW)
    wanted = set(item_ids)
    rows = rows_at(Follow, at, workspace_id=actor.workspace_id)
    return {row.item_id: facts(FollowFacts, row) for row in rows if row.item_id in wanted}


def follows_of(
    actor: Actor, projects: Sequence[ProjectFacts], at: datetime | None = None
) -> Mapping[UUID, FollowFacts]:
    """Return what items of these projects follow, by item id; one query."""
    require(actor, Permission.VIEW)
    mine = {"item_id__in": ids_ever(WorkItem, at, project_id__in=[one.id for one in projects])}
    rows = rows_at(Follow, at, workspace_id=actor.workspace_id, **mine)
    return {row.item_id: facts(FollowFacts, row) for row in rows}


def measure_named(actor: Actor, item_id: UUID, at: datetime | None = None) -> MeasureFacts | None:
    """Return how an item earns as somebody told it; None where nobody did."""
    return measures_by_item(actor, [item_id], at).get(item_id)


def measure_of(actor: Actor, item: ItemFacts, at: datetime | None = None) -> MeasureFacts:
    """Return how an item earns as somebody told it. Raises NotFound where nobody did."""
    found = measures_by_item(actor, [item.id], at).get(item.id)
    if found is None:
        sentence = f"Nobody said how “{item.name}” earns; it earns as its kind does."
        raise NotFound(sentence)
    return found


def follow_of(actor: Actor, item: ItemFacts, at: datetime | None = None) -> FollowFacts:
    """Return what an item follows. Raises NotFound where it follows nothing."""
    found = follows_by_item(actor, [item.id], at).get(item.id)
    if found is None:
        sentence = f"“{item.name}” follows no evidence."
        raise NotFound(sentence)
    return found
