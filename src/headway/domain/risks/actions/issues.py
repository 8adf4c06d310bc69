"""Raising issues, dealing with them, and the one that a risk becomes when it occurs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.actions.registers import locked_entry, set_entry
from headway.domain.programs.actions.rows import add_row, change_row, drop_row, put_back
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.fields import clean, fresh_key, text, to_minor
from headway.domain.risks.models import Issue, Risk
from headway.domain.risks.queries import issue_facts
from headway.domain.risks.rules import ISSUE_FIELDS, IssueFacts
from headway.errors import Conflict

_HOW = text(2_000)


@transaction.atomic
def set_issue(
    actor: Actor,
    program: str,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> IssueFacts:
    """Set the issue `key` of a program from `values` (ISSUE_FIELDS); "" makes a new one."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    fields = clean({name: value for name, value in values.items() if name != "money"}, ISSUE_FIELDS)
    if "money" in values:
        typed = values["money"]
        price = None if typed in (None, "") else Decimal(str(ISSUE_FIELDS["money"]("money", typed)))
        fields["money_minor"] = None if price is None else to_minor(price, parent.currency)
    if not Issue.objects.filter(program_id=parent.id, key=key).exists():
        fields = {"raised_at": at, **fields}
    return issue_facts(set_entry(actor, Issue, (parent, key), fields, at, version), parent.currency)


@transaction.atomic
def resolve_issue(
    actor: Actor,
    program: str,
    key: str,
    at: datetime,
    *,
    how: str = "",
    version: int | None = None,
) -> IssueFacts:
    """Say that an issue is dealt with, and how. Raises Conflict when it was already."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    row = locked_entry(actor, Issue, parent, key)
    if row.state != "open":
        sentence = f"“{row.name}” is resolved already; open it again to resolve it otherwise."
        raise Conflict(sentence)
    told = {"state": "resolved", "resolution": _HOW("how", how), "resolved_at": at}
    change_row(actor, row, told, at, "resolve_issue", version)
    return issue_facts(row, parent.currency)


@transaction.atomic
def reopen_issue(
    actor: Actor, program: str, key: str, at: datetime, *, version: int | None = None
) -> IssueFacts:
    """Say that an issue is not dealt with after all."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    row = locked_entry(actor, Issue, parent, key)
    still = {"state": "open", "resolution": "", "resolved_at": None}
    change_row(actor, row, still, at, "reopen_issue", version)
    return issue_facts(row, parent.currency)


@transaction.atomic
def restore_issue(actor: Actor, program: str, key: str, version: int, at: datetime) -> IssueFacts:
    """Put an issue back to its earlier `version`: the undo of a change or of resolving it."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    row = put_back(actor, Issue, version, at, program_id=parent.id, key=key)
    return issue_facts(row, parent.currency)


def issue_of_risk(actor: Actor, risk: Risk, at: datetime) -> Issue:
    """Raise the issue that a risk becomes: its owner has it, without a day yet.

    Runs within the transaction in which the risk occurs, which asked for permission.
    """
    known = Issue.objects.filter(program_id=risk.program_id).values_list("key", flat=True)
    row = Issue(
        workspace_id=risk.workspace_id,
        program_id=risk.program_id,
        risk_id=risk.id,
        key=fresh_key(risk.name, known),
        name=risk.name,
        note=risk.response,
        owner=risk.owner,
        raised_at=at,
    )
    return add_row(actor, row, at, "raise_issue", risk=risk.key, name=row.name)


def withdraw_issue(actor: Actor, risk: Risk, at: datetime) -> None:
    """Take back the issue of a risk that did not occur after all, if nobody worked on it."""
    for row in Issue.objects.select_for_update().filter(risk_id=risk.id, version=1, state="open"):
        drop_row(actor, row, at, "withdraw_issue", risk=risk.key)
