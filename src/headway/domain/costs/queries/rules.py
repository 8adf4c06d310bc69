"""The allocation rules, as they are or were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.costs.models import AllocationRule
from headway.domain.costs.rules import RuleFacts
from headway.domain.programs.queries import facts, rows_at
from headway.domain.programs.rules.fields import meant
from headway.errors import NotFound


def allocation_rules(actor: Actor, at: datetime | None = None) -> Sequence[RuleFacts]:
    """Return the rules in the order in which they are asked."""
    require(actor, Permission.VIEW)
    rows = rows_at(AllocationRule, at, workspace_id=actor.workspace_id)
    return [rule_facts(row) for row in sorted(rows, key=lambda row: (row.order, row.key))]


def rule_named(actor: Actor, key: str, at: datetime | None = None) -> RuleFacts:
    """Return one rule. Raises NotFound with what it may have meant."""
    rules = {one.key: one for one in allocation_rules(actor, at)}
    if key not in rules:
        sentence = f"There is no allocation rule '{key[:60]}'{meant(key, rules) or '.'}"
        raise NotFound(sentence)
    return rules[key]


def rule_facts(row: AllocationRule) -> RuleFacts:
    """Return a rule as a frozen value."""
    return facts(RuleFacts, row)
