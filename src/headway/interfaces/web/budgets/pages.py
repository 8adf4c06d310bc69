"""The page of a program's budget, of one of its lines, and the list over all budgets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from decimal import Decimal
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.accounts.queries import names_by_address
from headway.domain.accounts.rules import Function
from headway.domain.finance.queries import exchange_rates, money_rules
from headway.domain.finance.rules import (
    ActualFacts,
    BudgetAlert,
    BudgetChangeFacts,
    LineStanding,
    MonthCell,
    fiscal_period,
    shares_text,
)
from headway.domain.people.queries import names_of
from headway.domain.plans.queries import latest_forecast
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProjectFacts
from headway.domain.progress.queries.budget_page import (
    BudgetPage,
    BudgetRow,
    budget_list,
    budget_page,
)
from headway.domain.progress.queries.cost_outlook import CostRange
from headway.domain.risks.queries import risks_of
from headway.errors import NotFound
from headway.interfaces.web.budgets.pictures import curve_chart, fall_chart
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import is_live
from headway.interfaces.web.programs.program import head_of
from headway.rendering import phrases

#: More records than this behind one line are looked up in the ledger.
MOST_RECORDS = 60
_RULES = {
    "contingency": "Contingency",
    "hiring": "People to be hired",
    "overspent": "Month overspent",
    "exhausted": "Used up early",
    "committed": "Above the line",
}


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line as the page shows it: whose it is, and what it met."""

    standing: LineStanding
    projects: str
    owner: str
    simulated: CostRange | None = None
    anchor: str = ""

    @property
    def waiting(self) -> Decimal:
        """Return what is owed or ordered."""
        return self.standing.accrued + self.standing.committed


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change with the names of its lines and people, and whether the reader may answer it."""

    change: BudgetChangeFacts
    source: str
    target: str
    asked_by: str
    answered_by: str
    serves: str
    may_answer: bool
    may_withdraw: bool
    may_reverse: bool


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert with the words of its rule."""

    label: str
    alert: BudgetAlert


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month with its fiscal period; `off` is what it took beyond its plan, None while ahead."""

    cell: MonthCell
    period: str
    is_now: bool
    off: Decimal | None


def budget(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Say what is spent, owed, ordered and left, with odds; then why."""
    facts = program_named(request.actor, program, request.at)
    today = (request.at or request.now).date()
    page = budget_page(request.actor, facts, today, request.at)
    names = names_of(request.actor)
    owed = {one.key: one.converted for one in page.standing.costs.accruals}
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at))
    values |= {
        "page": page,
        "said": _answer(page),
        "spent": _spent(page),
        "why_not": _unsaid(page),
        "apart": _apart(page),
        "alerts": [AlertRow(_RULES[one.rule], one) for one in page.alerts],
        "rows": _line_rows(page, names),
        "reserves": [
            (one, names.get(one.owner, one.owner))
            for one in page.standing.budget.lines
            if one.purpose == "reserve"
        ],
        "months": _months(page.standing.months, page),
        "fall": fall_chart(page),
        "curve": curve_chart(page),
        "changes": _changes(request, page),
        "accruals": [(one, owed.get(one.key)) for one in page.accruals],
        "converted": [one for one in page.standing.costs.actuals.rows if one.converted],
        "projects": {one.id: one for one in page.projects},
    }
    return render(request, "budgets_web/budget.html", values)


