"""Every read of compute pools, and the resources as the network reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.models import ComputePool, Resource
from headway.domain.people.queries import resource_facts
from headway.domain.people.rules import ResourceFacts
from headway.domain.people.rules.pools import PoolFacts, quota_calendars, reached
from headway.domain.programs.queries import facts, rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.errors import NotFound


def all_resources(actor: Actor, at: datetime | None = None) -> Sequence[ResourceFacts]:
    """Return what the work of every program of the workspace draws on, as it was written."""
    require(actor, Permission.VIEW)
    rows = rows_at(Resource, at, workspace_id=actor.workspace_id)
    return [resource_facts(row) for row in sorted(rows, key=lambda row: (row.name, str(row.id)))]


def pools_of(
    actor: Actor, resources: Sequence[ResourceFacts], at: datetime | None = None
) -> Mapping[UUID, PoolFacts]:
    """Return what is known of pools among `resources`, by resource id; one query."""
    require(actor, Permission.VIEW)
    by_id = {one.id: one for one in resources if one.kind == "compute"}
    if not by_id:
        return {}
    rows = rows_at(ComputePool, at, workspace_id=actor.workspace_id)
    return {
        row.resource_id: pool_facts(row, by_id[row.resource_id])
        for row in rows
        if row.resource_id in by_id
    }


def pool_named(
    actor: Actor, program: ProgramFacts, name: str, at: datetime | None = None
) -> tuple[ResourceFacts, PoolFacts | None]:
    """Return a compute resource of a program, and what is known of it as a pool.

    Raises NotFound, the same for what is no compute pool.
    """
    require(actor, Permission.VIEW, program)
    rows = rows_at(Resource, at, workspace_id=actor.workspace_id, program_id=program.id)
    for row in rows:
        if row.name == name and row.kind == "compute":
            held = resource_facts(row)
            return held, pools_of(actor, [held], at).get(held.id)
    sentence = f"There is no compute pool '{name}' in {program.name}."
    raise NotFound(sentence)


def drawn_resources(
    actor: Actor, resources: Sequence[ResourceFacts], at: datetime | None = None
) -> tuple[Sequence[ResourceFacts], Mapping[str, Mapping[str, object]]]:
    """Return `resources` as the network reads them, and the calendars that their quotas make."""
    pools = pools_of(actor, resources, at)
    return [reached(one, pools.get(one.id)) for one in resources], quota_calendars(
        list(pools.values())
    )


def pool_facts(row: ComputePool, resource: ResourceFacts) -> PoolFacts:
    """Return what is known of a pool as a frozen value."""
    return facts(PoolFacts, row, program_id=resource.program_id, name=resource.name)
