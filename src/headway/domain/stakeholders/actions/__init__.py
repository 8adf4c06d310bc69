"""Every write of stakeholders: making a promise, confirming it, saying what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.actions.registers import locked_entry, set_entry
from headway.domain.programs.actions.rows import change_row, put_back
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.fields import choice, clean, text
from headway.domain.stakeholders.models import Promise
from headway.domain.stakeholders.queries import promise_facts
from headway.domain.stakeholders.rules import (
    PROMISE_FIELDS,
    UNCONFIRMED,
    PromiseFacts,
    require_parties,
)
from headway.errors import Conflict, Invalid

__all__ = [
    "confirm_promise",
    "reopen_promise",
    "restore_promise",
    "set_promise",
    "settle_promise",
]

_ENDS = choice("kept", "broken", "withdrawn")
_WHO = text(200)


@transaction.atomic
def set_promise(
    actor: Actor,
    program: str,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> PromiseFacts:
    """Set the promise `key` of a program from `values` (PROMISE_FIELDS); "" makes a new one.

    Another promised day takes the confirmation away. What *we* give is promised in the program's
    name: that needs `program`. Which items it feeds is said in plans (`set_fed_items`).
    """
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    fields = clean(values, PROMISE_FIELDS)
    held = Promise.objects.filter(program_id=parent.id, key=key).first() if key else None
    if held is not None and "promised" in fields and fields["promised"] != held.promised:
        fields |= UNCONFIRMED
    row = set_entry(actor, Promise, (parent, key), fields, at, version)
    _require_voice(actor, row, held)
    require_parties(row.direction, row.giver, row.taker)
    return promise_facts(row)


def _require_voice(actor: Actor, *rows: Promise | None) -> None:
    """Raise Refused unless the actor may speak for the program, where it is it that promises."""
    if any(row is not None and row.direction == "give" for row in rows):
        require(actor, Permission.PROGRAM)


@transaction.atomic
def confirm_promise(
    actor: Actor,
    place: tuple[str, str],
    at: datetime,
    *,
    by: str = "",
    promised: date | None = None,
    version: int | None = None,
) -> PromiseFacts:
    """Note that the day of the promise at `place` (program, key) was confirmed, and by whom.

    `promised` is the day they named, where it is another. Raises Invalid without any day, Conflict
    when it is settled, or moved on since `version`.
    """
    require(actor, Permission.PLAN)
    row = locked_entry(actor, Promise, program_named(actor, place[0]), place[1])
    _require_voice(actor, row)
    if row.state != "open":
        sentence = f"“{row.name}” is {row.state}; only an open promise can be confirmed."
        raise Conflict(sentence)
    named = promised or row.promised
    if named is None:
        sentence = f"“{row.name}” is promised for no day yet; say which day is confirmed."
        raise Invalid(sentence)
    confirmed = {
        "promised": named,
        "is_confirmed": True,
        "confirmed_by": _WHO("name of who confirmed", by) or row.giver,
        "confirmed_at": at,
    }
    change_row(actor, row, confirmed, at, "confirm_promise", version)
    return promise_facts(row)


@transaction.atomic
def settle_promise(
    actor: Actor,
    place: tuple[str, str],
    state: str,
    at: datetime,
    *,
    note: str = "",
    version: int | None = None,
) -> PromiseFacts:
    """Say what became of the promise at `place` (program, key): "kept", "broken", "withdrawn".

    Raises Conflict when it is settled already, or moved on since `version`.
    """
    require(actor, Permission.PLAN)
    row = locked_entry(actor, Promise, program_named(actor, place[0]), place[1])
    _require_voice(actor, row)
    if row.state != "open":
        sentence = f"“{row.name}” is {row.state} already; open it again to settle it otherwise."
        raise Conflict(sentence)
    settled: dict[str, object] = {
        "state": _ENDS("state", state),
        "settled_at": at,
        "settled_by": actor.label,
    }
    if note:
        settled |= clean({"note": note}, PROMISE_FIELDS)
    change_row(actor, row, settled, at, "settle_promise", version)
    return promise_facts(row)


@transaction.atomic
def reopen_promise(
    actor: Actor, program: str, key: str, at: datetime, *, version: int | None = None
) -> PromiseFacts:
    """Say that it is still to be kept."""
    require(actor, Permission.PLAN)
    row = locked_entry(actor, Promise, program_named(actor, program), key)
    _require_voice(actor, row)
    still = {"state": "open", "settled_at": None, "settled_by": ""}
    change_row(actor, row, still, at, "reopen_promise", version)
    return promise_facts(row)


@transaction.atomic
def restore_promise(
    actor: Actor, program: str, key: str, version: int, at: datetime
) -> PromiseFacts:
    """Put a promise back to its earlier `version`: the undo of a change or of settling it."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    held = Promise.objects.filter(program_id=parent.id, key=key).first()
    row = put_back(actor, Promise, version, at, program_id=parent.id, key=key)
    _require_voice(actor, row, held)
    return promise_facts(row)
