"""Budgets beside their money: how they stand, changes by a second hand, accruals, rates, tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from headway.domain.accounts.rules import Permission
from headway.domain.finance.actions import (
    agree_budget,
    answer_budget_change,
    import_budget,
    remove_exchange_rate,
    request_budget_change,
    reverse_accrual,
    reverse_budget_change,
    set_accrual,
    set_exchange_rate,
    withdraw_budget_change,
)
from headway.domain.finance.queries import (
    accrual_named,
    accruals_of,
    budget_change_named,
    budget_changes_of,
    exchange_rate,
    exchange_rates,
)
from headway.domain.finance.rules import (
    AccrualFacts,
    AgreementFacts,
    BudgetAlert,
    BudgetChangeFacts,
    CategoryStanding,
    ExchangeRateFacts,
    PlannedOpening,
    Step,
    fiscal_period,
)
from headway.domain.programs.actions.tables import TableImport
from headway.domain.programs.queries import program_named
from headway.domain.progress.queries.budget_page import budget_list, budget_page
from headway.domain.progress.queries.cost_outlook import CostRange
from headway.errors import Invalid
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given, check_type
from headway.interfaces.api.etags import edit, edit_or_create
from headway.interfaces.api.operations import documented, operation
from headway.interfaces.api.paging import Asked, AskedAt, At, Page, page_of

router = Router(tags=["Money"])

_VIEW, _RUN = Permission.VIEW, Permission.PROGRAM
_CHANGE = "/programs/{slug}/budget-changes/{key}"
_ACCRUAL = "/programs/{slug}/accruals/{key}"
_RATE = "/exchange-rates/{key}"
_TYPES = (
    "text/csv",
    "application/octet-stream",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
_TABLE = {
    "required": True,
    "content": {
        kind: {"schema": {"type": "string", "description": "The file, as it is."}}
        for kind in _TYPES
    },
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a budget stands: amounts in `currency`, null where nobody said; `apart` is in no sum.

    `simulated` are P50 and P80 by category, and of "risks": percentiles do not add up.
    """

    currency: str
    total: Decimal | None
    contingency: Decimal
    contingency_needed: Decimal | None
    reserve: Decimal
    actual: Decimal | None
    accrued: Decimal
    committed: Decimal
    left: Decimal | None
    forecast: Decimal
    cost_p50: Decimal | None
    cost_p80: Decimal | None
    odds: float | None
    apart: Mapping[str, Decimal]
    categories: Sequence[CategoryStanding]
    steps: Sequence[Step]
    alerts: Sequence[BudgetAlert]
    agreement: AgreementFacts | None
    openings: Sequence[PlannedOpening]
    simulated: Mapping[str, CostRange]


@dataclass(frozen=True, slots=True)
class LineMonth:
    """A month of a budget line: planned, spent, owed, forecast."""

    line: str
    month: date
    period: str
    plan: Decimal
    actual: Decimal
    accrued: Decimal
    forecast: Decimal


@dataclass(frozen=True, slots=True)
class BudgetLead:
    """A program's budget (`project` null) or a project's, in one line."""

    program: str
    project: str | None
    currency: str
    budget: Decimal | None
    actual: Decimal
    accrued: Decimal
    committed: Decimal
    left: Decimal | None
    cost_p50: Decimal | None
    cost_p80: Decimal | None
    odds: float | None
    alerts: Sequence[BudgetAlert]


class ChangeBody(Given):
    """Money from the line `source` to the line `target`; one of both may be left out."""

    source: str = ""
    target: str = ""
    amount: str | None = None
    reason: str = ""
    serves: str = ""


class AnswerBody(Given):
    """The answer to a budget change; a refusal says why."""

    answer: Literal["approved", "refused", ""] = ""
    note: str = ""


class NothingBody(Given):
    """Nothing is asked besides the address."""


class AgreeBody(Given):
    """Who agreed, and when."""

    reason: str = ""


class AccrualBody(Given):
    """What a month owes; a new one needs month (2026-11), amount and reason."""

    month: str | None = None
    amount: str | None = None
    currency: str | None = None
    reason: str | None = None
    category: str | None = None
    project: str | None = None
    order: str | None = None


class ReversalBody(Given):
    """The invoice that came, and when: today unless said."""

    invoice: str = ""
    on: date | None = None


class RateBody(Given):
    """What one unit was worth, as decimal text, and who said so."""

    rate: str | None = None
    source: str | None = None


class TableAsked(BaseModel):
    """What the file is called, and whether it is only tried."""

    file: Annotated[str, Field(min_length=1, max_length=200)] = "budget.csv"
    dry_run: bool = False


