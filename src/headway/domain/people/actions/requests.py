"""Every write of requests for somebody: asked, answered by an allocation, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.actions.allocations import drop_allocation, set_allocation
from headway.domain.people.models import Allocation, CapacityRequest
from headway.domain.people.queries.allocations import (
    allocation_facts,
    request_facts,
)
from headway.domain.people.rules.allocations import (
    FILLED,
    OPEN,
    REQUEST_FIELDS,
    WITHDRAWN,
    AllocationFacts,
    RequestFacts,
    require_amount,
)
from headway.domain.programs.actions.rows import add_row, change_row, put_back
from headway.domain.programs.queries import program_named, project_within
from headway.domain.programs.rules.fields import clean, fresh_key
from headway.domain.programs.rules.fields import key as read_key
from headway.errors import Conflict, Invalid, NotFound

_AMOUNTS = ("share", "weekly_hours", "starts_on", "ends_on")


@transaction.atomic
def set_request(
    actor: Actor,
    program: str,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> RequestFacts:
    """Set a request of a program (REQUEST_FIELDS): made when there is none of this key.

    An empty `key` is made of the role. A filled one can no longer be changed.
    """
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    fields: dict[str, Any] = clean(values, REQUEST_FIELDS)
    if "project" in fields:
        slug = fields.pop("project")
        fields["project_id"] = project_within(actor, parent, slug).id if slug else None
    rows = CapacityRequest.objects.select_for_update().filter(workspace_id=actor.workspace_id)
    key = key or fresh_key(str(fields.get("role") or "request"), rows.values_list("key", flat=True))
    row = rows.filter(key=read_key("key", key)).first()
    if row is None:
        require_amount(fields)
        _require_wanted(fields)
        row = CapacityRequest(
            workspace_id=actor.workspace_id, program_id=parent.id, key=key, **fields
        )
        add_row(actor, row, at, "set_request", program=parent.slug, **fields)
        return request_facts(row)
    if row.program_id != parent.id:
        sentence = f"The request '{key}' belongs to another program."
        raise NotFound(sentence)
    if row.state == FILLED:
        sentence = f"The request '{key}' is filled; change the allocation, or ask anew."
        raise Conflict(sentence)
    _judge(row, fields)
    change_row(actor, row, fields, at, "set_request", version)
    return request_facts(row)


def _judge(row: CapacityRequest, fields: dict[str, Any]) -> None:
    for name, other in (("share", "weekly_hours"), ("weekly_hours", "share")):
        if fields.get(name) is not None and fields.get(other) is None:
            fields[other] = None
    whole = {name: fields.get(name, getattr(row, name)) for name in (*_AMOUNTS, "role", "skills")}
    require_amount(whole)
    _require_wanted(whole)


def _require_wanted(fields: Mapping[str, object]) -> None:
    if not fields.get("role") and not fields.get("skills"):
        sentence = "Say who is wanted: a role, or skills, or both."
        raise Invalid(sentence)


@transaction.atomic
def restore_request(actor: Actor, key: str, version: int, at: datetime) -> RequestFacts:
    """Put a request back to its earlier `version`: the undo of a change."""
    require(actor, Permission.PLAN)
    row = _row(actor, key)
    return request_facts(put_back(actor, CapacityRequest, version, at, id=row.id))


@transaction.atomic
def fill_request(
    actor: Actor, key: str, person: str, at: datetime, *, is_tentative: bool = False
) -> AllocationFacts:
    """Give what a request asks for to `person`: an allocation is made, and the request is filled.

    Raises Conflict for a request that is not open.
    """
    require(actor, Permission.PLAN)
    row = _row(actor, key)
    if row.state != OPEN:
        sentence = f"The request '{key}' is {row.state}; only an open one can be filled."
        raise Conflict(sentence)
    asked = request_facts(row)
    values: dict[str, object] = {name: getattr(asked, name) for name in (*_AMOUNTS, "note")}
    values |= {"person": person, "program": asked.program, "project": asked.project}
    values |= {"is_tentative": is_tentative}
    given = {name: value for name, value in values.items() if value not in (None, "")}
    made = set_allocation(actor, f"{key}-{person}"[:120], given, at)
    allocation = Allocation.objects.select_for_update().get(id=made.id)
    change_row(actor, allocation, {"request_id": row.id}, at, "fill_request")
    change_row(actor, row, {"state": FILLED}, at, "fill_request")
    return allocation_facts(allocation)


@transaction.atomic
def reopen_request(actor: Actor, key: str, at: datetime) -> RequestFacts:
    """Open a filled or withdrawn request again; what it was filled with is taken away."""
    require(actor, Permission.PLAN)
    row = _row(actor, key)
    for allocation in Allocation.objects.select_for_update().filter(request_id=row.id):
        drop_allocation(actor, allocation.key, at)
    change_row(actor, row, {"state": OPEN}, at, "reopen_request")
    return request_facts(row)


@transaction.atomic
def withdraw_request(
    actor: Actor, key: str, at: datetime, *, version: int | None = None
) -> RequestFacts:
    """Take an open request back; it stays to be read."""
    require(actor, Permission.PLAN)
    row = _row(actor, key)
    if row.state == FILLED:
        sentence = f"The request '{key}' is filled; open it again first."
        raise Conflict(sentence)
    change_row(actor, row, {"state": WITHDRAWN}, at, "withdraw_request", version)
    return request_facts(row)


def _row(actor: Actor, key: str) -> CapacityRequest:
    rows = CapacityRequest.objects.select_for_update().filter(workspace_id=actor.workspace_id)
    row = rows.filter(key=key).first()
    if row is None:
        sentence = f"There is no request '{key}'."
        raise NotFound(sentence)
    return row
