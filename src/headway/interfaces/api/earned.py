"""Earned value, the promised metrics beside it, and the odds of all three together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Query, Router
from pydantic import Field

from headway.analysis.earned_value.answer import index, money
from headway.analysis.earned_value.measures import Measures
from headway.domain.accounts.rules import Permission
from headway.domain.programs.queries import program_named
from headway.domain.progress.queries import (
    Bounds,
    MetricStanding,
    ProgramValue,
    earned_value,
    earned_value_of_portfolio,
    metric_standings,
    quality_odds,
)
from headway.domain.progress.rules import TradeLine
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.operations import operation, slow
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Earned value"])


@dataclass(frozen=True, slots=True)
class MeasuresTold:
    """The measures of earned value; amounts as decimal text, what has no answer null and said."""

    bac: str | None
    pv: str | None
    ev: str | None
    ac: str | None
    sv: str | None
    cv: str | None
    spi: float | None
    cpi: float | None
    tcpi: float | None
    tcpi_eac: float | None
    es: float | None
    sv_t: float | None
    spi_t: float | None
    eac: Mapping[str, str | None]
    missing: Sequence[str]


@dataclass(frozen=True, slots=True)
class ProjectTold:
    """A project's measures."""

    project: str
    name: str
    measures: MeasuresTold


@dataclass(frozen=True, slots=True)
class PointTold:
    """Cumulative amounts at the end of a day."""

    day: date
    pv: str | None
    ev: str | None
    ac: str | None


@dataclass(frozen=True, slots=True)
class EarnedTold:
    """A program's earned value on a day; `problem` says why there is none."""

    program: str
    name: str
    day: date
    currency: str
    baseline: str
    start: date | None
    planned_finish: date | None
    measures: MeasuresTold | None
    finish: Mapping[str, date | None]
    simulated: Mapping[str, str | None]
    projects: Sequence[ProjectTold]
    curve: Sequence[PointTold]
    notes: Sequence[str]
    problem: str


@dataclass(frozen=True, slots=True)
class ItemTold:
    """An item's planned and earned value, by which method, and why."""

    item: str
    name: str
    method: str
    is_told: bool
    bac: str | None
    pv: str | None
    ev: str | None
    words: str


@dataclass(frozen=True, slots=True)
class MetricTold:
    """A promised metric: where it stands, and when it is reached (null: not, at this pace)."""

    project: str
    criterion: str
    name: str
    start_value: float | None
    value: float | None
    best: float | None
    target: float
    due: date | None
    record: int | None
    p50: date | None
    p80: date | None
    p_due: float | None
    plateau: bool | None
    sentence: str
    forecast: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class TradeTold:
    """What more weeks, effort or money do to the odds of all three together.

    `p_quality` is that of the metric; in `money` that of time and metric together.
    """

    more: float
    until: date | None
    price: str | None
    p_quality: float
    p_all: float
    p_reserve: float | None


@dataclass(frozen=True, slots=True)
class TogetherTold:
    """P(finish ≤ target, cost ≤ budget, metric ≥ bound) from one simulation.

    Without a target or a budget its odds are null, and it always holds.
    """

    metric: str
    item: str
    target: date | None
    budget: str | None
    bound: float
    currency: str
    p_time: float | None
    p_money: float | None
    p_quality: float | None
    p_time_money: float | None
    p_time_quality: float | None
    p_all: float | None
    product: float | None
    weeks: Sequence[TradeTold]
    effort: Sequence[TradeTold]
    effort_unit: str
    money: Sequence[TradeTold]
    trials: int
    seed: int
    notes: Sequence[str]
    problem: str


class TogetherAsked(At):
    """Which metric (`project/key`), and what the three are held against."""

    metric: str = ""
    target: date | None = None
    budget: Annotated[Decimal, Field(gt=0, lt=10**12, decimal_places=2)] | None = None
    bound: Annotated[float, Field(allow_inf_nan=False)] | None = None


@operation(router, "GET", "/earned-value", Permission.VIEW, Page[EarnedTold])
def list_earned_value(request: ApiRequest, asked: Query[AskedAt]) -> Page[EarnedTold]:
    """List the earned value of every program by slug; without a baseline it says why not."""
    moment = asked.moment(request)
    found = earned_value_of_portfolio(request.auth, moment or request.now, live=moment is None)
    return page_of([_earned(one) for one in found.programs], lambda row: row.program, asked)


