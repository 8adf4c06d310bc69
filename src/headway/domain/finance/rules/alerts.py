"""What asks for somebody in a budget: rules over its months, lines, contingency and openings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from headway.domain.finance.rules.phasing import month_text, next_month
from headway.domain.finance.rules.standing import BudgetStanding, LineStanding

_NOTHING = Decimal(0)
#: The present burn is the mean of so many closed months.
BURN_MONTHS = 3


@dataclass(frozen=True, slots=True)
class BudgetAlert:
    """One thing that is wrong or will be: its rule, the line's key ("" for the whole), a sentence.

    `amount` is what it is about, in the program's currency: alerts are ranked by it.
    """

    rule: str  # overspent, exhausted, committed, contingency, hiring
    line: str
    sentence: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Contingency:
    """What P80 asks for beside the plan, and what is there. `needed` None: there is no P80."""

    held: Decimal
    needed: Decimal | None

    @property
    def short(self) -> Decimal:
        """Return what is missing; 0 where it holds or nothing is known."""
        return max(_NOTHING if self.needed is None else self.needed - self.held, _NOTHING)


def contingency_of(standing: BudgetStanding, cost_p80: Decimal | None) -> Contingency:
    """Return the contingency beside P80 − plan, where the plan is the lines without it."""
    needed = None if cost_p80 is None else max(cost_p80 - standing.budget.planned, _NOTHING)
    return Contingency(standing.budget.contingency, needed)


def budget_alerts(
    standing: BudgetStanding, cost_p80: Decimal | None, overspend_percent: int
) -> Sequence[BudgetAlert]:
    """Return what asks for somebody, the largest amount first."""
    found = [*_contingency(standing, cost_p80)]
    for one in standing.lines:
        if one.line.purpose == "budget":
            found += _overspent(one, standing, overspend_percent)
            found += _exhausted(one, standing)
            found += _committed(one, standing)
    return sorted(found, key=lambda alert: (-alert.amount, alert.line, alert.rule))


def hiring_alert(standing: BudgetStanding) -> BudgetAlert | None:
    """Say that people still to be hired cost more than lines hold for them, and have to spare."""
    lines = [one for one in standing.lines if one.line.category == "people"]
    spare = sum((one.line.amount - one.forecast for one in lines), _NOTHING)
    room, cost = max(spare, _NOTHING), standing.hiring
    if cost <= room or standing.budget.total is None:
        return None
    last = max(month for one in standing.openings for month in one.months)
    sentence = (
        f"Openings still to be filled cost {_said(cost, standing)} by {month_text(last)} beyond "
        f"what lines cover; the people lines have {_said(room, standing)} to spare. Let a line "
        "cover them, or ask for a change."
    )
    return BudgetAlert("hiring", "", sentence, cost - room)


def burn_of(one: LineStanding) -> Decimal:
    """Return what a month takes at present: the mean of the last closed months that took any."""
    recent: list[Decimal] = []
    for month in reversed(one.closed):
        if one.sums.spent.get(month) or one.sums.accrued.get(month):
            recent.append(one.sums.taken(month))
        if len(recent) == BURN_MONTHS:
            break
    return sum(recent, _NOTHING) / len(recent) if recent else _NOTHING


def _contingency(standing: BudgetStanding, cost_p80: Decimal | None) -> Iterator[BudgetAlert]:
    there = contingency_of(standing, cost_p80)
    if there.short and standing.budget.total is not None:
        sentence = (
            f"P80 needs {_said(there.needed, standing)} of contingency; "
            f"{_said(there.held, standing)} is left: {_said(there.short, standing)} are missing."
        )
        yield BudgetAlert("contingency", "", sentence, there.short)


def _overspent(one: LineStanding, standing: BudgetStanding, percent: int) -> Iterator[BudgetAlert]:
    """Yield the last closed month that took far more than planned, if it is a recent one."""
    for month in reversed(one.closed[-BURN_MONTHS:]):
        taken, plan = one.sums.taken(month), one.line.months.get(month)
        if plan and taken * 100 > plan * (100 + percent):
            over = taken - plan
            sentence = (
                f"{standing.named(one.line)} took {_said(taken, standing)} in "
                f"{month_text(month)}, "
                f"{over * 100 / plan:.0f} % above its plan of {_said(plan, standing)}."
            )
            yield BudgetAlert("overspent", one.line.key, sentence, over)
            return


def _exhausted(one: LineStanding, standing: BudgetStanding) -> Iterator[BudgetAlert]:
    """Yield when the line is used up at the present burn, if a planned month comes after that."""
    plan = one.line.months
    last = max((month for month, some in plan.items() if some), default=None)
    burn = burn_of(one)
    rest = one.line.amount - one.actual - one.accrued
    if last is None or last < standing.now or burn <= 0 or rest <= 0:
        return
    month, left = standing.now, rest
    while month < last and left >= burn:
        left -= burn
        month = next_month(month)
    ahead = sum((some for month, some in plan.items() if month >= standing.now), _NOTHING)
    if month < last and rest < ahead:
        sentence = (
            f"{standing.named(one.line)} is used up in {month_text(month)} at the present "
            f"{_said(burn, standing)} a month; it is planned until {month_text(last)}."
        )
        yield BudgetAlert("exhausted", one.line.key, sentence, ahead - rest)


def _committed(one: LineStanding, standing: BudgetStanding) -> Iterator[BudgetAlert]:
    over = -one.left
    if over > 0:
        sentence = (
            f"{standing.named(one.line)}: spent, owed and ordered together are "
            f"{_said(over, standing)} above its {_said(one.line.amount, standing)}."
        )
        yield BudgetAlert("committed", one.line.key, sentence, over)


def _said(amount: Decimal | None, standing: BudgetStanding) -> str:
    told = amount or _NOTHING
    return f"{told:,.0f} {standing.budget.currency}"
