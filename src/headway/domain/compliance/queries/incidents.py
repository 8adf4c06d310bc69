"""Serious incidents and their clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.compliance.models import Incident
from headway.domain.compliance.rules.incidents import Clock, IncidentFacts, clock_of
from headway.domain.evidence.queries import LatestRecord, records_about
from headway.domain.programs.queries import facts, rows_at, systems_of
from headway.domain.programs.rules import SystemFacts
from headway.domain.programs.rules.fields import meant
from headway.errors import NotFound
from headway.observation import SubjectRef


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """An incident with its system and its clock."""

    incident: IncidentFacts
    system: SystemFacts
    clock: Clock

    @property
    def is_running(self) -> bool:
        """Say whether a report is still owed."""
        return self.incident.reported_at is None and self.incident.closed_at is None


def incidents_of(
    actor: Actor, at: datetime, *, known_at: datetime | None = None
) -> Sequence[IncidentLine]:
    """Return the incidents: running clocks first, the nearest deadline before the others."""
    require(actor, Permission.VIEW)
    rows = rows_at(Incident, known_at, workspace_id=actor.workspace_id)
    systems = {one.id: one for one in systems_of(actor, known_at)} if rows else {}
    found = []
    for row in rows:
        if row.system_id in systems:
            incident = incident_facts(row)
            line = IncidentLine(incident, systems[row.system_id], clock_of(incident, at))
            found.append(line)
    return sorted(found, key=lambda one: (not one.is_running, one.incident.deadline))


def running_clocks(
    actor: Actor, at: datetime, *, known_at: datetime | None = None
) -> Sequence[IncidentLine]:
    """Return the incidents whose report is still owed, the nearest deadline first."""
    lines = incidents_of(actor, at, known_at=known_at)
    return [one for one in lines if one.is_running]


def incident_named(
    actor: Actor, key: str, at: datetime, *, known_at: datetime | None = None
) -> IncidentLine:
    """Return one incident. Raises NotFound, with the nearest key there is."""
    lines = {one.incident.key: one for one in incidents_of(actor, at, known_at=known_at)}
    if key not in lines:
        sentence = f"There is no incident '{key}' here{meant(key, lines) or '.'}"
        raise NotFound(sentence)
    return lines[key]


def incident_facts(row: Incident) -> IncidentFacts:
    """Return an incident as a frozen value."""
    return facts(IncidentFacts, row)


def steps_of(
    actor: Actor, line: IncidentLine, known_at: datetime | None = None
) -> Sequence[LatestRecord]:
    """Return the records of an incident's steps, oldest first."""
    subject = SubjectRef("system", line.system.slug)
    records = records_about(actor, [subject], known_at, kinds=("incident",))
    return [one for one in records if one.payload["incident"] == line.incident.key]
