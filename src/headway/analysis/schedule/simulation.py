"""The Monte-Carlo forecast of a plan: what thousands of equally likely futures cost and last.

Trials that never finish hold +inf. A percentile is an inverted CDF. Cost is fixed cost, attempts,
resource rates over the simulated working hours, risks that occur and their mitigation, people to
be hired whom no work pays; work that is never started costs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from headway.analysis import compiled
from headway.analysis.schedule.calendars import TOLERANCE, Times, WorkingTime
from headway.analysis.schedule.critical_path import critical_path
from headway.analysis.schedule.draws import Draws, Flags, RiskDraws, draw
from headway.analysis.schedule.futures import KERNELS, CompiledRun, critical_counts
from headway.analysis.schedule.network import network
from headway.analysis.schedule.one_point import widened
from headway.analysis.schedule.passes import Frame, Run, forward, forward_again
from headway.analysis.schedule.plan import Estimate, Moment, Plan, Unit
from headway.analysis.schedule.pools import Pools, is_lasting, pools_of
from headway.analysis.schedule.recipe import rows_of, supports
from headway.analysis.schedule.sampling import median
from headway.analysis.schedule.several import time_of
from headway.analysis.schedule.soundness import require_estimates
from headway.analysis.schedule.timing import timings
from headway.errors import Invalid, NotFound

#: Part of every stored forecast: the same version, plan and seed give the same bits.
ENGINE = "headway-schedule 1"
MOST_TRIALS = 1_000_000
#: Trials of items whose times are held in memory, by NumPy or as rows handed to the kernels.
MOST_CELLS = 12_000_000
#: Trials of items that the kernels compute, which hold only what is asked for.
MOST_COMPUTED = 250_000_000
#: From this size on the kernels are worth loading. Smaller plans never wait for that.
LEAST_COMPUTED = 4_000_000
#: The same in a process that has loaded them already.
LEAST_LOADED = 100_000


@dataclass(frozen=True, slots=True)
class Settings:
    """What a simulation depends on besides the plan."""

    trials: int = 10_000
    seed: int = 0
    as_of: Moment | None = None
    mitigated: bool = False
    respect_resources: bool = False


@dataclass(frozen=True, eq=False)
class Simulation:
    """The futures of a plan, one trial a column."""

    settings: Settings
    frame: Frame
    draws: Draws
    run: Run
    #: The simulation that this one reran with other draws; what did not change is taken from it.
    base: Simulation | None = None

    @property
    def plan(self) -> Plan:
        """Return the plan that was simulated."""
        return self.frame.plan

    @property
    def trials(self) -> int:
        """Return the number of futures."""
        return self.draws.trials

    @property
    def is_large(self) -> bool:
        """Say whether it is so large that times by item are not held."""
        return self.trials * len(self.plan.items) >= LEAST_COMPUTED

    @cached_property
    def delays(self) -> dict[int, Times]:
        """Return the delay that risks add to each item they touch, in each trial."""
        return self.draws.delays()

    @cached_property
    def finish(self) -> Times:
        """Return the finish of the plan in each trial, in units from its start; inf is never."""
        return self.run.finish

    @cached_property
    def cost(self) -> Times:
        """Return the cost of the plan in each trial; of a rerun, the base's and what changed."""
        if self.base is None:
            total = self._sum(range(len(self.plan.items)), self.draws.risks)
            for opening in self.draws.openings:
                total = total + opening.cost
            return total
        total = self.base.cost
        for number in range(len(self.plan.items)):
            if not self._costs_as(self.base, number):
                total = total + (self._item_cost(number) - self.base._item_cost(number))
        here, there = self.draws.risks, self.base.draws.risks
        for risk in (risk for risk in there if risk not in here):
            total = total - _risk_cost(risk)
        for risk in (risk for risk in here if risk not in there):
            total = total + _risk_cost(risk)
        left = {opening.id for opening in self.draws.openings}
        for opening in self.base.draws.openings:
            total = total if opening.id in left else total - opening.cost
        return total

    def _costs_as(self, base: Simulation, number: int) -> bool:
        """Say whether an item certainly costs what it does in `base`: same work, as often begun."""
        run, other = self.run, base.run
        if isinstance(run, CompiledRun) and isinstance(other, CompiledRun):
            return run.lasts_as(other, number)
        if run.starts[number] is other.starts[number]:
            return True
        if number in run.tries or number in other.tries or number in run.taken:
            return False
        begun, before = np.isfinite(run.starts[number]), np.isfinite(other.starts[number])
        return run.lasting[number] is other.lasting[number] and np.array_equal(begun, before)

    def finish_of(self, item_ids: Sequence[str]) -> Times:
        """Return when the last of some items ends in each trial. Raises NotFound, Invalid."""
        numbers = self._numbers(item_ids)
        return self.run.finish_of(numbers)

    def cost_of(self, item_ids: Sequence[str]) -> Times:
        """Return what some items cost, with the risks that touch only them. Raises NotFound."""
        numbers = self._numbers(item_ids)
        inside = set(numbers)
        risks = [risk for risk in self.draws.risks if risk.items and inside.issuperset(risk.items)]
        return self._sum(numbers, risks)

    def p_on_time(self, target: Moment, item_ids: Sequence[str] | None = None) -> float:
        """Return the share of trials that end on or before the day `target`."""
        finish = self.finish if item_ids is None else self.finish_of(item_ids)
        return share(self.on_time(finish, target))

    def p_joint(self, target: Moment, budget: float) -> float:
        """Return the share of trials that are both on time and within `budget`."""
        return share(self.on_time(self.finish, target) & (self.cost <= budget))

    def on_time(self, finish: Times, target: Moment) -> Flags:
        """Return for each trial whether `finish` is on or before the day `target`."""
        return np.asarray(finish <= self.frame.time.end_of(target) + TOLERANCE)

    @cached_property
    def p_never(self) -> float:
        """Return the share of trials that never finish."""
        return share(~np.isfinite(self.finish))

    @cached_property
    def criticality(self) -> dict[str, float | None]:
        """Return the share of finishing trials in which each item is critical; None without any."""
        counts = critical_counts(self.run)
        finishing = int(np.isfinite(self.finish).sum())
        ids = self.frame.network.ids
        return {
            item_id: int(count) / finishing if finishing else None
            for item_id, count in zip(ids, counts, strict=True)
        }

    @cached_property
    def branches(self) -> dict[str, float]:
        """Return the share of trials in which an experiment succeeded, and a fallback was taken."""
        found = {}
        run = self.run
        for number, item in enumerate(self.plan.items):
            if number in run.taken:
                found[item.id] = share(run.taken[number] & np.isfinite(run.starts[number]))
            elif number in run.failed:
                found[item.id] = share(~run.failed[number] & np.isfinite(run.starts[number]))
        return found

    def _numbers(self, item_ids: Sequence[str]) -> list[int]:
        place = {item_id: number for number, item_id in enumerate(self.frame.network.ids)}
        for item_id in item_ids:
            if item_id not in place:
                sentence = f"The plan has no item {item_id!r}."
                raise NotFound(sentence)
        if not item_ids:
            sentence = "No items were named; name at least one."
            raise Invalid(sentence)
        return [place[item_id] for item_id in item_ids]

    def _sum(self, numbers: Sequence[int] | range, risks: Sequence[RiskDraws]) -> Times:
        total = np.zeros(self.trials)
        for number in numbers:
            total = total + self._item_cost(number)
        for risk in risks:
            total = total + _risk_cost(risk)
        return total

    @cached_property
    def hourly(self) -> dict[str, float]:
        """Return what a unit of each priced resource costs an hour."""
        return hourly_rates(self.plan, self.frame.time)

    @cached_property
    def hours_per_unit(self) -> float:
        """Return the working hours of a unit of time."""
        return self.frame.time.hours_per_unit

    def _item_cost(self, number: int) -> Times:
        item = self.plan.items[number]
        run = self.run
        if not item.cost and not item.needs and item.attempts is None:
            return np.zeros(1)
        hourly = sum(rate * item.needs.get(name, 0.0) for name, rate in self.hourly.items())
        cost = float(item.cost) + hourly * self.hours_per_unit * self.work_of(number)
        if number in run.tries and item.attempts is not None:
            cost = cost + float(item.attempts.cost) * run.tries[number]
        if not np.any(cost):
            return np.zeros(1)
        done = self.begun(number)
        if number in run.taken:
            done = done & run.taken[number]
        return np.where(done, cost, 0.0)

    def work_of(self, number: int) -> Times:
        """Return how long an item is worked on in each trial, in units of time."""
        run = self.run
        return run.work_of(number) if isinstance(run, CompiledRun) else run.lasting[number]

    def begun(self, number: int) -> Flags:
        """Return the trials in which an item is ever begun; all, where nothing can stop."""
        run = self.run
        if isinstance(run, CompiledRun) and not run.may_stop:
            return np.ones(self.trials, dtype=np.bool_)
        return np.isfinite(run.starts[number])


