"""Every read of costs: bills, rules, and charges where they belong."""

from headway.domain.costs.queries.allocation import charges_of, placings_of
from headway.domain.costs.queries.bills import (
    bill_line,
    bill_lines,
    charge_export,
    kept_tags,
)
from headway.domain.costs.queries.explorer import (
    GROUPS,
    CostRow,
    CostTable,
    CostView,
    explore,
)
from headway.domain.costs.queries.moves import RuleMoves, rule_moves, unallocated_origins
from headway.domain.costs.queries.rules import (
    allocation_rules,
    rule_facts,
    rule_named,
)
from headway.domain.costs.queries.standing_out import StandingOut, what_stands_out
from headway.domain.costs.queries.units import Experiment, UnitCosts, unit_costs

__all__ = [
    "GROUPS",
    "CostRow",
    "CostTable",
    "CostView",
    "Experiment",
    "RuleMoves",
    "StandingOut",
    "UnitCosts",
    "allocation_rules",
    "bill_line",
    "bill_lines",
    "charge_export",
    "charges_of",
    "explore",
    "kept_tags",
    "placings_of",
    "rule_facts",
    "rule_moves",
    "rule_named",
    "unallocated_origins",
    "unit_costs",
    "what_stands_out",
]
