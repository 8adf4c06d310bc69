"""Judgements about money: what a budget line may hold, and what the lines add up to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from headway.domain.programs.rules.fields import Reader, choice, decimal, text
from headway.errors import Invalid

#: What money is spent on; the same words as in `cost` evidence.
CATEGORIES = ("people", "compute", "data", "annotation", "vendor", "software", "other")
PURPOSES = ("budget", "contingency", "reserve")


@dataclass(frozen=True, slots=True)
class BudgetLineFacts:
    """An amount set aside: `purpose` budget, contingency, or (management) reserve."""

    id: UUID
    workspace_id: UUID
    program_id: UUID
    project_id: UUID | None
    key: str
    name: str
    purpose: str
    category: str
    amount: Decimal
    version: int


@dataclass(frozen=True, slots=True)
class Budget:
    """The money of a program.

    `total` is what the program may spend: lines and contingency, without the reserve, which is
    not the program's to spend. None where there is no line: no budget is not a budget of 0.
    """

    currency: str
    lines: tuple[BudgetLineFacts, ...]

    @property
    def total(self) -> Decimal | None:
        """Return what the program may spend, contingency included, reserve not."""
        return self._sum("budget", "contingency")

    @property
    def contingency(self) -> Decimal:
        """Return what is set aside inside the total for what may happen."""
        return self._sum("contingency") or Decimal(0)

    @property
    def reserve(self) -> Decimal:
        """Return the management reserve, outside the total."""
        return self._sum("reserve") or Decimal(0)

    def of_project(self, project_id: UUID) -> Decimal | None:
        """Return what a project may spend; None when no line names it."""
        return self._sum("budget", "contingency", project_id=project_id)

    def _sum(self, *purposes: str, project_id: UUID | None = None) -> Decimal | None:
        amounts = [
            line.amount
            for line in self.lines
            if line.purpose in purposes and project_id in (None, line.project_id)
        ]
        return sum(amounts, Decimal(0)) if amounts else None


@dataclass(frozen=True, slots=True)
class ActualFacts:
    """Money that was spent, for a period; `record` is the sequence of what says so.

    `source` is "cost" (a `cost` record) or "bill" (charges of a bill, allocated; `amount` is burn
    and `billed` cash, which are never added).
    """

    project_id: UUID | None
    amount: Decimal
    currency: str
    category: str
    period_start: date
    period_end: date
    record: int
    source: str = "cost"
    billed: Decimal | None = None
    adds: bool = False


@dataclass(frozen=True, slots=True)
class Actuals:
    """What was spent. `total` is in the program's currency only; the rest is in `foreign`.

    `total` None: no cost was ever recorded, which is not the same as nothing spent. `explained`
    are charges of bills that show what a `cost` record consists of: they are not added to it.
    """

    currency: str
    rows: tuple[ActualFacts, ...]
    foreign: tuple[ActualFacts, ...]
    explained: tuple[ActualFacts, ...] = ()

    @property
    def total(self) -> Decimal | None:
        """Return the sum in the program's currency; None before any cost is recorded."""
        return sum((row.amount for row in self.rows), Decimal(0)) if self.rows else None

    def of_project(self, project_id: UUID) -> Decimal | None:
        """Return what a project spent; None before any of its cost is recorded."""
        amounts = [row.amount for row in self.rows if row.project_id == project_id]
        return sum(amounts, Decimal(0)) if amounts else None

    def by_category(self) -> Mapping[str, Decimal]:
        """Return what was spent by category, dearest first."""
        found: dict[str, Decimal] = {}
        for row in self.rows:
            found[row.category] = found.get(row.category, Decimal(0)) + row.amount
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))

    @property
    def records(self) -> Sequence[int]:
        """Return the sequences of the records that the total rests on."""
        return [row.record for row in self.rows]


def parted(
    costs: Sequence[ActualFacts], charges: Sequence[ActualFacts]
) -> tuple[list[ActualFacts], list[ActualFacts]]:
    """Return what was spent, and the charges that only explain it: nothing counts twice.

    A `cost` record speaks for its project, category and every month that its period touches: a
    bill's charges of these are its detail. Where no record speaks, the charges are what was spent;
    so are those of a rule that says they come on top (`adds`).
    """
    told = {
        (cost.project_id, cost.category, cost.currency, month)
        for cost in costs
        for month in _months(cost.period_start, cost.period_end)
    }
    spent = list(costs)
    explained: list[ActualFacts] = []
    for charge in charges:
        start = charge.period_start
        key = (charge.project_id, charge.category, charge.currency, (start.year, start.month))
        (explained if key in told and not charge.adds else spent).append(charge)
    return spent, explained


def _months(first: date, last: date) -> Iterator[tuple[int, int]]:
    """Yield the months that a period touches; at most a century of them."""
    start = first.year * 12 + first.month - 1
    end = min(last.year * 12 + last.month - 1, start + 1_200)
    for number in range(start, end + 1):
        yield number // 12, number % 12 + 1


def read_amount(field: str, value: object) -> Decimal:
    """Read an amount set aside: 0 or more."""
    found = decimal(field, value)
    if found < 0:
        sentence = f"The {field} is {found}; a budget line holds 0 or more."
        raise Invalid(sentence)
    return found


BUDGET_FIELDS: Mapping[str, Reader] = {
    "name": text(200, required=True),
    "purpose": choice(*PURPOSES),
    "category": choice(*CATEGORIES),
    "amount": read_amount,
}
