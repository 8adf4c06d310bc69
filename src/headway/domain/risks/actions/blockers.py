"""Writing down what stands in the way, and that it no longer does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.actions.registers import locked_entry, set_entry
from headway.domain.programs.actions.rows import change_row, put_back
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.fields import clean, text
from headway.domain.risks.models import Blocker
from headway.domain.risks.queries import blocker_facts
from headway.domain.risks.rules import BLOCKER_FIELDS, BlockerFacts
from headway.errors import Conflict, Invalid

_HOW = text(2_000)


@transaction.atomic
def set_blocker(
    actor: Actor,
    program: str,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> BlockerFacts:
    """Set the blocker `key` of a program from `values` (BLOCKER_FIELDS); "" makes a new one.

    One without a day began today. Which items it holds up is said in plans (`set_blocked_items`).
    """
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    fields = clean(values, BLOCKER_FIELDS)
    _require_past(fields.get("since"), at.date())
    is_new = not key or not Blocker.objects.filter(program_id=parent.id, key=key).exists()
    given = {"since": at.date(), **fields} if is_new else fields
    return blocker_facts(
        set_entry(actor, Blocker, (parent, key), given, at, version), parent, at.date()
    )


def _require_past(since: object, today: date) -> None:
    if isinstance(since, date) and since > today:
        sentence = (
            f"It blocks since {since}, which is after today, {today}; what is still to come is a "
            "risk, not a blocker."
        )
        raise Invalid(sentence)


@transaction.atomic
def resolve_blocker(
    actor: Actor,
    program: str,
    key: str,
    at: datetime,
    *,
    how: str = "",
    version: int | None = None,
) -> BlockerFacts:
    """Say that a blocker no longer stands in the way, and how that came about.

    Raises Conflict when it is resolved already, or moved on since `version`.
    """
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    row = locked_entry(actor, Blocker, parent, key)
    if row.state != "open":
        sentence = f"“{row.name}” is resolved already; open it again first."
        raise Conflict(sentence)
    resolved = {
        "state": "resolved",
        "resolution": _HOW("words on how", how),
        "resolved_at": at,
        "resolved_by": actor.label,
    }
    change_row(actor, row, resolved, at, "resolve_blocker", version)
    return blocker_facts(row, parent, at.date())


@transaction.atomic
def reopen_blocker(
    actor: Actor, program: str, key: str, at: datetime, *, version: int | None = None
) -> BlockerFacts:
    """Say that it blocks still: it counts from the day on which it first did."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    row = locked_entry(actor, Blocker, parent, key)
    still = {"state": "open", "resolution": "", "resolved_at": None, "resolved_by": ""}
    change_row(actor, row, still, at, "reopen_blocker", version)
    return blocker_facts(row, parent, at.date())


@transaction.atomic
def restore_blocker(
    actor: Actor, program: str, key: str, version: int, at: datetime
) -> BlockerFacts:
    """Put a blocker back to its earlier `version`: the undo of a change or of resolving it."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    row = put_back(actor, Blocker, version, at, program_id=parent.id, key=key)
    return blocker_facts(row, parent, at.date())