@operation(router, "GET", "/programs/{slug}/budget-standing", _VIEW, Standing)
def read_budget_standing(request: ApiRequest, slug: str, asked: Query[At]) -> Standing:
    """Say how a budget stands: spent, owed, ordered, forecast, left, and what asks for somebody."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    page = budget_page(request.auth, program, (moment or request.now).date(), moment)
    budget, costs = page.standing.budget, page.standing.costs
    return Standing(
        budget.currency,
        budget.total,
        budget.contingency,
        page.contingency.needed,
        budget.reserve,
        costs.actuals.total,
        costs.accrued,
        costs.committed,
        page.standing.left,
        page.standing.forecast,
        page.outlook.p50,
        page.outlook.p80,
        page.outlook.odds,
        costs.apart,
        page.standing.categories,
        page.fall,
        page.alerts,
        page.agreement,
        page.standing.openings,
        page.outlook.categories,
    )


@operation(router, "GET", "/programs/{slug}/budget-months", _VIEW, Page[LineMonth])
def list_budget_months(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[LineMonth]:
    """List the months of every budget line with plan, actual, accrued and forecast."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    page = budget_page(request.auth, program, (moment or request.now).date(), moment)
    rows = [
        LineMonth(
            one.line.key,
            cell.month,
            fiscal_period(cell.month, page.rules.fiscal_start),
            cell.plan,
            cell.actual,
            cell.accrued,
            cell.forecast,
        )
        for one in page.standing.lines
        for cell in one.months
    ]
    return page_of(rows, lambda row: f"{row.line} {row.month.isoformat()}", asked)


@operation(router, "GET", "/budgets", _VIEW, Page[BudgetLead])
def list_budgets(request: ApiRequest, asked: Query[AskedAt]) -> Page[BudgetLead]:
    """List every program's budget and, below it, its projects'."""
    moment = asked.moment(request)
    rows = [
        BudgetLead(
            row.program.slug,
            row.project.slug if row.project else None,
            row.currency,
            row.budget,
            row.actual,
            row.accrued,
            row.committed,
            row.left,
            row.p50,
            row.p80,
            row.odds,
            row.alerts,
        )
        for row in budget_list(request.auth, (moment or request.now).date(), moment)
    ]
    return page_of(rows, lambda row: f"{row.program} {row.project or ''}", asked)


@operation(router, "POST", "/programs/{slug}/budget-table", _RUN, TableImport)
@documented(requestBody=_TABLE)
def import_budget_table(request: ApiRequest, slug: str, asked: Query[TableAsked]) -> TableImport:
    """Set budget lines from a table (the body, CSV or XLSX): a row a line, a column a month."""
    program_named(request.auth, slug)
    check_type(request, *_TYPES)
    return import_budget(
        request.auth, slug, request.body, asked.file, request.now, dry_run=asked.dry_run
    )


@operation(router, "POST", "/programs/{slug}/budget-agreement", _RUN, AgreementFacts, 201)
def agree_on_budget(request: ApiRequest, slug: str, body: AgreeBody) -> AgreementFacts:
    """Note that the budget is agreed as it stands: from here only a budget change changes it."""
    return agree_budget(request.auth, slug, request.now, reason=body.reason)


