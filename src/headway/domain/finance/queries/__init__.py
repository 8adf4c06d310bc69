"""Every read of finance: what a program may spend, and what evidence says it spent."""

from headway.domain.finance.queries.budgets import (
    agreement_facts,
    agreement_of,
    agreements_by_program,
    budget_change_facts,
    budget_change_named,
    budget_changes_of,
    budget_line_facts,
    budget_line_named,
    budget_of,
    budget_table,
    budgets_by_program,
    waiting_changes,
)
from headway.domain.finance.queries.costs import (
    accrual_facts,
    accrual_named,
    accruals_of,
    actuals_by_program,
    actuals_of,
    costs_by_program,
)
from headway.domain.finance.queries.openings import openings_by_program
from headway.domain.finance.queries.rates import (
    exchange_rate,
    exchange_rates,
    money_rules,
    rate_facts,
)

__all__ = [
    "accrual_facts",
    "accrual_named",
    "accruals_of",
    "actuals_by_program",
    "actuals_of",
    "agreement_facts",
    "agreement_of",
    "agreements_by_program",
    "budget_change_facts",
    "budget_change_named",
    "budget_changes_of",
    "budget_line_facts",
    "budget_line_named",
    "budget_of",
    "budget_table",
    "budgets_by_program",
    "costs_by_program",
    "exchange_rate",
    "exchange_rates",
    "money_rules",
    "openings_by_program",
    "rate_facts",
    "waiting_changes",
]
