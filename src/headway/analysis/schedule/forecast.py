"""The forecast of a plan as one value: the answers, and what they rest on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

import numpy as np

from headway.analysis.quantities import Percentiles, inverted_cdf
from headway.analysis.schedule.answers import Answers, CostForecast, ItemForecast
from headway.analysis.schedule.branching import attempt_forecasts
from headway.analysis.schedule.calendars import Times
from headway.analysis.schedule.critical_path import (
    CriticalPath,
    classical_pert,
    path_of,
)
from headway.analysis.schedule.draws import most_likely
from headway.analysis.schedule.forecast_json import document
from headway.analysis.schedule.importance import importances
from headway.analysis.schedule.joint import joint
from headway.analysis.schedule.ladder import Ladder, convergence
from headway.analysis.schedule.merge_bias import merge_bias
from headway.analysis.schedule.notes import has_cost, notes_on
from headway.analysis.schedule.one_point import Widened, widened
from headway.analysis.schedule.passes import Frame, forward
from headway.analysis.schedule.plan import ItemKind, Moment, OnePoint, Plan
from headway.analysis.schedule.ranking import cruciality
from headway.analysis.schedule.responses import responses
from headway.analysis.schedule.sensitivity import drivers
from headway.analysis.schedule.simulation import (
    Settings,
    Simulation,
    share,
    simulate,
    without_risk,
)
from headway.analysis.schedule.why import float_paths, overruns, reasons
from headway.errors import Invalid


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of a forecast. None means the plan's own `target`, `budget`, `one_point`."""

    settings: Settings = field(default_factory=Settings)
    target: Moment | None = None
    budget: Decimal | None = None
    without_risks: tuple[str, ...] = ()
    drivers: int = 20
    one_point: OnePoint | None = None


class Forecast(Answers):
    """The answers about one plan, which can be printed as a JSON document."""

    def as_json(self) -> dict[str, object]:
        """Return the document that `headway forecast --json` prints."""
        return document(self)


def forecast(plan: Plan, options: Options | None = None) -> Forecast:
    """Return the forecast of a sound `plan`.

    Raises Invalid when an item has no estimate or an option does not fit the plan, NotFound for
    an unknown risk.
    """
    options = options or Options()
    for risk_id in options.without_risks:
        plan = without_risk(plan, risk_id)
    if options.one_point is not None:
        plan = replace(plan, one_point=options.one_point)
    target = plan.target if options.target is None else options.target
    budget = options.budget
    if budget is None and plan.budget is not None:
        budget = plan.budget.amount
    _require_fitting(plan, {"target": target, "as-of date": options.settings.as_of})
    plan, wide = widened(plan)
    return _answers(simulate(plan, options.settings), (target, budget), options.drivers, wide)


def _answers(
    simulation: Simulation,
    asked: tuple[Moment | None, Decimal | None],
    most_drivers: int,
    wide: Widened | None,
) -> Forecast:
    target, budget = asked
    finish = np.sort(simulation.finish)
    costs = np.sort(simulation.cost) if has_cost(simulation.plan) else None
    percentiles, ladder = Percentiles.of(finish), Ladder.of(finish)
    mean, sd = _moments(finish)
    likely = forward(simulation.frame, most_likely(simulation.plan, simulation.frame.timings))
    deterministic, pert = path_of(likely), classical_pert(simulation.frame)
    limit = None if budget is None or costs is None else float(budget)
    rho = cruciality(simulation) if most_drivers > 0 else {}
    enough = convergence(ladder, simulation.trials, _a_day(simulation.frame))
    found = drivers(simulation, most_drivers, rho) if most_drivers > 0 else []
    return Forecast(
        simulation=simulation,
        target=target,
        budget=budget,
        deterministic=deterministic,
        pert=pert,
        mean=mean,
        sd=sd,
        finish=percentiles,
        p80_error=ladder.errors[80],
        p_on_time=None if target is None else simulation.p_on_time(target),
        cost=_cost_forecast(costs),
        p_within_budget=None if limit is None else share(simulation.cost <= limit),
        p_joint=_p_joint(simulation, target, limit),
        items=_items(simulation, deterministic, limit),
        drivers=tuple(found),
        notes=notes_on(simulation, percentiles, (target, budget), enough, wide),
        ladder=ladder,
        cost_ladder=None if costs is None else Ladder.of(costs),
        deterministic_cost=None if costs is None else _deterministic_cost(simulation),
        p_deterministic=_p_by(simulation, deterministic.duration),
        joint=None if costs is None else joint(simulation),
        merge_bias=merge_bias(simulation, pert),
        attempts=attempt_forecasts(simulation),
        importance=importances(simulation, rho, sd),
        responses=responses(simulation, target, limit),
        convergence=enough,
        reasons=reasons(likely),
        overruns=tuple(overruns(likely, target)),
        float_paths=float_paths(likely, deterministic),
    )


