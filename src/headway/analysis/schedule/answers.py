"""What a forecast answers, as one value; None is a number without an answer, and notes say why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from headway.analysis.quantities import Percentiles
from headway.analysis.schedule.branching import AttemptForecast
from headway.analysis.schedule.critical_path import ClassicalPert, CriticalPath
from headway.analysis.schedule.importance import Importance
from headway.analysis.schedule.joint import Joint
from headway.analysis.schedule.ladder import Convergence, Ladder
from headway.analysis.schedule.merge_bias import MergeBias
from headway.analysis.schedule.plan import Item, Moment, Plan
from headway.analysis.schedule.responses import Responses
from headway.analysis.schedule.sensitivity import Driver
from headway.analysis.schedule.simulation import Simulation
from headway.analysis.schedule.why import Overrun, Why


@dataclass(frozen=True, slots=True)
class ItemForecast:
    """One item: its deterministic times and floats, and when it is done with which odds.

    `p_joint` is the chance that its deadline and the plan's budget both hold; `ladder` holds all
    percentiles of a milestone.
    """

    item: Item
    early_start: float
    early_finish: float
    total_float: float
    free_float: float
    finish: Percentiles
    p_by_deadline: float | None
    p_joint: float | None = None
    ladder: Ladder | None = None


@dataclass(frozen=True, slots=True)
class CostForecast:
    """What the plan costs: the mean and two percentiles, in the budget's currency if it has one."""

    mean: float
    p50: float
    p80: float


@dataclass(frozen=True, eq=False)
class Answers:
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
    ladder: Ladder
    cost_ladder: Ladder | None
    deterministic_cost: float | None
    p_deterministic: float
    joint: Joint | None
    merge_bias: MergeBias
    attempts: tuple[AttemptForecast, ...]
    importance: Mapping[str, Importance]
    responses: Responses | None
    convergence: Convergence
    #: Of the deterministic dates: why each is there, what they cannot keep, and the float paths.
    reasons: Mapping[str, Why]
    overruns: tuple[Overrun, ...]
    float_paths: tuple[tuple[str, ...], ...]

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

    @property
    def contingency(self) -> float | None:
        """Return how far P80 lies after the deterministic finish, in units."""
        p80 = self.finish.p80
        return None if p80 is None else p80 - self.deterministic.duration

    @property
    def contingency_cost(self) -> float | None:
        """Return how far P80 of the cost lies above the deterministic cost."""
        if self.cost is None or self.deterministic_cost is None:
            return None
        return self.cost.p80 - self.deterministic_cost
