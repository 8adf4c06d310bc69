"""Saying what a program tolerates of one risk, and where its matrix is cut."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.programs.actions.rows import add_row, change_row
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules.fields import clean, to_minor
from headway.domain.risks.models import RiskPolicy
from headway.domain.risks.queries import policy_facts
from headway.domain.risks.rules import POLICY_FIELDS, PolicyFacts


@transaction.atomic
def set_risk_policy(
    actor: Actor,
    program: str,
    values: Mapping[str, object],
    at: datetime,
    *,
    version: int | None = None,
) -> PolicyFacts:
    """Set the risk policy of a program from `values` (POLICY_FIELDS); the rest keeps its default.

    Raises Invalid for bounds that do not ascend, Conflict when it moved on since `version`.
    """
    require(actor, Permission.PROGRAM)
    parent = program_named(actor, program)
    fields: dict[str, Any] = clean(values, POLICY_FIELDS)
    if "appetite_money" in fields:
        money = fields.pop("appetite_money")
        minor = None if money is None else to_minor(Decimal(str(money)), parent.currency)
        fields["appetite_minor"] = minor
    row = RiskPolicy.objects.select_for_update().filter(program_id=parent.id).first()
    if row is not None:
        change_row(actor, row, fields, at, "set_risk_policy", version)
        return policy_facts(row, parent.currency)
    ground = PolicyFacts(parent.id)
    cuts = {
        name: list(getattr(ground, name))
        for name in ("chance_bounds", "days_bounds", "money_bounds")
    }
    row = RiskPolicy(workspace_id=actor.workspace_id, program_id=parent.id, **{**cuts, **fields})
    add_row(actor, row, at, "set_risk_policy", program=parent.slug, **fields)
    return policy_facts(row, parent.currency)
