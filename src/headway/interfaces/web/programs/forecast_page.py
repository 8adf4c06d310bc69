"""The forecast of a program as a page: the answer, what drives it, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render

from headway import clock
from headway.analysis.schedule.plan import ItemKind, Plan
from headway.domain.plans.queries import (
    ForecastFacts,
    SupposedOdds,
    WhatIf,
    forecast_history,
    is_quick,
    latest_forecast,
    odds_of,
    plan_value,
    score_forecasts,
    supposed,
    what_if,
)
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs import forecast_charts as charts
from headway.interfaces.web.programs import forecasting
from headway.interfaces.web.programs.addresses import address
from headway.interfaces.web.programs.forecasting import day, decimal, number, part, rows_of
from headway.interfaces.web.programs.program import head_of
from headway.interfaces.web.programs.supposing import (
    MOST_TOGGLES,
    asked_in,
    pairs_of,
    supposition_job,
)
from headway.interfaces.web.programs.told_by_evidence import told_by_evidence, undated


@dataclass(frozen=True, slots=True)
class Rung:
    """One percentile of finish and cost with its standard errors (of the finish in days)."""

    percent: str
    finish: date | None
    error: float | None
    cost: Decimal | None
    cost_error: Decimal | None


@dataclass(frozen=True, slots=True)
class Branch:
    """One way out of an experiment."""

    name: str
    outcome: str
    share: float | None
    cost: Decimal | None
    p80: date | None
    tries: str


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """What one response to a risk, or all of them, buys at P80; money is net of the price."""

    name: str
    price: Decimal | None
    days: float | None
    is_same_time: bool
    money: Decimal | None
    is_same_money: bool


@dataclass(frozen=True, slots=True)
class Toggle:
    """A link that supposes something, or takes it back."""

    words: str
    href: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One answer as it is planned, and as it would be."""

    what: str
    planned: object
    supposed: object
    kind: str


