"""Open work of every program with its forecast dates: a few queries, whatever there is of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.models import Resource
from headway.domain.plans.models import Need, WorkItem
from headway.domain.plans.queries import ForecastFacts, latest_forecasts
from headway.domain.programs.queries import (
    as_text,
    programs_of,
    projects_by_program,
    read_json,
    rows_at,
)
from headway.domain.programs.rules import ProgramFacts, ProjectFacts
from headway.domain.progress.rules.staffing import ComingItem

#: How kinds of items are called as phases where the plan has no outline.
_PHASES = {
    "data": "Data",
    "annotation": "Annotation",
    "experiment": "Experiments",
    "training": "Training",
    "review": "Reviews",
    "task": "Delivery",
}


def coming_items(
    actor: Actor, at: datetime | None, today: date, program: ProgramFacts | None = None
) -> Sequence[ComingItem]:
    """Return what is open and has a date in its program's latest forecast, the soonest first.

    Of one program, or of all. Milestones ask nobody and are left out.
    """
    require(actor, Permission.VIEW, program)
    programs = {one.id: one for one in programs_of(actor, at) if program in (None, one)}
    projects = {
        one.id: one
        for many in projects_by_program(actor, programs.values(), at).values()
        for one in many
    }
    forecasts = latest_forecasts(actor, programs.values(), at)
    needs = _needs(actor, at, projects)
    homes = {one.slug: programs[one.program_id] for one in projects.values()}
    told = {key: _items(forecasts.get(key)) for key in programs}
    found = []
    for row in _open_rows(actor, at, projects):
        parent = homes.get(row.project)
        if parent is None:
            continue
        address = f"{row.project}/{row.key}"
        said = told[parent.id].get(address) or {}
        dates = [date.fromisoformat(said[one]) for one in ("start", "p50") if said.get(one)]
        if len(dates) == 2:
            start = max(dates[0], today)
            found.append(_coming(row, address, parent, (start, max(start, dates[1])), said, needs))
    return sorted(found, key=lambda one: (one.start, one.address))


_Needs = Mapping[str, Sequence[tuple[str, float, Sequence[str]]]]


class _Row(NamedTuple):
    """What is read of an open item: columns, for a row of Django's for each costs most of the time.

    The names are those of the table.
    """

    project: str
    key: str
    name: str
    kind: str
    owner: str
    outline: Sequence[str]
    estimate: Sequence[float] | None
    remaining: Sequence[float] | None
    attempts: Mapping[str, Any] | None


def _open_rows(
    actor: Actor, at: datetime | None, projects: Mapping[UUID, ProjectFacts]
) -> Sequence[_Row]:
    if at is None:
        rows = WorkItem.objects.filter(workspace_id=actor.workspace_id, finished__isnull=True)
        texts = [as_text(name) for name in _Row._fields[5:]]
        found = rows.exclude(kind="milestone").values_list(
            "project__slug", *_Row._fields[1:5], *texts
        )
        return [_Row(*row[:5], *map(read_json, row[5:])) for row in found]
    known = rows_at(WorkItem, at, workspace_id=actor.workspace_id)
    return [
        _Row(projects[row.project_id].slug, *(getattr(row, name) for name in _Row._fields[1:]))
        for row in known
        if not row.finished and row.kind != "milestone" and row.project_id in projects
    ]


def _coming(
    row: _Row,
    address: str,
    parent: ProgramFacts,
    span: tuple[date, date],
    said: Mapping[str, Any],
    needs: _Needs,
) -> ComingItem:
    mine = needs.get(address, ())
    left = row.remaining or row.estimate or (row.attempts or {}).get("each")
    return ComingItem(
        address=address,
        name=row.name,
        program_id=parent.id,
        program=parent.slug,
        owner=row.owner,
        phase=row.outline[0] if row.outline else _PHASES.get(row.kind, row.kind.capitalize()),
        start=span[0],
        end=span[1],
        days=float(left[1]) if left else 0.0,
        criticality=said.get("criticality"),
        float_days=said.get("float"),
        needs={name: units for name, units, _ in mine},
        tags=[tag for _, _, tags in mine for tag in tags],
    )


def _needs(actor: Actor, at: datetime | None, projects: Mapping[UUID, ProjectFacts]) -> _Needs:
    """Return the people that each item needs, by address: name, units and tags of the resource."""
    found: dict[str, list[tuple[str, float, Sequence[str]]]] = {}
    rows = _needs_now(actor) if at is None else _needs_then(actor, at, projects)
    for address, name, units, tags in rows:
        found.setdefault(address, []).append((name, units, tags))
    return found


def _needs_now(actor: Actor) -> Iterator[tuple[str, str, float, Sequence[str]]]:
    asked = Need.objects.filter(
        workspace_id=actor.workspace_id,
        resource__kind="people",
        item__finished__isnull=True,
        units__gt=0,
    )
    names = ("item__project__slug", "item__key", "resource__name", "units")
    for slug, key, name, units, tags in asked.values_list(*names, as_text("resource__skills")):
        yield f"{slug}/{key}", name, units, read_json(tags)


def _needs_then(
    actor: Actor, at: datetime, projects: Mapping[UUID, ProjectFacts]
) -> Iterator[tuple[str, str, float, Sequence[str]]]:
    mine = {"workspace_id": actor.workspace_id}
    people = {row.id: row for row in rows_at(Resource, at, **mine) if row.kind == "people"}
    places = {
        row.id: f"{projects[row.project_id].slug}/{row.key}"
        for row in rows_at(WorkItem, at, **mine)
        if row.project_id in projects
    }
    for row in rows_at(Need, at, **mine):
        held = people.get(row.resource_id)
        if held is not None and row.units and row.item_id in places:
            yield places[row.item_id], held.name, row.units, list(held.skills)


def _items(forecast: ForecastFacts | None) -> Mapping[str, Mapping[str, Any]]:
    """Return what a forecast says of each item."""
    items = forecast.answer.get("items") if forecast else None
    return items if isinstance(items, dict) else {}


def within(items: Sequence[ComingItem], today: date, weeks: int) -> Sequence[ComingItem]:
    """Return the items that start within so many weeks."""
    return [one for one in items if one.start < today + timedelta(weeks=weeks)]
