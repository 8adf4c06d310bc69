"""Accruals: writing down what a month owes, and reversing it when the invoice comes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.finance.models import Accrual
from headway.domain.finance.queries import accrual_facts
from headway.domain.finance.rules import ACCRUAL_FIELDS, AccrualFacts
from headway.domain.programs.actions.rows import add_row, change_row, put_back
from headway.domain.programs.queries import program_named, project_within
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import clean, fresh_key, meant, text, to_minor
from headway.domain.programs.rules.fields import key as read_key
from headway.domain.vendors.models import PurchaseOrder
from headway.errors import Conflict, Invalid, NotFound


@transaction.atomic
def set_accrual(
    actor: Actor,
    place: tuple[str, str],
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> AccrualFacts:
    """Set the accrual `place` (program, key; an empty key: made of its reason).

    Fields are ACCRUAL_FIELDS and `project` (its address). A new one needs month, amount, reason;
    its currency is the program's unless it says another. Raises Conflict for a reversed one.
    """
    require(actor, Permission.PROGRAM)
    program, key = place
    parent = program_named(actor, program)
    fields = _read(actor, parent, values)
    rows = {row.key: row for row in Accrual.objects.filter(program_id=parent.id)}
    row = rows.get(key)
    _amount(fields, row.currency if row else parent.currency)
    if row is not None:
        row = Accrual.objects.select_for_update().get(id=row.id)
        _require_awaited(row)
        change_row(actor, row, fields, at, "set_accrual", version)
        return accrual_facts(row)
    for name in ("month", "amount_minor", "reason"):
        if name not in fields:
            sentence = f"A new accrual needs its {name.removesuffix('_minor')}."
            raise Invalid(sentence)
    key = str(read_key("key", key)) if key else fresh_key(str(fields["reason"]), rows)
    told = {"currency": parent.currency, **fields}
    row = Accrual(workspace_id=actor.workspace_id, program_id=parent.id, key=key, **told)
    add_row(actor, row, at, "set_accrual", program=parent.slug, **told)
    return accrual_facts(row)


@transaction.atomic
def reverse_accrual(
    actor: Actor,
    place: tuple[str, str],
    invoice: str,
    on: date,
    at: datetime,
    *,
    version: int | None = None,
) -> AccrualFacts:
    """Note that the invoice of an accrual came on a day: from then on it is an actual."""
    require(actor, Permission.PROGRAM)
    parent, row = _locked(actor, place)
    _require_awaited(row)
    words = str(text(200, required=True)("invoice", invoice))
    change_row(actor, row, {"reversed_on": on, "invoice": words}, at, "reverse_accrual", version)
    return accrual_facts(row)


@transaction.atomic
def restore_accrual(
    actor: Actor, place: tuple[str, str], version: int, at: datetime
) -> AccrualFacts:
    """Put an accrual back to its earlier `version`: the undo of a change or a reversal."""
    require(actor, Permission.PROGRAM)
    program, key = place
    parent = program_named(actor, program)
    return accrual_facts(put_back(actor, Accrual, version, at, program_id=parent.id, key=key))


def _locked(actor: Actor, place: tuple[str, str]) -> tuple[ProgramFacts, Accrual]:
    program, key = place
    parent = program_named(actor, program)
    rows = {
        row.key: row for row in Accrual.objects.select_for_update().filter(program_id=parent.id)
    }
    if key not in rows:
        sentence = f"There is no accrual '{key}' in {parent.name}{meant(key, rows) or '.'}"
        raise NotFound(sentence)
    return parent, rows[key]


def _require_awaited(row: Accrual) -> None:
    if row.reversed_on is not None:
        sentence = (
            f"“{row.reason}” was reversed on {row.reversed_on:%-d %b %Y} by {row.invoice}; "
            "what is still owed is a new accrual."
        )
        raise Conflict(sentence)


def _read(actor: Actor, program: ProgramFacts, values: Mapping[str, object]) -> dict[str, object]:
    given = dict(values)
    placed: dict[str, object] = {}
    if "project" in given:
        slug = str(given.pop("project") or "")
        placed["project_id"] = project_within(actor, program, slug).id if slug else None
    if not given.get("currency", "x"):
        del given["currency"]
    fields = clean(given, ACCRUAL_FIELDS)
    order = fields.get("order")
    if order and not PurchaseOrder.objects.filter(program_id=program.id, key=order).exists():
        sentence = f"There is no purchase order '{order}' in {program.name}; leave it empty."
        raise Invalid(sentence)
    return {**fields, **placed}


def _amount(fields: dict[str, object], held: str) -> None:
    """Put the amount into minor units of its currency."""
    if "amount" in fields:
        code = str(fields.get("currency") or held)
        fields["amount_minor"] = to_minor(Decimal(str(fields.pop("amount"))), code)
