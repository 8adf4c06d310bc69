"""Two distributions of one column: the reference beside what comes in now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from headway.errors import Invalid
from headway.rendering import phrases
from headway.rendering.charts import scales
from headway.rendering.charts.chart import WEB, Chart, Frame
from headway.rendering.charts.drawing import draw
from headway.rendering.charts.marks import Axis, Band, Margins, Mark, Rule, Scene, Trace, Word

#: More categories than this are drawn as one row, "others".
MOST_CATEGORIES = 14
_PITCH = 30
_NAMES = 150


@dataclass(frozen=True, slots=True)
class Bin:
    """A part of a column's values and the share of rows in it, then and now (0 to 1).

    `low` and `high` bound a part of numbers; a category has its `name` alone.
    """

    reference: float
    current: float
    low: float | None = None
    high: float | None = None
    name: str = ""

    @property
    def ends(self) -> tuple[float, float]:
        """Return both ends of a range of numbers; a category has none and gives zeros."""
        return self.low or 0.0, self.high or 0.0


@dataclass(frozen=True, slots=True)
class TwoDistributions:
    """A column, its parts in order, and what was found: a sentence, the title of the picture.

    The rows behind each side are told where they are known.
    """

    column: str
    bins: tuple[Bin, ...]
    finding: str
    reference_rows: int | None = None
    current_rows: int | None = None

    @property
    def is_numeric(self) -> bool:
        """Say whether the parts are ranges of numbers."""
        return all(part.low is not None and part.high is not None for part in self.bins)


def two_distributions(told: TwoDistributions, frame: Frame = WEB) -> Chart:
    """Draw numbers as density over their range, categories as two bars each, reference in grey.

    Raises Invalid without parts, or when no part has a row.
    """
    if not any(part.reference or part.current for part in told.bins):
        sentence = f"{told.column} has no values on either side, so there is nothing to draw."
        raise Invalid(sentence)
    scene = _densities(told, frame) if told.is_numeric else _bars(told, frame)
    note = (
        f"Grey: reference{_behind(told.reference_rows)}. "
        f"Coloured: current{_behind(told.current_rows)}. Missing values are not drawn."
    )
    svg = draw(scene, frame, told.finding, note)
    columns = (told.column, "Reference", "Current", "Change, points")
    return Chart(told.finding, svg, columns, tuple(_row(part) for part in told.bins), note)


def _behind(rows: int | None) -> str:
    return "" if rows is None else f", {phrases.quantity(rows, 'row')}"


def _densities(told: TwoDistributions, frame: Frame) -> Scene:
    parts = [part for part in told.bins if part.high != part.low]
    parts = parts or [_widened(part) for part in told.bins]
    low, high = _ends(parts)
    known = [value for part in parts for value in _heights(part)]
    margins = Margins(left=20, right=20, top=22)
    x = scales.values([low, high])
    y = Axis(0, max(known) * 1.08 or 1)
    marks: list[Mark] = [
        Band(tuple((at, 0.0, value) for at, value in _steps(parts, 0)), "band"),
        Trace(_steps(parts, 0), "muted", width=1.25),
        Trace(_steps(parts, 1), "c1"),
        Rule(x.low, 0, x.high, 0, "axis"),
    ]
    return Scene(x, y, tuple(marks), margins, 220)


def _widened(part: Bin) -> Bin:
    """Return a single value as a narrow range, so that it has a width to draw."""
    at = part.low or 0.0
    half = abs(at) * 0.05 or 0.5
    return Bin(part.reference, part.current, at - half, at + half)


def _ends(parts: Sequence[Bin]) -> tuple[float, float]:
    return min(part.ends[0] for part in parts), max(part.ends[1] for part in parts)


def _heights(part: Bin) -> tuple[float, float]:
    """Return both densities of a range: share by width."""
    low, high = part.ends
    return part.reference / (high - low), part.current / (high - low)


def _steps(parts: Sequence[Bin], side: int) -> tuple[tuple[float, float], ...]:
    """Return the outline of one side's densities, from the ground up and back to it."""
    points: list[tuple[float, float]] = []
    for part in parts:
        height = _heights(part)[side]
        points += [(end, height) for end in part.ends]
    return ((points[0][0], 0.0), *points, (points[-1][0], 0.0))


def _bars(told: TwoDistributions, frame: Frame) -> Scene:
    shown = _folded(told.bins)
    margins = Margins(left=12 if frame.narrow else _NAMES, right=64, top=12)
    most = max(max(part.reference, part.current) for part in shown) or 1.0
    step = next(step for step in (0.05, 0.1, 0.2, 0.25) if most / step <= 5 or step == 0.25)
    ticks = tuple(round(step * n, 4) for n in range(int(most * 1.05 / step) + 1))
    x = Axis(0, most * 1.05, ticks, "format(datum.value, '.0%')")
    y = Axis(-0.6, len(shown) - 0.4, falls=True)
    marks: list[Mark] = []
    for place, part in enumerate(shown):
        if frame.narrow:
            marks.append(Word(0, place - 0.42, part.name, limit=frame.width - 90))
        else:
            marks.append(Word(0, place, part.name, align="right", dx=-8, limit=_NAMES - 12))
        marks.append(Rule(0, place - 0.14, part.reference, place - 0.14, "muted", width=7))
        marks.append(Rule(0, place + 0.16, part.current, place + 0.16, "c1", width=7))
        change = phrases.points(part.current - part.reference)
        marks.append(Word(max(part.reference, part.current), place, change, "muted", dx=8))
    pitch = _PITCH + (12 if frame.narrow else 0)
    height = len(shown) * pitch + margins.top + margins.bottom
    return Scene(x, y, tuple(marks), margins, height)


def _folded(bins: Sequence[Bin]) -> list[Bin]:
    """Return the largest categories, and all others as one."""
    ranked = sorted(bins, key=lambda part: (-max(part.reference, part.current), part.name))
    kept, rest = ranked[:MOST_CATEGORIES], ranked[MOST_CATEGORIES:]
    if not rest:
        return kept
    name = f"{len(rest)} others"
    return [
        *kept,
        Bin(sum(part.reference for part in rest), sum(part.current for part in rest), name=name),
    ]


def _row(part: Bin) -> tuple[str, ...]:
    named = part.name
    if part.low is not None and part.high is not None:
        ends = phrases.number(part.low), phrases.number(part.high)
        named = ends[0] if part.low == part.high else f"{ends[0]} to {ends[1]}"
    return (
        named,
        phrases.share(part.reference, exact=True),
        phrases.share(part.current, exact=True),
        phrases.points(part.current - part.reference),
    )
