"""Setting and removing budget lines; once a budget is agreed, what it promised stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.finance.models import BudgetLine
from headway.domain.finance.queries import (
    agreement_of,
    budget_line_facts,
    budget_of,
    openings_by_program,
)
from headway.domain.finance.rules import (
    AGREED_FIELDS,
    BUDGET_FIELDS,
    BudgetLineFacts,
    covered_by,
    planned_openings,
)
from headway.domain.finance.rules.phasing import sum_of
from headway.domain.programs.actions.rows import add_row, change_row, drop_row, put_back
from headway.domain.programs.queries import program_named, project_within, projects_of
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import clean, from_minor, meant, to_minor
from headway.domain.programs.rules.fields import key as read_key
from headway.errors import Conflict, Invalid, NotFound, Refused


@transaction.atomic
def set_budget_line(
    actor: Actor,
    program: str,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> BudgetLineFacts:
    """Set the budget line `key` of a program: made from `values`, or changed by them.

    Fields are BUDGET_FIELDS and `project` (its address). A new line needs its amount, which is in
    the program's currency. Raises Refused for what an agreed budget changes by a change only.
    """
    require(actor, Permission.PROGRAM)
    parent = program_named(actor, program)
    key = str(read_key("key", key))
    fields = _read(actor, parent, values)
    asked = cast("list[str] | None", fields.pop("covers", None))
    row = BudgetLine.objects.select_for_update().filter(program_id=parent.id, key=key).first()
    if row is None:
        if "amount_minor" not in fields:
            sentence = f"The budget line '{key}' is new and needs an amount in {parent.currency}."
            raise Invalid(sentence)
        fresh = {"name": key, **fields}
        row = BudgetLine(workspace_id=actor.workspace_id, program_id=parent.id, key=key, **fresh)
        _require_sound(row, parent)
        _require_open(actor, parent, key, AGREED_FIELDS)
        if asked is not None:
            row.covers = _covers(actor, parent, row, asked, at)
        add_row(actor, row, at, "set_budget_line", program=parent.slug, **fresh)
        return budget_line_facts(row, parent.currency)
    differing = {name for name, value in fields.items() if getattr(row, name) != value}
    _require_open(actor, parent, key, differing)
    _require_sound(row, parent, fields)
    if asked is not None:
        fields["covers"] = _covers(actor, parent, row, asked, at)
    change_row(actor, row, fields, at, "set_budget_line", version)
    return budget_line_facts(row, parent.currency)


@transaction.atomic
def remove_budget_line(
    actor: Actor, program: str, key: str, at: datetime, *, version: int | None = None
) -> None:
    """Take a budget line away; that it was there stays in the history."""
    require(actor, Permission.PROGRAM)
    parent = program_named(actor, program)
    rows = BudgetLine.objects.select_for_update().filter(program_id=parent.id)
    lines = {row.key: row for row in rows}
    if key not in lines:
        sentence = f"There is no budget line '{key}' in {parent.name}{meant(key, lines) or '.'}"
        raise NotFound(sentence)
    _require_open(actor, parent, key, AGREED_FIELDS)
    minor = lines[key].amount_minor
    drop_row(actor, lines[key], at, "remove_budget_line", version, amount_minor=minor)


@transaction.atomic
def restore_budget_line(
    actor: Actor, program: str, key: str, version: int, at: datetime
) -> BudgetLineFacts:
    """Put a budget line back to its earlier `version`: the undo of a change or a removal."""
    require(actor, Permission.PROGRAM)
    parent = program_named(actor, program)
    held = BudgetLine.objects.filter(program_id=parent.id, key=key).first()
    row = put_back(actor, BudgetLine, version, at, program_id=parent.id, key=key)
    differing = {
        name for name in AGREED_FIELDS & _COLUMNS if getattr(held, name, None) != getattr(row, name)
    }
    _require_open(actor, parent, key, differing)
    return budget_line_facts(row, parent.currency)


_COLUMNS = frozenset(field.attname for field in BudgetLine._meta.concrete_fields)


def _require_open(actor: Actor, program: ProgramFacts, key: str, differing: Iterable[str]) -> None:
    """Raise Refused when the program's budget is agreed and `differing` is part of it."""
    agreed = sorted(AGREED_FIELDS & set(differing))
    if not agreed:
        return
    agreement = agreement_of(actor, program)
    if agreement is not None:
        names = ", ".join(name.removesuffix("_minor").removesuffix("_id") for name in agreed[:3])
        sentence = (
            f"The budget of {program.name} was agreed on {agreement.at:%-d %b %Y}: the line "
            f"'{key}' changes its {names} by a budget change only. Ask for one."
        )
        raise Refused(sentence)


