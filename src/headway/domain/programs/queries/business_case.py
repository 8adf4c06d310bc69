"""The business cases of projects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.models import BusinessCase
from headway.domain.programs.queries.past import rows_at
from headway.domain.programs.queries.shaping import facts
from headway.domain.programs.rules import ProjectFacts
from headway.domain.programs.rules.business_case import BusinessCaseFacts, lines_of
from headway.errors import NotFound


def cases_by_project(
    actor: Actor, projects: Iterable[ProjectFacts], at: datetime | None = None
) -> Mapping[UUID, BusinessCaseFacts]:
    """Return the business cases of many projects by project id; one query, none where none is."""
    asked = list(projects)
    for project in asked:
        require(actor, Permission.VIEW, project)
    ids = [project.id for project in asked]
    rows = rows_at(BusinessCase, at, workspace_id=actor.workspace_id, project_id__in=ids)
    return {row.project_id: case_facts(row) for row in rows}


def business_case_of(
    actor: Actor, project: ProjectFacts, at: datetime | None = None
) -> BusinessCaseFacts:
    """Return the business case of a project; NotFound when nobody wrote one."""
    found = cases_by_project(actor, [project], at).get(project.id)
    if found is None:
        sentence = f"{project.name} has no business case yet; write its first line."
        raise NotFound(sentence)
    return found


def case_facts(row: BusinessCase) -> BusinessCaseFacts:
    """Return a business case as a frozen value."""
    return facts(BusinessCaseFacts, row, lines=lines_of(row.lines))
