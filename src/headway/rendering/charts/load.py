"""Load of a resource: the most that is asked for at once in each week, beside what there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from headway.errors import Invalid
from headway.rendering.charts import days, scales
from headway.rendering.charts.chart import WEB, Chart, Frame
from headway.rendering.charts.drawing import draw
from headway.rendering.charts.marks import Axis, Margins, Mark, Rule, Scene, Word

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class LoadWeek:
    """A week from its Monday on: the capacity, and the most asked for at once, before and after."""

    begins: date
    capacity: float
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class LoadOf:
    """A resource over the weeks of a plan; `over_…` count the weeks in which too much is asked."""

    name: str
    weeks: tuple[LoadWeek, ...]
    over_before: int
    over_after: int


def resource_load(load: LoadOf, frame: Frame = WEB) -> Chart:
    """Draw demand by week as bars, as it stands and levelled, under the line of the capacity.

    Raises Invalid when there is no week.
    """
    if not load.weeks:
        sentence = f"Nothing is asked of {load.name}, so there is no load to draw."
        raise Invalid(sentence)
    margins = Margins(left=44, right=16)
    width = frame.width - margins.left - margins.right
    ends = load.weeks[-1].begins + _WEEK
    x = days.axis([load.weeks[0].begins, ends], width)
    most = max(max(week.capacity, week.before, week.after) for week in load.weeks)
    y = scales.amounts([most], most=4)
    bar = max(1.5, 0.34 * width / _weeks_across(x))
    marks = (
        *_bars(load, bar),
        *_capacity(load),
        Word(x.low, y.high, f"{load.name}: units at once", "muted", dx=-36, dy=-24),
    )
    title, note = _title(load), "Grey: as planned. Coloured: levelled. Dashed: capacity."
    svg = draw(Scene(x, y, marks, margins, height=180), frame, title, note)
    columns = ("Week of", "Capacity", "As planned", "Levelled")
    rows = tuple(
        (f"{week.begins:%d %b %Y}", f"{week.capacity:g}", f"{week.before:g}", f"{week.after:g}")
        for week in load.weeks
    )
    return Chart(title, svg, columns, rows, note)


def _weeks_across(axis: Axis) -> float:
    return (axis.high - axis.low) / days.place(date(1970, 1, 8))


def _bars(load: LoadOf, width: float) -> list[Mark]:
    marks: list[Mark] = []
    for week in load.weeks:
        for value, ink, part in ((week.before, "muted", 2.0), (week.after, "c1", 5.0)):
            if value:
                x = days.place(week.begins) + days.place(date(1970, 1, 8)) * part / 7
                marks.append(Rule(x, 0.0, x, value, ink, width=width))  # type: ignore[arg-type]
    return marks


def _capacity(load: LoadOf) -> list[Mark]:
    """Return the capacity as dashed lines, one for each run of weeks in which it is the same."""
    marks: list[Mark] = []
    for units, run in groupby(load.weeks, key=lambda week: week.capacity):
        weeks = list(run)
        begins, ends = days.place(weeks[0].begins), days.place(weeks[-1].begins + _WEEK)
        marks.append(Rule(begins, units, ends, units, "target", "dashed", 1.5))
    return marks


def _title(load: LoadOf) -> str:
    if not load.over_before:
        return f"{load.name} is never asked for more than there is."
    said = f"{load.name} is asked for too much in {_weeks(load.over_before)}"
    if not load.over_after:
        return f"{said}; levelled in none."
    return f"{said}; levelled still in {_weeks(load.over_after)}."


def _weeks(count: int) -> str:
    return f"{count} week{'s' if count != 1 else ''}"