def _require_sound(
    row: BudgetLine, program: ProgramFacts, changes: Mapping[str, object] | None = None
) -> None:
    """Raise Invalid where written months miss the amount, or a line is shared and one project's."""
    told = {name: getattr(row, name) for name in ("phasing", "amount_minor", "shares")}
    told |= dict(changes or {})
    amount = from_minor(int(told["amount_minor"]), program.currency)
    months = sum_of(told["phasing"])
    is_new = changes is None or "phasing" in changes
    if is_new and months is not None and months != amount:
        sentence = (
            f"The months add up to {months:,} and the line holds {amount:,} {program.currency}: "
            f"{abs(amount - months):,} too {'little' if months < amount else 'much'}."
        )
        raise Invalid(sentence)
    project = told.get("project_id", row.project_id)
    if told["shares"] and project is not None:
        sentence = "A line is one project's or shared by several; name the project or the shares."
        raise Invalid(sentence)


def _read(actor: Actor, program: ProgramFacts, values: Mapping[str, object]) -> dict[str, object]:
    given = dict(values)
    placed: dict[str, object] = {}
    if "project" in given:
        slug = str(given.pop("project") or "")
        placed["project_id"] = project_within(actor, program, slug).id if slug else None
    fields = clean(given, BUDGET_FIELDS)
    if "amount" in fields:
        amount = Decimal(str(fields.pop("amount")))
        fields["amount_minor"] = to_minor(amount, program.currency)
    if "shares" in fields:
        fields["shares"] = _shares(actor, program, cast("dict[str, Decimal]", fields["shares"]))
    return {**fields, **placed}


def _covers(
    actor: Actor, program: ProgramFacts, row: BudgetLine, asked: Iterable[str], at: datetime
) -> dict[str, dict[str, str]]:
    """Return what a line holds for each opening: as it costs now, or as it was said before."""
    keys = list(asked)
    if not keys:
        return {}
    if (row.purpose, row.category) != ("budget", "people"):
        sentence = f"The line '{row.key}' is not for people; only such a line covers openings."
        raise Invalid(sentence)
    budget = budget_of(actor, program)
    for line in budget.lines:
        taken = [key for key in keys if line.key != row.key and key in line.covers]
        if taken:
            sentence = f"The opening '{taken[0]}' is covered by the line '{line.key}' already."
            raise Conflict(sentence)
    priced = openings_by_program(actor, [program])[program.id]
    known = {one.opening.key: one.opening for one in priced}
    planned = {one.key: one for one in planned_openings(budget, priced, program.target, at.date())}
    found = {}
    amount = from_minor(row.amount_minor, program.currency)
    for key in keys:
        if key not in known:
            sentence = f"There is no opening '{key}' in {program.name}{meant(key, known) or '.'}"
            raise Invalid(sentence)
        held = row.covers.get(key)
        told = covered_by(amount, planned[key]) if key in planned and held is None else held or {}
        amount -= sum((Decimal(part) for part in told.values()), Decimal(0))
        found[key] = told
    return found


def _shares(actor: Actor, program: ProgramFacts, told: Mapping[str, Decimal]) -> list[list[str]]:
    """Return shares as they are kept: by the projects' ids."""
    if not told:
        return []
    known: dict[str, UUID] = {one.slug: one.id for one in projects_of(actor, program)}
    for slug in told:
        if slug not in known:
            sentence = f"There is no project '{slug}' in {program.name}{meant(slug, known) or '.'}"
            raise Invalid(sentence)
    return [[str(known[slug]), f"{share:f}"] for slug, share in told.items()]
