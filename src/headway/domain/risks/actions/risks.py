"""Setting a risk, closing one, putting one back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.actions.rows import add_row, change_row, put_back
from headway.domain.programs.queries import program_named, project_within
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import clean, name_key, to_minor
from headway.domain.risks.models import Risk
from headway.domain.risks.queries import risk_facts, risk_named
from headway.domain.risks.rules import RISK_FIELDS, RiskFacts, require_closure
from headway.errors import Invalid


@transaction.atomic
def set_risk(
    actor: Actor,
    program: str,
    key: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> RiskFacts:
    """Set the risk `key` of a program: made from `values`, or changed by them.

    Fields are RISK_FIELDS and `project` (its address). A new one needs its probability. Which
    items it delays is said in plans (`set_risk_effects`).
    """
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    key = str(name_key("key", key))
    fields = _read(actor, parent, values)
    row = Risk.objects.select_for_update().filter(program_id=parent.id, key=key).first()
    if row is not None:
        change_row(actor, row, fields, at, "set_risk", version)
        require_closure(row.closes_days, row.closes_from, row.closes_to)
        return risk_facts(row, parent.currency)
    if "probability" not in fields:
        sentence = f"The risk '{key}' is new and needs a probability, from 0 to 1."
        raise Invalid(sentence)
    fields = {"name": key, **fields}
    row = Risk(workspace_id=actor.workspace_id, program_id=parent.id, key=key, **fields)
    require_closure(row.closes_days, row.closes_from, row.closes_to)
    add_row(actor, row, at, "set_risk", program=parent.slug, **fields)
    return risk_facts(row, parent.currency)


@transaction.atomic
def close_risk(
    actor: Actor, program: str, key: str, at: datetime, *, version: int | None = None
) -> RiskFacts:
    """Close a risk: it stays in the register, and counts no more."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    row = Risk.objects.select_for_update().get(id=risk_named(actor, parent, key).id)
    change_row(actor, row, {"state": "closed"}, at, "close_risk", version)
    return risk_facts(row, parent.currency)


@transaction.atomic
def restore_risk(actor: Actor, program: str, key: str, version: int, at: datetime) -> RiskFacts:
    """Put a risk back to its earlier `version`: the undo of a change or of closing it."""
    require(actor, Permission.PLAN)
    parent = program_named(actor, program)
    row = put_back(actor, Risk, version, at, program_id=parent.id, key=key)
    return risk_facts(row, parent.currency)


def _read(actor: Actor, program: ProgramFacts, values: Mapping[str, object]) -> dict[str, object]:
    given = dict(values)
    placed: dict[str, object] = {}
    if "project" in given:
        slug = str(given.pop("project") or "")
        placed["project_id"] = project_within(actor, program, slug).id if slug else None
    fields = clean(given, RISK_FIELDS)
    if "mitigation_cost" in fields:
        price = Decimal(str(fields.pop("mitigation_cost")))
        fields["mitigation_cost_minor"] = to_minor(price, program.currency)
    return {**fields, **placed}
