"""Every read of people: resources of a program, and the roster of a workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from headway.domain.accounts.models import User
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.models import Person, Resource
from headway.domain.people.rules import PersonFacts, ResourceFacts, from_micros
from headway.domain.programs.queries import facts, rows_at
from headway.domain.programs.rules import ProgramFacts

__all__ = ["is_person", "names_of", "people_of", "resource_facts", "resources_of"]


def resources_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[ResourceFacts]:
    """Return what the work of a program draws on, by name."""
    require(actor, Permission.VIEW, program)
    rows = rows_at(Resource, at, workspace_id=actor.workspace_id, program_id=program.id)
    return [resource_facts(row) for row in sorted(rows, key=lambda row: row.name)]


def people_of(actor: Actor) -> Sequence[PersonFacts]:
    """Return the roster of the actor's workspace, by name. A roster has no past."""
    require(actor, Permission.VIEW)
    rows = Person.objects.filter(workspace_id=actor.workspace_id).order_by("name", "key")
    return [facts(PersonFacts, row) for row in rows]


def names_of(actor: Actor) -> Mapping[str, str]:
    """Return display names by key, for owners and managers; a key without one shows as itself."""
    require(actor, Permission.VIEW)
    rows = Person.objects.filter(workspace_id=actor.workspace_id)
    return dict(rows.values_list("key", "name"))


def is_person(actor: Actor, name: str) -> bool:
    """Say whether `name` (a key of the roster, or an e-mail address) means the actor.

    Judged by the address that an owner invited: a display name can be anybody's.
    """
    user = User.objects.filter(id=actor.user_id).first() if actor.user_id else None
    if user is None or not name.strip():
        return False
    person = Person.objects.filter(workspace_id=actor.workspace_id, key=name).first()
    address = person.email if person else name
    return address.strip().lower() == user.email


def resource_facts(row: Resource) -> ResourceFacts:
    """Return a resource as a frozen value."""
    return facts(ResourceFacts, row, rate=from_micros(row.rate_micros))
