"""Earned value: what was planned, earned and spent by each day, and what the end may cost."""

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

Points = tuple[tuple[date, Decimal], ...]


@dataclass(frozen=True, slots=True)
class EarnedCurves:
    """Cumulative amounts by day: planned to the end, earned and spent to the status date.

    P50 and P80 are of the whole cost when it is finished, by simulation; None when too many
    outcomes never finish, or nothing was simulated.
    """

    planned: Points
    earned: Points
    spent: Points
    budget: Decimal
    currency: str
    finish: date | None = None
    p50: Decimal | None = None
    p80: Decimal | None = None


def earned_curves(value: EarnedCurves, frame: Frame = WEB) -> Chart:
    """Draw the three curves, the budget at completion, and the forecast of the end as a band.

    Raises Invalid when there is no planned curve.
    """
    if len(value.planned) < 2 or not value.earned:
        sentence = "Nothing was planned over time, so there is no curve of earned value."
        raise Invalid(sentence)
    margins = Margins(left=52, right=112)
    every = [*value.planned, *value.earned, *value.spent]
    ends = [value.finish] if value.finish and value.p50 is not None else []
    x = days.axis([*(day for day, _ in every), *ends], frame.width - margins.left - margins.right)
    levels = [one for one in (value.budget, value.p50, value.p80) if one is not None]
    y = scales.amounts([float(amount) for amount in (*(one for _, one in every), *levels)])
    height = frame.height - margins.top - margins.bottom
    marks = (
        *_forecast(value),
        Rule(x.low, float(value.budget), x.high, float(value.budget), "target", "dashed", 1.5),
        Trace(_placed(value.planned), "muted", "dashed", 1.5),
        Trace(_placed(value.spent), "c2", "dotted", 2),
        Trace(_placed(value.earned), "c1"),
        Dot(*_placed(value.earned)[-1]),
        *_words(value, x, y, height),
        Word(x.low, y.high, f"Value in {value.currency}", "muted", dx=-44, dy=-24),
    )
    title = _title(value)
    note = (
        "Solid: earned. Dotted: spent. Dashed curve: planned. Dashed line: budget at completion."
        + (" Shaded: P50 to P80 of the cost at the end, simulated." if _is_known(value) else "")
    )
    svg = draw(Scene(x, y, marks, margins), frame, title, note)
    columns = ("By", "Planned", "Earned", "Spent")
    return Chart(title, svg, columns, _rows(value), note)


def _is_known(value: EarnedCurves) -> bool:
    return value.p50 is not None and value.p80 is not None and value.finish is not None


def _placed(points: Points) -> tuple[tuple[float, float], ...]:
    return tuple((days.place(day), float(amount)) for day, amount in points)


def _forecast(value: EarnedCurves) -> list[Mark]:
    if value.p50 is None or value.p80 is None or value.finish is None or not value.spent:
        return []
    day, spent = value.spent[-1]
    start, end = days.place(day), days.place(value.finish)
    low, high = float(value.p50), float(value.p80)
    fan = ((start, float(spent), float(spent)), (end, low, high))
    return [Band(fan), Rule(end, low, end, high, "c1", width=5)]


def _words(value: EarnedCurves, x: Axis, y: Axis, height: int) -> list[Mark]:
    levels = [("BAC", value.budget), ("P50", value.p50), ("P80", value.p80)]
    known = [(name, amount) for name, amount in levels if amount is not None]
    places = scales.apart([float(amount) for _, amount in known], 15 * (y.high - y.low) / height)
    return [
        Word(x.high, place, f"{name} {phrases.money(amount, '').strip()}", dx=8, bold=True)
        for place, (name, amount) in zip(places, known, strict=True)
    ]


def _title(value: EarnedCurves) -> str:
    day, earned = value.earned[-1]
    planned = max((amount for when, amount in value.planned if when <= day), default=Decimal(0))
    said = phrases.money(earned, value.currency)
    gap = earned - planned
    if gap == 0:
        return f"{said} is earned, as was planned."
    word = "more" if gap > 0 else "less"
    return f"{said} is earned, {phrases.money(abs(gap), value.currency)} {word} than was planned."


def _rows(value: EarnedCurves) -> tuple[tuple[str, ...], ...]:
    earned, spent = dict(value.earned), dict(value.spent)

    def told(amount: Decimal | None) -> str:
        return "" if amount is None else phrases.money(amount, value.currency, exact=True)

    return tuple(
        (phrases.day(day), told(planned), told(earned.get(day)), told(spent.get(day)))
        for day, planned in value.planned
    )
