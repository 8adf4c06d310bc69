"""What live systems take from people: what is reserved, and what evidence says they took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.models import Record
from headway.domain.people.queries.staffing import operations_loads
from headway.domain.people.rules.operations import (
    HOURS_EACH,
    LOOK_BACK,
    LoadSuggestion,
    OperationsLoadFacts,
    weekly_hours,
)
from headway.domain.programs.queries import programs_of, projects_by_program, systems_of
from headway.domain.programs.rules import SystemFacts

#: Which records are events of which kind of load: a run that took somebody, an incident that
#: somebody became aware of, a check that failed.
_EVENTS: Mapping[str, Q] = {
    "retraining": Q(kind="pipeline_run"),
    "incidents": Q(kind="incident", payload__contains='"step":"aware"'),
    "on_call": Q(kind="check", payload__contains='"passed":false'),
}


@dataclass(frozen=True, slots=True)
class OperationsPage:
    """Loads, the hours of this week by role and person, and suggestions of live systems."""

    loads: Sequence[OperationsLoadFacts]
    hours: Mapping[tuple[str, str], float]
    suggestions: Sequence[LoadSuggestion]
    systems: Sequence[SystemFacts]


def operations_page(actor: Actor, at: datetime | None, now: datetime) -> OperationsPage:
    """Return what is reserved, with what the last 90 days' evidence says beside it."""
    require(actor, Permission.VIEW)
    today = now.date()
    loads = operations_loads(actor, at)
    monday = date.fromordinal(today.toordinal() - today.weekday())
    systems = [one for one in systems_of(actor, at) if one.state == "live"]
    events = _events(actor, at, now)
    found = []
    for system in systems:
        for kind, hours in HOURS_EACH.items():
            reserved = sum(
                one.hours
                for one in loads
                if one.system == system.slug and one.kind == kind and one.is_running(today)
            )
            count = events.get((system.id, kind), 0)
            if count or reserved:
                found.append(LoadSuggestion(system.slug, system.name, kind, count, hours, reserved))
    return OperationsPage(loads, weekly_hours(loads, monday), found, systems)


def _events(actor: Actor, at: datetime | None, now: datetime) -> Mapping[tuple[UUID, str], int]:
    """Return how many events of each kind the last 90 days hold, by system; one query a kind.

    Evidence is a system's by the project in which its subject was placed.
    """
    projects = projects_by_program(actor, programs_of(actor, at), at)
    systems = {one.id: one.system_id for many in projects.values() for one in many if one.system_id}
    rows = Record.objects.filter(
        workspace_id=actor.workspace_id,
        observed_at__gt=now - LOOK_BACK,
        observed_at__lte=now,
        recorded_at__lte=now,
        subject__project_id__in=list(systems),
    )
    found: dict[tuple[UUID, str], int] = {}
    for kind, which in _EVENTS.items():
        counted = rows.filter(which).values("subject__project_id").annotate(n=Count("id"))
        for project, count in counted.order_by().values_list("subject__project_id", "n"):
            key = (systems[project], kind)
            found[key] = found.get(key, 0) + count
    return found
