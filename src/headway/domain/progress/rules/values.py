"""Earned value as it is told: of an item, a project, a program, the portfolio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from headway.analysis.earned_value.measures import Measures
from headway.domain.plans.rules.baselines import PlannedItem
from headway.domain.programs.rules import ProgramFacts
from headway.domain.progress.rules.earning import (
    Work,
    earned_by,
    planned_by,
    planned_words,
    why_earned,
)
from headway.domain.progress.rules.tallies import Known, gaps


@dataclass(frozen=True, slots=True)
class ItemValue:
    """An item's planned and earned value on the day, why, and when it was to be earned."""

    work: Work
    planned: Decimal
    earned: Decimal
    words: str
    due: str

    @property
    def gap(self) -> Decimal:
        """Return how much less than planned was earned."""
        return self.planned - self.earned


@dataclass(frozen=True, slots=True)
class ProjectValue:
    """A project's measures, and its items."""

    slug: str
    name: str
    measures: Measures
    planned: Mapping[str, PlannedItem]
    known: Known
    day: date

    @property
    def items(self) -> Sequence[ItemValue]:
        """Return each item's value on the day, worked out where somebody asks."""
        return self.some_items(0, len(self.planned))

    def some_items(self, first: int, count: int) -> Sequence[ItemValue]:
        """Return the values of so many items from the place `first` on, in the plan's order."""
        asked = list(self.planned)[first : first + count]
        return [_item(self.known.work(key, self.planned[key]), self.day) for key in asked]

    def gaps(self) -> Sequence[tuple[Decimal, str]]:
        """Return how much less than planned items have earned, with their addresses."""
        return gaps(self.planned, self.known, self.day)

    def item(self, address: str) -> ItemValue:
        """Return the value of the item at an address."""
        return _item(self.known.work(address, self.planned[address]), self.day)


def _item(work: Work, day: date) -> ItemValue:
    planned, earned = planned_by(work, day), earned_by(work, day)
    return ItemValue(work, planned, earned, why_earned(work, day), planned_words(work))


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Cumulative amounts at the end of a day; earned and spent are None after the status date."""

    day: date
    planned: Decimal
    earned: Decimal | None
    spent: Decimal | None


@dataclass(frozen=True, slots=True)
class ProgramValue:
    """A program's earned value on a day; `problem` says why there is none.

    `against` names the baseline, and is empty where the plan is held against itself. Costs are
    known up to `cost_day`: cost is compared with what was earned by then.
    """

    program: ProgramFacts
    day: date
    currency: str
    against: str
    measures: Measures | None
    projects: Sequence[ProjectValue]
    start: date | None
    planned_finish: date | None
    points: Sequence[CurvePoint]
    cost_p50: Decimal | None
    cost_p80: Decimal | None
    notes: Sequence[str]
    problem: str = ""
    cost_day: date | None = None

    def finish(self, factor: str) -> date | None:
        """Return the day on which it ends by a factor of EAC(t)."""
        held = self.measures.finishes.get(factor) if self.measures else None
        if held is None or self.start is None:
            return None
        days = int(held.to_integral_value(rounding="ROUND_CEILING")) - 1
        try:
            return self.start + timedelta(days=days)
        except OverflowError:
            return None


@dataclass(frozen=True, slots=True)
class PortfolioValue:
    """The programs of a workspace, and the sum of each currency."""

    programs: Sequence[ProgramValue]
    totals: Mapping[str, Measures]
