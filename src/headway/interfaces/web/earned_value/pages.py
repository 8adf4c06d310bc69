"""The earned value of a program, and of the portfolio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render

from headway.domain.plans.queries import latest_forecast
from headway.domain.programs.queries import program_named
from headway.domain.progress.queries import (
    Bounds,
    FollowedItem,
    MetricStanding,
    ProgramValue,
    QualityOdds,
    earned_value,
    earned_value_of_portfolio,
    followed_items,
    metric_standings,
    quality_odds,
)
from headway.domain.progress.rules import EFFORT_WORDS
from headway.interfaces.web.earned_value.forms import TogetherForm
from headway.interfaces.web.earned_value.items import behind_rows, opened_items
from headway.interfaces.web.layout.routes import WorkspaceRequest
from headway.interfaces.web.programs.addresses import address, is_live
from headway.interfaces.web.programs.forecasting import drawn
from headway.interfaces.web.programs.program import head_of
from headway.rendering import phrases
from headway.rendering.charts import Chart, EarnedCurves, earned_curves


@dataclass(frozen=True, slots=True)
class MetricRow:
    """A promised metric with its dates and the evidence behind it."""

    standing: MetricStanding
    p50: date | None
    p80: date | None
    page: str
    record: str

    @property
    def why(self) -> str:
        """Return why there is no date."""
        found = self.standing.attainment
        if found is None:
            return self.standing.words
        if found.outlook.p_by(0.0) >= 0.5:
            return "reached"
        return "plateau" if found.outlook.plateau else "not reachable at this pace"

    @property
    def why_late(self) -> str:
        """Return why there is no date at P80."""
        return "falls into never" if self.p50 else self.why


@dataclass(frozen=True, slots=True)
class FollowRow:
    """An item that follows evidence, and what is proposed for it."""

    followed: FollowedItem
    page: str
    edit: str
    take: str
    record: str


def program(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Show what a program has earned, what it will cost and when it ends by that pace."""
    facts = program_named(request.actor, program, request.at)
    at, live = request.at or request.now, request.at is None
    found = earned_value(request.actor, facts, at, live=live)
    standings = metric_standings(request.actor, facts, at, live=live)
    followed = followed_items(request.actor, facts, at, live=live, standings=standings)
    latest = latest_forecast(request.actor, facts, request.at)
    values = head_of(request, facts, latest, check=False)
    values |= {
        "found": found,
        "told": sentence_of(found),
        "measures": found.measures,
        "missing": _missing(found),
        "curves": _curves(found, latest.finish("p80") if latest else None),
        "projects": found.projects,
        "opened": opened_items(request, program, found.projects),
        "gaps": behind_rows(request, program, found.projects),
        "here": address(request, "earned_value", program=program),
        "metrics": [_metric(request, one) for one in standings],
        "followed": [_follow(request, program, one) for one in followed],
        "spi_finish": found.finish("spi_t"),
        "together_page": address(request, "quality_odds", program=program),
        "portfolio_page": address(request, "earned_values"),
        "editable": is_live(request),
    }
    return render(request, "earned_value_web/program.html", values)


def together(request: WorkspaceRequest, program: str) -> HttpResponse:
    """Show the odds of time, money and a metric together, and what more of each would do."""
    facts = program_named(request.actor, program, request.at)
    at, live = request.at or request.now, request.at is None
    standings = metric_standings(request.actor, facts, at, live=live)
    metrics = [
        (f"{one.project}/{one.criterion.key}", f"{one.criterion.name} ({one.project_name})")
        for one in standings
        if one.attainment is not None
    ]
    asked = TogetherForm(metrics, request.GET)
    chosen = asked.cleaned_data if asked.is_valid() else {}
    bounds = Bounds(chosen.get("target"), chosen.get("budget"), chosen.get("bound"))
    odds = None
    if metrics:
        metric = chosen.get("metric") or metrics[0][0]
        odds = quality_odds(request.actor, facts, at, metric, bounds, live=live)
    latest = latest_forecast(request.actor, facts, request.at)
    values = head_of(request, facts, latest, check=False)
    values |= {
        "odds": odds,
        "effort": EFFORT_WORDS.get(odds.standing.effort, "effort") if odds else "",
        "asked": asked,
        "told": _together_sentence(odds),
        "earned_page": address(request, "earned_value", program=program),
    }
    return render(request, "earned_value_web/together.html", values)


def _together_sentence(odds: QualityOdds | None) -> str:
    """Return in a sentence how likely all hold, which is tightest, and what would help most."""
    if odds is None:
        return "No metric has a forecast yet, so there is nothing to put beside time and money."
    found = odds.found
    if found is None:
        return odds.problem
    parts = {"the day": found.p_time, "the budget": found.p_money, "the metric": found.p_quality}
    known = {name: share for name, share in parts.items() if share is not None}
    tightest = min(known, key=lambda name: known[name])
    asked = [f"with {odds.standing.criterion.name} at {odds.bound:g}"]
    if odds.budget is not None:
        asked.insert(0, f"within {phrases.money(odds.budget, odds.currency)}")
    if odds.target is not None:
        asked.insert(0, f"to finish by {phrases.day(odds.target)}")
    said = f"{phrases.share(found.p_all)} {', '.join(asked)}; tightest is {tightest}"
    return f"{said}. {_lever(odds)}"


