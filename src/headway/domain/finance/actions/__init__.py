"""Every write of finance: budget lines, agreement and changes, accruals, exchange rates."""

from headway.domain.finance.actions.accruing import (
    restore_accrual,
    reverse_accrual,
    set_accrual,
)
from headway.domain.finance.actions.changing import (
    agree_budget,
    answer_budget_change,
    request_budget_change,
    reverse_budget_change,
    withdraw_agreement,
    withdraw_budget_change,
)
from headway.domain.finance.actions.lines import (
    remove_budget_line,
    restore_budget_line,
    set_budget_line,
)
from headway.domain.finance.actions.rates import (
    remove_exchange_rate,
    restore_exchange_rate,
    set_exchange_rate,
    set_money_rules,
)
from headway.domain.finance.actions.tabling import import_budget

__all__ = [
    "agree_budget",
    "answer_budget_change",
    "import_budget",
    "remove_budget_line",
    "remove_exchange_rate",
    "request_budget_change",
    "reverse_budget_change",
    "restore_accrual",
    "restore_budget_line",
    "restore_exchange_rate",
    "reverse_accrual",
    "set_accrual",
    "set_budget_line",
    "set_exchange_rate",
    "set_money_rules",
    "withdraw_agreement",
    "withdraw_budget_change",
]
