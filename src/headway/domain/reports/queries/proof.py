"""What legal and audit are told: verdicts, the records under them, who decided, what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import cast

from headway.domain.accounts.rules import Actor
from headway.domain.assessments.queries import ProgramHealth
from headway.domain.assessments.rules import Assessment, Dimension, Verdict
from headway.domain.evidence.queries import records_numbered
from headway.domain.plans.queries import decisions_of
from headway.domain.plans.rules import DecisionFacts
from headway.domain.reports.queries.names import Names
from headway.rendering.report.onepager import Level
from headway.rendering.report.pack import (
    Compliance,
    ComplianceLine,
    DecisionLine,
    EvidenceLine,
)

#: Records told one by one; a verdict on thousands of costs is proved by the ledger itself.
MOST_RECORDS = 400

_LACKING = (Verdict.MISSING, Verdict.STALE, Verdict.INSUFFICIENT, Verdict.ERROR)


def compliance_of(
    actor: Actor, health: ProgramHealth, names: Names, known_at: datetime | None
) -> Compliance:
    """Return what legal and audit are told of a program."""
    taken = [one for one in decisions_of(actor, health.program, known_at) if one.state == "taken"]
    return Compliance(
        projects=tuple(
            ComplianceLine(
                one.project.name,
                one.stage,
                _level(one.dimensions[Dimension.COMPLIANCE]),
                str(one.dimensions[Dimension.COMPLIANCE].verdict),
                one.dimensions[Dimension.COMPLIANCE].sentence,
            )
            for one in health.projects
        ),
        evidence=_evidence(actor, health, known_at),
        decisions=tuple(_decision(one, names) for one in _in_order(taken)),
        missing=tuple(dict.fromkeys(_missing(health))),
    )


def _level(assessment: Assessment) -> Level:
    return cast("Level", str(assessment.level))


def _judged(health: ProgramHealth) -> Iterator[tuple[str, Assessment]]:
    """Yield what compliance rests on: every promise, and the dimensions of data and approvals."""
    for one in health.projects:
        for _, assessment in one.criteria:
            yield one.project.name, assessment
        for dimension in (Dimension.DATA, Dimension.COMPLIANCE):
            yield one.project.name, one.dimensions[dimension]


def _missing(health: ProgramHealth) -> Iterator[str]:
    for project, assessment in _judged(health):
        if assessment.verdict in _LACKING:
            yield f"{project}: {assessment.sentence}"


def _evidence(
    actor: Actor, health: ProgramHealth, known_at: datetime | None
) -> tuple[EvidenceLine, ...]:
    wanted = sorted({number for _, one in _judged(health) for number in one.records})
    return tuple(
        EvidenceLine(
            record=line.sequence,
            subject=line.subject,
            kind=line.kind,
            project=line.project,
            observed_at=line.observed_at,
            recorded_at=line.recorded_at,
            valid_until=line.valid_until,
            digest=digest,
        )
        for line, digest in records_numbered(actor, wanted[-MOST_RECORDS:], known_at)
    )


def _in_order(taken: list[DecisionFacts]) -> list[DecisionFacts]:
    dated = [one for one in taken if one.taken_at is not None]
    return sorted(dated, key=lambda one: (one.taken_at, one.key))


def _decision(one: DecisionFacts, names: Names) -> DecisionLine:
    chosen = one.option(one.chosen)
    at = one.taken_at
    if at is None:  # unreachable: only dated ones are told
        raise ValueError(one.key)
    name = chosen.name if chosen else one.chosen
    return DecisionLine(one.question, name, names.of_label(one.taken_by), at, one.reason)
