"""The heat map: everything that it is made of, read in as many queries whatever it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.models import Resource
from headway.domain.people.queries import people_of, working_times
from headway.domain.people.queries.allocations import bookings, requests_of
from headway.domain.people.queries.pools import all_resources, pools_of
from headway.domain.people.queries.staffing import operations_load
from headway.domain.people.rules import PersonFacts
from headway.domain.people.rules.allocations import OPEN
from headway.domain.people.rules.loads import Hours, Weeks, Worker, days_off_of_all, hours_of
from headway.domain.plans.models import Need, WorkItem
from headway.domain.plans.queries.forecasts import latest_forecasts
from headway.domain.plans.rules.capacity import CapacityMap, Known, MapView, Needs, OpenItem
from headway.domain.plans.rules.weeks import Drawing
from headway.domain.programs.queries import (
    as_text,
    facts,
    ids_ever,
    programs_of,
    projects_by_program,
    read_json,
    rows_at,
)
from headway.domain.programs.rules import ProgramFacts, ProjectFacts
from headway.domain.programs.rules.calendars import calendar_from


def capacity_map(actor: Actor, view: MapView, at: datetime | None = None) -> CapacityMap:
    """Return the map of the workspace, or of what a program (or one of its projects) touches."""
    require(actor, Permission.VIEW, view.program)
    known = _known(actor, view, at)
    return Drawing(view, known).map()


def _known(actor: Actor, view: MapView, at: datetime | None) -> Known:
    programs = programs_of(actor, at)
    projects = {
        one.id: one for some in projects_by_program(actor, programs, at).values() for one in some
    }
    resources = all_resources(actor, at)
    people = people_of(actor)
    items, needs = open_items(projects, at)
    forecasts = latest_forecasts(actor, programs, at)
    shown = [
        one.at
        for program, one in forecasts.items()
        if view.program is None or program == view.program.id
    ]
    return Known(
        programs=programs,
        projects=projects,
        people=people,
        bookings=bookings(actor, view.weeks.first, view.weeks.last, at),
        requests=requests_of(actor, at, state=OPEN),
        resources=resources,
        pools=pools_of(actor, resources, at),
        items=items,
        needs=needs,
        answers={program: one.answer for program, one in forecasts.items()},
        hours=_hours_of(actor, view.weeks, (people, programs), at),
        operations=operations_load(actor, view.weeks.first, view.weeks.last, at),
        forecast_at=min(shown, default=None),
    )


def person_hours(actor: Actor, weeks: Weeks, at: datetime | None = None) -> Hours:
    """Return when each of the roster works, in its order.

    Who told nothing works Monday to Friday, eight hours a day, but on days off of every program.
    """
    return _hours_of(actor, weeks, (people_of(actor), programs_of(actor, at)), at)


def _hours_of(
    actor: Actor,
    weeks: Weeks,
    known: tuple[Sequence[PersonFacts], Sequence[ProgramFacts]],
    at: datetime | None,
) -> Hours:
    people, programs = known
    told = working_times(actor, at)
    days_off = days_off_of_all(calendar_from(one.calendar) for one in programs)
    workers = [
        Worker(told.get(one.id), one.full_time_share, one.starts_on, one.ends_on) for one in people
    ]
    return hours_of(workers, days_off, weeks)


#: OpenItem's fields that hold JSON, and all of them as the columns are called: addresses, for ids
#: take longest to read.
_TEXTS = frozenset({"estimate", "remaining", "attempts"})
_FIELDS = [one.name for one in fields(OpenItem)]
_COLUMNS = [
    "project__slug" if name == "project" else as_text(name) if name in _TEXTS else name
    for name in _FIELDS
]
_JSON = [place for place, name in enumerate(_FIELDS) if name in _TEXTS]


def open_items(
    projects: Mapping[UUID, ProjectFacts], at: datetime | None
) -> tuple[Sequence[OpenItem], Needs]:
    """Return the unfinished items of `projects`, by address, and what each needs."""
    mine: dict[str, object] = {"project_id__in": list(projects)}
    needs: dict[tuple[str, str], dict[str, float]] = {}
    if at is None:
        rows = WorkItem.objects.filter(finished__isnull=True, **mine).values_list(*_COLUMNS)
        items = [OpenItem(*_parsed(row)) for row in rows]
        asked = Need.objects.filter(item__in=WorkItem.objects.filter(finished__isnull=True, **mine))
        names = ("item__project__slug", "item__key", "resource__name", "units")
        for project, key, resource, units in asked.values_list(*names):
            needs.setdefault((project, key), {})[resource] = units
    else:
        past = [row for row in rows_at(WorkItem, at, **mine) if row.finished is None]
        places = {row.id: (projects[row.project_id].slug, row.key) for row in past}
        items = [facts(OpenItem, row, project=places[row.id][0]) for row in past]
        named = dict(
            Resource.objects.filter(program__projects__in=list(projects)).values_list("id", "name")
        )
        for need in rows_at(Need, at, item_id__in=ids_ever(WorkItem, at, **mine)):
            if need.item_id in places and need.resource_id in named:
                needs.setdefault(places[need.item_id], {})[named[need.resource_id]] = need.units
    return sorted(items, key=lambda item: (item.project, item.key)), needs


def _parsed(row: Sequence[Any]) -> Sequence[Any]:
    held = list(row)
    for place in _JSON:
        held[place] = read_json(held[place])
    return held
