"""The forecast of a plan as one value: the answers, what they rest on, and their JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import numpy as np

from headway.analysis.quantities import Percentiles, cents, inverted_cdf
from headway.analysis.schedule.calendars import Times
from headway.analysis.schedule.critical_path import (
    ClassicalPert,
    CriticalPath,
    classical_pert,
    critical_path,
)
from headway.analysis.schedule.notes import has_cost, notes_on
from headway.analysis.schedule.plan import Item, Moment, Plan
from headway.analysis.schedule.sensitivity import Driver, drivers, standard_error
from headway.analysis.schedule.simulation import (
    ENGINE,
    Settings,
    Simulation,
    share,
    simulate,
    without_risk,
)
from headway.errors import Invalid


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of a forecast. `target` and `budget` None mean the plan's own."""

    settings: Settings = field(default_factory=Settings)
    target: Moment | None = None
    budget: Decimal | None = None
    without_risks: tuple[str, ...] = ()
    drivers: int = 20


@dataclass(frozen=True, slots=True)
class ItemForecast:
    """One item: its deterministic times and floats, and when it is done with which odds."""

    item: Item
    early_start: float
    early_finish: float
    total_float: float
    free_float: float
    finish: Percentiles
    p_by_deadline: float | None


@dataclass(frozen=True, slots=True)
class CostForecast:
    """What the plan costs: the mean and two percentiles, in the budget's currency if it has one."""

    mean: float
    p50: float
    p80: float


@dataclass(frozen=True, eq=False)
class Forecast:
    """The answers about one plan. None is a number without an answer; `notes` say why."""

    simulation: Simulation
    target: Moment | None
    budget: Decimal | None
    deterministic: CriticalPath
    pert: ClassicalPert
    mean: float | None
    sd: float | None
    finish: Percentiles
    p80_error: float | None
    p_on_time: float | None
    cost: CostForecast | None
    p_within_budget: float | None
    p_joint: float | None
    items: tuple[ItemForecast, ...]
    drivers: tuple[Driver, ...]
    notes: tuple[str, ...]

    @property
    def plan(self) -> Plan:
        """Return the plan that was forecast, without the risks that were left out."""
        return self.simulation.plan

    @property
    def currency(self) -> str | None:
        """Return the currency of all amounts, which the plan's budget states."""
        return self.plan.budget.currency if self.plan.budget else None

    @property
    def finish_dates(self) -> dict[str, date | None]:
        """Return the date of each percentile; None without a calendar or an answer."""
        time = self.simulation.frame.time
        return {name: time.date_of_finish(v) for name, v in self.finish.as_dict().items()}

    @property
    def pert_p_on_time(self) -> float | None:
        """Return the classical probability of being on time."""
        if self.target is None:
            return None
        return self.pert.p_by(self.simulation.frame.time.end_of(self.target))

    def as_json(self) -> dict[str, object]:
        """Return the document that `headway forecast --json` prints."""
        settings = self.simulation.settings
        return {
            "plan": self.plan.name,
            "items": len(self.plan.items),
            "unit": self.plan.unit.value,
            "start": _text(self.plan.start if self.plan.calendar else None),
            "as_of": _text(settings.as_of),
            "target": _text(self.target),
            "budget": {"amount": _amount(self.budget), "currency": self.currency},
            "deterministic": self._deterministic(),
            "pert": {
                "duration": self.pert.duration,
                "variance": self.pert.variance,
                "p_on_time": self.pert_p_on_time,
            },
            "finish": {"mean": self.mean, "sd": self.sd, **self.finish.as_dict()},
            "finish_dates": {name: _text(day) for name, day in self.finish_dates.items()},
            "p_on_time": self.p_on_time,
            "cost": self._cost(),
            "p_within_budget": self.p_within_budget,
            "p_joint": self.p_joint,
            "p_never": self.simulation.p_never,
            "branches": self.simulation.branches,
            "criticality": self.simulation.criticality,
            "drivers": [_driver(driver) for driver in self.drivers],
            "standard_error": {"p80": self.p80_error},
            "schedule": [self._item(row) for row in self.items],
            "seed": settings.seed,
            "trials": settings.trials,
            "engine": ENGINE,
            "notes": list(self.notes),
        }

    def _deterministic(self) -> dict[str, object]:
        duration = self.deterministic.duration
        finish = self.simulation.frame.time.date_of_finish(duration)
        return {
            "duration": duration,
            "finish": _text(finish) if self.plan.calendar else duration,
            "critical_path": list(self.deterministic.path),
        }

    def _cost(self) -> dict[str, object]:
        if self.cost is None:
            return {"mean": None, "p50": None, "p80": None, "currency": self.currency}
        cost = self.cost
        amounts = {"mean": cents(cost.mean), "p50": cents(cost.p50), "p80": cents(cost.p80)}
        return {**amounts, "currency": self.currency}

    def _item(self, row: ItemForecast) -> dict[str, object]:
        time = self.simulation.frame.time
        finish = row.finish.as_dict()
        instant = row.early_finish <= row.early_start
        begin = time.date_of_finish if instant else time.date_of_start
        return {
            "id": row.item.id,
            "name": row.item.name,
            "kind": row.item.kind.value,
            "early_start": row.early_start,
            "early_finish": row.early_finish,
            "total_float": row.total_float,
            "free_float": row.free_float,
            "start_date": _text(begin(row.early_start)),
            "finish": finish,
            "finish_dates": {name: _text(time.date_of_finish(v)) for name, v in finish.items()},
            "deadline": _text(row.item.deadline),
            "p_by_deadline": row.p_by_deadline,
        }


