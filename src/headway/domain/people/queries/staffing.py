"""Openings and what they cost, and what live systems take from people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.models import Opening, OperationsLoad, Person
from headway.domain.people.rules.hiring import MonthCost, OpeningFacts, monthly_costs
from headway.domain.people.rules.loads import LAST_YEAR
from headway.domain.people.rules.operations import OperationsLoadFacts
from headway.domain.programs.queries import facts, rows_at, systems_of
from headway.domain.programs.rules import ProgramFacts
from headway.errors import Invalid, NotFound


def openings_of(
    actor: Actor, program: ProgramFacts | None = None, at: datetime | None = None
) -> Sequence[OpeningFacts]:
    """Return the openings of the workspace, or of one program, those needed first in front."""
    require(actor, Permission.VIEW, program)
    mine = {"program_id": program.id} if program else {}
    rows = rows_at(Opening, at, workspace_id=actor.workspace_id, **mine)
    found = [facts(OpeningFacts, row) for row in rows]
    return sorted(found, key=lambda one: (not one.is_coming, one.needed_from or date.max, one.key))


def opening_named(actor: Actor, key: str, at: datetime | None = None) -> OpeningFacts:
    """Return an opening. Raises NotFound, the same for another workspace's."""
    require(actor, Permission.VIEW)
    for row in rows_at(Opening, at, workspace_id=actor.workspace_id, key=key):
        return facts(OpeningFacts, row)
    sentence = f"There is no opening '{key}'."
    raise NotFound(sentence)


def hiring_cost(
    actor: Actor,
    program: ProgramFacts,
    until: date,
    at: datetime | None = None,
    *,
    today: date | None = None,
) -> Sequence[MonthCost]:
    """Return what a program's openings still to be filled cost by month and currency.

    Through the month of `until`, from the day they come at even odds; a filled opening is on the
    roster and costs nothing here any more. Raises Invalid for a day beyond any plan.
    """
    if until.year > LAST_YEAR:
        sentence = f"Costs are told up to {LAST_YEAR}, not to {until}; ask for an earlier month."
        raise Invalid(sentence)
    return monthly_costs(openings_of(actor, program, at), until, today=today)


def operations_loads(actor: Actor, at: datetime | None = None) -> Sequence[OperationsLoadFacts]:
    """Return what live systems take from people, by system and kind; three queries."""
    require(actor, Permission.VIEW)
    names = {one.id: (one.slug, one.name) for one in systems_of(actor, at)}
    rows = rows_at(OperationsLoad, at, workspace_id=actor.workspace_id)
    people = Person.objects.filter(workspace_id=actor.workspace_id)
    keys = dict(people.values_list("id", "key"))
    found = [load_facts(row, names[row.system_id], keys) for row in rows if row.system_id in names]
    return sorted(found, key=lambda one: (one.system, one.kind, one.role, one.starts, one.id))


def operations_load(
    actor: Actor, first: date, last: date, at: datetime | None = None
) -> Sequence[OperationsLoadFacts]:
    """Return what takes hours between two days, both included; `hours_in` says it by week."""
    return [
        one
        for one in operations_loads(actor, at)
        if one.starts <= last and (one.ends is None or one.ends >= first)
    ]


def load_facts(
    row: OperationsLoad, system: tuple[str, str], keys: Mapping[UUID, str]
) -> OperationsLoadFacts:
    """Return an operations load as a frozen value; `system` is its address and name."""
    person: Any = row.person_id
    whose = keys.get(person, "") if person else ""
    return facts(OperationsLoadFacts, row, system=system[0], system_name=system[1], person=whose)
