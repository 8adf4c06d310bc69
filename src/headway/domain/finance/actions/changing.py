"""Agreeing on a budget, and changing an agreed one: asked by one person, answered by another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from headway.domain.accounts.actions import write_audit
from headway.domain.accounts.rules import Actor, Function, Permission, may, require
from headway.domain.finance.models import BudgetAgreement, BudgetChange, BudgetLine
from headway.domain.finance.queries import (
    agreement_facts,
    agreement_of,
    budget_change_facts,
    budget_change_named,
    budget_changes_of,
    budget_of,
)
from headway.domain.finance.rules import (
    CHANGE_FIELDS,
    AgreementFacts,
    BudgetChangeFacts,
    kind_of,
    opposite,
    require_other_hand,
)
from headway.domain.finance.rules.phasing import explicit, phased, rephased
from headway.domain.programs.actions.rows import add_row, change_row
from headway.domain.programs.models import Program
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import clean, from_minor, meant, text, to_minor
from headway.errors import Conflict, Invalid, NotFound, Refused

_ANSWERS = ("approved", "refused")


@transaction.atomic
def agree_budget(actor: Actor, program: str, at: datetime, *, reason: str = "") -> AgreementFacts:
    """Note that the budget is agreed as it stands: what changes from here is told against it.

    Agreeing again takes what stands now as the new measure. Raises Invalid without any line.
    """
    require(actor, Permission.PROGRAM)
    parent = _locked(actor, program)
    words = str(text(1_000)("reason", reason))
    lines = [
        {
            "key": line.key,
            "name": line.name,
            "purpose": line.purpose,
            "category": line.category,
            "amount": f"{line.amount:f}",
            "months": {f"{month:%Y-%m}": f"{part:f}" for month, part in line.months.items()},
        }
        for line in budget_of(actor, parent).lines
    ]
    if not lines:
        sentence = f"{parent.name} has no budget line yet; set one, then agree on the budget."
        raise Invalid(sentence)
    rows = BudgetAgreement.objects.filter(program_id=parent.id)
    row = BudgetAgreement.objects.create(
        workspace_id=actor.workspace_id,
        program_id=parent.id,
        number=rows.count() + 1,
        at=at,
        agreed_by=actor.label,
        reason=words,
        lines=lines,
    )
    total = str(budget_of(actor, parent).total)
    write_audit(actor, "agree_budget", f"budget of {parent.slug}", at, total=total, reason=words)
    return agreement_facts(row)


@transaction.atomic
def withdraw_agreement(actor: Actor, program: str, at: datetime) -> None:
    """Take the agreement back: lines may be edited again. For the function finance only."""
    require(actor, Permission.PROGRAM)
    parent = _locked(actor, program)
    if Function.FINANCE not in actor.functions:
        sentence = "An agreed budget is opened again by a member with the function 'finance'."
        raise Refused(sentence)
    held = agreement_of(actor, parent)
    if held is None:
        sentence = f"The budget of {parent.name} is not agreed; nothing is to be taken back."
        raise Conflict(sentence)
    BudgetAgreement.objects.filter(program_id=parent.id, withdrawn_at__isnull=True).update(
        withdrawn_at=at, withdrawn_by=actor.label
    )
    write_audit(actor, "withdraw_agreement", f"budget of {parent.slug}", at, number=held.number)


@transaction.atomic
def request_budget_change(
    actor: Actor, program: str, values: Mapping[str, object], at: datetime
) -> BudgetChangeFacts:
    """Ask for money to go from one line to another, into the budget or out of it (CHANGE_FIELDS).

    Nothing moves until somebody else with the function finance approves.
    """
    require(actor, Permission.PLAN)
    return _ask(actor, _locked(actor, program), values, at)


@transaction.atomic
def reverse_budget_change(actor: Actor, place: tuple[str, str], at: datetime) -> BudgetChangeFacts:
    """Ask for the opposite of the approved change `place` (program, key), linked to it.

    What was approved by a second hand is taken back by one: nothing moves until it is approved.
    Raises Conflict for what moved nothing or is taken back already, Invalid where the line that
    took the money no longer holds so much.
    """
    require(actor, Permission.PLAN)
    program, key = place
    parent = _locked(actor, program)
    held = budget_change_named(actor, parent, key)
    values = opposite(held, budget_changes_of(actor, parent))
    return _ask(actor, parent, values, at, reverses=held.key)


def _ask(
    actor: Actor,
    parent: ProgramFacts,
    values: Mapping[str, object],
    at: datetime,
    *,
    reverses: str = "",
) -> BudgetChangeFacts:
    given = {name: value for name, value in values.items() if value is not None}
    fields = clean({"source": "", "target": "", "serves": "", "reason": "", **given}, CHANGE_FIELDS)
    if "amount" not in fields:
        sentence = f"A budget change needs its amount in {parent.currency}."
        raise Invalid(sentence)
    minor = to_minor(Decimal(str(fields.pop("amount"))), parent.currency)
    if minor <= 0:
        sentence = f"The amount is less than the smallest coin of {parent.currency}."
        raise Invalid(sentence)
    ends = {name: str(fields[name]) for name in ("source", "target", "serves")}
    lines = {line.key: line for line in budget_of(actor, parent).lines}
    amount = from_minor(minor, parent.currency)
    kind = kind_of(lines, ends["source"], ends["target"], amount, ends["serves"])
    number = BudgetChange.objects.filter(program_id=parent.id).count() + 1
    told = {**ends, "kind": kind, "amount_minor": minor, "reason": fields["reason"]}
    told["reverses"] = reverses
    row = BudgetChange(
        workspace_id=actor.workspace_id,
        program_id=parent.id,
        key=f"BC-{number}",
        requested_by=actor.label,
        requested_by_id=actor.member_id,
        requested_at=at,
        **told,
    )
    add_row(actor, row, at, "request_budget_change", program=parent.slug, **told)
    return budget_change_facts(row, parent.currency)


@transaction.atomic
def answer_budget_change(
    actor: Actor,
    place: tuple[str, str],
    answer: str,
    at: datetime,
    *,
    note: str = "",
    version: int | None = None,
) -> BudgetChangeFacts:
    """Approve or refuse the change `place` (program, key), which moves its money or nothing.

    Raises Refused for who asked for it and for who does not hold finance, Conflict when it was
    answered before, Invalid when the giving line no longer holds enough or a refusal has no note.
    """
    require(actor, Permission.DECIDE)
    parent, row = _change(actor, place)
    held = budget_change_facts(row, parent.currency)
    require_other_hand(actor, held)
    words = str(text(1_000)("note", note))
    if answer not in _ANSWERS:
        sentence = f"A budget change is {' or '.join(_ANSWERS)}; '{answer[:40]}' is neither."
        raise Invalid(sentence)
    if answer == "refused" and not words:
        sentence = "Say in the note why it is refused; who asked for it reads that."
        raise Invalid(sentence)
    if answer == "approved":
        _move(actor, parent, held, at)
    told = {"state": answer, "decided_by": actor.label, "decided_at": at, "note": words}
    change_row(actor, row, told, at, "answer_budget_change", version)
    return budget_change_facts(row, parent.currency)


@transaction.atomic
def withdraw_budget_change(
    actor: Actor, place: tuple[str, str], at: datetime, *, version: int | None = None
) -> BudgetChangeFacts:
    """Take a change back that nobody answered; for who asked, and for managers of programs."""
    require(actor, Permission.PLAN)
    parent, row = _change(actor, place)
    is_own = actor.label == row.requested_by
    if not is_own and not may(actor, Permission.PROGRAM):
        sentence = f"{row.key} was asked for by somebody else; they or a manager take it back."
        raise Refused(sentence)
    told = {"state": "withdrawn", "decided_by": actor.label, "decided_at": at}
    change_row(actor, row, told, at, "withdraw_budget_change", version)
    return budget_change_facts(row, parent.currency)


def _locked(actor: Actor, program: str) -> ProgramFacts:
    """Return the program; whoever changes its budget at the same time waits."""
    parent = program_named(actor, program)
    Program.objects.select_for_update().get(id=parent.id)
    return parent


def _change(actor: Actor, place: tuple[str, str]) -> tuple[ProgramFacts, BudgetChange]:
    program, key = place
    parent = _locked(actor, program)
    rows = {
        row.key: row
        for row in BudgetChange.objects.select_for_update().filter(program_id=parent.id)
    }
    if key not in rows:
        sentence = f"There is no budget change '{key}' in {parent.name}{meant(key, rows) or '.'}"
        raise NotFound(sentence)
    if rows[key].state != "requested":
        sentence = f"{key} is {rows[key].state} already; ask for another change instead."
        raise Conflict(sentence)
    return parent, rows[key]


def _move(actor: Actor, program: ProgramFacts, change: BudgetChangeFacts, at: datetime) -> None:
    """Let the money go: both lines change together, and what they hold together stays."""
    lines = {line.key: line for line in budget_of(actor, program).lines}
    kind_of(lines, change.source, change.target, change.amount, change.serves)
    rows = BudgetLine.objects.select_for_update().filter(program_id=program.id)
    held = {row.key: row for row in rows}
    for key, signed in ((change.source, -change.amount), (change.target, change.amount)):
        if key:
            _shift(actor, held[key], program, signed, at)


def _shift(
    actor: Actor, row: BudgetLine, program: ProgramFacts, signed: Decimal, at: datetime
) -> None:
    before = from_minor(row.amount_minor, program.currency)
    fields: dict[str, object] = {
        "amount_minor": row.amount_minor + to_minor(signed, program.currency)
    }
    if row.phasing:
        months = rephased(phased(before, row.phasing), signed, at.date())
        fields["phasing"] = explicit(months)
    change_row(actor, row, fields, at, "move_budget")
