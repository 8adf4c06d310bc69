"""The open work of people: what is under way, what the plan has begun, what comes next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.checkins.rules import Standing, left_of, standing_of
from headway.domain.people.queries import people_of
from headway.domain.people.rules import PersonFacts, meant_by_name
from headway.domain.plans.models import WorkItem
from headway.domain.plans.queries import ForecastFacts, latest_forecasts
from headway.domain.plans.rules import ItemFacts
from headway.domain.programs.queries import programs_of, projects_by_program
from headway.domain.programs.rules import ProgramFacts, ProjectFacts

_ORDER = tuple(Standing)


@dataclass(frozen=True, slots=True)
class OpenWork:
    """A piece of open work, its place, and where it stands for its owner.

    `start` and `p80` are the days the latest forecast says; `left` what is left, in working days.
    """

    program: str
    program_name: str
    project: str
    project_name: str
    item: ItemFacts
    standing: Standing
    start: date | None
    p80: date | None
    left: Sequence[float] | None

    @property
    def address(self) -> str:
        """Return how the plan names the item."""
        return f"{self.project}/{self.item.key}"


def open_work(
    actor: Actor, people: Sequence[PersonFacts], today: Mapping[UUID, date]
) -> Mapping[UUID, Sequence[OpenWork]]:
    """Return the open work of each of `people` by person id; `today` is each one's own day.

    An item belongs to whom its owner names: by key, by name or by address. A handful of queries,
    whoever is asked for.
    """
    require(actor, Permission.VIEW)
    found: dict[UUID, list[OpenWork]] = {person.id: [] for person in people}
    owners = {name: who for name, who in meant_by_name(people_of(actor)).items() if who in found}
    programs = programs_of(actor)
    places = {
        project.id: (program, project)
        for program, projects in _with_projects(actor, programs)
        for project in projects
    }
    mine = {"workspace_id": actor.workspace_id, "project_id__in": list(places)}
    names = [field.name for field in fields(ItemFacts)]
    rows = [
        # Straight from the columns: a row of Django's for each costs most of the time.
        ItemFacts(**row)
        for row in WorkItem.objects.filter(**mine, finished__isnull=True)
        .exclude(owner="")
        .values(*names)
        if row["owner"].strip().lower() in owners
    ]
    forecasts = _forecasts(actor, programs, {places[item.project_id][0].id for item in rows})
    for item in rows:
        person = owners[item.owner.strip().lower()]
        program, project = places[item.project_id]
        said = _said(forecasts.get(program.id), f"{project.slug}/{item.key}")
        found[person].append(_work(item, program, project, said, today[person]))
    return {person: sorted(work, key=_place) for person, work in found.items()}


def _with_projects(
    actor: Actor, programs: Sequence[ProgramFacts]
) -> Iterable[tuple[ProgramFacts, Sequence[ProjectFacts]]]:
    projects = projects_by_program(actor, programs)
    return [(program, projects[program.id]) for program in programs]


def _forecasts(
    actor: Actor, programs: Sequence[ProgramFacts], wanted: Collection[UUID]
) -> Mapping[UUID, ForecastFacts]:
    return latest_forecasts(actor, [one for one in programs if one.id in wanted])


def _said(forecast: ForecastFacts | None, address: str) -> Mapping[str, Any]:
    items = forecast.answer.get("items") if forecast else None
    row = items.get(address) if isinstance(items, dict) else None
    return row if isinstance(row, dict) else {}


def _work(
    item: ItemFacts,
    program: ProgramFacts,
    project: ProjectFacts,
    said: Mapping[str, Any],
    today: date,
) -> OpenWork:
    start = _day(said.get("start"))
    return OpenWork(
        program=program.slug,
        program_name=program.name,
        project=project.slug,
        project_name=project.name,
        item=item,
        standing=standing_of(item.started, item.deadline, start, today),
        start=start,
        p80=_day(said.get("p80")),
        left=left_of(item),
    )


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _place(work: OpenWork) -> tuple[int, date, str, int, str]:
    """Return where work stands on the page: as it stands, then as it begins."""
    began = work.item.started or work.start or date.max
    return (
        _ORDER.index(work.standing),
        began,
        work.project,
        work.item.order,
        work.item.key,
    )


def changed_since(item_ids: Iterable[UUID], since: datetime | None) -> bool:
    """Say whether any of these items has a version younger than `since`; None: everything has."""
    if since is None:
        return True
    versions = WorkItem.history.filter(id__in=list(item_ids), history_date__gt=since)
    return bool(versions.exists())