@operation(router, "GET", "/programs/{slug}/earned-value", Permission.VIEW, EarnedTold)
def read_earned_value(request: ApiRequest, slug: str, asked: Query[At]) -> EarnedTold:
    """Say what a program has earned, with the seven estimates, SPI(t) and the curves."""
    return _earned(_value(request, slug, asked.moment(request)))


@operation(router, "GET", "/programs/{slug}/earned-value-items", Permission.VIEW, Page[ItemTold])
def list_earned_items(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[ItemTold]:
    """List what each item has earned by address, with the method and why."""
    found = _value(request, slug, asked.moment(request))
    rows = [
        ItemTold(
            one.work.address,
            one.work.planned.name,
            one.work.method.value,
            one.work.is_told,
            money(one.work.planned.cost),
            money(one.planned),
            money(one.earned),
            one.words,
        )
        for project in found.projects
        for one in project.items
    ]
    return page_of(rows, lambda row: row.item, asked)


@operation(router, "GET", "/programs/{slug}/metrics", Permission.VIEW, Page[MetricTold])
def list_metrics(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[MetricTold]:
    """List the promised metrics of a program, each with the forecast of when it is reached."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    at = moment or request.now
    found = metric_standings(request.auth, program, at, live=moment is None)
    rows = [_metric(one) for one in found]
    return page_of(rows, lambda row: f"{row.project}/{row.criterion}", asked)


@operation(router, "GET", "/programs/{slug}/confidence", Permission.VIEW, TogetherTold)
@slow
def read_confidence(request: ApiRequest, slug: str, asked: Query[TogetherAsked]) -> TogetherTold:
    """Say how likely time, money and a metric hold together, and what more of each would do."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    bounds = Bounds(asked.target, asked.budget, asked.bound)
    at = moment or request.now
    odds = quality_odds(request.auth, program, at, asked.metric, bounds, live=moment is None)
    found = odds.found
    return TogetherTold(
        f"{odds.standing.project}/{odds.standing.criterion.key}",
        odds.item,
        odds.target,
        money(odds.budget),
        odds.bound,
        odds.currency,
        found.p_time if found else None,
        found.p_money if found else None,
        found.p_quality if found else None,
        found.p_time_money if found else None,
        found.p_time_quality if found else None,
        found.p_all if found else None,
        found.product if found else None,
        [_trade(one) for one in found.weeks] if found else [],
        [_trade(one) for one in found.effort] if found else [],
        odds.standing.effort,
        [_trade(one) for one in found.money] if found else [],
        odds.trials,
        odds.seed,
        odds.notes,
        odds.problem,
    )


def _trade(one: TradeLine) -> TradeTold:
    return TradeTold(one.more, one.until, money(one.price), one.p_quality, one.p_all, one.p_reserve)


def _value(request: ApiRequest, slug: str, moment: datetime | None) -> ProgramValue:
    program = program_named(request.auth, slug, moment)
    return earned_value(request.auth, program, moment or request.now, live=moment is None)


def _earned(found: ProgramValue) -> EarnedTold:
    return EarnedTold(
        found.program.slug,
        found.program.name,
        found.day,
        found.currency,
        found.against,
        found.start,
        found.planned_finish,
        _measures(found.measures) if found.measures else None,
        {factor: found.finish(factor) for factor in ("one", "spi_t", "sci_t")},
        {"p50": money(found.cost_p50), "p80": money(found.cost_p80)},
        [ProjectTold(one.slug, one.name, _measures(one.measures)) for one in found.projects],
        [
            PointTold(one.day, money(one.planned), money(one.earned), money(one.spent))
            for one in found.points
        ],
        found.notes,
        found.problem,
    )


def _measures(found: Measures) -> MeasuresTold:
    status = found.status
    return MeasuresTold(
        money(found.budget),
        money(status.planned),
        money(status.earned),
        money(status.spent),
        money(found.schedule_variance),
        money(found.cost_variance),
        index(found.spi),
        index(found.cpi),
        index(found.tcpi),
        index(found.tcpi_to_estimate),
        index(found.earned_schedule),
        index(found.time_variance),
        index(found.spi_t),
        {name: money(value) for name, value in found.estimates.items()},
        list(found.missing.values()),
    )


def _metric(one: MetricStanding) -> MetricTold:
    criterion, found = one.criterion, one.attainment
    return MetricTold(
        one.project,
        criterion.key,
        criterion.name,
        criterion.start_value,
        one.newest,
        one.best,
        criterion.target,
        criterion.due,
        one.record,
        one.day(50),
        one.day(80),
        one.p_due,
        found.outlook.plateau if found else None,
        one.words,
        found.as_json() if found else None,
    )
