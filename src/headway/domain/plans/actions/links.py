"""What items wait for, what they need, and which risks touch them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.models import Resource
from headway.domain.plans.actions.soundness import require_sound_program
from headway.domain.plans.models import Dependency, Need, RiskEffect, WorkItem
from headway.domain.plans.queries import item_named
from headway.domain.plans.rules import ItemFacts
from headway.domain.programs.actions.rows import (
    add_dated,
    delete_dated,
    require_version,
    save_dated,
)
from headway.domain.programs.queries import program_named, program_of, project_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import choice, number
from headway.domain.risks.queries import risk_named
from headway.errors import Invalid, NotFound

_KIND = choice("FS", "SS", "FF", "SF")
_UNIT = choice("working", "elapsed", "percent")
_LAG = number(-1e6, 1e6, required=True)


@dataclass(frozen=True, slots=True)
class LinkDraft:
    """One item waits for another; both are addresses `project/key` of one program."""

    item: str
    predecessor: str
    kind: str = "FS"
    lag: float = 0.0
    lag_unit: str = "working"


def item_at(actor: Actor, address: str) -> tuple[ItemFacts, ProgramFacts]:
    """Return the item at an address `project/key` and its program. Raises NotFound."""
    slug, _, key = address.partition("/")
    project = project_named(actor, slug)
    return item_named(actor, project, key), program_of(actor, project)


@transaction.atomic
def link_items(actor: Actor, draft: LinkDraft, at: datetime, *, version: int | None = None) -> None:
    """Let an item wait for another; the same pair and kind again changes its lag.

    Raises Invalid for a cycle, naming it, and for items of different programs; Conflict when the
    waiting item moved on since `version`.
    """
    require(actor, Permission.PLAN)
    item, program = item_at(actor, draft.item)
    _require_item(item, version)
    predecessor, other = item_at(actor, draft.predecessor)
    if program.id != other.id or item.id == predecessor.id:
        sentence = f"{draft.item} cannot wait for {draft.predecessor}: link items of one program."
        raise Invalid(sentence)
    kind, unit = str(_KIND("kind", draft.kind)), str(_UNIT("lag unit", draft.lag_unit))
    lag = float(str(_LAG("lag", draft.lag)))
    row = Dependency.objects.filter(item_id=item.id, predecessor_id=predecessor.id, kind=kind)
    held = row.first()
    if held is None:
        fresh = Dependency(
            workspace_id=actor.workspace_id,
            item_id=item.id,
            predecessor_id=predecessor.id,
            kind=kind,
            lag=lag,
            lag_unit=unit,
        )
        add_dated(actor, Dependency, [fresh], at)
    else:
        held.lag, held.lag_unit = lag, unit
        save_dated(actor, Dependency, [held], ["lag", "lag_unit"], at)
    detail = {"after": draft.predecessor, "kind": kind, "lag": lag, "unit": unit}
    write_audit(actor, "link_items", draft.item, at, **detail)
    require_sound_program(actor, program)


@transaction.atomic
def unlink_items(
    actor: Actor,
    item: str,
    predecessor: str,
    at: datetime,
    *,
    kind: str = "",
    version: int | None = None,
) -> None:
    """Let an item wait no longer for another (by any kind of link, or by one).

    `version` is that of the item that waits. Raises Conflict when it moved on.
    """
    require(actor, Permission.PLAN)
    waiting, _ = item_at(actor, item)
    _require_item(waiting, version)
    awaited, _ = item_at(actor, predecessor)
    rows = Dependency.objects.filter(item_id=waiting.id, predecessor_id=awaited.id)
    found = list(rows.filter(kind=kind) if kind else rows)
    if not found:
        sentence = f"{item} does not wait for {predecessor}."
        raise NotFound(sentence)
    for row in found:
        delete_dated(actor, row, at)
    write_audit(actor, "unlink_items", item, at, after=predecessor)


@transaction.atomic
def set_need(
    actor: Actor,
    item: str,
    resource: str,
    units: float,
    at: datetime,
    *,
    version: int | None = None,
) -> None:
    """Say how much of a resource an item takes while it runs; 0 takes the need away.

    `version` is that of the item. Raises Conflict when it moved on.
    """
    require(actor, Permission.PLAN)
    held, program = item_at(actor, item)
    _require_item(held, version)
    pool = Resource.objects.filter(program_id=program.id, name=resource).first()
    if pool is None:
        sentence = f"There is no resource '{resource}' in {program.name}."
        raise NotFound(sentence)
    amount = float(str(number(0, 1e6, required=True)("units", units)))
    row = Need.objects.filter(item_id=held.id, resource_id=pool.id).first()
    if row is None and amount:
        fresh = Need(
            workspace_id=actor.workspace_id,
            item_id=held.id,
            resource_id=pool.id,
            units=amount,
        )
        add_dated(actor, Need, [fresh], at)
    elif row is not None and not amount:
        delete_dated(actor, row, at)
    elif row is not None:
        row.units = amount
        save_dated(actor, Need, [row], ["units"], at)
    write_audit(actor, "set_need", item, at, resource=resource, units=amount)
    require_sound_program(actor, program)


@transaction.atomic
def set_risk_effects(
    actor: Actor, program: str, risk: str, items: Iterable[str], at: datetime
) -> None:
    """Say which items (addresses) a risk delays: exactly these."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    held = risk_named(actor, parent, risk)
    addresses = sorted(set(items))
    wanted = {item_at(actor, address)[0].id for address in addresses}
    there = {row.item_id: row for row in RiskEffect.objects.filter(risk_id=held.id)}
    for item_id, row in there.items():
        if item_id not in wanted:
            delete_dated(actor, row, at)
    fresh = [
        RiskEffect(workspace_id=actor.workspace_id, risk_id=held.id, item_id=item_id)
        for item_id in sorted(wanted - set(there))
    ]
    add_dated(actor, RiskEffect, fresh, at)
    write_audit(actor, "set_risk_effects", f"risk {risk}", at, items=addresses)
    require_sound_program(actor, parent)


def _require_item(item: ItemFacts, version: int | None) -> None:
    """Raise Conflict when the item moved on since `version`; it stays locked until the end."""
    require_version(WorkItem.objects.select_for_update().get(id=item.id), version)
