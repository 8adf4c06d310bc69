"""How a budget stands: each line and category with what was spent, owed, ordered and is to come.

Money of evidence names a project and a category, never a line. It is placed by one rule: to the
lines of the category that serve the project; without one, to lines of the category that serve no
project in particular; without one, to none, which is shown. Several lines share it as their
amounts stand. The forecast of a line is what it took until now and its plan for the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from headway.domain.finance.rules.accruals import AccrualFacts, OpenOrder
from headway.domain.finance.rules.actuals import ActualFacts, Actuals
from headway.domain.finance.rules.lines import CATEGORIES, Budget, BudgetLineFacts
from headway.domain.finance.rules.openings import PlannedOpening
from headway.domain.finance.rules.phasing import month_of, split_amount

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Costs:
    """What a program's money met: actuals, open accruals and commitments, all in one currency.

    `apart` are amounts that no rate converts, by currency: in no sum.
    """

    actuals: Actuals
    accruals: Sequence[AccrualFacts] = ()
    commitments: Sequence[OpenOrder] = ()
    apart: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def accrued(self) -> Decimal:
        """Return what is owed without an invoice."""
        return sum((one.amount for one in self.accruals), _NOTHING)

    @property
    def committed(self) -> Decimal:
        """Return what is ordered and not invoiced or accrued."""
        return sum((one.open for one in self.commitments), _NOTHING)


@dataclass(slots=True)
class Sums:
    """What one line, category or project meets, month by month; `budget` None: nobody set one."""

    budget: Decimal | None = None
    spent: dict[date, Decimal] = field(default_factory=dict)
    accrued: dict[date, Decimal] = field(default_factory=dict)
    committed: Decimal = _NOTHING

    def taken(self, month: date) -> Decimal:
        """Return what a month took: spent and owed."""
        return self.spent.get(month, _NOTHING) + self.accrued.get(month, _NOTHING)

    @property
    def actual(self) -> Decimal:
        """Return what was spent."""
        return sum(self.spent.values(), _NOTHING)

    @property
    def owed(self) -> Decimal:
        """Return what is accrued."""
        return sum(self.accrued.values(), _NOTHING)

    def add(self, month: date, amount: Decimal, *, owed: bool = False) -> None:
        """Count an amount of a month."""
        held = self.accrued if owed else self.spent
        held[month] = held.get(month, _NOTHING) + amount


@dataclass(frozen=True, slots=True)
class MonthCell:
    """A month of a line or of a whole budget: planned, spent, owed, and the forecast."""

    month: date
    plan: Decimal
    actual: Decimal
    accrued: Decimal
    forecast: Decimal


@dataclass(frozen=True)
class LineStanding:
    """A line with what it met until the month `now`. `variance` is forecast − amount."""

    line: BudgetLineFacts
    actual: Decimal
    accrued: Decimal
    committed: Decimal
    forecast: Decimal
    sums: Sums
    now: date

    @cached_property
    def months(self) -> Sequence[MonthCell]:
        """Return its months, oldest first; made when asked for: a list of 400 lines never does."""
        if self.line.purpose != "budget":
            return ()
        return _cells(self.sums, self.line.months, self.now)

    @cached_property
    def closed(self) -> Sequence[date]:
        """Return its months that are over, oldest first."""
        months = {*self.line.months, *self.sums.spent, *self.sums.accrued}
        return sorted(month for month in months if month < self.now)

    @property
    def variance(self) -> Decimal:
        """Return by how much the forecast is above the amount."""
        return self.forecast - self.line.amount

    @property
    def left(self) -> Decimal:
        """Return what nobody spent, owes or ordered yet."""
        return self.line.amount - self.actual - self.accrued - self.committed


@dataclass(frozen=True, slots=True)
class CategoryStanding:
    """A category of a budget; "contingency" is a row of its own, with what is not drawn."""

    category: str
    budget: Decimal
    committed: Decimal
    accrued: Decimal
    actual: Decimal
    forecast: Decimal

    @property
    def variance(self) -> Decimal:
        """Return by how much the forecast is above the budget."""
        return self.forecast - self.budget


@dataclass(frozen=True, slots=True)
class BudgetStanding:
    """A program's budget: lines, categories, months; `unplaced` is what no line takes.

    `openings` are people still to be hired: they are in the forecast with what they cost beyond
    what lines hold for them.
    """

    budget: Budget
    costs: Costs
    lines: Sequence[LineStanding]
    unplaced: Mapping[str, Sums]
    now: date
    projects: Mapping[UUID, str] = field(default_factory=dict)
    openings: Sequence[PlannedOpening] = ()

    @property
    def hiring(self) -> Decimal:
        """Return what openings cost beyond what lines hold for them."""
        return sum((one.difference for one in self.openings), _NOTHING)

    def named(self, line: BudgetLineFacts) -> str:
        """Return a line's name with its project's: several lines are called People."""
        project = self.projects.get(line.project_id, "") if line.project_id else ""
        return f"{line.name} of {project}" if project else line.name

    @property
    def forecast(self) -> Decimal:
        """Return what is spent in the end by lines: until now as it was, then as planned."""
        lines = sum((one.forecast for one in self.lines), _NOTHING) + self.hiring
        return lines + sum((_unplanned(one) for one in self.unplaced.values()), _NOTHING)

    @property
    def left(self) -> Decimal | None:
        """Return what of the total nobody spent, owes or ordered; None without a budget."""
        if self.budget.total is None:
            return None
        spent = self.costs.actuals.total or _NOTHING
        return self.budget.total - spent - self.costs.accrued - self.costs.committed

    @property
    def categories(self) -> Sequence[CategoryStanding]:
        """Return the categories in their order, contingency last; they add up to the whole."""
        found: dict[str, list[Decimal]] = {}
        for one in self.lines:
            name = one.line.category if one.line.purpose == "budget" else "contingency"
            row = found.setdefault(name, [_NOTHING] * 5)
            told = (one.line.amount, one.committed, one.accrued, one.actual, one.forecast)
            found[name] = [held + more for held, more in zip(row, told, strict=True)]
        for name, sums in self.unplaced.items():
            row = found.setdefault(name, [_NOTHING] * 5)
            more = (_NOTHING, sums.committed, sums.owed, sums.actual, _unplanned(sums))
            found[name] = [held + add for held, add in zip(row, more, strict=True)]
        if self.openings:
            found.setdefault("people", [_NOTHING] * 5)[-1] += self.hiring
        order = [*CATEGORIES, *sorted(set(found) - {*CATEGORIES, "contingency"}), "contingency"]
        return [CategoryStanding(name, *found[name]) for name in order if name in found]

    @property
    def months(self) -> Sequence[MonthCell]:
        """Return the whole budget by month, oldest first."""
        found: dict[date, list[Decimal]] = {}
        cells = [cell for line in self.lines for cell in line.months]
        for sums in self.unplaced.values():
            cells += _cells(sums, {}, self.now)
        for one in self.openings:
            cells += [
                MonthCell(month, _NOTHING, _NOTHING, _NOTHING, amount)
                for month, amount in one.beyond.items()
            ]
        for cell in cells:
            row = found.setdefault(cell.month, [_NOTHING] * 4)
            told = (cell.plan, cell.actual, cell.accrued, cell.forecast)
            found[cell.month] = [held + more for held, more in zip(row, told, strict=True)]
        return [MonthCell(month, *found[month]) for month in sorted(found)]


def budget_standing(
    budget: Budget,
    costs: Costs,
    today: date,
    projects: Mapping[UUID, str] | None = None,
    openings: Sequence[PlannedOpening] = (),
) -> BudgetStanding:
    """Return how a budget stands on a day; `projects` are names by id."""
    placing = _Placing([line for line in budget.lines if line.purpose == "budget"])
    for project_id, rows in costs.actuals.by_project():
        placing.place_rows(project_id, rows)
    for owed in costs.accruals:
        placing.place(owed.project_id, owed.category, owed.amount, owed.month, owed=True)
    for one in costs.commitments:
        placing.place(one.project_id, one.category, one.open)
    now = month_of(today)
    lines = [
        _line(line, placing.lines.get(line.key, Sums()), now)
        for line in budget.lines
        if line.purpose != "reserve"
    ]
    return BudgetStanding(budget, costs, lines, placing.unplaced, now, projects or {}, openings)


class _Placing:
    """Money under way to its lines."""

    def __init__(self, lines: Sequence[BudgetLineFacts]) -> None:
        self.lines = {line.key: Sums(line.amount) for line in lines}
        self.unplaced: dict[str, Sums] = {}
        self._of: dict[str, list[BudgetLineFacts]] = {}
        self._known: dict[tuple[UUID | None, str], list[tuple[Sums, int]]] = {}
        for line in lines:
            self._of.setdefault(line.category, []).append(line)

    def place_rows(self, project_id: UUID | None, rows: Iterable[ActualFacts]) -> None:
        """Count what was spent on a project; nearly all of it goes to one line a category."""
        sums: dict[str, Sums | None] = {}
        for row in rows:
            if row.category not in sums:
                taking = self._taking(project_id, row.category)
                sums[row.category] = taking[0][0] if len(taking) == 1 else None
            whole = sums[row.category]
            for month, amount in row.by_month():
                if whole is None:
                    self.place(project_id, row.category, amount, month)
                else:
                    whole.spent[month] = whole.spent.get(month, _NOTHING) + amount

    def place(
        self,
        project_id: UUID | None,
        category: str,
        amount: Decimal,
        month: date | None = None,
        *,
        owed: bool = False,
    ) -> None:
        """Count an amount where it belongs; without a month it is a commitment."""
        taking = self._taking(project_id, category)
        if len(taking) == 1:
            _count(taking[0][0], amount, month, owed=owed)
            return
        parts = split_amount(amount, [weight for _, weight in taking])
        for (sums, _), part in zip(taking, parts, strict=True):
            _count(sums, part, month, owed=owed)

    def _taking(self, project_id: UUID | None, category: str) -> list[tuple[Sums, int]]:
        key = (project_id, category)
        if key not in self._known:
            there = self._of.get(category, [])
            found = [line for line in there if line.serves(project_id)]
            found = found or [line for line in there if not line.project_id and not line.shares]
            self._known[key] = [
                (self.lines[line.key], int(line.amount.scaleb(3))) for line in found
            ] or [(self.unplaced.setdefault(category, Sums()), 1)]
        return self._known[key]


def _count(sums: Sums, amount: Decimal, month: date | None, *, owed: bool) -> None:
    if month is None:
        sums.committed += amount
    else:
        sums.add(month, amount, owed=owed)


def _line(line: BudgetLineFacts, sums: Sums, now: date) -> LineStanding:
    actual, owed = sums.actual, sums.owed
    if line.purpose == "contingency":
        return LineStanding(line, actual, owed, sums.committed, _NOTHING, sums, now)
    plan = line.months
    # Not phased: what is left of the line is still to come, nobody said when.
    least = max(actual + owed + sums.committed, line.amount if not plan else _NOTHING)
    forecast = max(_ahead(sums, plan, now) + actual + owed, least)
    return LineStanding(line, actual, owed, sums.committed, forecast, sums, now)


def _ahead(sums: Sums, plan: Mapping[date, Decimal], now: date) -> Decimal:
    """Return what the present month and those to come are planned to take beyond what they did."""
    gaps = (planned - sums.taken(month) for month, planned in plan.items() if month >= now)
    return sum((gap for gap in gaps if gap > 0), _NOTHING)


def _cells(sums: Sums, plan: Mapping[date, Decimal], now: date) -> list[MonthCell]:
    """Return the months: what is past as it was, the present at least as planned, then the plan."""
    found = []
    for month in sorted({*plan, *sums.spent, *sums.accrued}):
        planned, taken = plan.get(month, _NOTHING), sums.taken(month)
        forecast = taken if month < now else max(taken, planned)
        spent = sums.spent.get(month, _NOTHING)
        owed = sums.accrued.get(month, _NOTHING)
        found.append(MonthCell(month, planned, spent, owed, forecast))
    return found


def _unplanned(sums: Sums) -> Decimal:
    return sums.actual + sums.owed + sums.committed
