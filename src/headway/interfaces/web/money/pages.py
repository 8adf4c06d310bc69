"""The page that leads to budgets, costs, people, capacity, vendors, labels and risks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.finance.queries import actuals_by_program, budgets_by_program
from headway.domain.people.queries.allocations import requests_of
from headway.domain.plans.queries import latest_forecasts
from headway.domain.programs.queries import programs_of, projects_by_program
from headway.domain.programs.rules import ProgramFacts
from headway.domain.vendors.queries import lapses_of, vendor_approvals_counted
from headway.interfaces.web.layout.doors import Door, Groups, open_doors
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address
from headway.rendering.phrases import money, quantity

#: Title of a group → the pages in it, in the order a reader asks.
GROUPS: Groups = (
    (
        "Money",
        (
            Door("budgets", "Budgets", "What may be spent, what is spent, and will it do?"),
            Door("costs", "Costs", "Where does the money go, and what belongs to nobody?"),
            Door("unit_costs", "Unit costs", "What does a run, an experiment, a prediction cost?"),
            Door("bills", "Bills", "What came in from clouds and time sheets, and was refused?"),
            Door("allocation", "Whose it is", "Which rule places which charge?"),
            Door("earned_values", "Earned value", "What was got for what was spent?"),
            Door("exchange_rates", "Exchange rates", "How are other currencies counted?"),
        ),
    ),
    (
        "People and machines",
        (
            Door("people", "People", "Who is here, and who checked in?"),
            Door("capacity", "Capacity", "Who is free when, and who is asked for twice?"),
            Door("own_hours", "Hours", "What did I work on this week?"),
            Door("requests", "Requests", "Who is wanted, and who fits?"),
            Door("skills", "Skills", "What can we do, and what hangs on one person?"),
            Door("hiring", "Hiring", "Whom do we look for, by when, at which cost?"),
            Door("operations", "Operations", "What do live systems take from people?"),
            Door("rates", "Rates", "What does an hour of each role cost, and says who?"),
        ),
    ),
    (
        "Vendors and labels",
        (
            Door("vendors", "Vendors", "Who delivers to us, on which terms, and what lapses?"),
            Door("vendor_approvals", "Vendor approvals", "Which answers wait for whom?"),
            Door("vendor_comparison", "Comparison", "Who is good, fast, and at what price?"),
            Door(
                "annotation",
                "Annotation",
                "When is the labelled set there, how good, at what cost?",
            ),
        ),
    ),
    ("Risks", (Door("top_risks", "Risks", "Which risks cost the programs most?"),)),
)


@dataclass(frozen=True, slots=True)
class Row:
    """The money of one program. `over` is how far the cost at P80 lies beyond the budget."""

    program: ProgramFacts
    href: str
    budget: Decimal | None
    spent: Decimal | None
    p50: Decimal | None
    p80: Decimal | None
    odds: float | None

    @property
    def over(self) -> Decimal | None:
        """Return P80 less the budget; None where either is not known."""
        return None if self.p80 is None or self.budget is None else self.p80 - self.budget


def hub(request: WorkspaceRequest) -> HttpResponse:
    """Say what each program may spend and will, and what can be asked here."""
    rows = _rows(request)
    groups = open_doors(request, GROUPS, _waiting(request))
    return render(
        request, "money_web/hub.html", {"said": _said(rows), "rows": rows, "groups": groups}
    )


def _waiting(request: WorkspaceRequest) -> Mapping[str, str]:
    """Return what waits behind a door, in words, by route; nothing where nothing does."""
    actor, at, known = request.actor, request.at or request.now, request.at
    lapses = len(lapses_of(actor, at, known))
    asked = vendor_approvals_counted(actor, known).all
    wanted = len(requests_of(actor, known, state="open"))
    said = {
        "vendors": f"{quantity(lapses, 'contract')} about to lapse" if lapses else "",
        "vendor_approvals": f"{quantity(asked, 'answer')} waiting" if asked else "",
        "requests": f"{quantity(wanted, 'request')} open" if wanted else "",
    }
    return {route: words for route, words in said.items() if words}


def _rows(request: WorkspaceRequest) -> Sequence[Row]:
    """Return one row a program, the furthest over its budget first."""
    actor, at = request.actor, request.at
    programs = programs_of(actor, at)
    budgets = budgets_by_program(actor, programs, at)
    spent = actuals_by_program(actor, programs, projects_by_program(actor, programs, at), at)
    forecasts = latest_forecasts(actor, programs, at)
    rows = []
    for program in programs:
        forecast = forecasts.get(program.id)
        answer: Mapping[str, object] = forecast.answer if forecast else {}
        odds = answer.get("p_within_budget")
        rows.append(
            Row(
                program,
                address(request, "budget", program=program.slug),
                budgets[program.id].total,
                spent[program.id].total,
                forecast.cost("p50") if forecast else None,
                forecast.cost("p80") if forecast else None,
                float(odds) if isinstance(odds, int | float) else None,
            )
        )
    return sorted(rows, key=lambda row: (row.over is None, -(row.over or 0), row.program.name))


def _said(rows: Sequence[Row]) -> str:
    """Return the answer: whose money will not do, and by how much at most."""
    if not rows:
        return "There is no program yet, and so no money to look after."
    known = [row for row in rows if row.over is not None]
    if not known:
        return "No program has both a budget and a forecast of its cost yet."
    over = [row for row in known if row.over and row.over > 0]
    if not over:
        of = quantity(len(known), "budget")
        return f"At P80 {of} {'holds' if len(known) == 1 else 'hold'}."
    first = over[0]
    most = f"{first.program.name} by {money(first.over, first.program.currency)}"
    return f"At P80 {len(over)} of {quantity(len(known), 'budget')} will not do: {most}."
