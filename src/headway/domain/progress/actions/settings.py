"""Saying how an item earns its planned value, and what its remaining range follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.actions.links import item_at
from headway.domain.programs.actions.rows import add_row, change_row, drop_row, put_back
from headway.domain.programs.queries import criterion_named, facts, project_named
from headway.domain.programs.rules.fields import clean
from headway.domain.progress.models import Follow, Measure
from headway.domain.progress.rules.facts import (
    FOLLOW_FIELDS,
    MEASURE_FIELDS,
    FollowFacts,
    MeasureFacts,
    follow_fields,
    measure_fields,
)
from headway.domain.vendors.queries import approving_of
from headway.errors import Invalid, NotFound


@transaction.atomic
def set_measure(
    actor: Actor,
    address: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> MeasureFacts:
    """Say how the item at project/key earns (MEASURE_FIELDS), anew or changed. Needs `plan`.

    Raises Invalid for fields that do not hold together, Conflict when it changed since `version`.
    """
    require(actor, Permission.PLAN)
    item, _ = item_at(actor, address)
    row = Measure.objects.select_for_update().filter(item_id=item.id).first()
    told = clean(values, MEASURE_FIELDS)
    held = {name: getattr(row, name) for name in MEASURE_FIELDS} if row else {"method": ""}
    fields = measure_fields({**held, **told})
    if not fields["method"]:
        sentence = "The method is missing; say how the item earns."
        raise Invalid(sentence)
    if row is None:
        row = Measure(workspace_id=actor.workspace_id, item_id=item.id, **fields)
        add_row(actor, row, at, "set_measure", item=address, **fields)
    else:
        change_row(actor, row, fields, at, "set_measure", version)
    return facts(MeasureFacts, row)


@transaction.atomic
def clear_measure(
    actor: Actor, address: str, at: datetime, *, version: int | None = None
) -> MeasureFacts:
    """Let an item earn by its kind's own method again; `put_back_measure` is the undo."""
    require(actor, Permission.PLAN)
    item, _ = item_at(actor, address)
    row = Measure.objects.select_for_update().filter(item_id=item.id).first()
    if row is None:
        sentence = f"Nobody said how {address} earns; there is nothing to clear."
        raise NotFound(sentence)
    held = facts(MeasureFacts, row)
    drop_row(actor, row, at, "clear_measure", version, item=address)
    return held


@transaction.atomic
def put_back_measure(actor: Actor, address: str, version: int, at: datetime) -> MeasureFacts:
    """Give back how an item earned in an earlier version: the undo."""
    require(actor, Permission.PLAN)
    item, _ = item_at(actor, address)
    return facts(MeasureFacts, put_back(actor, Measure, version, at, item_id=item.id))


@transaction.atomic
def set_follow(
    actor: Actor,
    address: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> FollowFacts:
    """Let the item at project/key follow a metric (`criterion`, its key), labels or approvals.

    Labels are those of `order`; approvals those of `subject`, as contract:vendor/key. `mode` is
    propose, or apply: then what evidence says is written into the plan by itself. Needs `plan`.
    Raises Invalid, NotFound, and Conflict when it changed since `version`.
    """
    require(actor, Permission.PLAN)
    item, _ = item_at(actor, address)
    row = Follow.objects.select_for_update().filter(item_id=item.id).first()
    rest = {name: value for name, value in values.items() if name != "criterion"}
    held = {name: getattr(row, name) for name in FOLLOW_FIELDS} if row else _FRESH
    merged = {**held, **clean(rest, FOLLOW_FIELDS)}
    criterion = _criterion(actor, address, values, row)
    fields = follow_fields(merged, criterion)
    if fields["what"] == "approvals":
        approving_of(actor, str(fields["subject"]), at)
    if row is None:
        row = Follow(workspace_id=actor.workspace_id, item_id=item.id, **fields)
        add_row(actor, row, at, "set_follow", item=address, **fields)
    else:
        change_row(actor, row, fields, at, "set_follow", version)
    return facts(FollowFacts, row)


_FRESH: Mapping[str, object] = {"what": "metric", "order": "", "subject": "", "mode": "propose"}


def _criterion(
    actor: Actor, address: str, values: Mapping[str, object], row: Follow | None
) -> UUID | None:
    """Return the criterion that was named, or the one held."""
    key = str(values.get("criterion") or "")
    if not key:
        return row.criterion_id if row else None
    project = project_named(actor, address.partition("/")[0])
    return criterion_named(actor, project, key).id


@transaction.atomic
def clear_follow(
    actor: Actor, address: str, at: datetime, *, version: int | None = None
) -> FollowFacts:
    """Let an item follow nothing any more; what was written stays. `put_back_follow` undoes it."""
    require(actor, Permission.PLAN)
    item, _ = item_at(actor, address)
    row = Follow.objects.select_for_update().filter(item_id=item.id).first()
    if row is None:
        sentence = f"{address} follows nothing; there is nothing to clear."
        raise NotFound(sentence)
    held = facts(FollowFacts, row)
    drop_row(actor, row, at, "clear_follow", version, item=address)
    return held


@transaction.atomic
def put_back_follow(actor: Actor, address: str, version: int, at: datetime) -> FollowFacts:
    """Give back what an item followed in an earlier version: the undo."""
    require(actor, Permission.PLAN)
    item, _ = item_at(actor, address)
    return facts(FollowFacts, put_back(actor, Follow, version, at, item_id=item.id))
