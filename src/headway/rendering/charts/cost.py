"""Cost: what was spent by each day, what is forecast at the end, and the budget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from headway.errors import Invalid
from headway.rendering import phrases
from headway.rendering.charts import days, scales
from headway.rendering.charts.chart import WEB, Chart, Frame
from headway.rendering.charts.drawing import draw
from headway.rendering.charts.marks import Axis, Band, Dot, Margins, Mark, Rule, Scene, Trace, Word


@dataclass(frozen=True, slots=True)
class CostForecast:
    """Money of a program: cumulative `actual` by day, the `budget`, and the cost at the `finish`.

    `planned` is the cumulative budget baseline by day, where there is one. P50 and P80 are of the
    whole cost when finished; None when too many outcomes never finish.
    """

    actual: tuple[tuple[date, Decimal], ...]
    budget: Decimal
    currency: str
    finish: date
    p50: Decimal | None
    p80: Decimal | None
    planned: tuple[tuple[date, Decimal], ...] = ()


def cost_curve(cost: CostForecast, frame: Frame = WEB) -> Chart:
    """Draw spend to date, the forecast to the end as a range from P50 to P80, and the budget.

    Raises Invalid when nothing was spent yet: a curve of nothing says nothing.
    """
    if not cost.actual:
        sentence = "No cost is recorded yet, so there is no curve; push costs or import a bill."
        raise Invalid(sentence)
    margins = Margins(left=52, right=112)
    x_days = [*(day for day, _ in (*cost.actual, *cost.planned)), cost.finish]
    x = days.axis(x_days, frame.width - margins.left - margins.right)
    y = scales.amounts([float(amount) for amount in _amounts(cost)])
    height = frame.height - margins.top - margins.bottom
    marks = (
        *_forecast(cost),
        Rule(x.low, float(cost.budget), x.high, float(cost.budget), "target", "dashed", 1.5),
        *_line(cost.planned, dashed=True),
        *_line(cost.actual, dashed=False),
        *_words(cost, x, y, height),
        Word(x.low, y.high, f"Cost in {cost.currency}", "muted", dx=-44, dy=-24),
    )
    title, note = _title(cost), _note(cost)
    svg = draw(Scene(x, y, marks, margins), frame, title, note)
    rows = tuple(
        (phrases.day(day), phrases.money(amount, cost.currency, exact=True))
        for day, amount in cost.actual
    )
    return Chart(title, svg, ("By", "Spent"), rows, note)


def _amounts(cost: CostForecast) -> list[Decimal]:
    known = [amount for _, amount in (*cost.actual, *cost.planned)]
    return [*known, cost.budget, *(p for p in (cost.p50, cost.p80) if p is not None)]


def _line(points: tuple[tuple[date, Decimal], ...], *, dashed: bool) -> list[Mark]:
    placed = tuple((days.place(day), float(amount)) for day, amount in points)
    if not placed:
        return []
    if dashed:
        return [Trace(placed, "muted", "dashed", 1.5)]
    return [Trace(placed), Dot(*placed[-1])]


def _forecast(cost: CostForecast) -> list[Mark]:
    if cost.p50 is None or cost.p80 is None:
        return []
    day, spent = cost.actual[-1]
    start, end = days.place(day), days.place(cost.finish)
    low, high = float(cost.p50), float(cost.p80)
    fan = ((start, float(spent), float(spent)), (end, low, high))
    return [Band(fan), Rule(end, low, end, high, "c1", width=5)]


def _words(cost: CostForecast, x: Axis, y: Axis, height: int) -> list[Mark]:
    levels = [("Budget", cost.budget), ("P50", cost.p50), ("P80", cost.p80)]
    known = [(name, amount) for name, amount in levels if amount is not None]
    places = scales.apart([float(amount) for _, amount in known], 15 * (y.high - y.low) / height)
    return [
        Word(x.high, place, f"{name} {phrases.money(amount, '').strip()}", dx=8, bold=True)
        for place, (name, amount) in zip(places, known, strict=True)
    ]


def _title(cost: CostForecast) -> str:
    budget = phrases.money(cost.budget, cost.currency)
    if cost.p80 is None:
        return f"No P80 of the cost against the budget of {budget}."
    p80, over = phrases.money(cost.p80, cost.currency), cost.p80 - cost.budget
    if over == 0:
        return f"Cost at P80 is {p80}: the budget."
    side = "over" if over > 0 else "under"
    gap = phrases.money(abs(over), cost.currency)
    return f"Cost at P80 is {p80}: {gap} {side} the budget of {budget}."


def _note(cost: CostForecast) -> str:
    day, spent = cost.actual[-1]
    planned = " Dashed curve: planned." if cost.planned else ""
    so_far = phrases.money(spent, cost.currency)
    return f"Spent {so_far} by {phrases.day(day)}. Shaded: P50 to P80 at the finish.{planned}"
