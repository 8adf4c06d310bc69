"""Writing an entry of a register: the lists that a program keeps by key (actions, blockers, …)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model

from headway.domain.accounts.rules import Actor
from headway.domain.programs.actions.rows import add_row, change_row
from headway.domain.programs.queries import entry_named, register_rows
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import fresh_key
from headway.domain.programs.rules.fields import key as read_key
from headway.errors import Invalid

Row = TypeVar("Row", bound=Model)


def set_entry(
    actor: Actor,
    model: type[Row],
    place: tuple[ProgramFacts, str],
    fields: Mapping[str, Any],
    at: datetime,
    version: int | None = None,
) -> Row:
    """Set the entry at `place` (program, key): made from clean `fields`, or changed by them.

    An empty key makes a new entry, known by its words. Raises Invalid for a new one without words.
    """
    program, key = place
    sort = str(model._meta.verbose_name)
    rows = model._default_manager.select_for_update().filter(program_id=program.id)
    if not key:
        key = fresh_key(str(fields.get("name", "")), rows.values_list("key", flat=True))
    row = rows.filter(key=read_key("key", key)).first()
    action = f"set_{sort}"
    if row is not None:
        change_row(actor, row, fields, at, action, version)
        return row
    if not fields.get("name"):
        sentence = f"The {sort} '{key}' is new and needs words: what it is, in one sentence."
        raise Invalid(sentence)
    row = model(workspace_id=actor.workspace_id, program_id=program.id, key=key, **fields)
    return add_row(actor, row, at, action, program=program.slug, **fields)


def locked_entry(actor: Actor, model: type[Row], program: ProgramFacts, key: str) -> Row:
    """Return the entry `key` of a register, locked; NotFound with the nearest key."""
    known: Any = register_rows(actor, model, [program], None)[program.id]
    held = entry_named(known, key, str(model._meta.verbose_name), program)
    return model._default_manager.select_for_update().get(pk=held.pk)
