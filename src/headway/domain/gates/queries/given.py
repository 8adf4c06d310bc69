"""What Headway works out anyway, as gates may ask it: criteria, dimensions, monitors.

criteria, criteria:segments, criteria:guardrails · criterion:KEY · dimension:NAME · monitors,
monitors:KIND · monitor:KEY · reproducible (the run of the judged version). A name that is none of
these is not known, and so missing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor
from headway.domain.assessments.queries import ProjectHealth, programs_health
from headway.domain.assessments.queries.evidence import ProjectEvidence, evidence_by_project
from headway.domain.assessments.rules import Assessment, Dimension, all_of, level_of
from headway.domain.assessments.rules.project import assess_promises
from headway.domain.gates.queries.rows import GateRow
from headway.domain.inventory.queries import reproducibility_of
from headway.domain.programs.rules import CriterionFacts


def given_by_gate(
    actor: Actor,
    asked: Mapping[UUID, tuple[GateRow, Collection[str]]],
    at: datetime,
    known_at: datetime | None,
) -> Mapping[UUID, Mapping[str, Assessment]]:
    """Return what each gate's rules take as given; as many queries for many gates as for one."""
    programs = {
        row.program.id: row.program for row, names in asked.values() if names and row.program
    }
    if not programs:
        return {}
    ordered = sorted(programs.values(), key=lambda one: one.slug)
    health = {
        one.project.id: one
        for whole in programs_health(actor, ordered, at, known_at=known_at)
        for one in whole.projects
    }
    pinned = _pinned_evidence(actor, asked, health, known_at)
    found = {}
    for gate, (row, names) in asked.items():
        if names and row.project and row.project.id in health:
            mine = health[row.project.id]
            if row.facts.subject and mine.project.id in pinned:
                evidence = pinned[mine.project.id]
                mine = replace(mine, criteria=_of_version(mine, evidence, row.facts.subject, at))
            found[gate] = _given(mine, names)
    return found


#: The name under which gates ask whether the run of the judged version can be made again.
REPRODUCIBLE = "reproducible"


def reproducible_by_gate(
    actor: Actor, judged: Mapping[UUID, str], known_at: datetime | None
) -> Mapping[UUID, Mapping[str, Assessment]]:
    """Return whether each gate's judged version can be made again, by gate id; "" is not asked."""
    asked = {gate: subject for gate, subject in judged.items() if subject}
    if not asked:
        return {}
    found = reproducibility_of(actor, sorted(set(asked.values())), known_at)
    answers = {
        subject: Assessment(one.verdict, level_of(one.verdict), one.sentence, one.rule, one.records)
        for subject, one in found.items()
    }
    return {gate: {REPRODUCIBLE: answers[subject]} for gate, subject in asked.items()}


def _pinned_evidence(
    actor: Actor,
    asked: Mapping[UUID, tuple[GateRow, Collection[str]]],
    health: Mapping[UUID, ProjectHealth],
    known_at: datetime | None,
) -> Mapping[UUID, ProjectEvidence]:
    """Return the evidence of projects in which a gate judges one named version, by project id."""
    projects = {
        row.project.id
        for row, names in asked.values()
        if row.facts.subject and row.project and any(name.startswith("crit") for name in names)
    }
    promised = {
        one: [facts for facts, _ in health[one].criteria] for one in projects if one in health
    }
    return evidence_by_project(actor, promised, known_at) if promised else {}


def _of_version(
    health: ProjectHealth, evidence: ProjectEvidence, subject: str, at: datetime
) -> Sequence[tuple[CriterionFacts, Assessment]]:
    """Return the criteria judged on one version, where they speak of that model at all."""
    name = subject.partition("@")[0]
    criteria = [
        replace(facts, subject=subject) if facts.subject == name else facts
        for facts, _ in health.criteria
    ]
    return assess_promises(criteria, evidence, at)


def _given(health: ProjectHealth, names: Collection[str]) -> Mapping[str, Assessment]:
    found = {name: _one(health, name) for name in sorted(names)}
    return {name: one for name, one in found.items() if one is not None}


def _one(health: ProjectHealth, name: str) -> Assessment | None:
    word, _, rest = name.partition(":")
    match word:
        case "criteria":
            return _criteria(health, rest)
        case "criterion":
            return _first([one for facts, one in health.criteria if facts.key == rest])
        case "dimension":
            return health.dimensions.get(Dimension(rest)) if rest in tuple(Dimension) else None
        case "monitor":
            return _first([one for facts, one in health.monitors if facts.key == rest])
        case "monitors":
            found = [one for facts, one in health.monitors if rest in ("", facts.kind)]
            kind = f" of kind {rest}" if rest else ""
            return all_of(found, rule=name, nothing=f"No monitor{kind} is set and switched on.")
        case _:
            return None


def _criteria(health: ProjectHealth, which: str) -> Assessment:
    words = {"segments": " for a segment", "guardrails": " as a guardrail"}.get(which, "")
    found = [one for facts, one in health.criteria if _is_meant(facts, which)]
    nothing = f"No success criterion{words} is set: nothing was promised there."
    return all_of(found, rule=f"criteria {which}".strip(), nothing=nothing)


def _is_meant(facts: CriterionFacts, which: str) -> bool:
    match which:
        case "":
            return True
        case "segments":
            return facts.segment != ""
        case _:
            return which == "guardrails" and facts.is_guardrail


def _first(found: Sequence[Assessment]) -> Assessment | None:
    return found[0] if found else None
