"""Making and changing ML systems, stage templates and releases; moving a release."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.actions.rows import add_row, change_row
from headway.domain.programs.models import Release, StageMove, StageTemplate, System
from headway.domain.programs.queries import facts, project_named, release_of, system_named
from headway.domain.programs.queries.shaping import template_facts
from headway.domain.programs.rules import ReleaseFacts, StageTemplateFacts, SystemFacts
from headway.domain.programs.rules.fields import clean, text
from headway.domain.programs.rules.inputs import SYSTEM_FIELDS, slug_from
from headway.domain.programs.rules.stages import (
    DEFAULT_STAGES,
    DEFAULT_TEMPLATE,
    goes_back,
    read_stages,
    written,
)
from headway.errors import Conflict, NotFound

_name = text(100, required=True)
_reason = text(2_000)


@transaction.atomic
def create_system(
    actor: Actor, values: Mapping[str, object], at: datetime, *, is_sample: bool = False
) -> SystemFacts:
    """Make an ML system from `values` (SYSTEM_FIELDS, and `slug`; name is needed)."""
    require(actor, Permission.PROGRAM)
    given = {"name": "", **values}
    wanted = given.pop("slug", "")
    fields = clean(given, SYSTEM_FIELDS)
    slug = slug_from(str(fields["name"]), wanted)
    row = System(workspace_id=actor.workspace_id, slug=slug, is_sample=is_sample, **fields)
    return facts(SystemFacts, add_row(actor, row, at, "create_system", **fields))


@transaction.atomic
def edit_system(
    actor: Actor,
    slug: str,
    changes: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> SystemFacts:
    """Change fields of an ML system (SYSTEM_FIELDS). Its address stays."""
    require(actor, Permission.PROGRAM)
    fields = clean(changes, SYSTEM_FIELDS)
    row = System.objects.select_for_update().get(id=system_named(actor, slug).id)
    change_row(actor, row, fields, at, "edit_system", version)
    return facts(SystemFacts, row)


@transaction.atomic
def create_stage_template(
    actor: Actor, name: str, stages: object, at: datetime
) -> StageTemplateFacts:
    """Make a stage template; `stages` is [{"id": …, "name": …}, …] in order."""
    require(actor, Permission.PROGRAM)
    found = read_stages(stages)
    row = StageTemplate(
        workspace_id=actor.workspace_id, name=str(_name("name", name)), stages=written(found)
    )
    add_row(actor, row, at, "create_stage_template", stages=[stage.id for stage in found])
    return template_facts(row)


@transaction.atomic
def edit_stage_template(
    actor: Actor, template_id: UUID, stages: object, at: datetime, *, version: int | None = None
) -> StageTemplateFacts:
    """Change the stages of a template. A stage that a release stands in cannot go."""
    require(actor, Permission.PROGRAM)
    found = read_stages(stages)
    row = _template(actor, template_id)
    ids = {stage.id for stage in found}
    for release in Release.objects.filter(template_id=row.id).order_by("name"):
        if release.stage not in ids:
            sentence = (
                f"Release {release.name} stands in stage '{release.stage}', which the new stages "
                "lack; move the release first, or keep the stage."
            )
            raise Conflict(sentence)
    change_row(actor, row, {"stages": written(found)}, at, "edit_stage_template", version)
    return template_facts(row)


@transaction.atomic
def create_release(
    actor: Actor,
    system: str,
    name: str,
    at: datetime,
    *,
    project: str = "",
    template_id: UUID | None = None,
) -> ReleaseFacts:
    """Start a release of a system at the first stage of its template.

    Without `template_id` it takes the workspace's first template, made on this first need.
    """
    require(actor, Permission.PLAN)
    parent = system_named(actor, system)
    template = _template(actor, template_id) if template_id else _default_template(actor, at)
    row = Release(
        workspace_id=actor.workspace_id,
        system_id=parent.id,
        project_id=project_named(actor, project).id if project else None,
        template_id=template.id,
        name=str(_name("name", name)),
        stage=read_stages(template.stages)[0].id,
    )
    add_row(actor, row, at, "create_release", system=parent.slug, project=project)
    return release_of(actor, row.id)


@transaction.atomic
def move_release(
    actor: Actor,
    release_id: UUID,
    to_stage: str,
    at: datetime,
    *,
    reason: str = "",
    version: int | None = None,
) -> ReleaseFacts:
    """Move a release to another stage; moving back is normal, and counted.

    Raises Invalid for a stage that its template lacks. Moving to where it stands changes nothing.
    """
    require(actor, Permission.PLAN)
    row = (
        Release.objects.select_for_update(of=("self",))
        .select_related("template", "system")
        .filter(workspace_id=actor.workspace_id, id=release_id)
        .first()
    )
    if row is None:
        sentence = "There is no such release in this workspace."
        raise NotFound(sentence)
    from_stage = row.stage
    is_back = goes_back(read_stages(row.template.stages), from_stage, to_stage)
    if change_row(actor, row, {"stage": to_stage}, at, "move_release", version):
        StageMove.objects.create(
            workspace_id=actor.workspace_id,
            release_id=row.id,
            from_stage=from_stage,
            to_stage=to_stage,
            is_back=is_back,
            reason=str(_reason("reason", reason)),
            at=at,
            actor=actor.label[:200],
        )
    return release_of(actor, row.id)


def _template(actor: Actor, template_id: UUID) -> StageTemplate:
    row = (
        StageTemplate.objects.select_for_update()
        .filter(workspace_id=actor.workspace_id, id=template_id)
        .first()
    )
    if row is None:
        sentence = "There is no such stage template in this workspace."
        raise NotFound(sentence)
    return row


def _default_template(actor: Actor, at: datetime) -> StageTemplate:
    """Return the standard template, made now if the workspace has none of this name."""
    rows = StageTemplate.objects.filter(workspace_id=actor.workspace_id, name=DEFAULT_TEMPLATE)
    row = rows.first()
    if row is not None:
        return row
    made = StageTemplate(
        workspace_id=actor.workspace_id, name=DEFAULT_TEMPLATE, stages=written(DEFAULT_STAGES)
    )
    return add_row(actor, made, at, "create_stage_template", stages=written(DEFAULT_STAGES))
