"""What finance is told: set aside, spent and forecast, each to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from headway.domain.assessments.queries import ProgramHealth, ProjectHealth
from headway.domain.finance.rules import CATEGORIES
from headway.rendering.report.pack import CategoryLine, Finance, MoneyLine, ProjectMoney

_NOTHING = Decimal(0)


def finance_of(health: ProgramHealth) -> Finance:
    """Return the money of a program. Categories and projects add up to its budget and actual."""
    answer = health.forecast.answer if health.forecast else {}
    cost = _mapping(answer.get("cost"))
    return Finance(
        currency=health.program.currency,
        budget=health.budget.total,
        contingency=health.budget.contingency,
        reserve=health.budget.reserve,
        spent=health.actuals.total,
        cost_p50=_amount(cost.get("p50")),
        cost_p80=_amount(cost.get("p80")),
        categories=_categories(health),
        projects=_projects(health, _mapping(answer.get("projects"))),
        lines=_lines(health),
        foreign=_foreign(health),
    )


def _categories(health: ProgramHealth) -> tuple[CategoryLine, ...]:
    """Return budget and actual by category; the contingency is a line of its own."""
    budget: dict[str, Decimal] = {}
    for line in health.budget.lines:
        if line.purpose != "reserve":
            name = "contingency" if line.purpose == "contingency" else line.category
            budget[name] = budget.get(name, _NOTHING) + line.amount
    spent = health.actuals.by_category()
    known = [*CATEGORIES, "contingency"]
    names = [name for name in known if name in budget or name in spent]
    names += sorted(name for name in spent if name not in known)
    return tuple(
        CategoryLine(name, budget.get(name, _NOTHING), spent.get(name, _NOTHING)) for name in names
    )


def _projects(health: ProgramHealth, groups: Mapping[str, object]) -> tuple[ProjectMoney, ...]:
    rows = [_project(one, _mapping(groups.get(one.project.slug))) for one in health.projects]
    whole = health.budget.total
    if whole is not None and rows:
        rest = whole - sum((row.budget or _NOTHING for row in rows), _NOTHING)
        if rest:
            rows.append(ProjectMoney("", rest, None, None, None))
    return tuple(rows)


def _project(one: ProjectHealth, group: Mapping[str, object]) -> ProjectMoney:
    p50 = _amount(group.get("cost_p50"))
    return ProjectMoney(one.project.name, one.budget, one.spent, p50, one.cost_p80)


def _lines(health: ProgramHealth) -> tuple[MoneyLine, ...]:
    names = {one.project.id: one.project.name for one in health.projects}
    return tuple(
        MoneyLine(
            line.name,
            names.get(line.project_id, "") if line.project_id else "",
            line.category,
            line.purpose,
            line.amount,
        )
        for line in health.budget.lines
    )


def _foreign(health: ProgramHealth) -> tuple[tuple[str, Decimal], ...]:
    found: dict[str, Decimal] = {}
    for row in health.actuals.foreign:
        found[row.currency] = found.get(row.currency, _NOTHING) + row.amount
    return tuple(sorted(found.items()))


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _amount(value: object) -> Decimal | None:
    return Decimal(value) if isinstance(value, str) else None
