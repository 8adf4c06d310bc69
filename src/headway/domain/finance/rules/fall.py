"""From the agreed budget to the forecast, step by step, adding up to the minor unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from headway.domain.finance.rules.changes import AgreementFacts, BudgetChangeFacts
from headway.domain.finance.rules.lines import Budget
from headway.domain.finance.rules.standing import BudgetStanding

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it adds, and where it leads. A `total` adds nothing and says where we are."""

    name: str
    change: Decimal
    after: Decimal
    is_total: bool = False


def budget_fall(
    standing: BudgetStanding,
    agreement: AgreementFacts | None,
    changes: Sequence[BudgetChangeFacts],
    cost_p80: Decimal | None,
) -> Sequence[Step]:
    """Return the steps from the agreed lines, contingency apart, to the forecast at P80.

    Approved changes, draws, what was edited before the budget was agreed, then each category by
    how far its forecast lies from its lines, people still to be hired on their own, then what the
    simulation adds to reach P80.
    """
    since = [one for one in changes if _counts(one, agreement)]
    start = standing.budget.planned if agreement is None else agreement.sum_of("budget")
    steps = [Step("Budget, contingency apart", _NOTHING, start, is_total=True)]
    if agreement is not None:
        moved = _moved(since, standing.budget)
        steps = _add(steps, "Approved changes", moved["change"])
        steps = _add(steps, "Drawn for risks", moved["draw"])
        rest = standing.budget.planned - start - moved["change"] - moved["draw"]
        steps = _add(steps, "Other edits of the lines", rest)
    for one in standing.categories:
        if one.category != "contingency":
            apart = standing.hiring if one.category == "people" else _NOTHING
            steps = _add(steps, one.category.capitalize(), one.variance - apart)
    steps = _add(steps, "Openings (planned)", standing.hiring)
    lines = steps[-1].after
    steps.append(Step("Spent so far and planned", _NOTHING, lines, is_total=True))
    if cost_p80 is not None:
        steps = _add(steps, "What the simulation adds at P80", cost_p80 - lines)
        steps.append(Step("Forecast at P80", _NOTHING, cost_p80, is_total=True))
    return steps


def _counts(change: BudgetChangeFacts, agreement: AgreementFacts | None) -> bool:
    if change.state != "approved" or agreement is None or change.decided_at is None:
        return False
    return change.decided_at > agreement.at


def _moved(changes: Sequence[BudgetChangeFacts], budget: Budget) -> dict[str, Decimal]:
    """Return what changes brought to the lines of work, and what draws brought.

    What goes back to contingency or reserve was drawn too much: it lessens the draws.
    """
    purposes = {line.key: line.purpose for line in budget.lines}
    found = {"change": _NOTHING, "draw": _NOTHING}
    for one in changes:
        into = purposes.get(one.target, "budget") == "budget" if one.target else False
        out = purposes.get(one.source, "budget") == "budget" if one.source else False
        sort = "draw" if one.kind == "draw" or (out and one.target and not into) else "change"
        found[sort] += one.amount * (int(into) - int(out))
    return found


def _add(steps: list[Step], name: str, change: Decimal) -> list[Step]:
    return [*steps, Step(name, change, steps[-1].after + change)] if change else steps