def forecast(plan: Plan, options: Options | None = None) -> Forecast:
    """Return the forecast of a sound `plan`.

    Raises Invalid when an item has no estimate or an option does not fit the plan, NotFound for
    an unknown risk.
    """
    options = options or Options()
    for risk_id in options.without_risks:
        plan = without_risk(plan, risk_id)
    target = plan.target if options.target is None else options.target
    budget = options.budget
    if budget is None and plan.budget is not None:
        budget = plan.budget.amount
    _require_fitting(plan, {"target": target, "as-of date": options.settings.as_of})
    simulation = simulate(plan, options.settings)
    finish = np.sort(simulation.finish)
    costs = np.sort(simulation.cost) if has_cost(plan) else None
    percentiles = Percentiles.of(finish)
    mean, sd = _moments(finish)
    deterministic = critical_path(simulation.frame)
    limit = None if budget is None or costs is None else float(budget)
    on_time = None if target is None else simulation.p_on_time(target)
    joint = None if target is None or limit is None else simulation.p_joint(target, limit)
    return Forecast(
        simulation=simulation,
        target=target,
        budget=budget,
        deterministic=deterministic,
        pert=classical_pert(simulation.frame),
        mean=mean,
        sd=sd,
        finish=percentiles,
        p80_error=standard_error(finish, 80),
        p_on_time=on_time,
        cost=_cost_forecast(costs),
        p_within_budget=None if limit is None else share(simulation.cost <= limit),
        p_joint=joint,
        items=_items(simulation, deterministic),
        drivers=tuple(drivers(simulation, options.drivers)) if options.drivers > 0 else (),
        notes=notes_on(simulation, percentiles, target, budget),
    )


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


def _items(simulation: Simulation, path: CriticalPath) -> tuple[ItemForecast, ...]:
    rows = []
    for number, item in enumerate(simulation.plan.items):
        times = simulation.run.finishes[number]
        by = None if item.deadline is None else share(simulation.on_time(times, item.deadline))
        rows.append(
            ItemForecast(
                item,
                path.early_start[item.id],
                path.early_finish[item.id],
                path.total_float[item.id],
                path.free_float[item.id],
                Percentiles.of(np.sort(times)),
                by,
            )
        )
    return tuple(rows)


def _driver(driver: Driver) -> dict[str, object]:
    money, doubt = driver.delta_cost_p80, driver.delta_cost_p80_error
    return {
        "id": driver.id,
        "kind": driver.kind,
        "delta_p80": driver.delta_p80,
        "delta_p80_error": driver.delta_p80_error,
        "delta_cost_p80": None if money is None else cents(money),
        "delta_cost_p80_error": None if doubt is None else cents(doubt),
        "cruciality": driver.cruciality,
        "within_error": driver.within_error,
        "cost_within_error": driver.cost_within_error,
    }


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _text(moment: Moment | None) -> str | float | None:
    return moment.isoformat() if isinstance(moment, date) else moment
