"""The two charts of a budget: the fall from what was agreed to the forecast, and the S-curves."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from headway.domain.progress.queries.budget_page import BudgetPage
from headway.interfaces.web.programs.forecasting import drawn
from headway.rendering.charts import (
    Chart,
    CostForecast,
    FallStep,
    MoneyFall,
    cost_curve,
    money_fall,
)


def fall_chart(page: BudgetPage) -> Chart | None:
    """Draw the steps from the budget to the forecast; None without a line."""
    if not page.standing.lines:
        return None
    steps = tuple(FallStep(step.name, step.change, step.after, step.is_total) for step in page.fall)
    told = MoneyFall(steps, page.program.currency, page.standing.budget.total)
    return drawn(money_fall, told)


def curve_chart(page: BudgetPage) -> Chart | None:
    """Draw planned and spent money added up, and the forecast's band; None before any cost."""
    months = page.standing.months
    spent = _cumulative((one.month, one.actual) for one in months if one.actual)
    actual = tuple((min(day, page.today), amount) for day, amount in spent)
    if not actual or page.standing.budget.total is None:
        return None
    planned = _cumulative((one.month, one.plan) for one in months if one.plan)
    last = max(day for day, _ in (*actual, *planned))
    told = CostForecast(
        actual,
        page.standing.budget.total,
        page.program.currency,
        page.outlook.finish_p80 or last,
        page.outlook.p50,
        page.outlook.p80,
        planned,
    )
    return drawn(cost_curve, told)


def _cumulative(amounts: Iterable[tuple[date, Decimal]]) -> tuple[tuple[date, Decimal], ...]:
    """Return the sums so far, each on the last day of its month."""
    found: list[tuple[date, Decimal]] = []
    whole = Decimal(0)
    for month, amount in amounts:
        whole += amount
        last = calendar.monthrange(month.year, month.month)[1]
        found.append((month.replace(day=last), whole))
    return tuple(found)
