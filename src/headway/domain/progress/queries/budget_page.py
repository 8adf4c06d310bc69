"""Budgets beside their forecasts: the page of one program, and the list over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from headway.domain.accounts.rules import Actor
from headway.domain.finance.queries import (
    accruals_of,
    agreements_by_program,
    budget_changes_of,
    budgets_by_program,
    costs_by_program,
    money_rules,
    openings_by_program,
)
from headway.domain.finance.rules import (
    AccrualFacts,
    AgreementFacts,
    Budget,
    BudgetAlert,
    BudgetChangeFacts,
    BudgetStanding,
    Contingency,
    Costs,
    MoneyRulesFacts,
    Step,
    budget_alerts,
    budget_fall,
    budget_standing,
    contingency_of,
    hiring_alert,
    planned_openings,
)
from headway.domain.programs.queries import portfolio_lines, projects_by_program
from headway.domain.programs.rules import ProgramFacts, ProjectFacts
from headway.domain.progress.queries.cost_outlook import (
    CategoryRow,
    CostOutlook,
    category_rows,
    cost_outlooks,
)

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class BudgetPage:
    """Everything that a program's budget page shows."""

    program: ProgramFacts
    projects: Sequence[ProjectFacts]
    standing: BudgetStanding
    agreement: AgreementFacts | None
    changes: Sequence[BudgetChangeFacts]
    accruals: Sequence[AccrualFacts]
    rules: MoneyRulesFacts
    outlook: CostOutlook
    contingency: Contingency
    alerts: Sequence[BudgetAlert]
    fall: Sequence[Step]
    by_project: Sequence[BudgetRow]
    today: date
    #: Its categories beside what is simulated of each.
    categories: Sequence[CategoryRow] = ()
    #: Openings whose pay no exchange rate brings into the program's currency: in no sum.
    unpriced: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A program or a project in the list. `odds` and `alerts` are a program's only.

    Amounts are in the program's `currency`; None where nobody said.
    """

    program: ProgramFacts
    project: ProjectFacts | None
    budget: Decimal | None
    actual: Decimal
    accrued: Decimal
    committed: Decimal
    p80: Decimal | None
    p50: Decimal | None = None
    odds: float | None = None
    alerts: Sequence[BudgetAlert] = ()

    @property
    def currency(self) -> str:
        """Return the currency of every amount in the row."""
        return self.program.currency

    @property
    def left(self) -> Decimal | None:
        """Return what nobody spent, owes or ordered; None without a budget."""
        if self.budget is None:
            return None
        return self.budget - self.actual - self.accrued - self.committed

    @property
    def over(self) -> Decimal | None:
        """Return by how much P80 is above the budget; None where one of them is not known."""
        return None if self.p80 is None or self.budget is None else self.p80 - self.budget


def budget_page(
    actor: Actor, program: ProgramFacts, today: date, at: datetime | None = None
) -> BudgetPage:
    """Return a program's budget on a day, as known at `at`; twelve queries at most."""
    projects = projects_by_program(actor, [program], at)
    budget = budgets_by_program(actor, [program], at)[program.id]
    costs = costs_by_program(actor, [program], projects, at)[program.id]
    names = {one.id: one.name for one in projects[program.id]}
    openings = openings_by_program(actor, [program], at)[program.id]
    planned = planned_openings(budget, openings, program.target, today)
    standing = budget_standing(budget, costs, today, names, planned)
    agreement = agreements_by_program(actor, [program], at).get(program.id)
    changes = budget_changes_of(actor, program, at)
    rules = money_rules(actor, at)
    outlook = cost_outlooks(actor, [program], at).get(program.id, CostOutlook())
    alerts = budget_alerts(standing, outlook.p80, rules.overspend_percent)
    asked = hiring_alert(standing)
    return BudgetPage(
        program,
        projects[program.id],
        standing,
        agreement,
        changes,
        accruals_of(actor, program, at),
        rules,
        outlook,
        contingency_of(standing, outlook.p80),
        [*([asked] if asked else []), *alerts],
        budget_fall(standing, agreement, changes, outlook.p80),
        _projects(program, projects[program.id], budget, costs, outlook),
        today,
        category_rows(standing, outlook),
        [one.opening.key for one in openings if one.yearly is None and one.opening.is_coming],
    )


def budget_list(actor: Actor, today: date, at: datetime | None = None) -> Sequence[BudgetRow]:
    """Return every program's budget and, below it, its projects'; the same queries for many."""
    lines = portfolio_lines(actor, at)
    programs = [one.program for one in lines]
    projects = {one.program.id: one.projects for one in lines}
    budgets = budgets_by_program(actor, programs, at)
    costs = costs_by_program(actor, programs, projects, at)
    outlooks = cost_outlooks(actor, programs, at)
    openings = openings_by_program(actor, programs, at)
    percent = money_rules(actor, at).overspend_percent
    rows: list[BudgetRow] = []
    for program in programs:
        met, outlook = costs[program.id], outlooks.get(program.id, CostOutlook())
        names = {one.id: one.name for one in projects[program.id]}
        budget = budgets[program.id]
        planned = planned_openings(budget, openings[program.id], program.target, today)
        standing = budget_standing(budget, met, today, names, planned)
        rows.append(
            BudgetRow(
                program,
                None,
                standing.budget.total,
                met.actuals.total or _NOTHING,
                met.accrued,
                met.committed,
                outlook.p80,
                outlook.p50,
                outlook.odds,
                budget_alerts(standing, outlook.p80, percent),
            )
        )
        rows += _projects(program, projects[program.id], budget, met, outlook)
    return rows


def _projects(
    program: ProgramFacts,
    projects: Iterable[ProjectFacts],
    budget: Budget,
    costs: Costs,
    outlook: CostOutlook,
) -> list[BudgetRow]:
    spent = {
        project_id: sum((row.amount for row in rows), _NOTHING)
        for project_id, rows in costs.actuals.by_project()
    }
    owed = _sums((row.project_id, row.amount) for row in costs.accruals)
    ordered = _sums((row.project_id, row.open) for row in costs.commitments)
    mine = _budgets(budget)
    return [
        BudgetRow(
            program,
            project,
            mine.get(project.id),
            spent.get(project.id, _NOTHING),
            owed.get(project.id, _NOTHING),
            ordered.get(project.id, _NOTHING),
            outlook.projects.get(project.slug),
        )
        for project in projects
    ]


def _budgets(budget: Budget) -> Mapping[UUID | None, Decimal]:
    """Return what each project may spend, in one walk over the lines."""
    parts: list[tuple[UUID | None, Decimal]] = []
    for line in budget.lines:
        if line.purpose != "reserve":
            parts += line.by_project() if line.shares else [(line.project_id, line.amount)]
    return _sums(parts)


def _sums(parts: Iterable[tuple[UUID | None, Decimal]]) -> Mapping[UUID | None, Decimal]:
    found: dict[UUID | None, Decimal] = {}
    for project, amount in parts:
        found[project] = found.get(project, _NOTHING) + amount
    return found
