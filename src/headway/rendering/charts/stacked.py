"""Money by month, each month's bar stacked of its parts: the largest parts, and the rest as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from headway.errors import Invalid
from headway.rendering import phrases
from headway.rendering.charts import scales
from headway.rendering.charts.chart import WEB, Chart, Frame
from headway.rendering.charts.drawing import draw
from headway.rendering.charts.inks import Ink
from headway.rendering.charts.marks import Axis, Margins, Mark, Rule, Scene, Word

_INKS: tuple[Ink, ...] = ("c1", "c2", "c3", "c4", "c5", "c6")
#: Parts with an ink of their own; what is smaller is one.
MOST_PARTS = 5


@dataclass(frozen=True, slots=True)
class CostPart:
    """What one part (a project, a service) cost in each month."""

    name: str
    amounts: tuple[Decimal, ...]

    @property
    def total(self) -> Decimal:
        """Return the sum over the months."""
        return sum(self.amounts, Decimal(0))


@dataclass(frozen=True, slots=True)
class StackedCosts:
    """Costs by month and part, in one currency; `what` says what is added up ("used up")."""

    currency: str
    what: str
    months: tuple[date, ...]
    parts: tuple[CostPart, ...]


def folded(costs: StackedCosts) -> tuple[CostPart, ...]:
    """Return the largest parts, and all others as one called "others"."""
    ordered = sorted(costs.parts, key=lambda part: (-abs(part.total), part.name))
    if len(ordered) <= MOST_PARTS + 1:
        return tuple(ordered)
    rest = ordered[MOST_PARTS:]
    sums = (sum(column, Decimal(0)) for column in zip(*(one.amounts for one in rest), strict=True))
    return (*ordered[:MOST_PARTS], CostPart(f"{len(rest)} others", tuple(sums)))


def stacked_costs(costs: StackedCosts, frame: Frame = WEB) -> Chart:
    """Draw the months as stacked bars. Raises Invalid when there is no month or no part."""
    if not costs.months or not costs.parts:
        sentence = "No charge is known for these months, so there is nothing to draw."
        raise Invalid(sentence)
    parts = folded(costs)
    margins = Margins(left=52, right=12)
    x = Axis(-0.6, len(costs.months) - 0.4)
    y = _amounts(parts)
    room = (frame.width - margins.left - margins.right) / (len(costs.months) + 0.2)
    marks = [
        *_bars(parts, min(56.0, max(3.0, room * 0.62))),
        *_names(costs.months, y, room),
        Word(x.low, y.high, f"{costs.currency}, {costs.what}", "muted", dx=-44, dy=-24),
    ]
    title = _title(costs, parts)
    note = f"{costs.what.capitalize()} by month; the smallest parts are drawn as one."
    svg = draw(Scene(x, y, tuple(marks), margins), frame, title, note)
    columns = ("Month", *(part.name for part in parts), "Together")
    rows = tuple(_row(costs, parts, at) for at in range(len(costs.months)))
    return Chart(title, svg, columns, rows, note)


def inks_of(costs: StackedCosts) -> Sequence[str]:
    """Return the names of the parts in the order of their inks, for a legend."""
    return [part.name for part in folded(costs)]


def _amounts(parts: Sequence[CostPart]) -> Axis:
    tops = [sum(max(one, Decimal(0)) for one in column) for column in _columns(parts)]
    ends = [sum(min(one, Decimal(0)) for one in column) for column in _columns(parts)]
    axis = scales.amounts([float(max([*tops, Decimal("0.01")]))], most=5)
    low = float(min(ends))
    return Axis(low * 1.06, axis.high, axis.ticks, axis.label) if low < 0 else axis


def _columns(parts: Sequence[CostPart]) -> Sequence[Sequence[Decimal]]:
    return list(zip(*(part.amounts for part in parts), strict=True))


def _bars(parts: Sequence[CostPart], width: float) -> list[Mark]:
    marks: list[Mark] = []
    for place, column in enumerate(_columns(parts)):
        above = below = 0.0
        for ink, amount in zip(_INKS, column, strict=False):
            value = float(amount)
            if value > 0:
                marks.append(Rule(place, above, place, above + value, ink, width=width))
                above += value
            elif value < 0:
                marks.append(Rule(place, below, place, below + value, ink, width=width))
                below += value
    return marks


def _names(months: Sequence[date], y: Axis, room: float) -> list[Mark]:
    """Return the months' names, as many as fit: about 34 pixels each."""
    step = max(1, round(36 / room + 0.49))
    marks: list[Mark] = []
    for place, month in enumerate(months):
        if (len(months) - 1 - place) % step == 0:
            text = f"{month:%b %y}" if month.month == 1 or step > 2 else f"{month:%b}"
            marks.append(Word(place, y.low, text, "muted", "center", "top", dy=6, size=10))
    return marks


def _title(costs: StackedCosts, parts: Sequence[CostPart]) -> str:
    """Say the last month, how it compares with the one before, and what is largest in it."""
    last = [part.amounts[-1] for part in parts]
    total = sum(last, Decimal(0))
    said = f"{costs.months[-1]:%B %Y}: {phrases.money(total, costs.currency)} {costs.what}"
    if len(costs.months) > 1:
        before = sum((part.amounts[-2] for part in parts), Decimal(0))
        said += _compared(total - before, before, costs.currency)
    largest = max(parts, key=lambda part: part.amounts[-1])
    if total > 0 and len(parts) > 1:
        share = float(largest.amounts[-1] / total)
        said += f"; {largest.name} is {phrases.share(min(share, 1.0))} of it"
    return f"{said}."


def _compared(change: Decimal, before: Decimal, currency: str) -> str:
    if not change:
        return ", as in the month before"
    word = "more" if change > 0 else "less"
    if before <= 0:
        return f", {phrases.money(abs(change), currency)} {word} than the month before"
    return f", {abs(change) / before:.0%} {word} than the month before".replace("%", " %")


def _row(costs: StackedCosts, parts: Sequence[CostPart], at: int) -> tuple[str, ...]:
    amounts = [part.amounts[at] for part in parts]
    cells = [*amounts, sum(amounts, Decimal(0))]
    told = (phrases.money(one, costs.currency, exact=True) for one in cells)
    return (f"{costs.months[at]:%b %Y}", *told)
