"""What was known of systems at several moments, out of one load of their evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.assessments.rules import Evidence
from headway.domain.assessments.rules.project import (
    ProjectEvidence,
    assess_promises,
    in_order,
)
from headway.domain.checks.models import Monitor
from headway.domain.evidence.queries import ToldRecord, evidence_ever
from headway.domain.maturity.rules import Fact, Known
from headway.domain.maturity.rules.reading import (
    KINDS_READ,
    attested_of,
    fields_of,
    joined_to_runs,
    measured_in,
    promised,
)
from headway.domain.programs.models import Project, SuccessCriterion, System
from headway.domain.programs.queries import facts, rows_at, rows_at_each
from headway.domain.programs.rules import CriterionFacts, ProjectFacts, SystemFacts


@dataclass(frozen=True, slots=True)
class _Told:
    """A record, read once for all moments."""

    told: ToldRecord
    fact: Fact
    measured: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class _Past:
    """What stood besides evidence at one moment: promises by project, systems by id."""

    at: datetime
    criteria: Mapping[UUID, Sequence[CriterionFacts]]
    systems: Mapping[UUID, System]


def projects_of_systems(
    actor: Actor, at: datetime, systems: Sequence[SystemFacts]
) -> Mapping[UUID, Sequence[ProjectFacts]]:
    """Return the projects that work on each of these systems, by the system's id; one query."""
    require(actor, Permission.VIEW)
    found: dict[UUID, list[ProjectFacts]] = {system.id: [] for system in systems}
    rows = rows_at(Project, at, workspace_id=actor.workspace_id)
    for row in sorted(rows, key=lambda one: (one.order, one.slug)):
        if row.system_id in found:
            found[row.system_id].append(facts(ProjectFacts, row))
    return found


def known_at_each(
    actor: Actor,
    projects: Mapping[UUID, Sequence[ProjectFacts]],
    moments: Sequence[datetime],
) -> Mapping[UUID, Sequence[Known]]:
    """Return what was known of each system (by id) at each of `moments`, the last one the latest.

    Five queries whatever the number of systems, records and moments. Which projects work on a
    system is as it was at the last moment.
    """
    require(actor, Permission.VIEW)
    last = moments[-1]
    slugs = {project.id: project.slug for own in projects.values() for project in own}
    past = _past(actor, list(slugs), moments)
    told: dict[UUID, list[_Told]] = {}
    for one in _read(actor, list(slugs), last, past):
        told.setdefault(one.told.project_id, []).append(one)
    return {
        system: [_known(system, own, told, slugs, moment) for moment in past]
        for system, own in projects.items()
    }


def _past(
    actor: Actor, project_ids: Sequence[UUID], moments: Sequence[datetime]
) -> Sequence[_Past]:
    criteria = rows_at_each(SuccessCriterion, moments, project_id__in=project_ids)
    systems = rows_at_each(System, moments, workspace_id=actor.workspace_id)
    found = []
    for moment, asked, there in zip(moments, criteria, systems, strict=True):
        by_project: dict[UUID, list[CriterionFacts]] = {}
        for row in sorted(asked, key=lambda one: (one.order, one.key)):
            by_project.setdefault(row.project_id, []).append(facts(CriterionFacts, row))
        found.append(_Past(moment, by_project, {row.id: row for row in there}))
    return found


def _read(
    actor: Actor, project_ids: Sequence[UUID], at: datetime, past: Sequence[_Past]
) -> Iterator[_Told]:
    """Yield every record as a fact. Of a check that ran often on a day, the day's last is kept."""
    metrics = {one.metric for each in past for own in each.criteria.values() for one in own}
    monitors = {row.key: row.kind for row in rows_at(Monitor, at, workspace_id=actor.workspace_id)}
    kept: dict[tuple[object, ...], _Told] = {}
    for told in evidence_ever(actor, project_ids, at, kinds=KINDS_READ):
        fields = fields_of(told.kind, told.source, told.payload, monitors)
        fact = Fact(
            told.record, told.subject, told.kind, fields, told.observed_at, told.valid_until
        )
        measured = tuple(measured_in(fact, told.payload, metrics))
        one = _Told(told, fact, measured)
        kept[_place(told, fields)] = one
    yield from kept.values()


def _place(told: ToldRecord, fields: Mapping[str, object]) -> tuple[object, ...]:
    """Return what makes a record worth keeping beside others; of checks one a day and outcome."""
    if told.kind != "check":
        return (told.record, told.project_id, told.placed_from)
    days = (told.observed_at.date(), told.recorded_at.date())
    said = (fields["check"], fields["passed"], fields["severity"])
    return (told.subject, told.project_id, told.placed_from, *days, *said)


def _known(
    system: UUID,
    projects: Sequence[ProjectFacts],
    told: Mapping[UUID, Sequence[_Told]],
    slugs: Mapping[UUID, str],
    past: _Past,
) -> Known:
    """Return what was known of one system at one moment."""
    by_project = {
        project.id: [one for one in told.get(project.id, ()) if one.told.is_known(past.at)]
        for project in projects
    }
    found = [one.fact for own in by_project.values() for one in own]
    subjects = _subjects(found)
    judged = [
        (slugs[project.id], criterion, verdict)
        for project in projects
        for criterion, verdict in assess_promises(
            past.criteria.get(project.id, ()),
            _evidence(by_project[project.id], subjects),
            past.at,
        )
    ]
    promises = tuple(promised(judged, past.at))
    row = past.systems.get(system)
    own = [] if row is None else [_system_fact(row, past.at)]
    return Known(
        (*joined_to_runs(found), *promises, *own),
        tuple(attested_of(fact) for fact in found if fact.kind == "attestation"),
        (*subjects, *(fact.subject for fact in promises)),
    )


def _system_fact(row: System, at: datetime) -> Fact:
    return Fact(0, f"system:{row.slug}", "system", {"owner": row.owner}, at)


def _subjects(found: Sequence[Fact]) -> Sequence[str]:
    """Return the subjects heard of; the versions of one thing oldest first, counted by number."""
    things: dict[str, list[str]] = {}
    for fact in sorted(found, key=lambda one: one.record):
        own = things.setdefault(fact.thing, [])
        if fact.subject not in own:
            own.append(fact.subject)
    return [subject for own in things.values() for subject in in_order(own)]


def _evidence(own: Sequence[_Told], subjects: Sequence[str]) -> ProjectEvidence:
    """Return the measurements of a project; of a run only what it says last."""
    runs: dict[str, _Told] = {}
    measured: list[Evidence] = []
    for one in own:
        if one.fact.kind == "run":
            runs[one.fact.subject] = one
        else:
            measured += one.measured
    for one in runs.values():
        if one.fact.fields["status"] != "deleted":
            measured += one.measured
    versions: dict[str, list[str]] = {}
    for subject in subjects:
        versions.setdefault(subject.partition("@")[0], []).append(subject)
    return ProjectEvidence(tuple(measured), versions=versions)
