"""What was spent: amounts of evidence, in the program's currency or apart from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from headway.domain.finance.rules.phasing import month_of, months_between, next_month, split_amount
from headway.domain.finance.rules.rates import Converted

#: A period of a cost may be so long; a longer one counts on its last day.
_LONGEST = 370
_CENTURY = 36_525


@dataclass(frozen=True, slots=True)
class ActualFacts:
    """Money that was spent, for a period; `record` is the sequence of what says so.

    `source` is "cost" (a `cost` record) or "bill" (charges of a bill, allocated; `amount` is burn
    and `billed` cash, which are never added). `converted`: it was told in another currency;
    `amount` is what it is worth at the rate of the period's last day.
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
    converted: Converted | None = None

    def by_month(self) -> Sequence[tuple[date, Decimal]]:
        """Return what each month took, by its days of the period; the parts add up exactly."""
        first, last = self.period_start, self.period_end
        is_one = first.month == last.month and first.year == last.year
        if is_one or not 0 <= (last - first).days <= _LONGEST:
            return ((month_of(last), self.amount),)
        months = months_between(first, last)
        days = [
            (min(last, next_month(one) - timedelta(days=1)) - max(first, one)).days + 1
            for one in months
        ]
        return tuple(zip(months, split_amount(self.amount, days), strict=True))


@dataclass(frozen=True, slots=True)
class Actuals:
    """What was spent, project by project; `total` is in the program's currency, converted where
    a rate says how.

    What no rate converts stands in `foreign`, apart. `total` None: no cost was ever recorded,
    which is not the same as nothing spent. `explained` are charges of bills that show what a
    `cost` record consists of: they are not added to it.
    """

    currency: str
    rows: tuple[ActualFacts, ...]
    foreign: tuple[ActualFacts, ...]
    explained: tuple[ActualFacts, ...] = ()

    @property
    def total(self) -> Decimal | None:
        """Return the sum in the program's currency; None before any cost is recorded."""
        return sum((row.amount for row in self.rows), Decimal(0)) if self.rows else None

    def by_project(self) -> Iterator[tuple[UUID | None, Sequence[ActualFacts]]]:
        """Yield each project with what was spent on it."""
        # By the number of an id: ids of records and of bills are equal, and not the same.
        for _, rows in groupby(self.rows, lambda row: row.project_id and row.project_id.int):
            mine = list(rows)
            yield mine[0].project_id, mine

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
    """Return what was spent on a project, and charges that only explain it: nothing counts twice.

    A `cost` record speaks for its category and every month that its period touches: a bill's
    charges of these are its detail. Where no record speaks, the charges are what was spent;
    so are those of a rule that says they come on top (`adds`).
    """
    if not charges:
        return list(costs), []
    told = {
        (cost.category, cost.currency, month)
        for cost in costs
        for month in _months(cost.period_start, cost.period_end)
    }
    spent = list(costs)
    explained: list[ActualFacts] = []
    for charge in charges:
        key = (charge.category, charge.currency, charge.period_start)
        (explained if key in told and not charge.adds else spent).append(charge)
    return spent, explained


def _months(first: date, last: date) -> Sequence[date]:
    """Return the months that a period touches; at most a century of them."""
    month = month_of(first)
    if last.month == month.month and last.year == month.year:
        return (month,)
    return months_between(first, min(last, first + timedelta(days=_CENTURY)))