@operation(router, "GET", "/programs/{slug}/budget-changes", _VIEW, Page[BudgetChangeFacts])
def list_budget_changes(
    request: ApiRequest, slug: str, asked: Query[AskedAt]
) -> Page[BudgetChangeFacts]:
    """List the changes of a budget, answered ones too, by key."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    rows = budget_changes_of(request.auth, program, moment)
    return page_of(rows, lambda row: row.key, asked)


@operation(router, "GET", _CHANGE, _VIEW, BudgetChangeFacts)
def read_budget_change(
    request: ApiRequest, slug: str, key: str, asked: Query[At]
) -> BudgetChangeFacts:
    """Read a budget change."""
    moment = asked.moment(request)
    return budget_change_named(request.auth, program_named(request.auth, slug, moment), key, moment)


@operation(
    router,
    "POST",
    "/programs/{slug}/budget-changes",
    Permission.PLAN,
    BudgetChangeFacts,
    201,
)
def ask_budget_change(request: ApiRequest, slug: str, body: ChangeBody) -> BudgetChangeFacts:
    """Ask for a transfer, a draw or a change of the total; nothing moves until it is approved."""
    return request_budget_change(request.auth, slug, body.given(), request.now)


@operation(router, "POST", _CHANGE + "/answer", Permission.DECIDE, BudgetChangeFacts)
def give_budget_answer(
    request: ApiRequest, slug: str, key: str, body: AnswerBody
) -> BudgetChangeFacts:
    """Approve or refuse a change that somebody else asked for; the function finance is needed."""
    place = (slug, key)
    return answer_budget_change(request.auth, place, body.answer, request.now, note=body.note)


@operation(router, "POST", _CHANGE + "/reverse", Permission.PLAN, BudgetChangeFacts, 201)
def ask_to_reverse_budget_change(
    request: ApiRequest, slug: str, key: str, body: NothingBody
) -> BudgetChangeFacts:
    """Ask for the opposite of an approved change; nothing moves until it is approved."""
    return reverse_budget_change(request.auth, (slug, key), request.now)


@operation(router, "POST", _CHANGE + "/withdraw", Permission.PLAN, BudgetChangeFacts)
def take_budget_change_back(
    request: ApiRequest, slug: str, key: str, body: NothingBody
) -> BudgetChangeFacts:
    """Take a budget change back that nobody answered."""
    return withdraw_budget_change(request.auth, (slug, key), request.now)


@operation(router, "GET", "/programs/{slug}/accruals", _VIEW, Page[AccrualFacts])
def list_accruals(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[AccrualFacts]:
    """List the accruals of a program, reversed ones too, by key."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    return page_of(accruals_of(request.auth, program, moment), lambda row: row.key, asked)


@operation(router, "GET", _ACCRUAL, _VIEW, AccrualFacts)
def read_accrual(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> AccrualFacts:
    """Read an accrual."""
    moment = asked.moment(request)
    return accrual_named(request.auth, program_named(request.auth, slug, moment), key, moment)


@operation(router, "PUT", _ACCRUAL, _RUN, AccrualFacts)
def put_accrual(request: ApiRequest, slug: str, key: str, body: AccrualBody) -> AccrualFacts:
    """Set an accrual: made when there is none of this key, else changed."""
    actor, at = request.auth, request.now
    program = program_named(actor, slug)

    def write(version: int | None) -> AccrualFacts:
        return set_accrual(actor, (slug, key), body.given(), at, version=version)

    return edit_or_create(request, lambda: accrual_named(actor, program, key), write)


@operation(router, "POST", _ACCRUAL + "/reverse", _RUN, AccrualFacts)
def end_accrual(request: ApiRequest, slug: str, key: str, body: ReversalBody) -> AccrualFacts:
    """Say that the invoice of an accrual came: from then on it counts no more."""
    on = body.on or request.now.date()
    return reverse_accrual(request.auth, (slug, key), body.invoice, on, request.now)


@operation(router, "GET", "/exchange-rates", _VIEW, Page[ExchangeRateFacts])
def list_exchange_rates(request: ApiRequest, asked: Query[Asked]) -> Page[ExchangeRateFacts]:
    """List the exchange rates, by pair and day."""
    return page_of(exchange_rates(request.auth), lambda row: row.key, asked)


@operation(router, "GET", _RATE, _VIEW, ExchangeRateFacts)
def read_exchange_rate(request: ApiRequest, key: str) -> ExchangeRateFacts:
    """Read the rate EUR-USD-2026-11-01: what one EUR was worth in USD from that day on."""
    return exchange_rate(request.auth, *_pair(key))


@operation(router, "PUT", _RATE, _RUN, ExchangeRateFacts)
def put_exchange_rate(request: ApiRequest, key: str, body: RateBody) -> ExchangeRateFacts:
    """Set a rate: made when there is none of this pair and day, else changed."""
    actor, at, pair = request.auth, request.now, _pair(key)

    def write(version: int | None) -> ExchangeRateFacts:
        return set_exchange_rate(actor, pair, body.given(), at, version=version)

    return edit_or_create(request, lambda: exchange_rate(actor, *pair), write)


@operation(router, "DELETE", _RATE, _RUN, None, 204)
def delete_exchange_rate(request: ApiRequest, key: str) -> None:
    """Take a rate away; that it was there stays in the history."""
    actor, at, pair = request.auth, request.now, _pair(key)

    def write(version: int) -> None:
        remove_exchange_rate(actor, pair, at, version=version)

    edit(request, lambda: exchange_rate(actor, *pair), write)


def _pair(key: str) -> tuple[str, str, date]:
    base, _, rest = key.partition("-")
    quote, _, day = rest.partition("-")
    try:
        return base, quote, date.fromisoformat(day)
    except ValueError:
        sentence = f"'{key[:40]}' names no rate; write it as EUR-USD-2026-11-01."
        raise Invalid(sentence) from None
