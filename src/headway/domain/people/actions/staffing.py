"""Every write of openings and of operations load."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.models import Opening, OperationsLoad, Person, Resource
from headway.domain.people.queries.pay import rate_card
from headway.domain.people.queries.staffing import operations_loads
from headway.domain.people.rules.hiring import (
    OPENING_FIELDS,
    USUAL_OPENING,
    OpeningFacts,
    kept_band,
    with_steps,
)
from headway.domain.people.rules.operations import (
    LOAD_FIELDS,
    OperationsLoadFacts,
    require_span,
)
from headway.domain.programs.actions.rows import add_row, change_row, drop_row, put_back
from headway.domain.programs.models import Program
from headway.domain.programs.queries import facts, program_named, system_named
from headway.domain.programs.rules.fields import clean
from headway.domain.programs.rules.fields import slug as read_slug
from headway.errors import Conflict, Invalid, NotFound


@transaction.atomic
def set_opening(
    actor: Actor,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    program: str = "",
    version: int | None = None,
) -> OpeningFacts:
    """Write an opening down, or change it (OPENING_FIELDS); a new one needs program and role.

    Its band is the rate card's at that moment, and again when role or level change. An opening
    that is cancelled takes back the capacity it added.
    """
    require(actor, Permission.PROGRAM)
    key = str(read_slug("key", key))
    row = _opening(actor, key)
    if row is None:
        start = {**USUAL_OPENING, "opened_on": at.date(), **values}
        fields = clean({"role": "", **start}, OPENING_FIELDS)
        parent = program_named(actor, program)
        fields |= _banded(actor, fields, {})
        fields.setdefault("paid", _paid(parent.id, fields.get("resource")))
        _require_sound(fields)
        row = Opening(workspace_id=actor.workspace_id, key=key, program_id=parent.id, **fields)
        return facts(OpeningFacts, add_row(actor, row, at, "set_opening", **fields))
    fields = clean(values, OPENING_FIELDS)
    held = {name: getattr(row, name) for name in OPENING_FIELDS}
    if any(fields.get(name, held[name]) != held[name] for name in ("role", "level")):
        fields |= _banded(actor, fields, held)
    _require_sound(held | fields)
    is_moved = fields.get("resource", row.resource) != row.resource
    if row.raised and (is_moved or fields.get("state") == "cancelled"):
        _write_capacity(actor, row, at, -1)
        fields["raised"] = []
    change_row(actor, row, fields, at, "set_opening", version)
    return facts(OpeningFacts, row)


def _paid(program_id: UUID, resource: object) -> str:
    """Return who pays for somebody: the plan's work, where their resource has a rate."""
    rows = Resource.objects.filter(program_id=program_id, name=resource or "", rate_micros__gt=0)
    return "work" if resource and rows.exists() else "apart"


def _banded(
    actor: Actor, fields: Mapping[str, Any], held: Mapping[str, Any]
) -> Mapping[str, object]:
    """Return the level that counts and its band as the card says now."""
    card = rate_card(actor)
    role = str(fields.get("role", held.get("role", "")))
    wanted = str(fields.get("level", "" if "role" in fields else held.get("level", "")))
    band = card.band(card.level_of(role, wanted))
    if band is None or (wanted and band.id != wanted):
        known = ", ".join(one.id for one in card.bands)
        sentence = f"The rate card has no level '{wanted}'; known are {known}."
        raise Invalid(sentence)
    return {"level": band.id, "band": kept_band(band, card)}


def _require_sound(fields: Mapping[str, Any]) -> None:
    if fields.get("state") == "filled" and fields.get("filled_on") is None:
        sentence = "A filled opening needs the first day of whoever fills it: filled_on."
        raise Invalid(sentence)
    if fields.get("filled_on") is not None and fields.get("state") != "filled":
        sentence = "An opening with a first day is filled; set its state, or leave the day out."
        raise Invalid(sentence)


@transaction.atomic
def restore_opening(actor: Actor, key: str, version: int, at: datetime) -> OpeningFacts:
    """Put an opening back to an earlier version, its capacity included."""
    require(actor, Permission.PROGRAM)
    row = _needed(actor, key)
    if row.raised:
        _write_capacity(actor, row, at, -1)
    row = put_back(actor, Opening, version, at, id=row.id)
    if row.raised:
        _write_capacity(actor, row, at, 1)
    return facts(OpeningFacts, row)


@transaction.atomic
def raise_capacity(actor: Actor, key: str, at: datetime) -> OpeningFacts:
    """Let an opening raise its resource's capacity from the day they come at P80, as they ramp up.

    Pressed again it writes the days anew. Raises Conflict where nothing would be added.
    """
    require(actor, Permission.PLAN)
    row = _needed(actor, key)
    held = facts(OpeningFacts, row)
    if row.state == "cancelled" or not row.resource:
        sentence = "A cancelled opening, or one that names no resource, adds no capacity."
        raise Conflict(sentence)
    if row.raised:
        _write_capacity(actor, row, at, -1)
    change_row(actor, row, {"raised": held.steps()}, at, "raise_capacity")
    _write_capacity(actor, row, at, 1)
    return facts(OpeningFacts, row)


