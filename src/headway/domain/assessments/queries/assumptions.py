"""Assumptions beside what evidence says of what they watch, without the health of everything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.assessments.queries.evidence import ProjectEvidence, evidence_by_project
from headway.domain.assessments.rules.assumptions import AssumptionStanding, assumption_standing
from headway.domain.programs.queries import criteria_by_project, projects_of
from headway.domain.programs.rules import CriterionFacts, ProgramFacts
from headway.domain.risks.queries import assumptions_of


def assumption_standings(
    actor: Actor,
    program: ProgramFacts,
    at: datetime,
    *,
    known_at: datetime | None = None,
    only: str = "",
) -> Sequence[AssumptionStanding]:
    """Return the assumptions of a program, open ones first, each judged at `at`.

    Evidence is read of the projects whose criteria are watched; eight queries at most. `only` is
    the key of the one that is asked for.
    """
    require(actor, Permission.VIEW, program)
    rows = assumptions_of(actor, program, known_at)
    asked = [one for one in rows if only in ("", one.key)]
    wanted = {one.criterion_id for one in asked} - {None}
    watched: dict[UUID, tuple[str, CriterionFacts]] = {}
    promised: dict[UUID, list[CriterionFacts]] = {}
    if wanted:
        projects = projects_of(actor, program, known_at)
        criteria = criteria_by_project(actor, projects, known_at)
        for project in projects:
            for one in criteria[project.id]:
                if one.id in wanted:
                    watched[one.id] = (project.slug, one)
                    promised.setdefault(project.id, []).append(one)
    evidence = evidence_by_project(actor, promised, known_at) if promised else {}
    homes = {one.id: home for home, mine in promised.items() for one in mine}
    return [
        assumption_standing(
            one,
            watched.get(one.criterion_id) if one.criterion_id else None,
            evidence.get(homes[one.criterion_id], ProjectEvidence())
            if one.criterion_id in homes
            else ProjectEvidence(),
            at,
        )
        for one in asked
    ]