def share(flags: Flags) -> float:
    """Return the share of trials that are marked."""
    return int(np.count_nonzero(flags)) / len(flags)


def _risk_cost(risk: RiskDraws) -> Times:
    return np.where(risk.occurs, risk.cost, 0.0) + risk.mitigation


def hourly_rates(plan: Plan, time: WorkingTime) -> dict[str, float]:
    """Return what a unit of each priced resource costs in a working hour, in the plan's order.

    A skill, which no one person stands for, costs the mean of those who have it and a price.
    """
    hours = {
        "hour": 1.0,
        "day": replace(time, unit=Unit.DAYS).hours_per_unit,
        "week": replace(time, unit=Unit.WEEKS).hours_per_unit,
    }
    rates = {
        resource.name: float(resource.rate.amount) / hours[resource.rate.period]
        for resource in plan.resources
        if resource.rate is not None
    }
    priced = [resource for resource in plan.resources if resource.name in rates]
    for skill in dict.fromkeys(skill for resource in priced for skill in resource.skills):
        having = [rates[resource.name] for resource in priced if skill in resource.skills]
        rates.setdefault(skill, sum(having) / len(having))
    return rates


def simulate(plan: Plan, settings: Settings | None = None) -> Simulation:
    """Return the futures of a sound `plan`, single numbers widened where it asks for that.

    Raises Invalid when an item has no estimate, the trials are too many for the plan's size, or
    a resource that is to be respected does not suffice for an item.
    """
    settings = settings or Settings()
    plan, _ = widened(plan)
    require_estimates(plan)
    _require_room(plan, settings)
    frame = frame_of(plan, settings.as_of)
    is_computed = _is_computed(plan, settings)
    is_held = not is_computed and settings.trials * len(plan.items) < LEAST_COMPUTED
    asked = (plan, frame.timings, settings.seed, settings.trials)
    draws = draw(
        *asked,
        mitigated=settings.mitigated,
        held=is_held,
        kept=not is_computed,
        as_of=settings.as_of,
    )
    pools = _pools(frame, settings, 1 if is_computed else settings.trials)
    run = CompiledRun(frame, draws, pools) if is_computed else forward(frame, draws, pools)
    return Simulation(settings, frame, draws, run)


