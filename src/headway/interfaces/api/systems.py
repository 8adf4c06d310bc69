"""ML systems, their releases, and the stages these go through."""

from __future__ import annotations

from uuid import UUID

from ninja import Query, Router

from headway.domain.accounts.rules import Permission
from headway.domain.gates.actions import enter_stage
from headway.domain.programs.actions import (
    create_release,
    create_stage_template,
    create_system,
    edit_stage_template,
    edit_system,
)
from headway.domain.programs.queries import (
    moves_of,
    release_of,
    releases_of,
    stage_templates_of,
    system_named,
    systems_of,
)
from headway.domain.programs.rules import (
    ReleaseFacts,
    StageMoveFacts,
    StageTemplateFacts,
    SystemFacts,
)
from headway.errors import NotFound
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import Asked, AskedAt, At, Page, page_of

router = Router(tags=["Systems"])


class SystemBody(Given):
    """What of an ML system can be changed."""

    name: str | None = None
    owner: str | None = None
    tier: str | None = None
    state: str | None = None


class NewSystem(SystemBody):
    """A new ML system; its address is made from its name unless `slug` says otherwise."""

    name: str
    slug: str | None = None


class NewRelease(Given):
    """A candidate version of a system; it starts in the first stage of its template."""

    name: str
    project: str = ""
    template_id: UUID | None = None


class MoveBody(Given):
    """The stage to move to, by its id; a move back should say why."""

    to_stage: str
    reason: str = ""


class StageBody(Given):
    """One stage."""

    id: str
    name: str


class StagesBody(Given):
    """The stages, in order."""

    stages: list[StageBody]


class NewTemplate(StagesBody):
    """A new template of stages."""

    name: str


@operation(router, "GET", "/systems", Permission.VIEW, Page[SystemFacts])
def list_systems(request: ApiRequest, asked: Query[AskedAt]) -> Page[SystemFacts]:
    """List ML systems, by slug."""
    rows = systems_of(request.auth, asked.moment(request))
    return page_of(rows, lambda row: row.slug, asked)


@operation(router, "POST", "/systems", Permission.PROGRAM, SystemFacts, 201)
def make_system(request: ApiRequest, body: NewSystem) -> SystemFacts:
    """Make an ML system."""
    return create_system(request.auth, body.given(), request.now)


@operation(router, "GET", "/systems/{slug}", Permission.VIEW, SystemFacts)
def read_system(request: ApiRequest, slug: str, asked: Query[At]) -> SystemFacts:
    """Read an ML system."""
    return system_named(request.auth, slug, asked.moment(request))


@operation(router, "PATCH", "/systems/{slug}", Permission.PROGRAM, SystemFacts)
def change_system(request: ApiRequest, slug: str, body: SystemBody) -> SystemFacts:
    """Change an ML system."""
    actor, at = request.auth, request.now

    def write(version: int) -> SystemFacts:
        return edit_system(actor, slug, body.given(), at, version=version)

    return edit(request, lambda: system_named(actor, slug), write)


@operation(router, "GET", "/releases", Permission.VIEW, Page[ReleaseFacts])
def list_releases(request: ApiRequest, asked: Query[AskedAt]) -> Page[ReleaseFacts]:
    """List the releases of all systems, by system and name."""
    rows = releases_of(request.auth, asked.moment(request))
    return page_of(rows, lambda row: f"{row.system_slug}\n{row.name}", asked)


@operation(router, "POST", "/systems/{slug}/releases", Permission.PLAN, ReleaseFacts, 201)
def make_release(request: ApiRequest, slug: str, body: NewRelease) -> ReleaseFacts:
    """Make a release of a system."""
    return create_release(
        request.auth,
        slug,
        body.name,
        request.now,
        project=body.project,
        template_id=body.template_id,
    )


@operation(router, "GET", "/releases/{uuid:release_id}", Permission.VIEW, ReleaseFacts)
def read_release(request: ApiRequest, release_id: UUID, asked: Query[At]) -> ReleaseFacts:
    """Read a release."""
    return release_of(request.auth, release_id, asked.moment(request))


@operation(router, "PUT", "/releases/{uuid:release_id}/stage", Permission.PLAN, ReleaseFacts)
def put_stage(request: ApiRequest, release_id: UUID, body: MoveBody) -> ReleaseFacts:
    """Move a release to another stage: forwards through the gates before it, or back."""
    actor, at = request.auth, request.now

    def write(version: int) -> ReleaseFacts:
        return enter_stage(
            actor, release_id, body.to_stage, at, reason=body.reason, version=version
        )

    return edit(request, lambda: release_of(actor, release_id), write)


@operation(
    router, "GET", "/releases/{uuid:release_id}/moves", Permission.VIEW, Page[StageMoveFacts]
)
def list_moves(
    request: ApiRequest, release_id: UUID, asked: Query[AskedAt]
) -> Page[StageMoveFacts]:
    """List the moves of a release, the oldest first."""
    moment = asked.moment(request)
    release = release_of(request.auth, release_id, moment)
    rows = moves_of(request.auth, release, moment)
    return page_of(rows, lambda row: row.at.isoformat(), asked)


@operation(router, "GET", "/stage-templates", Permission.VIEW, Page[StageTemplateFacts])
def list_templates(request: ApiRequest, asked: Query[Asked]) -> Page[StageTemplateFacts]:
    """List the templates of stages, by name."""
    return page_of(stage_templates_of(request.auth), lambda row: row.name, asked)


@operation(router, "POST", "/stage-templates", Permission.PROGRAM, StageTemplateFacts, 201)
def make_template(request: ApiRequest, body: NewTemplate) -> StageTemplateFacts:
    """Make a template of stages."""
    stages = body.given()["stages"]
    return create_stage_template(request.auth, body.name, stages, request.now)


@operation(
    router, "GET", "/stage-templates/{uuid:template_id}", Permission.VIEW, StageTemplateFacts
)
def read_template(request: ApiRequest, template_id: UUID) -> StageTemplateFacts:
    """Read a template of stages."""
    for row in stage_templates_of(request.auth):
        if row.id == template_id:
            return row
    sentence = f"There is no template of stages {template_id} here."
    raise NotFound(sentence)


@operation(
    router, "PUT", "/stage-templates/{uuid:template_id}", Permission.PROGRAM, StageTemplateFacts
)
def put_template(request: ApiRequest, template_id: UUID, body: StagesBody) -> StageTemplateFacts:
    """Set the stages of a template."""
    actor, at, stages = request.auth, request.now, body.given()["stages"]

    def write(version: int) -> StageTemplateFacts:
        return edit_stage_template(actor, template_id, stages, at, version=version)

    return edit(request, lambda: read_template(request, template_id), write)
