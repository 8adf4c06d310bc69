"""Projects, and the success criteria that were promised for them."""

from __future__ import annotations

from datetime import date

from ninja import Query, Router

from headway.domain.accounts.rules import Permission
from headway.domain.programs.actions import (
    create_project,
    edit_project,
    remove_criterion,
    set_criterion,
)
from headway.domain.programs.queries import (
    criteria_of,
    criterion_named,
    program_named,
    project_named,
    projects_of,
)
from headway.domain.programs.rules import CriterionFacts, ProjectFacts
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit, edit_or_create
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Projects"])


class ProjectBody(Given):
    """What of a project can be changed; `system` is an ML system's slug."""

    name: str | None = None
    purpose: str | None = None
    owner: str | None = None
    charter: dict[str, str] | None = None
    order: int | None = None
    system: str | None = None


class NewProject(ProjectBody):
    """A new project; its address is made from its name unless `slug` says otherwise."""

    name: str
    slug: str | None = None


class CriterionBody(Given):
    """What was promised; a new one needs `subject`, `metric` and `target`."""

    name: str | None = None
    kind: str | None = None
    is_guardrail: bool | None = None
    subject: str | None = None
    metric: str | None = None
    direction: str | None = None
    start_value: float | None = None
    target: float | None = None
    unit: str | None = None
    segment: str | None = None
    dataset: str | None = None
    split: str | None = None
    basis: str | None = None
    minimum_n: int | None = None
    freshness_days: int | None = None
    due: date | None = None
    order: int | None = None
    objective: str | None = None


@operation(router, "GET", "/programs/{slug}/projects", Permission.VIEW, Page[ProjectFacts])
def list_projects(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[ProjectFacts]:
    """List the projects of a program, by slug."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    rows = projects_of(request.auth, program, moment)
    return page_of(rows, lambda row: row.slug, asked)


@operation(router, "POST", "/programs/{slug}/projects", Permission.PROGRAM, ProjectFacts, 201)
def make_project(request: ApiRequest, slug: str, body: NewProject) -> ProjectFacts:
    """Make a project in a program."""
    return create_project(request.auth, slug, body.given(), request.now)


@operation(router, "GET", "/projects/{slug}", Permission.VIEW, ProjectFacts)
def read_project(request: ApiRequest, slug: str, asked: Query[At]) -> ProjectFacts:
    """Read a project."""
    return project_named(request.auth, slug, asked.moment(request))


@operation(router, "PATCH", "/projects/{slug}", Permission.PROGRAM, ProjectFacts)
def change_project(request: ApiRequest, slug: str, body: ProjectBody) -> ProjectFacts:
    """Change a project."""
    actor, at = request.auth, request.now

    def write(version: int) -> ProjectFacts:
        return edit_project(actor, slug, body.given(), at, version=version)

    return edit(request, lambda: project_named(actor, slug), write)


@operation(router, "GET", "/projects/{slug}/criteria", Permission.VIEW, Page[CriterionFacts])
def list_criteria(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[CriterionFacts]:
    """List the success criteria of a project, by key."""
    moment = asked.moment(request)
    project = project_named(request.auth, slug, moment)
    rows = criteria_of(request.auth, project, moment)
    return page_of(rows, lambda row: row.key, asked)


@operation(router, "GET", "/projects/{slug}/criteria/{key}", Permission.VIEW, CriterionFacts)
def read_criterion(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> CriterionFacts:
    """Read a success criterion."""
    moment = asked.moment(request)
    project = project_named(request.auth, slug, moment)
    return criterion_named(request.auth, project, key, moment)


@operation(router, "PUT", "/projects/{slug}/criteria/{key}", Permission.PROGRAM, CriterionFacts)
def put_criterion(request: ApiRequest, slug: str, key: str, body: CriterionBody) -> CriterionFacts:
    """Set a success criterion: made when there is none of this key, else changed."""
    actor, at = request.auth, request.now
    project = project_named(actor, slug)

    def write(version: int | None) -> CriterionFacts:
        return set_criterion(actor, slug, key, body.given(), at, version=version)

    return edit_or_create(request, lambda: criterion_named(actor, project, key), write)


@operation(router, "DELETE", "/projects/{slug}/criteria/{key}", Permission.PROGRAM, None, 204)
def delete_criterion(request: ApiRequest, slug: str, key: str) -> None:
    """Take a success criterion away; that it was there stays in the history."""
    actor, at = request.auth, request.now
    project = project_named(actor, slug)

    def write(version: int) -> None:
        remove_criterion(actor, slug, key, at, version=version)

    edit(request, lambda: criterion_named(actor, project, key), write)
