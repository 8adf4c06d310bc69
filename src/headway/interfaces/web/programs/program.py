"""A program's overview, which is the same as of another day, and what heads each of its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import redirect, render

from headway.domain.assessments.queries import ProgramHealth, program_health, recent_shifts
from headway.domain.people.queries import names_of
from headway.domain.plans.actions import make_forecast
from headway.domain.plans.queries import (
    ForecastFacts,
    is_behind,
    plan_weakness,
    what_moved,
)
from headway.domain.programs.queries import objectives_of, program_named
from headway.domain.programs.rules import ProgramFacts, ProjectFacts
from headway.domain.risks.queries import risks_of
from headway.domain.risks.rules import RiskFacts
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.layout.toasts import tell
from headway.interfaces.web.programs import forecasting
from headway.interfaces.web.programs.addresses import address, back, is_live
from headway.interfaces.web.programs.standing import Standing, standings_of
from headway.interfaces.web.programs.tabs import tabs_of

#: "What moved" looks back this far, and shows at most so many lines.
WEEK = timedelta(days=7)
MOST_MOVES = 12
TOP_RISKS = 3


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project in its program. `days` and `money` are what its uncertainty adds to the P80."""

    project: ProjectFacts
    stage: str
    standings: Sequence[Standing]
    days: float | None
    money: Decimal | None
    is_noise: bool
    p50: date | None
    p80: date | None
    p_on_time: float | None
    cost_p80: Decimal | None
    budget: Decimal | None


@dataclass(frozen=True, slots=True)
class RiskRow:
    """A risk with the loss to expect of it: chance × mean of its cost range (a triangle's)."""

    risk: RiskFacts
    loss: Decimal | None
    delay: float | None
    is_overdue: bool


def program(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Answer first: when it lands, with odds; then why."""
    facts = program_named(request.actor, program, request.at)
    at = request.at or request.now
    found = program_health(request.actor, facts, at, known_at=request.at)
    moves = what_moved(request.actor, facts, at - WEEK, request.at) if found.projects else ()
    names = names_of(request.actor)
    values = head_of(request, facts, found.forecast) | {
        "standings": standings_of(request, found.dimensions, found.judgements),
        "judge": address(request, "judge_program", program=program),
        "projects": [_project_row(request, found, slug) for slug in found.ranked],
        "finish": forecasting.finish_chart(facts, found.forecast),
        "milestones": forecasting.milestone_lines(found.forecast),
        "moves": moves[:MOST_MOVES],
        "more_moves": max(0, len(moves) - MOST_MOVES),
        "shifts": recent_shifts(request.actor, at, since=at - WEEK, program=program, limit=8),
        "risks": _ranked(risks_of(request.actor, facts, request.at), request)[:TOP_RISKS],
        "register": address(request, "risks", program=program),
        "objectives": objectives_of(request.actor, facts, request.at),
        "manager": names.get(facts.manager, facts.manager),
        "sponsor": names.get(facts.sponsor, facts.sponsor),
    }
    return render(request, "programs_web/program.html", values)


def forecast_now(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Simulate the plan as it is now."""
    here = address(request, "program", program=program)
    found = make_forecast(request.actor, program, request.now)
    tell(request, "The forecast is new." if found else "Nothing is planned yet to forecast.")
    return back(request, here) if found else redirect(here)


def head_of(
    request: WorkspaceRequest,
    facts: ProgramFacts,
    latest: ForecastFacts | None,
    *,
    check: bool = True,
) -> dict[str, object]:
    """Return what stands at the top of every page of a program.

    Without `check` nobody has looked whether the plan changed since the forecast: the page asks.
    """
    here = address(request, "program", program=facts.slug)
    actor, at = request.actor, request.at
    tabs = tabs_of(request, facts.slug)
    behind = check and is_live(request) and is_behind(actor, facts, latest, at)
    return {
        "program": facts,
        "forecast": latest,
        "answer": forecasting.answer_of(facts, latest),
        "live": is_live(request),
        "behind": behind,
        "weakness": plan_weakness(actor, facts, latest, at, request.now, behind=behind),
        "home": here,
        "tabs": tabs.groups,
        "within": tabs,
        "reports": address(request, "reports"),
        "portfolio": address(request, "programs"),
    }


def _project_row(request: WorkspaceRequest, found: ProgramHealth, slug: str) -> ProjectRow:
    one = next(each for each in found.projects if each.project.slug == slug)
    effect = forecasting.part(found.forecast.answer, "effects", slug) if found.forecast else {}
    page = address(request, "project", project=slug)
    return ProjectRow(
        project=one.project,
        stage=one.stage,
        standings=standings_of(request, one.dimensions, one.judgements, page),
        days=one.effect_days,
        money=one.effect_money,
        is_noise=bool(effect.get("within_error")),
        p50=one.p50,
        p80=one.p80,
        p_on_time=one.p_on_time,
        cost_p80=one.cost_p80,
        budget=one.budget,
    )


def _ranked(risks: Sequence[RiskFacts], request: WorkspaceRequest) -> list[RiskRow]:
    """Return open risks by expected delay, then by expected loss."""
    today = (request.at or request.now).date()
    rows = [
        RiskRow(
            risk,
            Decimal(str(round(money, 2))) if (money := risk.expected_money) is not None else None,
            risk.expected_days,
            risk.is_overdue(today),
        )
        for risk in risks
        if risk.state != "closed"
    ]
    return sorted(rows, key=lambda row: (-(row.delay or 0), -(row.loss or 0), row.risk.key))
