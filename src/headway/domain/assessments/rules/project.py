"""A project's evidence put to the rules: its promises, its data, its approvals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from headway.domain.assessments.rules.criterion import Criterion, Evidence, assess, deciding
from headway.domain.assessments.rules.health import (
    CheckFacts,
    assess_check,
    assess_compliance,
    assess_data,
)
from headway.domain.assessments.rules.verdicts import Assessment
from headway.domain.programs.rules import CriterionFacts


@dataclass(frozen=True, slots=True)
class ProjectEvidence:
    """What is known of a project. `checks` come with their dimension; `versions` oldest first."""

    measured: Sequence[Evidence] = ()
    checks: Sequence[tuple[str, CheckFacts]] = ()
    approvals: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    versions: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProjectFactsForHealth:
    """What the plan side says: the system's tier, and the stage its release stands in."""

    tier: str
    stage: str


def criterion_from(facts: CriterionFacts) -> Criterion:
    """Return the criterion as the rule reads it."""
    return Criterion(
        key=facts.key,
        name=facts.name,
        subject=facts.subject,
        metric=facts.metric,
        direction=facts.direction,
        target=facts.target,
        segment=facts.segment,
        dataset=facts.dataset,
        split=facts.split,
        basis=facts.basis,
        minimum_n=facts.minimum_n,
        freshness_days=facts.freshness_days,
        due=facts.due,
        unit=facts.unit,
    )


def assess_promises(
    criteria: Sequence[CriterionFacts], evidence: ProjectEvidence, at: datetime
) -> list[tuple[CriterionFacts, Assessment]]:
    """Return each success criterion with its verdict."""
    return [
        (facts, assess(criterion_from(facts), evidence.measured, at, _versions(facts, evidence)))
        for facts in criteria
    ]


def measured_promises(
    criteria: Sequence[CriterionFacts], evidence: ProjectEvidence, at: datetime
) -> Mapping[str, Evidence]:
    """Return the measurement that decides each success criterion, by its key."""
    found = {
        facts.key: deciding(
            criterion_from(facts), evidence.measured, at, _versions(facts, evidence)
        )
        for facts in criteria
    }
    return {key: item for key, item in found.items() if item is not None}


def _versions(facts: CriterionFacts, evidence: ProjectEvidence) -> Sequence[str]:
    """Return the known versions of what a criterion is about, oldest first."""
    known = evidence.versions.get(facts.subject, ())
    return in_order([text for text in known if "@" in text])


def in_order(texts: Sequence[str]) -> Sequence[str]:
    """Return versions oldest first: counted ones by their number, others as they were heard of.

    A source that lists its newest version first must not make the oldest one the newest.
    """
    numbers = [text.rpartition("@")[2] for text in texts]
    if all(number.isascii() and number.isdigit() for number in numbers):
        return sorted(texts, key=lambda text: int(text.rpartition("@")[2]))
    return texts


def assess_project_data(evidence: ProjectEvidence, at: datetime) -> Assessment:
    """Judge the newest version of every dataset, and every data check on other subjects."""
    datasets = [
        in_order(texts) for name, texts in evidence.versions.items() if name.startswith("dataset:")
    ]
    newest = [texts[-1] for texts in datasets]
    older = {text for texts in datasets for text in texts[:-1]}
    checks = [
        check
        for dimension, check in evidence.checks
        if dimension == "data" and check.subject not in older
    ]
    return assess_data(checks, at, newest)


def assess_project_compliance(
    project: ProjectFactsForHealth, evidence: ProjectEvidence, at: datetime
) -> Assessment:
    """Judge the approvals the tier asks for, with every compliance check that ran."""
    checks = [
        assess_check(check, at) for dimension, check in evidence.checks if dimension == "compliance"
    ]
    return assess_compliance(project.tier, project.stage, evidence.approvals, checks)