def line(request: WorkspaceRequest, program: str, line: str) -> HttpResponse:
    """Show a line month by month, down to the records of what was spent."""
    facts = program_named(request.actor, program, request.at)
    today = (request.at or request.now).date()
    page = budget_page(request.actor, facts, today, request.at)
    found = [one for one in page.standing.lines if one.line.key == line]
    if not found:
        sentence = f"There is no budget line '{line}' in {facts.name}."
        raise NotFound(sentence)
    behind = _behind(page, found[0])
    values = head_of(request, facts, latest_forecast(request.actor, facts, request.at))
    values |= {
        "page": page,
        "row": _line_row(found[0], page, names_of(request.actor)),
        "standing": found[0],
        "months": _months(found[0].months, page),
        "spent_on": behind[:MOST_RECORDS],
        "more": max(0, len(behind) - MOST_RECORDS),
        "projects": {one.id: one for one in page.projects},
        "alerts": [AlertRow(_RULES[one.rule], one) for one in page.alerts if one.line == line],
    }
    return render(request, "budgets_web/line.html", values)


def budgets(request: WorkspaceRequest) -> HttpResponse:
    """List every budget, programs first, the one that asks for most money at the top."""
    today = (request.at or request.now).date()
    rows = budget_list(request.actor, today, request.at)
    programs = [row for row in rows if row.project is None]
    order = sorted(programs, key=lambda row: (-(row.over or Decimal(-(10**15))), row.program.name))
    below: dict[UUID, list[BudgetRow]] = {row.program.id: [row] for row in programs}
    for row in rows:
        if row.project is not None:
            below[row.program.id].append(row)
    values = {
        "rows": [row for program in order for row in below[program.program.id]],
        "programs": len(programs),
        "over": [row for row in programs if (row.over or 0) > 0],
        "alerts": sum(len(row.alerts) for row in programs),
        "live": is_live(request),
    }
    return render(request, "budgets_web/budgets.html", values)


def rates(request: WorkspaceRequest) -> HttpResponse:
    """Show the exchange rates, and how the workspace counts its money."""
    values = {
        "rates": exchange_rates(request.actor, request.at),
        "rules": money_rules(request.actor, request.at),
        "live": is_live(request),
    }
    return render(request, "budgets_web/rates.html", values)


def _answer(page: BudgetPage) -> str:
    """Return whether the money will do; before a forecast what is left of it."""
    total, code = page.standing.budget.total, page.program.currency
    if total is None:
        return "No budget is set yet."
    if page.outlook.p80 is None:
        left = phrases.money(page.standing.left, code)
        return f"{left} of {phrases.money(total, code)} left; whether it will do, no forecast says."
    cost, gap = phrases.money(page.outlook.p80, code), page.outlook.p80 - total
    side = "over" if gap > 0 else "under"
    against = f"{phrases.money(abs(gap), code)} {side} the budget" if gap else "the budget itself"
    odds = page.outlook.odds
    holds = f"; the budget holds with {phrases.share(odds)} odds" if odds is not None else ""
    return f"It costs {cost} at P80, {against}{holds}."


def _spent(page: BudgetPage) -> str:
    """Return where the money went so far, as a sentence."""
    standing, code = page.standing, page.program.currency
    if standing.budget.total is None:
        return ""
    costs = standing.costs
    parts: list[tuple[str, Decimal | None]] = [("spent", costs.actuals.total or Decimal(0))]
    parts += [("accrued", costs.accrued)] if costs.accrued else []
    parts += [("committed", costs.committed)] if costs.committed else []
    parts += [("left", standing.left)]
    said = ", ".join(f"{word} {phrases.money(amount, code)}" for word, amount in parts)
    return f"Of {phrases.money(standing.budget.total, code)}: {said}."


def _unsaid(page: BudgetPage) -> str:
    """Return what stands in no sum, as a sentence; empty where all is in."""
    apart = page.standing.costs.apart
    if not apart:
        return ""
    told = ", ".join(phrases.money(amount, code, exact=True) for code, amount in apart.items())
    return f"{told} stand apart: no exchange rate into {page.program.currency} was there by then."


