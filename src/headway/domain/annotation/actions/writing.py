"""Writing down guidelines, pilots and batches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.annotation.models import Batch, Guideline, GuidelineVersion, Pilot
from headway.domain.annotation.queries import batch_page, guideline_named, pilot_named
from headway.domain.annotation.rules import (
    BATCH_FIELDS,
    GUIDELINE_FIELDS,
    PILOT_FIELDS,
    VERSION_FIELDS,
    BatchFacts,
    GuidelineFacts,
    PilotFacts,
)
from headway.domain.annotation.rules.fields import require_plan
from headway.domain.programs.actions.registers import set_entry
from headway.domain.programs.actions.rows import add_row, put_back
from headway.domain.programs.queries import program_named, project_within
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import clean, meant
from headway.domain.vendors.models import PurchaseOrder
from headway.domain.vendors.queries import vendors_of
from headway.errors import Invalid, NotFound


@transaction.atomic
def set_guideline(
    actor: Actor,
    program: str,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> GuidelineFacts:
    """Set the guideline `key` of a program from `values` (GUIDELINE_FIELDS); "" makes a new one."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    row = set_entry(actor, Guideline, (parent, key), clean(values, GUIDELINE_FIELDS), at, version)
    return guideline_named(actor, parent, row.key)


@transaction.atomic
def publish_guideline(
    actor: Actor, place: tuple[str, str], values: Mapping[str, object], at: datetime
) -> GuidelineFacts:
    """Publish the next version of the guideline at `place` (program, key): VERSION_FIELDS.

    Labels by the version before become stale, unless the new one is said compatible with a
    reason. Raises Invalid without a reason for a change, and for the same words again.
    """
    require(actor, Permission.PLAN)
    parent = program_named(actor, place[0])
    held = guideline_named(actor, parent, place[1])
    Guideline.objects.select_for_update().get(pk=held.id)
    fields: dict[str, Any] = clean(values, VERSION_FIELDS)
    _check_version(held, fields)
    row = GuidelineVersion(
        workspace_id=actor.workspace_id,
        guideline_id=held.id,
        number=held.current + 1,
        published_at=at,
        published_by=actor.label,
        **fields,
    )
    told = {name: value for name, value in fields.items() if name != "text"}
    add_row(actor, row, at, "publish_guideline", guideline=held.key, number=row.number, **told)
    return guideline_named(actor, parent, held.key)


def _check_version(held: GuidelineFacts, fields: dict[str, Any]) -> None:
    if not fields.get("text"):
        sentence = "The guideline's words are empty; write what annotators are to do."
        raise Invalid(sentence)
    if not held.versions:
        fields["is_compatible"] = False
        return
    if fields["text"] == held.versions[-1].text:
        sentence = f"These are the words of version {held.current}; nothing changed."
        raise Invalid(sentence)
    if not fields.get("reason"):
        sentence = "Say why the guideline changes: labels that were made before depend on it."
        raise Invalid(sentence)
    if fields.get("is_compatible") and not fields.get("compatible_reason"):
        sentence = "Say why labels by the version before count still."
        raise Invalid(sentence)


@transaction.atomic
def set_pilot(
    actor: Actor,
    program: str,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> PilotFacts:
    """Set the pilot `key` of a program from `values` (PILOT_FIELDS); "" makes a new one."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    fields = _tied(actor, parent, clean(values, PILOT_FIELDS))
    row = set_entry(actor, Pilot, (parent, key), fields, at, version)
    return pilot_named(actor, parent, row.key).pilot


@transaction.atomic
def set_batch(
    actor: Actor,
    program: str,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> BatchFacts:
    """Set the batch `key` of a program from `values` (BATCH_FIELDS); "" makes a new one."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    fields = _tied(actor, parent, clean(values, BATCH_FIELDS))
    row = set_entry(actor, Batch, (parent, key), fields, at, version)
    require_plan(row.rule, row.aql, row.ltpd)
    return batch_page(actor, parent, row.key).standing.batch


@transaction.atomic
def restore_batch(actor: Actor, program: str, key: str, version: int, at: datetime) -> BatchFacts:
    """Put a batch back to its earlier `version`: the undo of a change."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    put_back(actor, Batch, version, at, program_id=parent.id, key=key)
    return batch_page(actor, parent, key).standing.batch


@transaction.atomic
def restore_pilot(actor: Actor, program: str, key: str, version: int, at: datetime) -> PilotFacts:
    """Put a pilot back to its earlier `version`."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    put_back(actor, Pilot, version, at, program_id=parent.id, key=key)
    return pilot_named(actor, parent, key).pilot


@transaction.atomic
def restore_guideline(
    actor: Actor, program: str, key: str, version: int, at: datetime
) -> GuidelineFacts:
    """Put a guideline's name and owner back to its earlier `version`; its words are not undone."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    put_back(actor, Guideline, version, at, program_id=parent.id, key=key)
    return guideline_named(actor, parent, key)


def _tied(actor: Actor, program: ProgramFacts, fields: dict[str, Any]) -> dict[str, Any]:
    """Return clean fields with ids in place of keys. Raises NotFound with the nearest key."""
    here = {"workspace_id": actor.workspace_id, "program_id": program.id}
    if "vendor" in fields:
        vendors = {one.key: one.id for one in vendors_of(actor)}
        fields["vendor_id"] = _found("vendor", str(fields.pop("vendor")), vendors, program)
    for name, model in (("order", PurchaseOrder), ("guideline", Guideline)):
        if name in fields:
            known = dict(model._default_manager.filter(**here).values_list("key", "id"))
            fields[f"{name}_id"] = _found(name, str(fields.pop(name)), known, program)
    if "project" in fields:
        slug = str(fields.pop("project"))
        fields["project_id"] = project_within(actor, program, slug).id if slug else None
    return fields


def _found(name: str, key: str, known: Mapping[str, Any], program: ProgramFacts) -> object:
    if not key:
        return None
    if key not in known:
        sort = "purchase order" if name == "order" else name
        sentence = f"There is no {sort} '{key}' in {program.name}{meant(key, known) or '.'}"
        raise NotFound(sentence)
    return known[key]
