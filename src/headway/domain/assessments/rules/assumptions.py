"""What evidence says of an assumption that watches a criterion."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from headway.domain.assessments.rules.project import ProjectEvidence, assess_promises
from headway.domain.assessments.rules.verdicts import Assessment
from headway.domain.programs.rules import CriterionFacts
from headway.domain.risks.rules import AssumptionFacts


@dataclass(frozen=True, slots=True)
class AssumptionStanding:
    """An assumption beside what it watches (`project/criterion`), and the verdict of evidence.

    `watched` and `assessment` are empty where nothing is watched, or what was is gone.
    """

    assumption: AssumptionFacts
    watched: str = ""
    criterion: CriterionFacts | None = None
    assessment: Assessment | None = None


def assumption_standing(
    assumption: AssumptionFacts,
    watched: tuple[str, CriterionFacts] | None,
    evidence: ProjectEvidence,
    at: datetime,
) -> AssumptionStanding:
    """Return an assumption with the verdict on what it watches: (project, criterion), or none."""
    if watched is None:
        return AssumptionStanding(assumption)
    project, criterion = watched
    found = assess_assumption(assumption, criterion, evidence, at)
    return AssumptionStanding(assumption, f"{project}/{criterion.key}", criterion, found)


def assess_assumption(
    assumption: AssumptionFacts, criterion: CriterionFacts, evidence: ProjectEvidence, at: datetime
) -> Assessment:
    """Return the verdict on an assumption: it has to hold now, whenever the criterion is due."""
    bound = criterion.target if assumption.bound is None else assumption.bound
    watched = replace(criterion, target=bound, due=None)
    _, found = assess_promises([watched], evidence, at)[0]
    return replace(found, rule=f"assumption {assumption.key}")
