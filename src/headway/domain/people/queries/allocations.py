"""Every read of allocations and of requests for somebody, as known at a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.models import Allocation, CapacityRequest, Person
from headway.domain.people.rules.allocations import AllocationFacts, Booking, RequestFacts
from headway.domain.programs.models import Program, Project
from headway.domain.programs.queries import facts, rows_at
from headway.domain.programs.rules.fields import meant
from headway.errors import NotFound

#: Columns of other tables that an allocation is told with, read in the same query.
_JOINED = {
    "person": "person__key",
    "person_name": "person__name",
    "program": "program__slug",
    "project": "project__slug",
    "request": "request__key",
}


@dataclass(frozen=True, slots=True)
class _Names:
    """Addresses by id of what allocations name: four small queries, whatever their number."""

    people: Mapping[UUID, tuple[str, str]]
    programs: Mapping[UUID, str]
    projects: Mapping[UUID, str]
    requests: Mapping[UUID, str]

    @classmethod
    def of(cls, workspace_id: UUID) -> _Names:
        """Return the names there are now; what is gone has none."""
        mine = {"workspace_id": workspace_id}
        people = Person.objects.filter(**mine).values_list("id", "key", "name")
        return cls(
            {one: (key, name) for one, key, name in people},
            dict(Program.objects.filter(**mine).values_list("id", "slug")),
            dict(Project.objects.filter(**mine).values_list("id", "slug")),
            dict(CapacityRequest.objects.filter(**mine).values_list("id", "key")),
        )


def allocations_of(
    actor: Actor, at: datetime | None = None, *, person: str = "", program: str = ""
) -> Sequence[AllocationFacts]:
    """Return the allocations of the workspace, or of one person or program, by key."""
    require(actor, Permission.VIEW)
    if at is None:  # straight from the columns: thousands stand behind one heat map
        rows = Allocation.objects.filter(workspace_id=actor.workspace_id)
        if person:
            rows = rows.filter(person__key=person)
        if program:
            rows = rows.filter(program__slug=program)
        names = [field.name for field in fields(AllocationFacts)]
        columns = [_JOINED.get(name, name) for name in names]
        may_lack = [place for place, name in enumerate(names) if name in _JOINED]
        return [
            AllocationFacts(*_whole(row, may_lack))
            for row in rows.order_by("key").values_list(*columns)
        ]
    names_of = _Names.of(actor.workspace_id)
    past = rows_at(Allocation, at, workspace_id=actor.workspace_id)
    found = [_facts(row, names_of) for row in past if row.person_id in names_of.people]
    wanted = [one for one in found if person in ("", one.person) and program in ("", one.program)]
    return sorted(wanted, key=lambda one: one.key)


def bookings(
    actor: Actor, first: date, last: date, at: datetime | None = None
) -> Sequence[Booking]:
    """Return what is allocated between two days, both included, by key."""
    require(actor, Permission.VIEW)
    names = [field.name for field in fields(Booking)]
    if at is not None:
        return [
            Booking(*(getattr(one, name) for name in names))
            for one in allocations_of(actor, at)
            if one.starts_on <= last and one.ends_on >= first
        ]
    rows = Allocation.objects.filter(
        workspace_id=actor.workspace_id, starts_on__lte=last, ends_on__gte=first
    )
    columns = [_JOINED.get(name, name) for name in names]
    may_lack = [place for place, name in enumerate(names) if name in _JOINED]
    return [Booking(*_whole(row, may_lack)) for row in rows.order_by("key").values_list(*columns)]


def _whole(row: Sequence[Any], may_lack: Sequence[int]) -> Sequence[Any]:
    """Return a row with nothing, instead of None, where it names no other."""
    held = list(row)
    for place in may_lack:
        held[place] = held[place] or ""
    return held


def _facts(row: Allocation, names: _Names) -> AllocationFacts:
    key, name = names.people[row.person_id]
    return facts(
        AllocationFacts,
        row,
        person=key,
        person_name=name,
        program=names.programs.get(row.program_id, "") if row.program_id else "",
        project=names.projects.get(row.project_id, "") if row.project_id else "",
        request=names.requests.get(row.request_id, "") if row.request_id else "",
    )


def allocation_facts(row: Allocation) -> AllocationFacts:
    """Return an allocation as a frozen value."""
    return _facts(row, _Names.of(row.workspace_id))


def allocation_named(actor: Actor, key: str, at: datetime | None = None) -> AllocationFacts:
    """Return the allocation of this key. Raises NotFound, with the nearest there is."""
    known = allocations_of(actor, at)
    for one in known:
        if one.key == key:
            return one
    sentence = f"There is no allocation '{key}'{meant(key, (one.key for one in known)) or '.'}"
    raise NotFound(sentence)


def requests_of(
    actor: Actor, at: datetime | None = None, *, program: str = "", state: str = ""
) -> Sequence[RequestFacts]:
    """Return the requests for somebody of the workspace, or of one program or state, by key."""
    require(actor, Permission.VIEW)
    rows = rows_at(CapacityRequest, at, workspace_id=actor.workspace_id)
    mine = {"workspace_id": actor.workspace_id}
    programs = dict(Program.objects.filter(**mine).values_list("id", "slug"))
    projects = dict(Project.objects.filter(**mine).values_list("id", "slug"))
    found = [
        request_facts(
            row,
            programs[row.program_id],
            projects.get(row.project_id, "") if row.project_id else "",
        )
        for row in rows
        if row.program_id in programs
    ]
    wanted = [one for one in found if program in ("", one.program) and state in ("", one.state)]
    return sorted(wanted, key=lambda one: one.key)


def request_named(actor: Actor, key: str, at: datetime | None = None) -> RequestFacts:
    """Return the request of this key. Raises NotFound, with the nearest there is."""
    known = requests_of(actor, at)
    for one in known:
        if one.key == key:
            return one
    sentence = f"There is no request '{key}'{meant(key, (one.key for one in known)) or '.'}"
    raise NotFound(sentence)


def request_facts(row: CapacityRequest, program: str = "", project: str = "") -> RequestFacts:
    """Return a request as a frozen value."""
    skills = tuple((str(name), int(level)) for name, level in row.skills)
    program = program or row.program.slug
    project = project or (row.project.slug if row.project else "")
    return facts(RequestFacts, row, skills=skills, program=program, project=project)
