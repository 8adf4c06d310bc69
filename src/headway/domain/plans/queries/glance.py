"""A program's work at a glance: the few columns that rules over all items look at."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db.models import Q

from headway.analysis.schedule.calendars import WorkingTime
from headway.analysis.schedule.plan import Unit
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.models import Forecast, Plan, WorkItem
from headway.domain.programs.queries import rows_at
from headway.domain.programs.rules import ProgramFacts, ProjectFacts
from headway.domain.programs.rules.calendars import calendar_from


@dataclass(frozen=True, slots=True)
class ItemGlance:
    """An item with its address; ranges are (optimistic, most likely, pessimistic)."""

    address: str
    name: str
    kind: str
    owner: str
    estimate: Sequence[float] | None
    remaining: Sequence[float] | None
    attempts: Mapping[str, object] | None
    started: date | None
    finished: date | None


_COLUMNS = ("project_id", "order", "key", *(field.name for field in fields(ItemGlance)[1:]))


def items_at_a_glance(
    actor: Actor,
    program: ProgramFacts,
    projects: Sequence[ProjectFacts],
    at: datetime | None = None,
) -> Sequence[ItemGlance]:
    """Return the items of a program's projects in the program's order; one query."""
    require(actor, Permission.VIEW, program)
    places = {one.id: (place, one.slug) for place, one in enumerate(projects)}
    mine = {"project_id__in": list(places)}
    if at is None:
        rows = list(WorkItem.objects.filter(**mine).values_list(*_COLUMNS))
    else:
        past = rows_at(WorkItem, at, **mine)
        rows = [tuple(getattr(one, name) for name in _COLUMNS) for one in past]
    rows.sort(key=lambda row: (places[row[0]][0], row[1], row[2]))
    return [ItemGlance(f"{places[row[0]][1]}/{row[2]}", *row[3:]) for row in rows]


def item_names(
    actor: Actor, program: ProgramFacts, addresses: Collection[str]
) -> Mapping[str, str]:
    """Return what the items at these addresses are called now; one query."""
    require(actor, Permission.VIEW, program)
    wanted = Q()
    for address in addresses:
        project, _, key = address.partition("/")
        wanted |= Q(project__slug=project, key=key)
    if not wanted:
        return {}
    rows = WorkItem.objects.filter(wanted, project__program_id=program.id)
    found = rows.values_list("project__slug", "key", "name")
    return {f"{project}/{key}": name for project, key, name in found}


def working_axis(
    actor: Actor,
    program: ProgramFacts,
    projects: Sequence[ProjectFacts],
    at: datetime | None = None,
) -> WorkingTime:
    """Return the time axis of a program's plan, from its first start; one query."""
    require(actor, Permission.VIEW, program)
    starts = [row.start for row in rows_at(Plan, at, project_id__in=[one.id for one in projects])]
    return WorkingTime(Unit.DAYS, min(starts, default=None), calendar_from(program.calendar))


def p80_history(
    actor: Actor, program: ProgramFacts, at: datetime | None = None, *, limit: int
) -> Sequence[tuple[date, date]]:
    """Return (day, P80) of the newest forecasts up to `at`, the last of each day, oldest first.

    Forecasts without a P80 are left out; one query, and of each answer one date.
    """
    require(actor, Permission.VIEW, program)
    rows = Forecast.objects.filter(program_id=program.id).order_by("-at", "-serial")
    if at is not None:
        rows = rows.filter(at__lte=at)
    days: dict[date, str | None] = {}
    for when, p80 in rows.values_list("at", "answer__finish_dates__p80")[:limit]:
        days.setdefault(when.date(), p80)
    return [(day, date.fromisoformat(days[day] or "")) for day in sorted(days) if days[day]]