def _p_joint(simulation: Simulation, target: Moment | None, limit: float | None) -> float | None:
    return None if target is None or limit is None else simulation.p_joint(target, limit)


def _a_day(frame: Frame) -> float | None:
    """Return a working day in units; None without a calendar."""
    return None if frame.time.calendar is None else float(frame.time.in_units(np.ones(1))[0])


def _p_by(simulation: Simulation, duration: float) -> float:
    """Return the share of trials that end by the day on which `duration` ends."""
    day = simulation.frame.time.date_of_finish(duration)
    return simulation.p_on_time(duration if day is None else day)


def _deterministic_cost(simulation: Simulation) -> float:
    """Return the cost of the one trial of most likely durations, without risks."""
    frame = simulation.frame
    likely = most_likely(frame.plan, frame.timings)
    once = Simulation(simulation.settings, frame, likely, forward(frame, likely))
    return float(np.broadcast_to(once.cost, 1)[0])


def _require_fitting(plan: Plan, moments: Mapping[str, Moment | None]) -> None:
    for name, moment in moments.items():
        if moment is None or isinstance(moment, date) == (plan.calendar is not None):
            continue
        wanted = "a date, like 2026-06-30" if plan.calendar else "a number of units from 0"
        sentence = f"The {name} is {moment}; the times of plan {plan.name!r} are each {wanted}."
        raise Invalid(sentence)


def _moments(ordered: Times) -> tuple[float | None, float | None]:
    """Return mean and standard deviation, None where some trials never finish."""
    if not np.isfinite(ordered[-1]):
        return None, None
    values = ordered.tolist()
    mean = math.fsum(values) / len(values)
    if len(values) == 1:
        return mean, None
    squares = math.fsum((value - mean) * (value - mean) for value in values)
    return mean, math.sqrt(squares / (len(values) - 1))


def _cost_forecast(ordered: Times | None) -> CostForecast | None:
    if ordered is None:
        return None
    mean = math.fsum(ordered.tolist()) / len(ordered)
    return CostForecast(mean, inverted_cdf(ordered, 50), inverted_cdf(ordered, 80))


def _items(
    simulation: Simulation, path: CriticalPath, limit: float | None
) -> tuple[ItemForecast, ...]:
    rows = []
    for number, item in enumerate(simulation.plan.items):
        times = simulation.run.finishes[number]
        by = both = None
        if item.deadline is not None:
            on_time = simulation.on_time(times, item.deadline)
            by = share(on_time)
            both = None if limit is None else share(on_time & (simulation.cost <= limit))
        ordered = np.sort(times)
        rows.append(
            ItemForecast(
                item,
                path.early_start[item.id],
                path.early_finish[item.id],
                path.total_float[item.id],
                path.free_float[item.id],
                Percentiles.of(ordered),
                by,
                both,
                Ladder.of(ordered) if item.kind is ItemKind.MILESTONE else None,
            )
        )
    return tuple(rows)
