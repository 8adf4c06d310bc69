"""A number over time against its bounds: what each run of a monitor found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.errors import Invalid
from headway.rendering import phrases
from headway.rendering.charts import days, scales
from headway.rendering.charts.chart import WEB, Chart, Frame
from headway.rendering.charts.drawing import draw
from headway.rendering.charts.marks import Axis, Dot, Margins, Mark, Rule, Scene, Trace, Word


@dataclass(frozen=True, slots=True)
class ValueAt:
    """What one run found: None where it has no value. `verdict` is its verdict in a word."""

    at: datetime
    value: float | None
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class ValueHistory:
    """A number by run, and the range that it is to stay in; None where a side is open."""

    name: str
    points: tuple[ValueAt, ...]
    at_least: float | None = None
    at_most: float | None = None

    def broken(self, value: float) -> str:
        """Return which bound a value breaks, in words; nothing where it breaks none."""
        if self.at_least is not None and value < self.at_least:
            return f"below {phrases.number(self.at_least)}"
        if self.at_most is not None and value > self.at_most:
            return f"above {phrases.number(self.at_most)}"
        return ""

    @property
    def range_words(self) -> str:
        """Say the range."""
        low, high = (phrases.number(bound) for bound in (self.at_least, self.at_most))
        if self.at_least is not None and self.at_most is not None:
            return f"from {low} to {high}"
        return f"at least {low}" if self.at_least is not None else f"at most {high}"


def value_history(told: ValueHistory, frame: Frame = WEB) -> Chart:
    """Draw the value of each run, a diamond where it breaks a bound.

    Raises Invalid when no run has a value.
    """
    points = sorted(told.points, key=lambda point: point.at)
    known = [(point.at, point.value) for point in points if point.value is not None]
    if not known:
        sentence = f"{told.name}: no run has a value yet."
        raise Invalid(sentence)
    margins = Margins(left=58, right=112)
    width = frame.width - margins.left - margins.right
    x = days.axis([point.at.date() for point in points], width)
    bounds = [bound for bound in (told.at_least, told.at_most) if bound is not None]
    y = scales.values([*(value for _, value in known), *bounds])
    marks = (
        Trace(tuple((days.instant(at), value) for at, value in known), "muted", width=1.25),
        *_bounds(told, x),
        *(_dot(told, at, value) for at, value in known),
        Word(x.low, y.high, told.name, "muted", dx=-48, dy=-24, limit=frame.width - 20),
    )
    title = _title(told, points)
    note = "Diamonds: the value breaks a bound. Runs without a value are in the table only."
    svg = draw(Scene(x, y, marks, margins, 220), frame, title, note)
    rows = tuple(_row(told, point) for point in points)
    return Chart(title, svg, ("Run", told.name, "Against its bounds"), rows, note)


def _dot(told: ValueHistory, at: datetime, value: float) -> Dot:
    broken = bool(told.broken(value))
    return Dot(days.instant(at), value, "c2" if broken else "c1", "diamond" if broken else "circle")


def _bounds(told: ValueHistory, x: Axis) -> list[Mark]:
    marks: list[Mark] = []
    for bound, word in ((told.at_least, "At least"), (told.at_most, "At most")):
        if bound is not None:
            marks.append(Rule(x.low, bound, x.high, bound, "target", "dashed", 1.5))
            marks.append(Word(x.high, bound, f"{word} {phrases.number(bound)}", dx=9, bold=True))
    return marks


def _title(told: ValueHistory, points: Sequence[ValueAt]) -> str:
    last, has_bound = points[-1], told.at_least is not None or told.at_most is not None
    known = [point.value for point in points if point.value is not None]
    inside = sum(not told.broken(value) for value in known)
    kept = f"it was inside in {inside} of {phrases.quantity(len(known), 'run')}"
    if last.value is None:
        return f"{told.name} has no value in its last run; {kept}."
    said = f"{told.name} is {phrases.number(last.value)}"
    if not has_bound:
        return f"{said}; no bound."
    return f"{said}, {told.broken(last.value) or told.range_words}; {kept}."


def _row(told: ValueHistory, point: ValueAt) -> tuple[str, ...]:
    if point.value is None:
        return (phrases.day(point.at.date()), phrases.NOT_AVAILABLE, "no evidence")
    stands = told.broken(point.value) or "inside"
    return (phrases.day(point.at.date()), phrases.number(point.value), stands)