def _is_computed(plan: Plan, settings: Settings) -> bool:
    """Say whether the kernels are used: for the same bits, in less time and memory.

    Where they are not compiled yet, NumPy does all that its memory allows.
    """
    size = settings.trials * len(plan.items)
    least = LEAST_LOADED if compiled.is_loaded(KERNELS) else LEAST_COMPUTED
    if size < least or not _knows(plan, settings):
        return False
    return size > MOST_CELLS or compiled.is_ready(KERNELS)


def _knows(plan: Plan, settings: Settings) -> bool:
    """Say whether the kernels know all that is asked; of resources, those that stay as they are."""
    return supports(plan) and (not settings.respect_resources or is_lasting(plan))


def frame_of(plan: Plan, as_of: Moment | None = None) -> Frame:
    """Return what stays the same between two runs over `plan`. Raises Invalid for a cycle."""
    time = time_of(plan)
    return Frame(plan, network(plan), time, timings(plan, time, as_of))


def rerun(simulation: Simulation, draws: Draws, changed: Sequence[int]) -> Simulation:
    """Return the same futures but for `draws`, which differ in the `changed` items only."""
    run: Run
    if isinstance(simulation.run, CompiledRun):
        run = simulation.run.again(draws)
    elif simulation.settings.respect_resources:
        pools = _pools(simulation.frame, simulation.settings, simulation.trials)
        run = forward(simulation.frame, draws, pools)
    else:
        run = forward_again(simulation.run, draws, changed)
    return Simulation(simulation.settings, simulation.frame, draws, run, simulation)


