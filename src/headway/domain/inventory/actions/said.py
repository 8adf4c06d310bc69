"""Writing down what a person says of a model, a dataset or a pipeline; taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.inventory.models import DatasetEntry, ModelEntry, PipelineEntry
from headway.domain.inventory.queries import require_heard
from headway.domain.inventory.rules.said import (
    DATASET_FIELDS,
    MODEL_FIELDS,
    PIPELINE_FIELDS,
    DatasetSaid,
    ModelSaid,
    PipelineSaid,
)
from headway.domain.programs.actions.rows import add_row, change_row, put_back
from headway.domain.programs.queries import facts, system_named
from headway.domain.programs.rules.fields import clean, text
from headway.errors import NotFound

Row = TypeVar("Row", ModelEntry, DatasetEntry, PipelineEntry)

_NAME = text(300, required=True)


@transaction.atomic
def describe_model(
    actor: Actor,
    name: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> ModelSaid:
    """Say something of a model: MODEL_FIELDS, and `system` by its slug ("": by its project).

    Raises NotFound for a model that no evidence names.
    """
    require(actor, Permission.EVIDENCE)
    require_heard(actor, "model", name)
    given = dict(values)
    fields: dict[str, object] = {}
    if "system" in given:
        slug = str(given.pop("system") or "")
        fields["system_id"] = system_named(actor, slug).id if slug else None
    fields |= clean(given, MODEL_FIELDS)
    return facts(ModelSaid, _say(actor, ModelEntry, name, fields, at, version))


@transaction.atomic
def describe_dataset(
    actor: Actor,
    name: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> DatasetSaid:
    """Say something of a dataset (DATASET_FIELDS): it stands beside what its records tell.

    Raises NotFound for a dataset that no evidence names.
    """
    require(actor, Permission.EVIDENCE)
    require_heard(actor, "dataset", name)
    fields = clean(values, DATASET_FIELDS)
    return facts(DatasetSaid, _say(actor, DatasetEntry, name, fields, at, version))


@transaction.atomic
def describe_pipeline(
    actor: Actor,
    name: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> PipelineSaid:
    """Say what is expected of a pipeline (PIPELINE_FIELDS, in hours; empty asks nothing).

    It may be said before the first run: then that it never ran is noticed.
    """
    require(actor, Permission.EVIDENCE)
    fields = clean(values, PIPELINE_FIELDS)
    return facts(PipelineSaid, _say(actor, PipelineEntry, name, fields, at, version))


@transaction.atomic
def restore_model_entry(actor: Actor, name: str, version: int, at: datetime) -> ModelSaid:
    """Say again what was said of a model at an earlier `version`: the undo."""
    require(actor, Permission.EVIDENCE)
    return facts(ModelSaid, _put_back(actor, ModelEntry, name, version, at))


@transaction.atomic
def restore_dataset_entry(actor: Actor, name: str, version: int, at: datetime) -> DatasetSaid:
    """Say again what was said of a dataset at an earlier `version`: the undo."""
    require(actor, Permission.EVIDENCE)
    return facts(DatasetSaid, _put_back(actor, DatasetEntry, name, version, at))


@transaction.atomic
def restore_pipeline_entry(actor: Actor, name: str, version: int, at: datetime) -> PipelineSaid:
    """Say again what was said of a pipeline at an earlier `version`: the undo."""
    require(actor, Permission.EVIDENCE)
    return facts(PipelineSaid, _put_back(actor, PipelineEntry, name, version, at))


def _say(
    actor: Actor,
    model: type[Row],
    name: str,
    fields: Mapping[str, object],
    at: datetime,
    version: int | None,
) -> Row:
    """Set the row of `name`, made where nobody spoke of it yet (`version` 0 is that)."""
    by: dict[str, object] = {"said_by": actor.label[:200], "said_at": at}
    action = f"describe_{str(model._meta.verbose_name).removesuffix(' entry')}"
    rows = model._default_manager.select_for_update()
    row = rows.filter(workspace_id=actor.workspace_id, name=name).first()
    if row is None:
        made = model(workspace_id=actor.workspace_id, name=str(_NAME("name", name)), **fields, **by)
        return add_row(actor, made, at, action, **fields)
    if any(getattr(row, field) != value for field, value in fields.items()):
        change_row(actor, row, {**fields, **by}, at, action, version)
    else:
        change_row(actor, row, {}, at, action, version)
    return row


def _put_back(actor: Actor, model: type[Row], name: str, version: int, at: datetime) -> Row:
    """Put the row of `name` back to an earlier version. Raises NotFound."""
    row = model._default_manager.filter(workspace_id=actor.workspace_id, name=name).first()
    if row is None:
        sentence = f"Nobody said anything of '{name}' yet."
        raise NotFound(sentence)
    return put_back(actor, model, version, at, id=row.id)
