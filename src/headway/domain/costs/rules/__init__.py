"""Judgements of costs: what a rule may say, what a bill's record holds of a file; no Django."""

from headway.domain.costs.rules.bills import (
    TAGS_KEPT,
    BillDraft,
    bill_subject,
    read_month,
)
from headway.domain.costs.rules.facts import (
    BillLine,
    ChargeFacts,
    RuleFacts,
)
from headway.domain.costs.rules.said import CATEGORIES, RULE_FIELDS, as_rule, read_rule, rule_of

__all__ = [
    "CATEGORIES",
    "RULE_FIELDS",
    "TAGS_KEPT",
    "BillDraft",
    "BillLine",
    "ChargeFacts",
    "RuleFacts",
    "as_rule",
    "bill_subject",
    "read_month",
    "read_rule",
    "rule_of",
]