def _pools(frame: Frame, settings: Settings, trials: int) -> Pools | None:
    if not settings.respect_resources:
        return None
    late = critical_path(frame).late_start
    return pools_of(frame.plan, frame.network, list(late.values()), trials)


def most_trials(plan: Plan) -> int:
    """Return how many trials of a plan can be simulated at the most."""
    count = max(len(plan.items), 1)
    if not supports(plan):
        return min(MOST_TRIALS, MOST_CELLS // count)
    return min(MOST_TRIALS, MOST_COMPUTED // count, MOST_CELLS // max(rows_of(plan), 1))


def _require_room(plan: Plan, settings: Settings) -> None:
    most = most_trials(plan)
    if not _knows(plan, settings):
        most = min(most, MOST_CELLS // max(len(plan.items), 1))
    if not 1 <= settings.trials <= most:
        sentence = (
            f"{settings.trials:,} trials of {len(plan.items):,} items are too many or too few; "
            f"ask for 1 to {most:,} trials."
        )
        raise Invalid(sentence)


def without_risk(plan: Plan, risk_id: str) -> Plan:
    """Return `plan` without one risk. Raises NotFound when it has none of that id."""
    left = tuple(risk for risk in plan.risks if risk.id != risk_id)
    if len(left) == len(plan.risks):
        known = ", ".join(repr(risk.id) for risk in plan.risks) or "none"
        sentence = f"The plan has no risk {risk_id!r}; its risks are: {known}."
        raise NotFound(sentence)
    return replace(plan, risks=left)


def with_item_at_median(plan: Plan, item_id: str) -> Plan:
    """Return `plan` with one item certain to take the median of its range (of one attempt)."""
    return _changed(plan, [item_id], lambda e: Estimate.certain(median(e, plan.distribution)))


def without_uncertainty(plan: Plan, item_ids: Sequence[str]) -> Plan:
    """Return `plan` with some items certain to take their most likely duration, at one attempt."""
    return _changed(plan, item_ids, lambda estimate: Estimate.certain(estimate.most_likely))


def _changed(plan: Plan, item_ids: Sequence[str], fixed: Callable[[Estimate], Estimate]) -> Plan:
    chosen = set(item_ids)
    missing = chosen - {item.id for item in plan.items}
    if missing:
        sentence = f"The plan has no item {sorted(missing)[0]!r}."
        raise NotFound(sentence)
    items = []
    for item in plan.items:
        if item.id in chosen and item.duration is not None:
            certain = fixed(item.duration)
            remaining = certain if item.left is not None else None
            item = replace(item, estimate=certain, remaining=remaining, attempts=None)
        items.append(item)
    return replace(plan, items=tuple(items))


def s_curve(values: Times, points: int = 101) -> list[tuple[float, float]]:
    """Return (quantile, value) pairs from 0 to 1 for a chart, without those that are never."""
    ordered = np.sort(values)
    curve = []
    for step in range(points):
        quantile = step / (points - 1)
        value = float(ordered[max(math.ceil(quantile * len(ordered) - 1e-9), 1) - 1])
        if math.isfinite(value):
            curve.append((quantile, value))
    return curve
