"""Writing down what is taken to be true, and what it turned out to be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.actions.registers import locked_entry, set_entry
from headway.domain.programs.actions.rows import change_row, put_back
from headway.domain.programs.models import SuccessCriterion
from headway.domain.programs.queries import criterion_named, program_named, project_within
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import choice, clean
from headway.domain.risks.models import Assumption
from headway.domain.risks.queries import assumption_facts
from headway.domain.risks.rules import ASSUMPTION_FIELDS, AssumptionFacts
from headway.domain.risks.rules.assumptions import require_watched
from headway.errors import Conflict, Invalid

_ENDS = choice("held", "failed")


@transaction.atomic
def set_assumption(
    actor: Actor,
    program: str,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> AssumptionFacts:
    """Set the assumption `key` of a program; "" makes a new one.

    Fields are ASSUMPTION_FIELDS and `criterion`, the address `project/criterion` of what is
    watched (empty: nothing). Raises Invalid for a criterion of another program.
    """
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    given = dict(values)
    watched: dict[str, object] = {}
    if "criterion" in given:
        watched["criterion_id"] = _criterion(actor, parent, str(given.pop("criterion") or ""))
    fields = {**clean(given, ASSUMPTION_FIELDS), **watched}
    row = set_entry(actor, Assumption, (parent, key), fields, at, version)
    require_watched(row.criterion_id, row.bound)
    return assumption_facts(row)


def _criterion(actor: Actor, program: ProgramFacts, address: str) -> UUID | None:
    if not address:
        return None
    slug, separator, key = address.partition("/")
    if not separator:
        sentence = f"'{address[:60]}' names no criterion; write it as project/criterion."
        raise Invalid(sentence)
    return criterion_named(actor, project_within(actor, program, slug), key).id


@transaction.atomic
def settle_assumption(
    actor: Actor,
    place: tuple[str, str],
    state: str,
    at: datetime,
    *,
    note: str = "",
    version: int | None = None,
) -> AssumptionFacts:
    """Say that the assumption at `place` (program, key) "held" or "failed", and what follows.

    Raises Conflict when that was said already, or it moved on since `version`.
    """
    require(actor, Permission.PLAN)
    row = locked_entry(actor, Assumption, program_named(actor, place[0]), place[1])
    if row.state != "open":
        sentence = f"“{row.name}” {row.state} already; open it again to settle it otherwise."
        raise Conflict(sentence)
    settled: dict[str, object] = {
        "state": _ENDS("state", state),
        "settled_at": at,
        "settled_by": actor.label,
        "reopened_at": None,
    }
    if note:
        settled |= clean({"note": note}, ASSUMPTION_FIELDS)
    change_row(actor, row, settled, at, "settle_assumption", version)
    return assumption_facts(row)


@transaction.atomic
def reopen_assumption(
    actor: Actor,
    program: str,
    key: str,
    at: datetime,
    *,
    note: str | None = None,
    version: int | None = None,
) -> AssumptionFacts:
    """Say that it is not known after all; `note` replaces what was noted."""
    require(actor, Permission.PLAN)
    row = locked_entry(actor, Assumption, program_named(actor, program), key)
    still: dict[str, object] = {"state": "open", "settled_at": None, "settled_by": ""}
    if note is not None:
        still |= clean({"note": note}, ASSUMPTION_FIELDS)
    change_row(actor, row, still, at, "reopen_assumption", version)
    return assumption_facts(row)


@transaction.atomic
def contradict_assumption(
    actor: Actor, program: str, key: str, note: str, at: datetime
) -> AssumptionFacts:
    """Open one that had held, because its metric says otherwise; whom it concerns is told."""
    require(actor, Permission.PLAN)
    row = locked_entry(actor, Assumption, program_named(actor, program), key)
    still: dict[str, object] = {"state": "open", "settled_at": None, "settled_by": ""}
    still |= {"reopened_at": at, **clean({"note": note}, ASSUMPTION_FIELDS)}
    change_row(actor, row, still, at, "contradict_assumption")
    return assumption_facts(row)


@transaction.atomic
def restore_assumption(
    actor: Actor, program: str, key: str, version: int, at: datetime
) -> AssumptionFacts:
    """Put an assumption back to its earlier `version`. Conflict when what it watched is gone."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    row = put_back(actor, Assumption, version, at, program_id=parent.id, key=key)
    watched = row.criterion_id
    if watched is not None and not SuccessCriterion.objects.filter(id=watched).exists():
        sentence = f"“{row.name}” watched a criterion that was removed since; set it anew."
        raise Conflict(sentence)
    return assumption_facts(row)