def program_forecast(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Show the odds, what drives them, what would change them, and how past ones did."""
    facts = program_named(request.actor, program, request.at)
    latest = latest_forecast(request.actor, facts, request.at)
    plan = plan_value(request.actor, facts, request.at)
    names = {item.id: item.name for item in plan.items} | {one.id: one.name for one in plan.risks}
    history = forecast_history(request.actor, facts, request.at)
    days, money = charts.tornado_charts(facts, latest, names)
    asked = asked_in(request.GET)
    values = head_of(request, facts, latest) | {
        "finish": forecasting.finish_chart(facts, latest),
        "history": forecasting.history_chart(history),
        "milestones": forecasting.milestone_chart(latest, _finished(plan)),
        "joint_chart": charts.joint_chart(facts, latest),
        "quadrant": charts.quadrant_chart(latest, names, _milestones(plan)),
        "tornado_days": days,
        "tornado_money": money,
        "notes": forecasting.notes_of(latest),
        "score": score_forecasts(request.actor, facts, request.at),
        "toggles": _toggles(request, plan, asked),
        **_tried(request, facts, latest, asked),
        "asked": asked,
        "calibration": address(request, "calibration", program=program),
        "undated": undated(told_by_evidence(request, facts)),
        **_answers(latest, names),
    }
    return render(request, "programs_web/forecast.html", values)


def _answers(latest: ForecastFacts | None, names: Mapping[str, str]) -> dict[str, object]:
    """Return the single numbers and tables; what an older answer lacks is left out."""
    answer = latest.answer if latest else {}
    return {
        "never": number(answer.get("p_never")),
        "joint": number(answer.get("p_joint")),
        "own": part(answer, "deterministic"),
        "own_finish": day(part(answer, "deterministic").get("finish")),
        "own_odds": number(part(answer, "deterministic").get("probability")),
        "contingency": number(part(answer, "contingency").get("duration")),
        "contingency_money": decimal(part(answer, "contingency").get("money")),
        "bias": str(part(answer, "merge_bias").get("sentence", "")),
        "ladder": _ladder(answer),
        "branches": _branches(answer, names),
        "responses": _responses(answer, names),
        "stands": _stands(answer),
    }


def _ladder(answer: Mapping[str, object]) -> list[Rung]:
    dates, errors = part(answer, "finish_dates"), part(answer, "standard_error")
    costs, doubts = part(answer, "cost"), part(answer, "cost_standard_error")
    return [
        Rung(
            name.upper(),
            day(when),
            number(errors.get(name)),
            decimal(costs.get(name)),
            decimal(doubts.get(name)),
        )
        for name, when in sorted(dates.items())
    ]


def _branches(answer: Mapping[str, object], names: Mapping[str, str]) -> list[Branch]:
    rows = []
    for one in rows_of(answer.get("attempts")):
        tries = part(one, "tries")
        told = ", ".join(f"{n}: {round(share * 100)} %" for n, share in _shares(tries))
        name = str(one.get("name") or one["id"])
        fallback = one.get("fallback")
        instead = names.get(str(fallback)) or str(fallback)
        fails = f"gives up: {instead}" if fallback else "gives up: it never ends"
        for outcome, words in (("succeeds", "succeeds"), ("fails", fails)):
            held = part(one, outcome)
            share = number(held.get("probability"))
            finish = day(part(held, "dates").get("p80"))
            shown = told if outcome == "succeeds" else ""
            rows.append(Branch(name, words, share, decimal(held.get("cost")), finish, shown))
    return rows


def _shares(tries: Mapping[str, object]) -> list[tuple[str, float]]:
    known = [(key, number(value)) for key, value in tries.items()]
    return [(key, value) for key, value in known if value is not None]


def _responses(answer: Mapping[str, object], names: Mapping[str, str]) -> list[ResponseRow]:
    held = part(answer, "mitigation")
    rows = [
        _response(
            str(names.get(str(one["risk"])) or one["risk"]), one.get("price"), part(one, "gains")
        )
        for one in rows_of(held.get("responses"))
    ]
    if len(rows) > 1:
        price = sum((row.price for row in rows if row.price is not None), Decimal(0))
        rows.append(_response("All of them", str(price), part(held, "gains")))
    return rows


def _response(name: str, price: object, gains: Mapping[str, object]) -> ResponseRow:
    at_p80 = part(gains, "p80")
    return ResponseRow(
        name,
        decimal(price),
        number(at_p80.get("duration")),
        bool(at_p80.get("within_error")),
        decimal(at_p80.get("money")),
        bool(at_p80.get("money_within_error")),
    )


def _stands(
    answer: Mapping[str, object],
) -> list[tuple[str, date | None, float | None, Decimal | None]]:
    """Return the plan before and after all responses: P80, odds, cost at P80."""
    held = part(answer, "mitigation")
    if not held:
        return []
    sides = (("Before the responses", part(held, "before")), ("After them", part(held, "after")))
    return [
        (
            words,
            day(part(side, "finish_dates").get("p80")),
            number(side.get("p_on_time")),
            decimal(part(side, "cost").get("p80")),
        )
        for words, side in sides
    ]


def _finished(plan: Plan) -> dict[str, date | None]:
    """Return the days of what is done, by address."""
    ends = {item.id: item.finished for item in plan.items}
    return {name: end for name, end in ends.items() if isinstance(end, date)}


def _milestones(plan: Plan) -> frozenset[str]:
    return frozenset(item.id for item in plan.items if item.kind is ItemKind.MILESTONE)


def _toggles(request: WorkspaceRequest, plan: Plan, asked: WhatIf) -> list[Toggle]:
    """Return the links that suppose one thing more, or one thing less."""
    found = []
    if any(risk.mitigated is not None for risk in plan.risks):
        found.append(_toggle(request, asked, "every response taken", "mitigated"))
    if any(item.needs for item in plan.items):
        found.append(_toggle(request, asked, "nobody does two things at once", "resources"))
    if asked.widen != 1.0:
        found.append(_toggle(request, asked, f"ranges widened to ×{asked.widen:g}", "widen"))
    for risk in plan.risks[:MOST_TOGGLES]:
        found.append(_toggle(request, asked, f"without: {_cut(risk.name or risk.id)}", risk.id))
    return found


def _cut(words: str, most: int = 36) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def _toggle(request: WorkspaceRequest, asked: WhatIf, words: str, key: str) -> Toggle:
    switches = {"mitigated": asked.mitigated, "resources": asked.respect_resources}
    without = list(asked.without)
    if key == "widen":
        is_on, asked = True, replace(asked, widen=1.0)
    elif key in switches:
        is_on = switches[key]
        switches[key] = not is_on
    else:
        is_on = key in without
        without = [one for one in without if one != key] if is_on else [*without, key]
    pairs = [("at", request.GET["at"])] if "at" in request.GET else []
    wanted = WhatIf(tuple(without), switches["mitigated"], switches["resources"], asked.widen)
    pairs += pairs_of(wanted)
    return Toggle(words, f"?{urlencode(pairs)}#what-if" if pairs else "?#what-if", is_on)


def _tried(
    request: WorkspaceRequest, facts: ProgramFacts, latest: ForecastFacts | None, asked: WhatIf
) -> dict[str, object]:
    """Return the answers as planned and as supposed, and the problem in the way of that.

    A plan too large to wait for is the worker's: then what it makes of it stands there.
    """
    none = {"compared": ((), ""), "large": False, "supposed": None, "supposed_job": None}
    if latest is None or latest.problem or not asked.is_asked:
        return none
    if is_quick(request.actor, facts):
        now, then = odds_of(latest), what_if(request.actor, facts, latest, asked)
        told = ((), then.problem) if then.problem else (_side_by_side(now, then), "")
        return none | {"compared": told}
    found = supposed(request.actor, facts, latest, asked, clock.now())
    large = none | {"large": True, "supposed": found}
    if found is None:
        return large
    if found.odds is not None:
        return large | {"compared": (_side_by_side(odds_of(latest), found.odds), "")}
    return large | {"supposed_job": None if found.has_ended else supposition_job(request, found)}


def _side_by_side(now: SupposedOdds, then: SupposedOdds) -> list[Compared]:
    return [
        Compared("Finish at P50", now.p50, then.p50, "day"),
        Compared("Finish at P80", now.p80, then.p80, "day"),
        Compared("On time", now.p_on_time, then.p_on_time, "share"),
        Compared("On time and within budget", now.p_joint, then.p_joint, "share"),
        Compared("Cost at P50", now.cost_p50, then.cost_p50, "money"),
        Compared("Cost at P80", now.cost_p80, then.cost_p80, "money"),
    ]
