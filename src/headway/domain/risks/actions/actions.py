"""Writing down what is to be done, and that it is done or dropped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.actions.registers import locked_entry, set_entry
from headway.domain.programs.actions.rows import change_row, put_back
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.fields import choice, clean
from headway.domain.risks.models import Action
from headway.domain.risks.queries import action_facts
from headway.domain.risks.rules import ACTION_FIELDS, ActionFacts
from headway.domain.risks.rules.actions import require_source
from headway.errors import Conflict

_ENDS = choice("done", "dropped")


@transaction.atomic
def set_action(
    actor: Actor,
    program: str,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> ActionFacts:
    """Set the action `key` of a program from `values` (ACTION_FIELDS); "" makes a new one."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    fields = clean(values, ACTION_FIELDS)
    row = set_entry(actor, Action, (parent, key), fields, at, version)
    require_source(row.source_kind, row.source_key)
    return action_facts(row)


@transaction.atomic
def close_action(
    actor: Actor,
    place: tuple[str, str],
    state: str,
    at: datetime,
    *,
    note: str = "",
    version: int | None = None,
) -> ActionFacts:
    """Say that the action at `place` (program, key) is "done" or "dropped", and how it went.

    Raises Conflict when it is closed already, or moved on since `version`.
    """
    require(actor, Permission.PLAN)
    parent = program_named(actor, place[0])
    row = locked_entry(actor, Action, parent, place[1])
    if row.state != "open":
        sentence = f"“{row.name}” is {row.state} already; open it again to close it otherwise."
        raise Conflict(sentence)
    closed: dict[str, object] = {
        "state": _ENDS("state", state),
        "closed_at": at,
        "closed_by": actor.label,
    }
    if note:
        closed |= clean({"note": note}, ACTION_FIELDS)
    change_row(actor, row, closed, at, "close_action", version)
    return action_facts(row)


@transaction.atomic
def reopen_action(
    actor: Actor, program: str, key: str, at: datetime, *, version: int | None = None
) -> ActionFacts:
    """Say that it is still to be done."""
    require(actor, Permission.PLAN)
    row = locked_entry(actor, Action, program_named(actor, program), key)
    still = {"state": "open", "closed_at": None, "closed_by": ""}
    change_row(actor, row, still, at, "reopen_action", version)
    return action_facts(row)


@transaction.atomic
def restore_action(actor: Actor, program: str, key: str, version: int, at: datetime) -> ActionFacts:
    """Put an action back to its earlier `version`: the undo of a change or of closing it."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    return action_facts(put_back(actor, Action, version, at, program_id=parent.id, key=key))
