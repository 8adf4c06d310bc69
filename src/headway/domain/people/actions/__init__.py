"""Every write of people: resources of a program, and the roster."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.actions.roster import TAKEN
from headway.domain.people.actions.working_time import (
    restore_working_time,
    set_working_time,
    take_leave,
)
from headway.domain.people.models import Person, Resource
from headway.domain.people.queries import person_facts, require_hand, resource_facts
from headway.domain.people.rules import (
    PERSON_FIELDS,
    RESOURCE_FIELDS,
    RHYTHM_FIELDS,
    PersonFacts,
    ResourceFacts,
    resource_name,
    to_micros,
)
from headway.domain.programs.actions.rows import add_row, apply_changes, change_row, put_back
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.calendars import require_held_calendar
from headway.domain.programs.rules.fields import clean
from headway.domain.programs.rules.fields import slug as read_slug
from headway.errors import Invalid, NotFound

__all__ = [
    "restore_resource",
    "restore_working_time",
    "set_person",
    "set_resource",
    "set_rhythm",
    "set_working_time",
    "take_leave",
]


@transaction.atomic
def set_resource(
    actor: Actor,
    program: str,
    name: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> ResourceFacts:
    """Set a resource of a program: made from `values`, or changed by them (RESOURCE_FIELDS).

    A new one needs its capacity. `rate` is for one unit and hour in the program's currency.
    """
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    name = str(resource_name("name", name))
    fields = clean(values, RESOURCE_FIELDS)
    if fields.get("calendar"):
        require_held_calendar(parent, str(fields["calendar"]))
    if "rate" in fields:
        fields["rate_micros"] = to_micros(Decimal(str(fields.pop("rate"))))
    row = Resource.objects.select_for_update().filter(program_id=parent.id, name=name).first()
    if row is not None:
        change_row(actor, row, fields, at, "set_resource", version)
        return resource_facts(row)
    if "capacity" not in fields:
        sentence = f"The resource {name!r} is new and needs a capacity: how many there are."
        raise Invalid(sentence)
    row = Resource(workspace_id=actor.workspace_id, program_id=parent.id, name=name, **fields)
    return resource_facts(add_row(actor, row, at, "set_resource", program=parent.slug, **fields))


@transaction.atomic
def restore_resource(
    actor: Actor, program: str, name: str, version: int, at: datetime
) -> ResourceFacts:
    """Put a resource back to its earlier `version`: the undo of a change."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    return resource_facts(put_back(actor, Resource, version, at, program_id=parent.id, name=name))


@transaction.atomic
def set_person(
    actor: Actor,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
    is_sample: bool = False,
) -> PersonFacts:
    """Put somebody on the roster, or change them (PERSON_FIELDS); a new one needs a name.

    The audit trail says which fields changed and not to what: a person can be erased, it cannot.
    """
    require(actor, Permission.PROGRAM)
    key = str(read_slug("key", key))
    people = Person.objects.select_for_update().filter(workspace_id=actor.workspace_id)
    row = people.filter(key=key).first()
    fields = clean(values if row else {"name": "", **values}, PERSON_FIELDS)
    if row is None:
        if key in TAKEN:
            sentence = f"'{key}' is the address of a page; choose another key."
            raise Invalid(sentence)
        row = Person(workspace_id=actor.workspace_id, key=key, is_sample=is_sample, **fields)
        row.save(force_insert=True)
        write_audit(actor, "set_person", f"person {key}", at, fields=sorted(fields))
    elif told := apply_changes(actor, row, fields, at, version):
        write_audit(actor, "set_person", f"person {key}", at, fields=sorted(told))
    return person_facts(row)


@transaction.atomic
def set_rhythm(
    actor: Actor,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> PersonFacts:
    """Say when somebody is asked to check in (RHYTHM_FIELDS): they themselves, or a manager."""
    require(actor, Permission.SELF)
    people = Person.objects.select_for_update().filter(workspace_id=actor.workspace_id)
    row = people.filter(key=key).first()
    if row is None:
        sentence = f"There is nobody '{key}' on the roster."
        raise NotFound(sentence)
    require_hand(actor, person_facts(row))
    if told := apply_changes(actor, row, clean(values, RHYTHM_FIELDS), at, version):
        write_audit(actor, "set_rhythm", f"person {key}", at, fields=sorted(told))
    return person_facts(row)
