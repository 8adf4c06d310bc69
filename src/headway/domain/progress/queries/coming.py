"""Open work of every program with its forecast dates: a few queries, whatever there is of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
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


def _open_rows(actor: Actor, at: datetime | None) -> Sequence[WorkItem]:
    if at is None:
        rows = WorkItem.objects.filter(workspace_id=actor.workspace_id, finished__isnull=True)
        return list(rows.exclude(kind="milestone"))
    known = rows_at(WorkItem, at, workspace_id=actor.workspace_id)
    return [row for row in known if not row.finished and row.kind != "milestone"]


def _coming(
    row: WorkItem,
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
    for row in rows_at(Need, at, **mine):
        resource = people.get(row.resource_id)
        if resource is not None and row.units:
            told = (resource.name, row.units, list(resource.skills))
            found.setdefault(row.item_id, []).append(told)
    return found


def _said(forecast: Any, address: str) -> Mapping[str, Any]:  # noqa: ANN401 - a stored JSON
    items = forecast.answer.get("items") if forecast else None
    row = items.get(address) if isinstance(items, dict) else None
    return row if isinstance(row, dict) else {}


def within(items: Sequence[ComingItem], today: date, weeks: int) -> Sequence[ComingItem]:
    """Return the items that start within so many weeks."""
    return [one for one in items if one.start < today + timedelta(weeks=weeks)]
