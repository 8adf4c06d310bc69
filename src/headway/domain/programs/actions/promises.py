"""Saying what a program is for, and what was promised of its models."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.actions.rows import add_row, change_row, drop_row, put_back
from headway.domain.programs.models import Objective, SuccessCriterion
from headway.domain.programs.queries import (
    criterion_named,
    facts,
    program_named,
    project_named,
    project_within,
)
from headway.domain.programs.rules import CriterionFacts, ObjectiveFacts
from headway.domain.programs.rules.criteria import read_criterion
from headway.domain.programs.rules.fields import key as read_key
from headway.domain.programs.rules.fields import meant, text
from headway.errors import NotFound

_name = text(300, required=True)


@transaction.atomic
def set_objective(  # noqa: PLR0913  who, which, what, when, and two ways to narrow it
    actor: Actor,
    program: str,
    key: str,
    name: str,
    at: datetime,
    *,
    project: str = "",
    version: int | None = None,
) -> ObjectiveFacts:
    """Set the objective `key` of a program, or of one of its projects: made or changed.

    Raises Conflict for a stale `version`, naming both values.
    """
    require(actor, Permission.PROGRAM)
    parent = program_named(actor, program)
    key = str(read_key("key", key))
    fields: dict[str, object] = {"name": _name("name", name), "project_id": None}
    if project:
        fields["project_id"] = project_within(actor, parent, project).id
    row = Objective.objects.select_for_update().filter(program_id=parent.id, key=key).first()
    if row is None:
        row = Objective(workspace_id=actor.workspace_id, program_id=parent.id, key=key, **fields)
        add_row(actor, row, at, "set_objective", **fields)
    else:
        change_row(actor, row, fields, at, "set_objective", version)
    return facts(ObjectiveFacts, row)


@transaction.atomic
def set_criterion(
    actor: Actor,
    project: str,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> CriterionFacts:
    """Set the success criterion `key` of a project: made from `values`, or changed by them.

    Fields are CRITERION_FIELDS and `objective` (its key). A new one needs subject, metric and
    target. Raises Invalid for a field that does not fit, Conflict for a stale `version`.
    """
    require(actor, Permission.PROGRAM)
    parent = project_named(actor, project)
    key = str(read_key("key", key))
    row = SuccessCriterion.objects.select_for_update().filter(project_id=parent.id, key=key).first()
    given = dict(values)
    objective: dict[str, object] = {}
    if "objective" in given:
        objective["objective_id"] = _objective(parent.program_id, str(given.pop("objective") or ""))
    fields = {**read_criterion(given, is_new=row is None), **objective}
    if row is None:
        fields = {"name": fields["metric"], **fields}
        row = SuccessCriterion(
            workspace_id=actor.workspace_id, project_id=parent.id, key=key, **fields
        )
        add_row(actor, row, at, "set_criterion", project=parent.slug, **fields)
    else:
        change_row(actor, row, fields, at, "set_criterion", version)
    return facts(CriterionFacts, row)


@transaction.atomic
def remove_criterion(
    actor: Actor, project: str, key: str, at: datetime, *, version: int | None = None
) -> None:
    """Take a success criterion away; what was promised, and when it went, stays in its history."""
    require(actor, Permission.PROGRAM)
    parent = project_named(actor, project)
    criterion = criterion_named(actor, parent, key)
    row = SuccessCriterion.objects.select_for_update().get(id=criterion.id)
    detail = {"project": parent.slug, "target": row.target}
    drop_row(actor, row, at, "remove_criterion", version, **detail)


@transaction.atomic
def restore_criterion(
    actor: Actor, project: str, key: str, version: int, at: datetime
) -> CriterionFacts:
    """Put a criterion back to its earlier `version`: the undo of a change or a removal."""
    require(actor, Permission.PROGRAM)
    parent = project_named(actor, project)
    row = put_back(actor, SuccessCriterion, version, at, project_id=parent.id, key=key)
    return facts(CriterionFacts, row)


def _objective(program_id: UUID, key: str) -> UUID | None:
    if not key:
        return None
    known = dict(Objective.objects.filter(program_id=program_id).values_list("key", "id"))
    if key not in known:
        sentence = f"There is no objective '{key}' in this program{meant(key, known) or '.'}"
        raise NotFound(sentence)
    return known[key]
