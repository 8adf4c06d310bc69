"""ML systems, and the releases on their way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.models import Release, StageMove, StageTemplate, System
from headway.domain.programs.queries.past import rows_at
from headway.domain.programs.queries.shaping import facts, template_facts
from headway.domain.programs.rules import (
    ReleaseFacts,
    StageMoveFacts,
    StageTemplateFacts,
    SystemFacts,
)
from headway.domain.programs.rules.fields import meant
from headway.errors import NotFound


def systems_of(actor: Actor, at: datetime | None = None) -> Sequence[SystemFacts]:
    """Return the ML systems of the actor's workspace, by name."""
    require(actor, Permission.VIEW)
    rows = rows_at(System, at, workspace_id=actor.workspace_id)
    return [facts(SystemFacts, row) for row in sorted(rows, key=lambda row: (row.name, row.slug))]


def system_named(actor: Actor, slug: str, at: datetime | None = None) -> SystemFacts:
    """Return the system with this address. Raises NotFound, with the nearest address there is."""
    known = systems_of(actor, at)
    for system in known:
        if system.slug == slug:
            return system
    hint = meant(slug, (system.slug for system in known))
    sentence = f"There is no ML system '{slug}' here{hint or '.'}"
    raise NotFound(sentence)


def stage_templates_of(actor: Actor) -> Sequence[StageTemplateFacts]:
    """Return the stage templates of the actor's workspace, by name."""
    require(actor, Permission.VIEW)
    rows = StageTemplate.objects.filter(workspace_id=actor.workspace_id).order_by("name")
    return [template_facts(row) for row in rows]


def releases_of(
    actor: Actor, at: datetime | None = None, *, project_id: UUID | None = None
) -> Sequence[ReleaseFacts]:
    """Return the releases of the workspace (or of one project) by system and name.

    Four queries whatever their number. The stages are those of the template today: a template
    has no history.
    """
    rows = rows_at(Release, at, workspace_id=actor.workspace_id)
    systems = {system.id: system for system in systems_of(actor, at)}
    stages = {one.id: one for one in stage_templates_of(actor)}
    moves = _moves(actor, at)
    found = [
        facts(
            ReleaseFacts,
            row,
            system_slug=systems[row.system_id].slug,
            system_name=systems[row.system_id].name,
            stages=stages[row.template_id].stages,
            moves=len(moves.get(row.id, ())),
            moves_back=sum(moves.get(row.id, ())),
        )
        for row in rows
        if row.system_id in systems and project_id in (None, row.project_id)
    ]
    return sorted(found, key=lambda release: (release.system_name, release.name))


def release_of(actor: Actor, release_id: UUID, at: datetime | None = None) -> ReleaseFacts:
    """Return one release; NotFound when there is none of this id in the workspace."""
    for release in releases_of(actor, at):
        if release.id == release_id:
            return release
    sentence = "There is no such release in this workspace."
    raise NotFound(sentence)


def moves_of(
    actor: Actor, release: ReleaseFacts, at: datetime | None = None
) -> Sequence[StageMoveFacts]:
    """Return how a release moved, oldest first."""
    require(actor, Permission.VIEW, release)
    rows = StageMove.objects.filter(workspace_id=actor.workspace_id, release_id=release.id)
    if at is not None:
        rows = rows.filter(at__lte=at)
    return [facts(StageMoveFacts, row) for row in rows.order_by("at")]


def _moves(actor: Actor, at: datetime | None) -> dict[UUID, list[bool]]:
    """Return for each release whether each of its moves went back."""
    rows = StageMove.objects.filter(workspace_id=actor.workspace_id)
    if at is not None:
        rows = rows.filter(at__lte=at)
    found: dict[UUID, list[bool]] = {}
    for release_id, is_back in rows.values_list("release_id", "is_back"):
        found.setdefault(release_id, []).append(is_back)
    return found