def _apart(page: BudgetPage) -> str:
    """Say why the parts' percentiles are not the whole's; empty without parts."""
    told = [one.simulated for one in page.categories if one.simulated]
    if len(told) < 2 or page.outlook.p50 is None or page.outlook.p80 is None:
        return ""
    p50, p80 = (sum(amounts, Decimal(0)) for amounts in zip(*map(astuple, told), strict=True))
    return (
        f"The parts do not add up: their P50s come to {p50:,.0f} and their P80s to {p80:,.0f}, the "
        f"whole's are {page.outlook.p50:,.0f} and {page.outlook.p80:,.0f} "
        f"{page.program.currency}, for not every part is dear in the same future. "
        "The contingency follows the whole; a part's P80 − budget says where it is asked for."
    )


def _line_rows(page: BudgetPage, names: Mapping[str, str]) -> list[LineRow]:
    """Return the lines as the categories stand; the first of each is where its category leads."""
    order = [one.category for one in page.standing.categories]
    rows: list[LineRow] = []
    seen: set[str] = set()
    for one in sorted(page.standing.lines, key=lambda one: order.index(_place(one))):
        place = _place(one)
        rows.append(replace(_line_row(one, page, names), anchor="" if place in seen else place))
        seen.add(place)
    return rows


def _place(one: LineStanding) -> str:
    return one.line.category if one.line.purpose == "budget" else "contingency"


def _line_row(one: LineStanding, page: BudgetPage, names: Mapping[str, str]) -> LineRow:
    projects = {project.id: project for project in page.projects}
    held = one.line
    if held.shares:
        told = shares_text((_named(projects, key), share) for key, share in held.shares)
    else:
        told = _named(projects, held.project_id) if held.project_id else ""
    home = projects.get(held.project_id) if held.project_id else None
    simulated = page.outlook.of_line(held, page.standing.budget, home.slug if home else "")
    return LineRow(one, told, names.get(held.owner, held.owner), simulated)


def _named(projects: Mapping[UUID, ProjectFacts], project_id: UUID) -> str:
    found = projects.get(project_id)
    return found.name if found else "a project that is gone"


def _months(cells: Sequence[MonthCell], page: BudgetPage) -> list[MonthRow]:
    now = page.standing.now
    return [
        MonthRow(
            cell,
            fiscal_period(cell.month, page.rules.fiscal_start),
            cell.month == now,
            cell.actual + cell.accrued - cell.plan if cell.month < now else None,
        )
        for cell in cells
    ]


def _changes(request: WorkspaceRequest, page: BudgetPage) -> list[ChangeRow]:
    lines = {one.key: page.standing.named(one) for one in page.standing.budget.lines}
    people = names_by_address(request.actor)
    risks = {one.key: one.name for one in risks_of(request.actor, page.program, request.at)}
    actor, live = request.actor, is_live(request)
    standing = ("requested", "approved")
    taken_back = {one.reverses for one in page.changes if one.state in standing}
    return [
        ChangeRow(
            one,
            lines.get(one.source, one.source) or "from outside",
            lines.get(one.target, one.target) or "out of the budget",
            people.get(one.requested_by, one.requested_by),
            people.get(one.decided_by, one.decided_by),
            risks.get(one.serves, one.serves),
            live
            and one.is_open
            and Function.FINANCE in actor.functions
            and one.requested_by != actor.label,
            live and one.is_open and one.requested_by == actor.label,
            live and one.state == "approved" and one.key not in taken_back,
        )
        for one in page.changes
    ]


def _behind(page: BudgetPage, one: LineStanding) -> list[ActualFacts]:
    """Return the records of money that the line takes its part of, the newest period first."""
    held = one.line
    known = [row for row in page.standing.budget.lines if row.purpose == "budget"]

    def is_its(row: ActualFacts) -> bool:
        if row.category != held.category or held.purpose != "budget":
            return False
        if held.serves(row.project_id):
            return True
        taken = any(
            other.category == row.category and other.serves(row.project_id) for other in known
        )
        return not taken and held.project_id is None and not held.shares

    found = [row for row in page.standing.costs.actuals.rows if is_its(row)]
    return sorted(found, key=lambda row: (-row.period_end.toordinal(), row.record))
