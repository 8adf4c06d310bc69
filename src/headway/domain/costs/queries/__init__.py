"""Every read of costs: bills, rules, and charges where they belong."""

from headway.domain.costs.queries.allocation import (
    allocated_charges,
    charges_of,
    placings_of,
)
from headway.domain.costs.queries.bills import (
    bill_line,
    bill_lines,
    charge_export,
    kept_tags,
)
from headway.domain.costs.queries.rules import (
    allocation_rules,
    rule_facts,
    rule_named,
)

__all__ = [
    "allocated_charges",
    "allocation_rules",
    "bill_line",
    "bill_lines",
    "charge_export",
    "charges_of",
    "kept_tags",
    "placings_of",
    "rule_facts",
    "rule_named",
]