def _lever(odds: QualityOdds) -> str:
    """Return in a sentence which of more time and more effort raises the odds of all most."""
    held = odds.found.lever if odds.found else None
    if held is None:
        return "Neither more weeks, effort nor money of the tables below would raise that."
    kind, line = held
    price = phrases.money(line.price, odds.currency) if line.price else ""
    if kind == "money":
        return f"{price} more budget would make it {phrases.share(line.p_all)}."
    unit = EFFORT_WORDS.get(odds.standing.effort, "units of effort")
    word = f"{line.more:,.0f} more {unit}"
    if kind == "weeks":
        word = f"{line.more:.0f} more weeks of work, the promise moved by them,"
    return f"{word}{f' for {price}' if price else ''} would make it {phrases.share(line.p_all)}."


def portfolio(request: WorkspaceRequest) -> HttpResponse:
    """Show the earned value of every program, and the sum of each currency."""
    at = request.at or request.now
    found = earned_value_of_portfolio(request.actor, at, live=request.at is None, brief=True)
    rows = [
        (one, address(request, "earned_value", program=one.program.slug)) for one in found.programs
    ]
    values = {
        "rows": rows,
        "totals": list(found.totals.items()),
        "told": _portfolio_sentence(found.programs),
        "day": at.date(),
    }
    return render(request, "earned_value_web/portfolio.html", values)


def sentence_of(found: ProgramValue) -> str:
    """Return the answer in a line: what is earned of what was planned, and what it leads to."""
    measures = found.measures
    if measures is None:
        return found.problem
    status, currency = measures.status, found.currency
    gap = status.earned - status.planned
    word = (
        "as planned"
        if not gap
        else (f"{phrases.money(abs(gap), currency)} {'more' if gap > 0 else 'less'} than planned")
    )
    said = f"{phrases.money(status.earned, currency)} earned by {phrases.day(found.day)}, {word}"
    cost = measures.estimates["cpi"]
    if cost is None:
        return f"{said}; what it will cost by CPI is not known."
    over = cost - measures.budget
    side = "over" if over > 0 else "under"
    return (
        f"{said}; at this CPI it costs {phrases.money(cost, currency)}, "
        f"{phrases.money(abs(over), currency)} {side} the plan."
    )


def _portfolio_sentence(programs: Sequence[ProgramValue]) -> str:
    known = [one for one in programs if one.measures is not None]
    if not known:
        return "No program has a baseline yet, so nothing was agreed to be earned."
    measures = [one.measures for one in known if one.measures]
    dear = [one for one in measures if one.cpi is not None and one.cpi < 1]
    late = [one for one in measures if one.spi_t is not None and one.spi_t < 1]
    return (
        f"{phrases.quantity(len(known), 'program')} with a baseline: "
        f"{len(dear) or 'none'} above planned cost, {len(late) or 'none'} behind in time."
    )


def _missing(found: ProgramValue) -> dict[str, str]:
    """Return why the two indices have no value, for the template."""
    if found.measures is None:
        return {}
    told = found.measures.missing
    return {
        "cpi": told.get("cpi", ""),
        "spi_t": told.get("es", "") or told.get("spi_t", ""),
        "eac": told.get("eac", "") or told.get("eac.cpi", "") or told.get("cpi", ""),
    }


def _curves(found: ProgramValue, finish: date | None) -> Chart | None:
    measures = found.measures
    if measures is None or len(found.points) < 2:
        return None
    known = [point for point in found.points if point.earned is not None]
    if not known:
        return None
    return drawn(
        earned_curves,
        EarnedCurves(
            tuple((point.day, point.planned) for point in found.points),
            tuple((point.day, point.earned or Decimal(0)) for point in known),
            tuple((point.day, point.spent or Decimal(0)) for point in known),
            measures.budget,
            found.currency,
            finish,
            found.cost_p50,
            found.cost_p80,
        ),
    )


def _metric(request: WorkspaceRequest, one: MetricStanding) -> MetricRow:
    reached = one.attainment is not None and one.attainment.outlook.p_by(0.0) >= 0.5
    return MetricRow(
        one,
        None if reached else one.day(50),
        None if reached else one.day(80),
        address(request, "project", project=one.project),
        address(request, "record", record=one.record) if one.record else "",
    )


def _follow(request: WorkspaceRequest, program: str, one: FollowedItem) -> FollowRow:
    place = {"project": one.project, "item": one.item.key}
    record = one.pull.record
    return FollowRow(
        one,
        address(request, "item", **place),
        address(request, "follow_item", program=program, **place),
        address(request, "take_proposal", program=program, **place),
        address(request, "record", record=record) if record else "",
    )
