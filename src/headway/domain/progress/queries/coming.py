"""Open work of every program with its forecast dates: a few queries, whatever there is of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.people.models import Resource
from headway.domain.plans.models import Need, WorkItem
from headway.domain.plans.queries import latest_forecasts
from headway.domain.programs.queries import programs_of, projects_by_program, rows_at
from headway.domain.programs.rules import ProgramFacts
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
    needs = _needs(actor, at)
    found = []
    for row in _open_rows(actor, at):
        project = projects.get(row.project_id)
        if project is None:
            continue
        parent = programs[project.program_id]
        address = f"{project.slug}/{row.key}"
        said = _said(forecasts.get(parent.id), address)
        dates = [date.fromisoformat(said[one]) for one in ("start", "p50") if said.get(one)]
        if len(dates) == 2:
            start = max(dates[0], today)
            found.append(_coming(row, address, parent, (start, max(start, dates[1])), said, needs))
    return sorted(found, key=lambda one: (one.start, one.address))


class _Row(NamedTuple):
    """What is read of an open item: columns, for a row of Django's for each costs most of the time.

    The names are those of the table.
    """

    id: UUID
    project_id: UUID
    key: str
    name: str
    kind: str
    owner: str
    outline: Sequence[str]
    estimate: Sequence[float] | None
    remaining: Sequence[float] | None
    attempts: Mapping[str, Any] | None


def _open_rows(actor: Actor, at: datetime | None) -> Sequence[_Row]:
    if at is None:
        rows = WorkItem.objects.filter(workspace_id=actor.workspace_id, finished__isnull=True)
        found = rows.exclude(kind="milestone").values_list(*_Row._fields)
        return [_Row(*row) for row in found]
    known = rows_at(WorkItem, at, workspace_id=actor.workspace_id)
    return [
        _Row(*(getattr(row, name) for name in _Row._fields))
        for row in known
        if not row.finished and row.kind != "milestone"
    ]


def _coming(
    row: _Row,
    address: str,
    parent: ProgramFacts,
    span: tuple[date, date],
    said: Mapping[str, Any],
    needs: Mapping[UUID, Sequence[tuple[str, float, Sequence[str]]]],
) -> ComingItem:
    mine = needs.get(row.id, ())
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


def _needs(
    actor: Actor, at: datetime | None
) -> Mapping[UUID, Sequence[tuple[str, float, Sequence[str]]]]:
    """Return the people that each item needs: name, units and tags of the resource."""
    mine = {"workspace_id": actor.workspace_id}
    people = {row.id: row for row in rows_at(Resource, at, **mine) if row.kind == "people"}
    found: dict[UUID, list[tuple[str, float, Sequence[str]]]] = {}
    for item, which, units in _need_rows(actor, at):
        resource = people.get(which)
        if resource is not None and units:
            found.setdefault(item, []).append((resource.name, units, list(resource.skills)))
    return found


def _need_rows(actor: Actor, at: datetime | None) -> Sequence[tuple[UUID, UUID, float]]:
    if at is None:
        rows = Need.objects.filter(workspace_id=actor.workspace_id)
        return list(rows.values_list("item_id", "resource_id", "units"))
    known = rows_at(Need, at, workspace_id=actor.workspace_id)
    return [(row.item_id, row.resource_id, row.units) for row in known]


def _said(forecast: Any, address: str) -> Mapping[str, Any]:  # noqa: ANN401 - a stored JSON
    items = forecast.answer.get("items") if forecast else None
    row = items.get(address) if isinstance(items, dict) else None
    return row if isinstance(row, dict) else {}


def within(items: Sequence[ComingItem], today: date, weeks: int) -> Sequence[ComingItem]:
    """Return the items that start within so many weeks."""
    return [one for one in items if one.start < today + timedelta(weeks=weeks)]
