"""Every read of people: resources of a program, and the roster of a workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from headway.domain.accounts.models import Member, User
from headway.domain.accounts.queries import BY_LINK
from headway.domain.accounts.rules import Actor, Permission, Role, may, require
from headway.domain.people.models import Person, Resource, WorkingTime
from headway.domain.people.queries.pay import cost_book, hourly_cost, rate_card
from headway.domain.people.rules import PersonFacts, ResourceFacts, from_micros
from headway.domain.people.rules.working_time import WorkingTimeFacts
from headway.domain.programs.queries import facts, rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.errors import NotFound

__all__ = [
    "cost_book",
    "hourly_cost",
    "is_person",
    "mailed_actor",
    "names_of",
    "past_working_time",
    "own_person",
    "people_of",
    "person_facts",
    "person_named",
    "rate_card",
    "require_hand",
    "require_person",
    "resource_facts",
    "resources_of",
    "working_actor",
    "working_time_facts",
    "working_time_of",
    "working_times",
]


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
    # Straight from the columns: a row of Django's for each would cost most of the time.
    names = [field.name for field in fields(PersonFacts)]
    return [PersonFacts(*row) for row in rows.values_list(*names)]


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


def person_named(actor: Actor, key: str) -> PersonFacts:
    """Return somebody on the roster. Raises NotFound, the same for another workspace's."""
    require(actor, Permission.SELF)
    row = Person.objects.filter(workspace_id=actor.workspace_id, key=key).first()
    if row is None:
        sentence = f"There is nobody '{key}' on the roster."
        raise NotFound(sentence)
    return person_facts(row)


def own_person(actor: Actor) -> PersonFacts | None:
    """Return who the actor is on the roster: whoever has the same address; None for nobody."""
    require(actor, Permission.SELF)
    people = Person.objects.filter(workspace_id=actor.workspace_id)
    if actor.kind == "link":
        row = people.filter(key=actor.label.removesuffix(BY_LINK)).first()
        return person_facts(row) if row else None
    if actor.member_id is None:
        return None
    member = Member.objects.select_related("user").get(id=actor.member_id)
    row = people.filter(email=member.user.email).order_by("key").first()
    return person_facts(row) if row else None


def require_person(actor: Actor, person: PersonFacts) -> None:
    """Return when the actor is `person`, or runs programs; else raise Refused.

    Whose page it is, the role says; what a token may do there, its scopes.
    """
    own = own_person(actor)
    if own is None or own.id != person.id or person.workspace_id != actor.workspace_id:
        require(replace(actor, scopes=None), Permission.PROGRAM, person)


def require_hand(actor: Actor, person: PersonFacts) -> None:
    """Return when the actor may write for `person`: as above, and a token only if it may plan."""
    require_person(actor, person)
    if actor.scopes is not None:
        require(actor, Permission.PLAN)


def mailed_actor(person: PersonFacts) -> Actor:
    """Return who acts by a link that was mailed to `person`: they, and nobody who can sign in."""
    label = f"{person.key}{BY_LINK}"
    return Actor(person.workspace_id, Role.CONTRIBUTOR, label, kind="link")


def working_actor(actor: Actor, person: PersonFacts) -> Actor:
    """Return the actor as one who may change the work of `person`: their own, or as a manager.

    Who only looks on elsewhere may still say how one's own work stands. A token stays a token.
    """
    require_hand(actor, person)
    if may(actor, Permission.PLAN) or actor.scopes is not None:
        return actor
    return replace(actor, role=Role.CONTRIBUTOR)


def working_times(actor: Actor, at: datetime | None = None) -> Mapping[UUID, WorkingTimeFacts]:
    """Return when everybody works who told it, by person, as known at `at`."""
    require(actor, Permission.VIEW)
    rows = rows_at(WorkingTime, at, workspace_id=actor.workspace_id)
    people = Person.objects.in_bulk([row.person_id for row in rows])
    told = (
        working_time_facts(row, people[row.person_id]) for row in rows if row.person_id in people
    )
    return {one.person_id: one for one in told}


def working_time_of(actor: Actor, key: str, at: datetime | None = None) -> WorkingTimeFacts:
    """Return when somebody works. Raises NotFound where they never told it."""
    require(actor, Permission.SELF)
    person = Person.objects.filter(workspace_id=actor.workspace_id, key=key).first()
    if person is not None and not may(actor, Permission.VIEW):
        require_person(actor, person_facts(person))
    held = {"workspace_id": actor.workspace_id, "person_id": person.id if person else None}
    for row in rows_at(WorkingTime, at, **held):
        return working_time_facts(row, person)
    sentence = f"There is no working time of '{key}': they work as their work's calendar does."
    raise NotFound(sentence)


def past_working_time(actor: Actor, key: str, version: int) -> WorkingTimeFacts:
    """Return an earlier `version` of when somebody works, 0 for none told. Raises NotFound."""
    person = person_named(actor, key)
    require_hand(actor, person)
    row = Person.objects.get(id=person.id)
    if version == 0:
        return working_time_facts(WorkingTime(workspace_id=person.workspace_id, person=row), row)
    history: Any = WorkingTime.history
    past = history.filter(person_id=person.id, version=version).order_by("-history_id").first()
    if past is None:
        sentence = f"There is no version {version} of this working time to go back to."
        raise NotFound(sentence)
    return working_time_facts(past.instance, row)


def working_time_facts(row: WorkingTime, person: Person | None = None) -> WorkingTimeFacts:
    """Return working time as a frozen value, with whose it is."""
    person = person or row.person
    whose = {"key": person.key, "name": person.name, "email": person.email}
    return facts(WorkingTimeFacts, row, **whose)


def person_facts(row: Person) -> PersonFacts:
    """Return somebody on the roster as a frozen value."""
    return facts(PersonFacts, row)


def resource_facts(row: Resource) -> ResourceFacts:
    """Return a resource as a frozen value."""
    return facts(ResourceFacts, row, rate=from_micros(row.rate_micros))
