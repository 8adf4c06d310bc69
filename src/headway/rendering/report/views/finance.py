"""The finance view: what was set aside, spent and forecast, to the cent, and what moved it."""

from __future__ import annotations

from decimal import Decimal

from headway.rendering import phrases
from headway.rendering.report.blocks import Cell, Fact, Grid, Page
from headway.rendering.report.pack import Finance, Pack, ProjectMoney
from headway.rendering.report.views import cells, shared
from headway.rendering.report.views.glossary import WORDS

_ME = "finance"


def finance_page(pack: Pack) -> Page:
    """Return what finance is told."""
    report = pack.executive
    now = report.outlook
    told = pack.finance or Finance(
        now.currency, now.budget, Decimal(0), Decimal(0), None, None, now.cost_p80
    )
    bridge = shared.bridge_grid(pack, _ME, days=False)
    cost = next((line.level for line in report.health if line.dimension.lower() == "cost"), None)
    return Page(
        audience=_ME,
        title=cells.clipped(report.program, cells.MOST_IN_TITLE),
        subject="finance report",
        as_of=phrases.moment(report.as_of),
        stamp=report.as_of.timestamp(),
        level=cost or "unknown",
        bottom_line=_bottom_line(told),
        facts=_facts(told),
        blocks=(
            *shared.overruled(pack, _ME),
            _categories(told),
            _projects(told),
            *((bridge,) if bridge else ()),
            *shared.money_fall(pack),
            _apart(told),
            _lines(told),
        ),
        footer=shared.footer(report),
        words=WORDS[_ME],
    )


def _exact(amount: Decimal | None, told: Finance) -> str:
    return phrases.money(amount, told.currency, exact=True)


def _bottom_line(told: Finance) -> str:
    if told.cost_p80 is None:
        return f"No forecast of the cost yet; budget {_exact(told.budget, told)}."
    parts = [f"Forecast at P80 {_exact(told.cost_p80, told)}"]
    if told.budget is not None:
        gap = told.cost_p80 - told.budget
        side = "over" if gap > 0 else "under"
        parts.append(f"{_exact(abs(gap), told)} {side} the budget" if gap else "on budget")
    parts.append(f"actual so far {_exact(told.spent, told)}")
    return "; ".join(parts) + "."


def _facts(told: Finance) -> tuple[Fact, ...]:
    left = _less(told.budget, told.spent)
    gap = _less(told.cost_p80, told.budget)
    contingency = f"contingency in it {_exact(told.contingency, told)}"
    return (
        Fact("Budget", _exact(told.budget, told), contingency, told.budget),
        Fact("Actual", _exact(told.spent, told), f"not spent yet {_exact(left, told)}", told.spent),
        Fact("Forecast, P50", _exact(told.cost_p50, told), "cost to the end", told.cost_p50),
        Fact("Forecast, P80", _exact(told.cost_p80, told), _variance(gap, told), told.cost_p80),
    )


def _variance(gap: Decimal | None, told: Finance) -> str:
    return f"variance {_exact(gap, told)}"


def _less(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one - other


def _ratio(spent: Decimal | None, budget: Decimal | None) -> float | None:
    return float(spent / budget) if spent is not None and budget else None


def _categories(told: Finance) -> Grid:
    columns = ("Category", "Budget", "Actual", "Not spent", "Part spent")
    rows = [
        _money_row(one.category.capitalize(), one.budget, one.spent, told)
        for one in told.categories
    ]
    if rows:
        rows.append(_money_row("Together", told.budget, told.spent, told))
    empty = "No budget is set and no cost is recorded."
    return Grid("categories", "Budget and actual", columns, tuple(rows), empty, sums=bool(rows))


def _money_row(
    name: str, budget: Decimal | None, spent: Decimal | None, told: Finance
) -> tuple[Cell, ...]:
    left = _less(budget or Decimal(0), spent or Decimal(0))
    return (
        cells.words(name),
        cells.amount(budget, told.currency),
        cells.amount(spent, told.currency),
        cells.amount(left, told.currency),
        cells.part(_ratio(spent, budget)),
    )


def _projects(told: Finance) -> Grid:
    columns = ("Project", "Budget", "Actual", "Forecast, P50", "Forecast, P80", "Variance")
    rows = [_project(one, told) for one in told.projects]
    if rows:
        whole = ProjectMoney(
            "The program, simulated whole", told.budget, told.spent, told.cost_p50, told.cost_p80
        )
        rows.append(_project(whole, told))
    note = "Budgets and actuals add up; the forecasts of parts do not add up to that of the whole."
    return Grid("projects", "By project", columns, tuple(rows), "No project yet.", note)


def _project(one: ProjectMoney, told: Finance) -> tuple[Cell, ...]:
    amounts = (one.budget, one.spent, one.cost_p50, one.cost_p80, _less(one.cost_p80, one.budget))
    name = one.name or "Of no single project"
    return (cells.words(name), *(cells.amount(amount, told.currency) for amount in amounts))


def _apart(told: Finance) -> Grid:
    """Return what is set aside for what may happen, and what no sum holds."""
    rows = [
        (cells.words("Contingency"), cells.amount(told.contingency, told.currency)),
        (cells.words("Management reserve"), cells.amount(told.reserve, told.currency)),
        *(
            (cells.words(f"Spent in {currency}, not converted"), cells.amount(amount, currency))
            for currency, amount in told.foreign
        ),
    ]
    note = "The contingency is part of the budget; the reserve and other currencies are not."
    return Grid("apart", "Set aside", ("What", "Amount"), tuple(rows), "Nothing.", note)


def _lines(told: Finance) -> Grid:
    columns = ("Budget line", "Project", "Category", "Purpose", "Amount")
    rows = tuple(
        (
            cells.words(one.name),
            cells.words(one.project),
            cells.words(one.category),
            cells.words(one.purpose),
            cells.amount(one.amount, told.currency),
        )
        for one in told.lines
    )
    return Grid("lines", "Budget lines", columns, rows, "No budget line is set.")
