"""Writing down what a project is worth."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.actions.rows import add_row, change_row, put_back
from headway.domain.programs.models import BusinessCase
from headway.domain.programs.queries import criterion_named, project_named
from headway.domain.programs.queries.business_case import case_facts
from headway.domain.programs.rules.business_case import CASE_FIELDS, BusinessCaseFacts
from headway.domain.programs.rules.fields import clean


@transaction.atomic
def set_business_case(
    actor: Actor,
    project: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> BusinessCaseFacts:
    """Set fields of a project's business case (CASE_FIELDS): made when there is none, or changed.

    Raises NotFound for a target metric that is no criterion of the project, Conflict for a stale
    `version`.
    """
    require(actor, Permission.PROGRAM)
    parent = project_named(actor, project)
    fields = clean(values, CASE_FIELDS)
    if fields.get("criterion"):
        criterion_named(actor, parent, str(fields["criterion"]))
    row = BusinessCase.objects.select_for_update().filter(project_id=parent.id).first()
    if row is None:
        row = BusinessCase(workspace_id=actor.workspace_id, project_id=parent.id, **fields)
        add_row(actor, row, at, "set_business_case", project=parent.slug, **fields)
    else:
        change_row(actor, row, fields, at, "set_business_case", version)
    return case_facts(row)


@transaction.atomic
def restore_business_case(
    actor: Actor, project: str, version: int, at: datetime
) -> BusinessCaseFacts:
    """Put a business case back to its earlier `version`: the undo of a change of it."""
    require(actor, Permission.PROGRAM)
    parent = project_named(actor, project)
    return case_facts(put_back(actor, BusinessCase, version, at, project_id=parent.id))
