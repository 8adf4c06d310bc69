"""Segments: how well a model does on each part of its data, weakest first, with intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

from headway.errors import Invalid
from headway.rendering import phrases
from headway.rendering.charts import scales
from headway.rendering.charts.chart import WEB, Chart, Frame
from headway.rendering.charts.drawing import draw
from headway.rendering.charts.inks import Ink
from headway.rendering.charts.marks import Axis, Dot, Margins, Mark, Rule, Scene, Word
from headway.rendering.charts.runs import Direction

_NAMES = 186
_PITCH, _NARROW_PITCH = 24, 40


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One segment's value with its interval and the number of cases; None where not known."""

    segment: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Segments:
    """A metric by segment, and the floor that each must keep (None: no floor was promised)."""

    rows: tuple[SegmentRow, ...]
    metric: str
    floor: float | None = None
    direction: Direction = "maximise"

    def beyond(self, value: float | None) -> bool:
        """Whether `value` lies on the bad side of the floor."""
        if value is None or self.floor is None:
            return False
        return value < self.floor if self.direction == "maximise" else value > self.floor

    def worst_case(self, row: SegmentRow) -> float | None:
        """The end of the interval that counts against the floor."""
        return row.low if self.direction == "maximise" else row.high

    def weakest_first(self) -> tuple[SegmentRow, ...]:
        """The rows, weakest first; those without a value last."""

        def rank(row: SegmentRow) -> tuple[float, str]:
            if row.value is None:
                return math.inf, row.segment
            return (row.value if self.direction == "maximise" else -row.value), row.segment

        return tuple(sorted(self.rows, key=rank))


def segments(readout: Segments, frame: Frame = WEB) -> Chart:
    """Draw each segment's value as a dot with its interval, weakest first, against the floor.

    Raises Invalid when no segment has a value.
    """
    rows = readout.weakest_first()
    known = [v for row in rows for v in (row.value, row.low, row.high) if v is not None]
    if not known:
        sentence = f"No segment has a value of {readout.metric}; push an evaluation with segments."
        raise Invalid(sentence)
    pitch = _NARROW_PITCH if frame.narrow else _PITCH
    margins = Margins(left=10 if frame.narrow else _NAMES, right=58)
    x = scales.values([*known, *([] if readout.floor is None else [readout.floor])])
    y = Axis(-0.5, len(rows) - 0.5, falls=True)
    marks: list[Mark] = [
        mark for place, row in enumerate(rows) for mark in _row(readout, row, place, x, frame)
    ]
    marks += _floor(readout, y)
    height = len(rows) * pitch + margins.top + margins.bottom
    title, note = _title(readout, rows), _note(readout)
    svg = draw(Scene(x, y, tuple(marks), margins, height), frame, title, note)
    columns = ("Segment", readout.metric, "Low", "High", "n", "Against the floor")
    return Chart(title, svg, columns, tuple(_cells(readout, row) for row in rows), note)


def _row(readout: Segments, row: SegmentRow, place: int, x: Axis, frame: Frame) -> list[Mark]:
    below = readout.beyond(row.value)
    name = row.segment if row.n is None else f"{row.segment}  (n {row.n:,})"
    ink: Ink = "c2" if below else "c1"
    marks: list[Mark] = [Rule(x.low, place, x.high, place, "grid", width=1)]
    if frame.narrow:
        marks.append(Word(x.low, place, name, dy=-14, limit=frame.width - 20, bold=below))
    else:
        limit = _NAMES - 36
        marks.append(Word(x.low, place, name, align="right", dx=-12, limit=limit, bold=below))
    if row.low is not None and row.high is not None:
        marks.append(Rule(row.low, place, row.high, place, ink, width=2.5))
    said = Word(
        x.high, place, phrases.number(row.value), "c2" if below else "text", dx=10, bold=below
    )
    if row.value is None:
        return [*marks, said]
    return [*marks, Dot(row.value, place, ink, "diamond" if below else "circle"), said]


def _floor(readout: Segments, y: Axis) -> list[Mark]:
    if readout.floor is None:
        return []
    floor = readout.floor
    name = "Floor" if readout.direction == "maximise" else "Ceiling"
    words = f"{name} {phrases.number(floor)}"
    return [
        Rule(floor, y.low, floor, y.high, "target", "dashed", 1.5),
        Word(floor, y.low, words, align="center", baseline="bottom", dy=-5, bold=True),
    ]


def _standing(readout: Segments, row: SegmentRow) -> str:
    """Say where a row stands against the floor: kept, not shown, broken."""
    if readout.floor is None:
        return phrases.absent("no floor promised")
    if row.value is None:
        return phrases.absent("no value")
    if readout.beyond(row.value):
        return "broken"
    worst = readout.worst_case(row)
    if worst is None:
        return "kept, without an interval"
    return "not shown: the interval crosses it" if readout.beyond(worst) else "kept"


def _title(readout: Segments, rows: tuple[SegmentRow, ...]) -> str:
    weakest = rows[0]
    worst = f"the weakest is {weakest.segment} at {phrases.number(weakest.value)}"
    if readout.floor is None:
        return f"By segment, {worst}."
    floor, count = phrases.number(readout.floor), phrases.quantity(len(rows), "segment")
    broken = sum(readout.beyond(row.value) for row in rows)
    if broken:
        side = "below" if readout.direction == "maximise" else "above"
        return f"{broken} of {count} {'is' if broken == 1 else 'are'} {side} {floor}; {worst}."
    open_ = sum(_standing(readout, row).startswith("not shown") for row in rows)
    if open_:
        verb = "is" if open_ == 1 else "are"
        return f"All known values keep {floor}, but {open_} of {count} {verb} not shown; {worst}."
    return f"Every known segment keeps {floor}; {worst}."


def _note(readout: Segments) -> str:
    intervals = sum(row.low is not None and row.high is not None for row in readout.rows)
    lines = f"Lines: intervals, where known ({intervals} of {len(readout.rows)})."
    return f"{readout.metric}, weakest first. {lines}"


def _cells(readout: Segments, row: SegmentRow) -> tuple[str, ...]:
    said = (phrases.number(value) for value in (row.value, row.low, row.high))
    n = phrases.NOT_AVAILABLE if row.n is None else f"{row.n:,}"
    return (row.segment, *said, n, _standing(readout, row))
