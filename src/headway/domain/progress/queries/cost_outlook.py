"""What the newest forecast of each program says of money: whole, by project, by category."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.finance.rules import (
    Budget,
    BudgetLineFacts,
    BudgetStanding,
    CategoryStanding,
)
from headway.domain.plans.models import Forecast
from headway.domain.programs.rules import ProgramFacts

#: What the simulation names the cost of risks: beside the contingency.
RISKS = "risks"


@dataclass(frozen=True, slots=True)
class CostRange:
    """What a part of the cost comes to, of the same simulated futures as the whole."""

    p50: Decimal
    p80: Decimal


@dataclass(frozen=True, slots=True)
class CostOutlook:
    """What the stored forecast says of money: the whole cost, and the odds of the budget.

    `projects` are the P80 of each, by its address; `categories` are the whole's by what they are
    spent on ("risks" apart), `parts` those of a project, by (address, category). Percentiles of
    parts do not add up to the whole's. A forecast of before parts were kept has none.
    """

    at: datetime | None = None
    p50: Decimal | None = None
    p80: Decimal | None = None
    odds: float | None = None
    finish_p80: date | None = None
    projects: Mapping[str, Decimal] = field(default_factory=dict)
    categories: Mapping[str, CostRange] = field(default_factory=dict)
    parts: Mapping[tuple[str, str], CostRange] = field(default_factory=dict)

    def of_line(self, line: BudgetLineFacts, budget: Budget, slug: str) -> CostRange | None:
        """Return what a line's work comes to; None where several share it, or no work is its.

        A line takes what its project (`slug`) spends on its category; one of no project takes
        what the whole program does, where it is the only line of its category.
        """
        if line.purpose != "budget" or line.shares:
            return None
        same = [one for one in budget.lines if one.purpose == "budget"]
        same = [one for one in same if one.category == line.category]
        if line.project_id is None:
            return self.categories.get(line.category) if len(same) == 1 else None
        mine = [one for one in same if one.serves(line.project_id)]
        return self.parts.get((slug, line.category)) if len(mine) == 1 else None


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category of the budget beside what its work comes to; `simulated` None: nothing plans it.

    Of the contingency it is what the risks cost.
    """

    standing: CategoryStanding
    simulated: CostRange | None

    @property
    def asked(self) -> Decimal | None:
        """Return P80 − plan: what its uncertainty asks of the contingency; negative is room."""
        if self.simulated is None or self.standing.category == "contingency":
            return None
        return self.simulated.p80 - self.standing.budget


def category_rows(standing: BudgetStanding, outlook: CostOutlook) -> Sequence[CategoryRow]:
    """Return the categories of a budget, and below them what is simulated and no line is for."""
    found = [
        CategoryRow(one, outlook.categories.get(_simulated(one.category)))
        for one in standing.categories
    ]
    there = {_simulated(one.category) for one in standing.categories}
    for name, simulated in outlook.categories.items():
        if name not in there and simulated.p80:
            nothing = CategoryStanding(name, *[Decimal(0)] * 5)
            found.append(CategoryRow(nothing, simulated))
    return found


def _simulated(category: str) -> str:
    return RISKS if category == "contingency" else category


def cost_outlooks(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime | None = None
) -> Mapping[UUID, CostOutlook]:
    """Return what the newest forecast of each program says of money; one query.

    Only those parts of the answers are read: a whole answer tells of every item.
    """
    ids = []
    for program in programs:
        require(actor, Permission.VIEW, program)
        ids.append(program.id)
    rows = Forecast.objects.filter(workspace_id=actor.workspace_id, program_id__in=ids)
    if at is not None:
        rows = rows.filter(at__lte=at)
    newest_first = (F("at").desc(), F("serial").desc())
    place = Window(RowNumber(), partition_by=F("program_id"), order_by=newest_first)
    newest = rows.annotate(place=place).filter(place=1).values("id")
    told = Forecast.objects.filter(id__in=newest).values_list(
        "program_id",
        "at",
        "answer__cost",
        "answer__p_within_budget",
        "answer__finish_dates",
        "answer__projects",
        "answer__categories",
    )
    return {
        home: CostOutlook(
            moment,
            _amount(cost, "p50"),
            _amount(cost, "p80"),
            float(odds) if isinstance(odds, int | float) else None,
            _day(dates, "p80"),
            _by_project(parts),
            _ranges(categories),
            _parts(parts),
        )
        for home, moment, cost, odds, dates, parts, categories in told
    }


def _amount(held: object, name: str) -> Decimal | None:
    text = held.get(name) if isinstance(held, dict) else None
    return Decimal(text) if isinstance(text, str) else None


def _day(held: object, name: str) -> date | None:
    text = held.get(name) if isinstance(held, dict) else None
    return date.fromisoformat(text) if isinstance(text, str) else None


def _by_project(held: object) -> Mapping[str, Decimal]:
    parts = held.items() if isinstance(held, dict) else ()
    told = ((slug, _amount(row, "cost_p80")) for slug, row in parts)
    return {slug: amount for slug, amount in told if amount is not None}


def _ranges(held: object) -> Mapping[str, CostRange]:
    found = {}
    for name, row in held.items() if isinstance(held, dict) else ():
        p50, p80 = _amount(row, "p50"), _amount(row, "p80")
        if p50 is not None and p80 is not None:
            found[str(name)] = CostRange(p50, p80)
    return found


def _parts(held: object) -> Mapping[tuple[str, str], CostRange]:
    projects = held.items() if isinstance(held, dict) else ()
    return {
        (slug, name): found
        for slug, row in projects
        for name, found in _ranges(row.get("categories")).items()
    }
