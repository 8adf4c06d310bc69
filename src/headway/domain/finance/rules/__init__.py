"""Judgements about money: budget lines, their months, changes, actuals, rates, alerts."""

from headway.domain.finance.rules.accruals import ACCRUAL_FIELDS, AccrualFacts, OpenOrder
from headway.domain.finance.rules.actuals import ActualFacts, Actuals, parted
from headway.domain.finance.rules.alerts import (
    BudgetAlert,
    Contingency,
    budget_alerts,
    contingency_of,
    hiring_alert,
)
from headway.domain.finance.rules.changes import (
    CHANGE_FIELDS,
    AgreedLine,
    AgreementFacts,
    BudgetChangeFacts,
    kind_of,
    opposite,
    require_other_hand,
)
from headway.domain.finance.rules.fall import Step, budget_fall
from headway.domain.finance.rules.fiscal import (
    MONEY_RULE_FIELDS,
    MoneyRulesFacts,
    fiscal_period,
)
from headway.domain.finance.rules.lines import (
    AGREED_FIELDS,
    BUDGET_FIELDS,
    CATEGORIES,
    PURPOSES,
    TREATMENTS,
    Budget,
    BudgetLineFacts,
    read_amount,
    read_shares,
    shares_text,
)
from headway.domain.finance.rules.openings import (
    PlannedOpening,
    PricedOpening,
    covered_by,
    paid_until,
    planned_openings,
)
from headway.domain.finance.rules.rates import (
    RATE_FIELDS,
    Converted,
    ExchangeRateFacts,
    Rates,
)
from headway.domain.finance.rules.standing import (
    BudgetStanding,
    CategoryStanding,
    Costs,
    LineStanding,
    MonthCell,
    budget_standing,
)

__all__ = [
    "ACCRUAL_FIELDS",
    "AGREED_FIELDS",
    "BUDGET_FIELDS",
    "CATEGORIES",
    "CHANGE_FIELDS",
    "MONEY_RULE_FIELDS",
    "PURPOSES",
    "RATE_FIELDS",
    "TREATMENTS",
    "AccrualFacts",
    "ActualFacts",
    "Actuals",
    "AgreedLine",
    "AgreementFacts",
    "Budget",
    "BudgetAlert",
    "BudgetChangeFacts",
    "BudgetLineFacts",
    "BudgetStanding",
    "CategoryStanding",
    "Contingency",
    "Converted",
    "Costs",
    "ExchangeRateFacts",
    "LineStanding",
    "MoneyRulesFacts",
    "MonthCell",
    "OpenOrder",
    "PlannedOpening",
    "PricedOpening",
    "Rates",
    "Step",
    "budget_alerts",
    "hiring_alert",
    "budget_fall",
    "budget_standing",
    "contingency_of",
    "covered_by",
    "fiscal_period",
    "kind_of",
    "opposite",
    "paid_until",
    "parted",
    "planned_openings",
    "read_amount",
    "read_shares",
    "require_other_hand",
    "shares_text",
]
