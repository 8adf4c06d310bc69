"""Programs, their projects, and what was promised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.models import Objective, Program, Project, SuccessCriterion
from headway.domain.programs.queries.past import rows_at
from headway.domain.programs.queries.shaping import facts
from headway.domain.programs.rules import (
    CriterionFacts,
    ObjectiveFacts,
    PortfolioLine,
    ProgramFacts,
    ProjectFacts,
)
from headway.domain.programs.rules.fields import meant
from headway.errors import Invalid, NotFound


def programs_of(actor: Actor, at: datetime | None = None) -> Sequence[ProgramFacts]:
    """Return the programs of the actor's workspace, by name."""
    require(actor, Permission.VIEW)
    rows = rows_at(Program, at, workspace_id=actor.workspace_id)
    return [facts(ProgramFacts, row) for row in sorted(rows, key=lambda row: (row.name, row.slug))]


def program_named(actor: Actor, slug: str, at: datetime | None = None) -> ProgramFacts:
    """Return the program with this address. Raises NotFound, with the nearest address there is."""
    require(actor, Permission.VIEW)
    rows = rows_at(Program, at, workspace_id=actor.workspace_id, slug=slug)
    if rows:
        return facts(ProgramFacts, rows[0])
    raise NotFound(_missing("program", slug, (one.slug for one in programs_of(actor, at)), at))


def program_of(actor: Actor, project: ProjectFacts, at: datetime | None = None) -> ProgramFacts:
    """Return the program that a project belongs to."""
    require(actor, Permission.VIEW, project)
    rows = rows_at(Program, at, workspace_id=actor.workspace_id, id=project.program_id)
    if rows:
        return facts(ProgramFacts, rows[0])
    raise NotFound(_missing("program", project.slug, (), at))


def projects_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[ProjectFacts]:
    """Return the projects of a program, in its order."""
    return projects_by_program(actor, [program], at)[program.id]


def projects_by_program(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None = None
) -> Mapping[UUID, Sequence[ProjectFacts]]:
    """Return the projects of many programs by program id, each in its order; one query."""
    found: dict[UUID, list[ProjectFacts]] = {}
    for program in programs:
        require(actor, Permission.VIEW, program)
        found[program.id] = []
    rows = rows_at(Project, at, workspace_id=actor.workspace_id, program_id__in=list(found))
    for row in sorted(rows, key=_in_order):
        found[row.program_id].append(facts(ProjectFacts, row))
    return found


def project_named(actor: Actor, slug: str, at: datetime | None = None) -> ProjectFacts:
    """Return the project with this address. Raises NotFound, with the nearest address there is."""
    require(actor, Permission.VIEW)
    rows = rows_at(Project, at, workspace_id=actor.workspace_id, slug=slug)
    if rows:
        return facts(ProjectFacts, rows[0])
    known = rows_at(Project, at, workspace_id=actor.workspace_id)
    raise NotFound(_missing("project", slug, (row.slug for row in known), at))


def project_within(actor: Actor, program: ProgramFacts, slug: str) -> ProjectFacts:
    """Return the project with this address; Invalid when it belongs to another program."""
    project = project_named(actor, slug)
    if project.program_id != program.id:
        sentence = f"Project {project.slug} belongs to another program than {program.slug}."
        raise Invalid(sentence)
    return project


def portfolio_lines(actor: Actor, at: datetime | None = None) -> Sequence[PortfolioLine]:
    """Return every program with its projects; two queries whatever the number of either."""
    programs = programs_of(actor, at)
    projects = projects_by_program(actor, programs, at)
    return [PortfolioLine(program, projects[program.id]) for program in programs]


def criteria_of(
    actor: Actor, project: ProjectFacts, at: datetime | None = None
) -> Sequence[CriterionFacts]:
    """Return the success criteria of a project, in its order."""
    require(actor, Permission.VIEW, project)
    return _criteria([project], at).get(project.id, ())


def criteria_by_project(
    actor: Actor, projects: Iterable[ProjectFacts], at: datetime | None = None
) -> Mapping[UUID, Sequence[CriterionFacts]]:
    """Return the success criteria of many projects by project id; one query."""
    asked = list(projects)
    for project in asked:
        require(actor, Permission.VIEW, project)
    return _criteria(asked, at)


def criterion_named(
    actor: Actor, project: ProjectFacts, key: str, at: datetime | None = None
) -> CriterionFacts:
    """Return the criterion of a project with this key; NotFound with the nearest key."""
    known = criteria_of(actor, project, at)
    for criterion in known:
        if criterion.key == key:
            return criterion
    raise NotFound(_missing("success criterion", key, (one.key for one in known), at))


def objectives_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[ObjectiveFacts]:
    """Return the objectives of a program and its projects, by key."""
    require(actor, Permission.VIEW, program)
    rows = rows_at(Objective, at, workspace_id=actor.workspace_id, program_id=program.id)
    return [facts(ObjectiveFacts, row) for row in sorted(rows, key=lambda row: row.key)]


def _criteria(
    projects: Sequence[ProjectFacts], at: datetime | None
) -> dict[UUID, list[CriterionFacts]]:
    found: dict[UUID, list[CriterionFacts]] = {project.id: [] for project in projects}
    rows = rows_at(SuccessCriterion, at, project_id__in=list(found))
    for row in sorted(rows, key=lambda row: (row.order, row.key)):
        found[row.project_id].append(facts(CriterionFacts, row))
    return found


def _in_order(row: Project) -> tuple[int, str, str]:
    return (row.order, row.name, row.slug)


def _missing(kind: str, word: str, known: Iterable[str], at: datetime | None) -> str:
    """Say that there is no such thing, and which one was perhaps meant."""
    then = f" as of {at.date().isoformat()}" if at is not None else " here"
    hint = meant(word, known)
    return f"There is no {kind} '{word}'{then}{hint or '.'}"