@transaction.atomic
def lower_capacity(actor: Actor, key: str, at: datetime) -> OpeningFacts:
    """Take the capacity that an opening added back: the undo of raising it."""
    require(actor, Permission.PLAN)
    row = _needed(actor, key)
    if not row.raised:
        sentence = f"The opening '{key}' added no capacity."
        raise Conflict(sentence)
    _write_capacity(actor, row, at, -1)
    change_row(actor, row, {"raised": []}, at, "lower_capacity")
    return facts(OpeningFacts, row)


def _write_capacity(actor: Actor, row: Opening, at: datetime, sign: int) -> None:
    """Put what an opening adds into its resource's steps, or take it out."""
    resources = Resource.objects.select_for_update()
    resource = resources.filter(program_id=row.program_id, name=row.resource).first()
    if resource is None:
        if sign < 0:
            return  # it went, and what was added with it
        program = Program.objects.get(id=row.program_id).name
        sentence = f"There is no resource '{row.resource}' in {program}; choose one of its own."
        raise NotFound(sentence)
    steps = with_steps(resource.capacity, resource.steps, row.raised, sign)
    change_row(actor, resource, {"steps": steps}, at, "set_resource")


def _opening(actor: Actor, key: str) -> Opening | None:
    rows = Opening.objects.select_for_update().filter(workspace_id=actor.workspace_id, key=key)
    return rows.first()


def _needed(actor: Actor, key: str) -> Opening:
    row = _opening(actor, key)
    if row is None:
        sentence = f"There is no opening '{key}'."
        raise NotFound(sentence)
    return row


@transaction.atomic
def add_operations_load(
    actor: Actor, system: str, values: Mapping[str, object], at: datetime
) -> OperationsLoadFacts:
    """Reserve hours a week of a role, or of one person, for a system (LOAD_FIELDS)."""
    require(actor, Permission.PLAN)
    parent = system_named(actor, system)
    fields = _load_fields(actor, clean({"kind": "", "hours": "", **values}, LOAD_FIELDS), {}, at)
    row = OperationsLoad(workspace_id=actor.workspace_id, system_id=parent.id, **fields)
    add_row(actor, row, at, "add_operations_load", system=system, kind=fields["kind"])
    return _load(actor, row.id)


@transaction.atomic
def change_operations_load(
    actor: Actor,
    load: UUID,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> OperationsLoadFacts:
    """Change what is reserved for a system."""
    require(actor, Permission.PLAN)
    row = _load_row(actor, load)
    held = {name: getattr(row, name) for name in ("role", "starts", "ends", "person_id")}
    fields = _load_fields(actor, clean(values, LOAD_FIELDS), held, at)
    change_row(actor, row, fields, at, "change_operations_load", version)
    return _load(actor, load)


@transaction.atomic
def remove_operations_load(
    actor: Actor, load: UUID, at: datetime, *, version: int | None = None
) -> None:
    """Reserve it no longer; what was reserved is known still of earlier days."""
    require(actor, Permission.PLAN)
    drop_row(actor, _load_row(actor, load), at, "remove_operations_load", version)


@transaction.atomic
def restore_operations_load(
    actor: Actor, load: UUID, version: int, at: datetime
) -> OperationsLoadFacts:
    """Put what was reserved back to an earlier version: the undo of a change and of a removal."""
    require(actor, Permission.PLAN)
    put_back(actor, OperationsLoad, version, at, id=load)
    return _load(actor, load)


def _load_fields(
    actor: Actor, fields: dict[str, Any], held: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    """Return the fields with the person as a row, and that person's role where none is told."""
    key = fields.pop("person", None)
    if key:
        people = Person.objects.filter(workspace_id=actor.workspace_id)
        person = people.filter(key=key).first()
        if person is None:
            sentence = f"There is nobody '{key}' on the roster."
            raise NotFound(sentence)
        fields["person_id"] = person.id
        fields["role"] = fields.get("role") or person.role
    elif key == "":
        fields["person_id"] = None
    if not held:
        fields.setdefault("starts", at.date())
    if not (fields.get("role") or held.get("role")):
        sentence = "Say from whom it takes the hours: a role, or a person who has one."
        raise Invalid(sentence)
    if "role" in fields and not fields["role"]:
        fields.pop("role")
    known: Mapping[str, date | None] = {**held, **fields}
    require_span(known.get("starts"), known.get("ends"))
    return fields


def _load_row(actor: Actor, load: UUID) -> OperationsLoad:
    rows = OperationsLoad.objects.select_for_update().filter(workspace_id=actor.workspace_id)
    row = rows.filter(id=load).first()
    if row is None:
        sentence = "There is no such operations load here; it may have been removed."
        raise NotFound(sentence)
    return row


def _load(actor: Actor, load: UUID) -> OperationsLoadFacts:
    return next(one for one in operations_loads(actor) if one.id == load)
