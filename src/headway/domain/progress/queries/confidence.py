"""The odds of time, money and a promised metric together, from the simulation of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np

from headway.analysis.attainment.outlook import Outlook
from headway.analysis.quantities import cents
from headway.analysis.schedule.calendars import WorkingTime
from headway.analysis.schedule.plan import Unit
from headway.analysis.schedule.simulation import Settings, Simulation, hourly_rates, simulate
from headway.analysis.schedule.soundness import problems, summary
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.finance.queries import budget_of
from headway.domain.plans.queries import is_quick, latest_forecast, plan_groups, plan_value
from headway.domain.plans.queries.network import items_of
from headway.domain.programs.queries import projects_of
from headway.domain.programs.rules import ProgramFacts
from headway.domain.progress.queries.attainment import MetricStanding, metric_standings
from headway.domain.progress.queries.measures import follows_of
from headway.domain.progress.rules.confidence import (
    Confidence,
    Flags,
    Futures,
    Numbers,
    Prices,
    alike,
    confidence,
)
from headway.domain.progress.rules.runs import EFFORT_WORDS
from headway.domain.vendors.queries import orders_of
from headway.errors import Invalid, NotFound

#: Futures where no forecast says how many.
TRIALS = 10_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """What all three are held against; None: the program's target and budget, the promise."""

    target: date | None = None
    budget: Decimal | None = None
    metric: float | None = None


@dataclass(frozen=True, slots=True)
class QualityOdds:
    """P(finish ≤ target, cost ≤ budget, metric ≥ promised) of a program and one of its metrics.

    `item` is the work whose end decides how good the model is: the item that follows the metric,
    else all of its project. `problem` says why there are no odds.
    """

    standing: MetricStanding
    item: str
    target: date | None
    budget: Decimal | None
    bound: float
    currency: str
    trials: int
    seed: int
    found: Confidence | None
    notes: Sequence[str]
    problem: str = ""


def quality_odds(  # noqa: PLR0913  of what, as known when, against what
    actor: Actor,
    program: ProgramFacts,
    at: datetime,
    metric: str = "",
    bounds: Bounds | None = None,
    *,
    live: bool = True,
) -> QualityOdds:
    """Return the joint odds for the metric `project/key` (empty: the first one with a forecast).

    Simulates the plan, with the seed and trials of the newest forecast: the same futures. Raises
    NotFound without such a metric, Invalid for a plan too large to simulate while one waits.
    """
    require(actor, Permission.VIEW, program)
    known_at = None if live else at
    latest = latest_forecast(actor, program, known_at)
    trials, seed = (latest.trials, latest.seed) if latest else (TRIALS, 0)
    standings = metric_standings(actor, program, at, live=live, draws=trials)
    standing = _asked(standings, metric)
    asked = bounds or Bounds()
    budget = asked.budget or budget_of(actor, program, known_at).total
    target = asked.target or program.target
    bound = standing.criterion.target if asked.metric is None else asked.metric
    item, addresses, is_paired = _work(actor, program, standing, known_at)
    empty = QualityOdds(
        standing, item, target, budget, bound, program.currency, trials, seed, None, ()
    )
    if target is None and budget is None:
        return replace(empty, problem="The odds need a target or a budget; set one of them.")
    if standing.attainment is None:
        return replace(empty, problem=standing.words)
    place = _Place(addresses, at, known_at, is_paired)
    return _simulated(actor, program, empty, place, standing.attainment.outlook)


@dataclass(frozen=True, slots=True)
class _Place:
    """The work that decides the metric, and whether its range was read from the metric's runs."""

    addresses: Sequence[str]
    at: datetime
    known_at: datetime | None
    is_paired: bool


def _simulated(
    actor: Actor,
    program: ProgramFacts,
    empty: QualityOdds,
    place: _Place,
    outlook: Outlook,
) -> QualityOdds:
    """Return the odds from the simulation of the plan as known, with the work at `place`."""
    if not is_quick(actor, program):
        sentence = "This plan is too large to simulate while you wait; ask for its forecast."
        raise Invalid(sentence)
    plan = plan_value(actor, program, place.known_at)
    faults = problems(plan)
    if faults or not plan.items:
        return replace(empty, problem=summary("The plan cannot be simulated", faults))
    settings = Settings(trials=empty.trials, seed=empty.seed, as_of=place.at.date())
    simulation = simulate(plan, settings)
    futures = _futures(simulation, place, outlook, empty)
    effort = outlook.curve.effort if outlook.curve else None
    buys = empty.standing.effort == "labels" and effort is not None
    price = _label_price(actor, program, place.known_at) if buys else None
    prices = Prices(price, _week_price(simulation, place.addresses))
    limit = None if empty.budget is None else float(empty.budget)
    held = (empty.target, limit, outlook.history.score(empty.bound))
    found = confidence(futures, held, effort, prices)
    return replace(empty, found=found, notes=_notes(outlook, prices, empty, place))


