"""What people to be hired cost a budget: by month, beyond what its lines hold for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from headway.domain.finance.rules.lines import Budget
from headway.domain.finance.rules.phasing import month_of
from headway.domain.people.rules.hiring import BUDGET_ODDS, OpeningFacts, months_paid
from headway.domain.programs.rules.fields import decimals_of

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class PricedOpening:
    """An opening with what it costs a year in its program's currency; None: no rate converts it."""

    opening: OpeningFacts
    yearly: Decimal | None


@dataclass(frozen=True, slots=True)
class PlannedOpening:
    """What an opening still to be filled costs by month, and what `lines` hold for it."""

    key: str
    role: str
    arrives: date
    probability: float
    months: Mapping[date, Decimal]
    covered: Mapping[date, Decimal]
    lines: Sequence[str] = ()

    @property
    def cost(self) -> Decimal:
        """Return what it costs in all its months."""
        return sum(self.months.values(), _NOTHING)

    @property
    def held(self) -> Decimal:
        """Return what lines hold for it."""
        return sum(self.covered.values(), _NOTHING)

    @property
    def beyond(self) -> Mapping[date, Decimal]:
        """Return what each month costs beyond what lines hold; below 0 where it costs less."""
        months = sorted({*self.months, *self.covered})
        found = {
            month: self.months.get(month, _NOTHING) - self.covered.get(month, _NOTHING)
            for month in months
        }
        return {month: amount for month, amount in found.items() if amount}

    @property
    def difference(self) -> Decimal:
        """Return what it costs beyond what lines hold."""
        return self.cost - self.held


def paid_until(budget: Budget, target: date | None) -> date | None:
    """Return the last day to which people are paid: of the last planned month, or the target's."""
    months = [month for line in budget.lines for month in line.months]
    last = max([*months, *([target] if target else [])], default=None)
    if last is None:
        return None
    following = (last.replace(day=1) + timedelta(days=32)).replace(day=1)
    return following - timedelta(days=1)


def planned_openings(
    budget: Budget, openings: Iterable[PricedOpening], target: date | None, today: date
) -> Sequence[PlannedOpening]:
    """Return what openings still to be filled cost a budget from this month to its last one.

    From the day they come at even odds, `today` at the earliest, as likely as anybody is found.
    One that is filled or cancelled costs nothing, and what lines hold for it is theirs again.
    """
    until, now = paid_until(budget, target), month_of(today)
    unit = Decimal(1).scaleb(-decimals_of(budget.currency))
    found = []
    for one in openings:
        told = one.opening
        if not told.is_coming or one.yearly is None or until is None:
            continue
        arrives = told.arrives(BUDGET_ODDS, today)
        monthly = one.yearly / 12 * Decimal(str(told.probability))
        months = {
            month: (monthly * share).quantize(unit, ROUND_HALF_UP)
            for month, share in months_paid(arrives, until)
        }
        held = [line for line in budget.lines if told.key in line.covers]
        covered: dict[date, Decimal] = {}
        for line in held:
            for text, amount in line.covers[told.key].items():
                month = date.fromisoformat(text)
                if month >= now:
                    covered[month] = covered.get(month, _NOTHING) + Decimal(amount)
        found.append(
            PlannedOpening(
                told.key,
                told.role,
                arrives,
                told.probability,
                months,
                covered,
                [line.key for line in held],
            )
        )
    return found


def covered_by(amount: Decimal, opening: PlannedOpening) -> dict[str, str]:
    """Return what a line of this amount holds for an opening: its months, while the money lasts."""
    left, found = amount, {}
    for month, cost in sorted(opening.months.items()):
        part = min(cost, left)
        if part > 0:
            found[month.isoformat()] = f"{part:f}"
            left -= part
    return found
