"""Every write of what is known of compute pools."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.models import ComputePool
from headway.domain.people.queries.pools import pool_facts, pool_named
from headway.domain.people.rules.pools import POOL_FIELDS, PoolFacts
from headway.domain.programs.actions.rows import add_row, change_row, put_back
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.fields import clean


@transaction.atomic
def set_pool(
    actor: Actor,
    program: str,
    name: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> PoolFacts:
    """Say what is known of the compute resource `name` beyond its capacity (POOL_FIELDS).

    Quota windows and reservations reach levelling and odds with the next forecast; a queue wait
    does not by itself. Raises NotFound where the program has no such compute resource.
    """
    require(actor, Permission.PLAN)
    resource, held = pool_named(actor, program_named(actor, program), name)
    fields = clean(values, POOL_FIELDS)
    if held is None:
        row = ComputePool(workspace_id=actor.workspace_id, resource_id=resource.id, **fields)
        add_row(actor, row, at, "set_pool", program=program, resource=name, **fields)
    else:
        row = ComputePool.objects.select_for_update().get(id=held.id)
        change_row(actor, row, fields, at, "set_pool", version)
    return pool_facts(row, resource)


@transaction.atomic
def restore_pool(actor: Actor, program: str, name: str, version: int, at: datetime) -> PoolFacts:
    """Put what is known of a pool back to its earlier `version`: the undo of a change."""
    require(actor, Permission.PLAN)
    resource, _ = pool_named(actor, program_named(actor, program), name)
    row = put_back(actor, ComputePool, version, at, resource_id=resource.id)
    return pool_facts(row, resource)
