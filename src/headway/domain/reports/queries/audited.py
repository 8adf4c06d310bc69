"""What an auditor is handed: evidence, decisions, law, verdicts and forecasts, as of a moment.

It stands here because reports tell what lies below them to somebody outside; gates, the law and
the plans do not know of each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.domain.accounts.queries import audit_head
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.assessments.queries import programs_health
from headway.domain.assessments.rules import Assessment
from headway.domain.compliance.queries import (
    SystemLaw,
    ai_act_of,
    dpias_of,
    incidents_of,
    obligation_lines,
)
from headway.domain.compliance.queries.standing import pack_standings
from headway.domain.evidence.queries import payloads_of, sealed_rows
from headway.domain.plans.queries import forecast_history
from headway.domain.programs.queries import programs_of, projects_by_program, systems_of
from headway.domain.programs.rules import ProgramFacts, ProjectFacts, SystemFacts
from headway.domain.programs.rules.fields import meant
from headway.domain.reports.queries.decided import decided
from headway.domain.reports.queries.persons import Persons, persons_of
from headway.errors import Invalid, NotFound
from headway.observation import instant
from headway.rendering.package import AuditPackage, Contents, LedgerRow, audit_package

#: Kinds whose content stays in the house: what is paid.
KEPT_BACK = ("cost",)

#: Forecasts that a package holds at most, the last of each day.
MOST_FORECASTS = 1_000

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class AuditScope:
    """What a package is about: a program, or a system, with the projects and systems in it."""

    kind: str
    slug: str
    name: str
    programs: Sequence[ProgramFacts]
    projects: Sequence[ProjectFacts]
    systems: Sequence[SystemFacts]


def audit_scopes(actor: Actor, known_at: datetime | None = None) -> Sequence[AuditScope]:
    """Return everything that a package can be about: the programs, then the systems."""
    require(actor, Permission.AUDIT)
    programs, systems = programs_of(actor, known_at), systems_of(actor, known_at)
    projects = projects_by_program(actor, programs, known_at)
    every = [(program, one) for program in programs for one in projects[program.id]]
    found = []
    for program in programs:
        mine = projects[program.id]
        used = {one.system_id for one in mine}
        held = [one for one in systems if one.id in used]
        found.append(AuditScope("program", program.slug, program.name, [program], mine, held))
    for system in systems:
        pairs = [pair for pair in every if pair[1].system_id == system.id]
        its = list({program.id: program for program, _ in pairs}.values())
        mine = [project for _, project in pairs]
        found.append(AuditScope("system", system.slug, system.name, its, mine, [system]))
    return found


def audit_scope(actor: Actor, address: str, known_at: datetime | None = None) -> AuditScope:
    """Return what `address` names: "program:fraud", "system:scoring", or either without its sort.

    Raises NotFound for an unknown one, Invalid where both a program and a system have it.
    """
    known = audit_scopes(actor, known_at)
    sort, colon, slug = address.partition(":")
    wanted = slug if colon else address
    found = [one for one in known if one.slug == wanted and (not colon or one.kind == sort)]
    if len(found) > 1:
        sentence = f"Both a program and a system are called '{wanted}'; write program:{wanted}."
        raise Invalid(sentence)
    if not found:
        hint = meant(wanted, [one.slug for one in known])
        sentence = f"There is no program and no system '{address[:80]}' here{hint or '.'}"
        raise NotFound(sentence)
    return found[0]


def auditors_package(actor: Actor, address: str, at: datetime) -> AuditPackage:
    """Return the package about a program or a system as of `at`; the same moment, the same bytes.

    People become references, records of cost stay in the house, and of other programs nothing but
    the sealed lines of the ledger is told, without which its chain could not be checked.
    """
    scope, persons = audit_scope(actor, address, at), persons_of(actor)
    homes = [one.id for one in scope.projects]
    contents = Contents(
        title=f"Auditor's package of the {scope.kind} {scope.name}",
        about=f"{scope.kind}:{scope.slug}",
        as_of=instant(at),
        audit_trail=audit_head(actor, at),
        chain=[LedgerRow(one.sequence, one.text, one.digest) for one in sealed_rows(actor, at)],
        payloads=payloads_of(actor, homes, at, without=KEPT_BACK),
        decisions=decided(actor, [one.id for one in scope.systems], persons, at),
        law=[persons.in_row(row) for row in _law(actor, scope, persons, at)],
        assessments=[
            persons.in_row(row)
            for row in (*_verdicts(actor, scope, at), *_controls(actor, scope, at))
        ],
        forecasts=list(_forecasts(actor, scope, at)),
    )
    return audit_package(contents)


def _law(actor: Actor, scope: AuditScope, persons: Persons, at: datetime) -> Iterator[Row]:
    laws = ai_act_of(actor, scope.systems, at, known_at=at)
    assessments = dpias_of(actor, scope.systems, known_at=at)
    incidents = incidents_of(actor, at, known_at=at)
    for system in scope.systems:
        page = assessments[system.id]
        yield {
            "system": system.slug,
            "class": laws[system.id].classification.system_class,
            "sentence": laws[system.id].classification.sentence,
            "answers": _answers(laws[system.id], persons),
            "obligations": [
                {
                    "id": one.due.id,
                    "article": one.due.article,
                    "applies_from": one.due.applies_from.isoformat(),
                    "source": one.due.source,
                    "not_verified": one.due.verify,
                    "verdict": one.verdict,
                    "owner": persons.of(one.owner),
                    "records": list(one.duty.records) if one.duty else [],
                    "rationale": one.duty.rationale if one.duty else "",
                }
                for one in obligation_lines(actor, at, known_at=at, slug=system.slug)
            ],
            "impact_assessment": {
                "verdict": page.state.verdict,
                "sentence": page.state.sentence,
                "records": list(page.state.records),
                "document": page.document,
            },
            "incidents": [
                {
                    "key": one.incident.key,
                    "title": one.incident.title,
                    "harm": one.incident.harm,
                    "aware_at": instant(one.incident.aware_at),
                    "deadline": instant(one.incident.deadline),
                    "verdict": one.clock.verdict,
                }
                for one in incidents
                if one.system.id == system.id
            ],
        }


def _answers(law: SystemLaw, persons: Persons) -> list[Row]:
    return [
        {
            "question": one.question,
            "value": one.value,
            "rationale": one.rationale,
            "author": persons.of(one.author),
            "at": instant(one.at),
        }
        for one in sorted(law.answers.values(), key=lambda one: one.question)
    ]


def _verdicts(actor: Actor, scope: AuditScope, at: datetime) -> Iterator[Row]:
    mine = {one.id for one in scope.projects}
    for health in programs_health(actor, scope.programs, at, known_at=at):
        for one in health.projects:
            if one.project.id not in mine:
                continue
            for dimension, assessment in one.dimensions.items():
                if dimension != "cost":
                    yield _verdict(one.project.slug, f"dimension {dimension}", assessment)
            for criterion, assessment in one.criteria:
                yield _verdict(one.project.slug, f"criterion {criterion.key}", assessment)


def _verdict(project: str, of: str, assessment: Assessment) -> Row:
    return {
        "project": project,
        "of": of,
        "verdict": assessment.verdict,
        "sentence": assessment.sentence,
        "rule": assessment.rule,
        "records": list(assessment.records),
    }


def _controls(actor: Actor, scope: AuditScope, at: datetime) -> Iterator[Row]:
    """Yield the controls of every framework that this, or the whole workspace, is held to."""
    mine = {("system", one.slug) for one in scope.systems}
    mine |= {("program", one.slug) for one in scope.programs if scope.kind == "program"}
    for standing in pack_standings(actor, at, at):
        held = standing.assignment.scope
        if held.kind != "workspace" and (held.kind, held.slug) not in mine:
            continue
        for one in standing.controls:
            yield {
                "framework": standing.pack.id,
                "scope": f"{held.kind}:{held.slug}" if held.slug else held.kind,
                "of": f"control {one.control.id}",
                "verdict": one.verdict,
                "sentence": one.assessment.sentence,
                "rule": one.assessment.rule,
                "records": list(one.assessment.records),
                "reason": one.answer.reason if one.answer else "",
            }


def _forecasts(actor: Actor, scope: AuditScope, at: datetime) -> Iterator[Row]:
    for program in scope.programs:
        for one in forecast_history(actor, program, at, limit=MOST_FORECASTS):
            yield {
                "program": program.slug,
                "at": instant(one.at),
                "seed": one.seed,
                "trials": one.trials,
                "engine": one.engine,
                "plan_digest": one.plan_digest,
                "p_on_time": one.p_on_time,
                "finish_dates": {
                    name: day.isoformat() if (day := one.finish(name)) else None
                    for name in ("p50", "p80")
                },
                "problem": one.problem,
            }
