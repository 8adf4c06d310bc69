"""Money: what a program may spend, and what evidence says it spent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ninja import Query, Router

from headway.domain.accounts.rules import Permission
from headway.domain.finance.actions import remove_budget_line, set_budget_line
from headway.domain.finance.queries import actuals_of, budget_of
from headway.domain.finance.rules import ActualFacts, BudgetLineFacts
from headway.domain.programs.queries import program_named
from headway.errors import NotFound
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit, edit_or_create
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Money"])


class BudgetLineBody(Given):
    """An amount set aside, in the program's currency, as decimal text; a new line needs it.

    `phasing` is {"shape": "even", "from": "2026-08", "to": "2027-05"} (or front, back), or
    {"months": {"2026-08": "1200.00"}}; `shares` are shares of 1 by project, instead of `project`;
    `covers` are keys of openings that the line holds the pay of, as they cost now.
    """

    name: str | None = None
    purpose: str | None = None
    category: str | None = None
    amount: str | None = None
    project: str | None = None
    cost_centre: str | None = None
    treatment: str | None = None
    owner: str | None = None
    phasing: dict[str, Any] | None = None
    shares: dict[str, str] | None = None
    covers: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """What may be spent and what was; null where nobody said."""

    currency: str
    total: Decimal | None
    spent: Decimal | None
    lines: Sequence[BudgetLineFacts]


@operation(router, "GET", "/programs/{slug}/budget", Permission.VIEW, Money)
def read_budget(request: ApiRequest, slug: str, asked: Query[At]) -> Money:
    """Read the budget of a program beside what evidence says was spent."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    budget = budget_of(request.auth, program, moment)
    spent = actuals_of(request.auth, program, moment).total
    return Money(budget.currency, budget.total, spent, budget.lines)


@operation(router, "GET", "/programs/{slug}/costs", Permission.VIEW, Page[ActualFacts])
def list_costs(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[ActualFacts]:
    """List what was spent, in any currency, in the order in which it was recorded."""
    moment = asked.moment(request)
    actuals = actuals_of(request.auth, program_named(request.auth, slug, moment), moment)
    rows = [*actuals.rows, *actuals.foreign]
    return page_of(rows, lambda row: f"{row.record:018}", asked)


@operation(router, "GET", "/programs/{slug}/budget/{key}", Permission.VIEW, BudgetLineFacts)
def read_budget_line(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> BudgetLineFacts:
    """Read a budget line."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    for line in budget_of(request.auth, program, moment).lines:
        if line.key == key:
            return line
    sentence = f"There is no budget line '{key}' in {program.name}."
    raise NotFound(sentence)


@operation(router, "PUT", "/programs/{slug}/budget/{key}", Permission.PROGRAM, BudgetLineFacts)
def put_budget_line(
    request: ApiRequest, slug: str, key: str, body: BudgetLineBody
) -> BudgetLineFacts:
    """Set a budget line: made when there is none of this key, else changed."""
    actor, at = request.auth, request.now
    program_named(actor, slug)

    def write(version: int | None) -> BudgetLineFacts:
        return set_budget_line(actor, slug, key, body.given(), at, version=version)

    return edit_or_create(request, lambda: read_budget_line(request, slug, key, At()), write)


@operation(router, "DELETE", "/programs/{slug}/budget/{key}", Permission.PROGRAM, None, 204)
def delete_budget_line(request: ApiRequest, slug: str, key: str) -> None:
    """Take a budget line away; that it was there stays in the history."""
    actor, at = request.auth, request.now

    def write(version: int) -> None:
        remove_budget_line(actor, slug, key, at, version=version)

    edit(request, lambda: read_budget_line(request, slug, key, At()), write)