def _futures(
    simulation: Simulation, place: _Place, outlook: Outlook, asked: QualityOdds
) -> Futures:
    """Return the futures of the plan and of the metric, trial by trial."""
    work = place.addresses or plan_groups(simulation.plan)[asked.standing.project]
    days = _days(simulation, work, place.at)
    target = asked.target
    places = alike(days, outlook.days) if place.is_paired else np.arange(len(days))

    def quality(until: Numbers, extra: float) -> Numbers:
        ordered = np.empty_like(until)
        ordered[places] = until
        return _quality(outlook, ordered, extra)[places]

    def in_time(weeks: int) -> Flags:
        if target is None:
            return np.ones(len(days), dtype=np.bool_)
        return simulation.on_time(simulation.finish, target + timedelta(weeks=weeks))

    cost = np.broadcast_to(simulation.cost, simulation.finish.shape)
    return Futures(days, in_time, cost, quality)


def _asked(standings: Sequence[MetricStanding], metric: str) -> MetricStanding:
    """Return the metric that was named; else the first with a forecast, else the first."""
    if not metric and standings:
        return next((one for one in standings if one.attainment is not None), standings[0])
    known = {f"{one.project}/{one.criterion.key}": one for one in standings}
    if metric in known:
        return known[metric]
    sentence = f"There is no promised metric '{metric}'; known are: {', '.join(known) or 'none'}."
    raise NotFound(sentence)


def _work(
    actor: Actor, program: ProgramFacts, standing: MetricStanding, known_at: datetime | None
) -> tuple[str, Sequence[str], bool]:
    """Return the name of the work that decides the metric, and its addresses (empty: all of it).

    And whether its range was read from the metric's runs.
    """
    projects = projects_of(actor, program, known_at)
    slugs = {one.id: one.slug for one in projects}
    follows = follows_of(actor, projects, known_at)
    mine = [key for key, one in follows.items() if one.criterion_id == standing.criterion.id]
    for item in items_of(list(slugs), known_at, only=mine):
        words = str(item.origin.get("words", ""))
        is_paired = words.startswith(f"From the runs of {standing.criterion.name}")
        return item.name, [f"{slugs[item.project_id]}/{item.key}"], is_paired
    return f"all of {standing.project_name}", [], False


def _days(simulation: Simulation, addresses: Sequence[str], at: datetime) -> Numbers:
    """Return the days from `at` until the work ends in each trial; where it never does, none."""
    ends = simulation.finish_of(addresses)
    known = np.isfinite(ends)
    dates = simulation.frame.time.dates_of_finish(np.where(known, ends, 0.0))
    days = (dates - np.datetime64(at.date(), "D")).astype(np.float64) + 1.0
    return np.where(known, np.maximum(days, 0.0), 0.0)


def _quality(outlook: Outlook, days: Numbers, extra: float) -> Numbers:
    """Return the true metric of each future by then, with further effort on top."""
    if outlook.curve is None:
        return outlook.quality(days)
    since = days + max(outlook.now - outlook.curve.at, 0.0)
    return outlook.at_effort(outlook.curve.effort_at(since) + extra)


def _week_price(simulation: Simulation, addresses: Sequence[str]) -> Decimal | None:
    """Return what a week of the people and machines of the work costs; None for many items."""
    if len(addresses) != 1:
        return None
    time, plan = simulation.frame.time, simulation.plan
    item = next(one for one in plan.items if one.id == addresses[0])
    hourly = hourly_rates(plan, time)
    rate = sum(price * item.needs.get(name, 0.0) for name, price in hourly.items())
    hours = WorkingTime(Unit.WEEKS, time.start, time.calendar).hours_per_unit
    return Decimal(cents(rate * hours))


def _label_price(actor: Actor, program: ProgramFacts, known_at: datetime | None) -> Decimal | None:
    """Return what one more label costs by the newest order for labels; None without one."""
    orders = orders_of(actor, [program], known_at)[program.id]
    priced = [
        one.unit_price
        for one in orders
        if one.category == "annotation" and one.currency == program.currency and one.unit_price
    ]
    return priced[-1] if priced else None


def _notes(outlook: Outlook, prices: Prices, asked: QualityOdds, place: _Place) -> Sequence[str]:
    notes = [
        "One simulation: each future has its own finish, cost and metric. How good the model is "
        "comes from its runs, not from the odds that somebody gave an experiment in the plan."
    ]
    if place.is_paired:
        notes.append(
            f"The range of “{asked.item}” was read from the metric's runs: where it is long, the "
            f"metric comes late."
        )
    else:
        notes.append(
            "But for the day on which that work ends, the metric is drawn independently of the "
            "plan: nothing else ties how good the model is to what goes late or costs more."
        )
    if asked.target is None:
        notes.append("The program has no target, so time is not asked; name a day to ask it.")
    if asked.budget is None:
        notes.append("There is no budget, so money is not asked; name one to ask it.")
    if outlook.curve is None:
        notes.append("Runs tell no effort, so only more time can be traded.")
    elif prices.effort is None:
        word = EFFORT_WORDS.get(asked.standing.effort, "effort")
        notes.append(f"No order says what more {word} cost, so they are free here.")
    if prices.week is None:
        notes.append("No single item follows the metric, so what a further week costs is left out.")
    return tuple(notes)
