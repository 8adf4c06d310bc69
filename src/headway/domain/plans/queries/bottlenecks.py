"""Bottlenecks: what one unit more of a resource does to the P80, people and pools alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from headway.analysis.quantities import cents
from headway.analysis.schedule.comparing import PairedDifference, differences
from headway.analysis.schedule.demand import Demand, demand
from headway.analysis.schedule.one_point import widened
from headway.analysis.schedule.plan import Plan, Resource
from headway.analysis.schedule.simulation import Settings, Simulation, most_trials, simulate
from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.models import Supposition
from headway.domain.plans.queries.forecasts import ForecastFacts
from headway.domain.plans.queries.network import AT_ONCE, is_quick, plan_value
from headway.domain.plans.queries.supposing import BOTTLENECKS
from headway.domain.plans.rules.jobs import JobState
from headway.domain.programs.rules import ProgramFacts
from headway.errors import Invalid

if TYPE_CHECKING:
    from pydantic import TypeAdapter

#: Resources that are tried, those under most pressure; and the futures of each try at most.
MOST_TRIED = 6
MOST_TRIALS = 10_000
#: Days below this are shown as none, however surely they are known.
A_TENTH = 0.05


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """What one unit more of a resource would do: days and money at P80, each with its error.

    `peak` is the most that the likeliest schedule asks for at once, `unit_days` all that is still
    asked for, in working days of a unit; `unit_cost` what one more costs over that time.
    """

    name: str
    kind: str
    capacity: float
    peak: float
    unit_days: float
    days_p80: PairedDifference
    money_p80: PairedDifference
    unit_cost: Decimal | None

    @property
    def helps(self) -> bool:
        """Say whether a unit more is seen to bring the P80 forward."""
        days = self.days_p80
        return days.value is not None and days.value <= -A_TENTH and not days.is_equal


@dataclass(frozen=True, slots=True)
class Bottlenecks:
    """The answer, most days first; `problem` says why there is none. `untried` were not.

    `at` is the moment of the forecast that it is of; an older one than the newest where a large
    plan was not ranked again since (`is_newest`).
    """

    rows: Sequence[Bottleneck] = ()
    untried: Sequence[str] = ()
    trials: int = 0
    problem: str = ""
    at: datetime | None = None
    is_newest: bool = True

    @property
    def sentence(self) -> str:
        """Return the answer in one sentence."""
        if self.problem:
            return self.problem
        if not self.rows:
            return "No work that is left asks for anybody or anything that is short."
        best = next((row for row in self.rows if row.helps), None)
        if best is None:
            return "One unit more of any resource would not move the P80."
        days = abs(best.days_p80.value or 0.0)
        return f"One more {best.name} would bring the P80 forward by {days:.0f} days."


def bottlenecks(actor: Actor, program: ProgramFacts, base: ForecastFacts | None) -> Bottlenecks:
    """Return what a unit more of each resource that may be short does, where work waits for it.

    The plan that `base` forecast is simulated with resources respected, then again for each of the
    MOST_TRIED under most pressure with one unit more, on the same random numbers. A plan of more
    than AT_ONCE items is ranked by the worker (`ask_bottlenecks`): its last answer is returned.
    """
    require(actor, Permission.VIEW, program)
    if base is None or base.problem:
        return Bottlenecks(problem=base.problem if base else "There is no forecast yet; make one.")
    if not is_quick(actor, program):
        return _kept(program, base)
    return ranked(plan_value(actor, program, base.at), base)


def _kept(program: ProgramFacts, base: ForecastFacts) -> Bottlenecks:
    """Return what the worker answered last of a forecast up to `base`."""
    rows = Supposition.objects.filter(
        program_id=program.id, asked=BOTTLENECKS, state=JobState.DONE, forecast__at__lte=base.at
    )
    row = rows.select_related("forecast").order_by("-forecast__at", "-changed_at").first()
    if row is None:
        sentence = (
            f"This plan has more than {AT_ONCE:,} items, which is too many to try while you wait; "
            "ask the worker to rank its bottlenecks."
        )
        return Bottlenecks(problem=sentence)
    held = _adapter().validate_python(row.answer)
    return replace(held, at=row.forecast.at, is_newest=row.forecast_id == base.id)


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Bottlenecks]:
    from pydantic import TypeAdapter

    return TypeAdapter(Bottlenecks)


def write_bottlenecks(found: Bottlenecks) -> dict[str, Any]:
    """Return an answer as JSON to keep."""
    written: dict[str, Any] = _adapter().dump_python(found, mode="json")
    return written


def ranked(plan: Plan, base: ForecastFacts) -> Bottlenecks:
    """Return the same for a plan, however long it takes."""
    trials = min(base.trials, MOST_TRIALS, max(1, most_trials(plan)))
    settings = Settings(trials, base.seed, base.at.date(), respect_resources=True)
    try:
        plan, _ = widened(plan)
        there = simulate(plan, settings)
        pressed = _pressed(plan, demand(there.frame))
        rows = [_tried(there, one, asked, settings) for one, asked in pressed[:MOST_TRIED]]
    except Invalid as error:
        return Bottlenecks(problem=str(error))
    rows.sort(key=_order)
    untried = [one.name for one, _ in pressed[MOST_TRIED:]]
    return Bottlenecks(rows, untried, trials, at=base.at)


def _pressed(plan: Plan, asked: Sequence[Demand]) -> list[tuple[Resource, Demand]]:
    """Return the resources that can ever be short, those under most pressure first."""
    named = {one.name: one for one in plan.resources}
    wanted: dict[str, float] = {}
    for item in plan.items:
        if item.finished is None:
            for name, units in item.needs.items():
                wanted[name] = wanted.get(name, 0.0) + units
    short = [
        (named[one.name], one)
        for one in asked
        # Where all open work together asks for no more than there is, nothing ever waits.
        if wanted.get(one.name, 0.0) > min(_capacities(named[one.name]))
    ]
    return sorted(
        short, key=lambda pair: (-pair[1].total / max(pair[1].capacity, 1e-9), pair[0].name)
    )


def _capacities(resource: Resource) -> Sequence[float]:
    return [resource.capacity, *(units for _, units in resource.steps)]


def _tried(there: Simulation, resource: Resource, asked: Demand, settings: Settings) -> Bottleneck:
    more = replace(
        resource,
        capacity=resource.capacity + 1,
        steps=tuple((day, units + 1) for day, units in resource.steps),
    )
    plan = there.plan
    others = tuple(more if one.name == resource.name else one for one in plan.resources)
    found = differences(there, simulate(replace(plan, resources=others), settings))
    hours = plan.calendar.hours_per_day if plan.calendar else 8.0
    cost = None
    if resource.rate is not None and resource.rate.period == "hour":
        worth = resource.rate.amount * Decimal(str(round(asked.total * hours, 6)))
        cost = Decimal(cents(float(worth / Decimal(str(max(resource.capacity + 1, 1.0))))))
    return Bottleneck(
        name=resource.name,
        kind=resource.kind,
        capacity=resource.capacity,
        peak=asked.peak,
        unit_days=asked.total,
        days_p80=found.finish_p80,
        money_p80=found.cost_p80,
        unit_cost=cost,
    )


def _order(row: Bottleneck) -> tuple[float, str]:
    """Return a key by which most days come first; what is within its error counts as none."""
    days = row.days_p80
    return (0.0 if days.is_equal or days.value is None else days.value, row.name)
