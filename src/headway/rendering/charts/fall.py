"""A waterfall of money: from what was agreed, step by step, to what is forecast."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from headway.errors import Invalid
from headway.rendering import phrases
from headway.rendering.charts import scales
from headway.rendering.charts.chart import WEB, Chart, Frame
from headway.rendering.charts.drawing import draw
from headway.rendering.charts.inks import Ink
from headway.rendering.charts.marks import Axis, Dot, Margins, Mark, Rule, Scene, Word

_NAMES = 190
_PITCH, _NARROW_PITCH = 30, 46


@dataclass(frozen=True, slots=True)
class FallStep:
    """A step: what it changes and where it leads. A `total` only says where we are."""

    name: str
    change: Decimal
    after: Decimal
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class MoneyFall:
    """Steps from the first total to the last, in order; `budget` is drawn as a line to hold."""

    steps: tuple[FallStep, ...]
    currency: str
    budget: Decimal | None = None


def money_fall(told: MoneyFall, frame: Frame = WEB) -> Chart:
    """Draw each step as a bar from where it begins to where it leads.

    Raises Invalid when there is no step.
    """
    if not told.steps:
        sentence = "There is no budget yet, so there is nothing to fall from."
        raise Invalid(sentence)
    known = [
        float(place) for step in told.steps for place in (step.after, step.after - step.change)
    ]
    known += [float(told.budget)] if told.budget is not None else []
    pitch = _NARROW_PITCH if frame.narrow else _PITCH
    margins = Margins(left=14 if frame.narrow else _NAMES, right=88)
    x = _axis(known)
    y = Axis(-0.6, len(told.steps) - 0.4, falls=True)
    marks: list[Mark] = []
    if told.budget is not None:
        place = float(told.budget)
        marks.append(Rule(place, y.low, place, y.high, "target", "dashed", 1.5))
        words = f"Budget {phrases.money(told.budget, '').strip()}"
        marks.append(Word(place, y.low, words, "target", "center", dy=-10, bold=True))
    for row, step in enumerate(told.steps):
        marks += _step(step, row, x, frame)
    title, note = _title(told), "Bars: what each step adds or takes. Diamonds: where that leads."
    height = len(told.steps) * pitch + margins.top + margins.bottom
    svg = draw(Scene(x, y, tuple(marks), margins, height), frame, title, note)
    rows = tuple(
        (
            step.name,
            "" if step.is_total else phrases.money(step.change, told.currency, exact=True),
            phrases.money(step.after, told.currency, exact=True),
        )
        for step in told.steps
    )
    return Chart(title, svg, ("Step", "Change", "Leads to"), rows, note)


def _axis(known: list[float]) -> Axis:
    """Return an axis around the amounts: it need not begin at 0, for only steps are bars."""
    found = scales.values(known, most=4)
    size, letter = next(
        ((size, f" {letter}") for size, letter in ((1e6, "M"), (1e3, "k")) if found.high >= size),
        (1.0, ""),
    )
    label = f"format(datum.value / {size:.0f}, ',.{2 if letter == ' M' else 0}f') + '{letter}'"
    return Axis(found.low, found.high, found.ticks, label)


def _step(step: FallStep, row: int, x: Axis, frame: Frame) -> list[Mark]:
    marks: list[Mark] = [Rule(x.low, row, x.high, row, "grid", width=1)]
    if frame.narrow:
        marks.append(Word(x.low, row, step.name, dy=-15, limit=frame.width - 110, bold=True))
    else:
        marks.append(
            Word(x.low, row, step.name, align="right", dx=-8, limit=_NAMES - 12, bold=step.is_total)
        )
    after = float(step.after)
    if step.is_total:
        marks.append(Dot(after, row, "c1", "diamond", size=80))
        said, ink = phrases.money(step.after, "").strip(), "text"
    else:
        colour: Ink = "c2" if step.change > 0 else "c3"
        marks.append(Rule(after - float(step.change), row, after, row, colour, width=9))
        sign = "+" if step.change > 0 else ""
        said, ink = f"{sign}{phrases.money(step.change, '').strip()}", "muted"
    marks.append(Word(x.high, row, said, ink, dx=10, bold=step.is_total))  # type: ignore[arg-type]
    return marks


def _title(told: MoneyFall) -> str:
    first, last = told.steps[0].after, told.steps[-1].after
    steps = [step for step in told.steps if not step.is_total]
    gap = last - first
    side = "more" if gap >= 0 else "less"
    said = f"{told.steps[-1].name}: {phrases.money(last, told.currency)}"
    if not gap:
        return f"{said}, as much as the lines hold."
    largest = max(steps, key=lambda step: abs(step.change))
    return (
        f"{said}, {phrases.money(abs(gap), told.currency)} {side} than the lines; "
        f"most by “{largest.name}”."
    )
