"""Milestones against plan: for each, what was planned, what is forecast, and what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from headway.errors import Invalid
from headway.rendering import phrases
from headway.rendering.charts import days
from headway.rendering.charts.chart import WEB, Chart, Frame
from headway.rendering.charts.drawing import draw
from headway.rendering.charts.inks import Ink
from headway.rendering.charts.marks import Axis, Dot, Margins, Mark, Rule, Scene, Shape, Word

_NAMES = 196  # pixels for the names beside the rows
_SAID = 112  # pixels for the words at the right end

_KEY: tuple[tuple[Shape, Ink, str], ...] = (
    ("circle", "c1", "P50"),
    ("tick", "c1", "P80"),
    ("tick", "muted", "plan"),
    ("diamond", "target", "deadline"),
    ("square", "c3", "done"),
)


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """One milestone. `planned` is the baseline's day; `due` its deadline or target, if it has one.

    `done` is the day it was reached; until then `p50` and `p80` are forecast (None: never).
    """

    name: str
    planned: date | None
    p50: date | None
    p80: date | None
    due: date | None = None
    done: date | None = None

    @property
    def measure(self) -> date | None:
        """The day it is measured against: the deadline, else the plan."""
        return self.due or self.planned

    @property
    def days_late(self) -> int | None:
        """Days after that day at P80 (or as done); None when one of the two is not known."""
        reached = self.done or self.p80
        return (reached - self.measure).days if reached and self.measure else None


def milestones(rows: tuple[MilestoneRow, ...], frame: Frame = WEB) -> Chart:
    """Draw each milestone as a range from P50 to P80 beside its plan and its deadline.

    Raises Invalid without rows, or when no row has any date.
    """
    known = [
        day for row in rows for day in (row.planned, row.p50, row.p80, row.due, row.done) if day
    ]
    if not known:
        sentence = "There is no milestone with a date to draw; add a milestone to the plan."
        raise Invalid(sentence)
    narrow = frame.narrow
    margins = Margins(left=4 if narrow else _NAMES, right=_SAID, top=40, bottom=26)
    pitch = 44 if narrow else 30
    x = days.axis(known, frame.width - margins.left - margins.right)
    y = Axis(-0.5, len(rows) - 0.5, falls=True)
    marks = (
        *(mark for place, row in enumerate(rows) for mark in _row(row, place, x, frame)),
        *_key(x, pitch, margins, frame),
    )
    title, note = _title(rows), "Range: P50 to P80. Late is measured at P80 against the deadline."
    scene = Scene(x, y, marks, margins, height=len(rows) * pitch + margins.top + margins.bottom)
    svg = draw(scene, frame, title, note)
    columns = ("Milestone", "Plan", "P50", "P80", "Deadline", "Done", "At P80")
    return Chart(title, svg, columns, tuple(_cells(row) for row in rows), note)


def _row(row: MilestoneRow, place: int, x: Axis, frame: Frame) -> list[Mark]:
    late = _is_late(row)
    marks: list[Mark] = [
        Rule(x.low, place, x.high, place, ink="grid", width=1),
        _name(row, place, x, frame),
        Word(x.high, place, _verdict(row), "c2" if late else "muted", dx=8, bold=late),
    ]
    marks += _range(row, place, x)
    if row.planned:
        marks.append(Dot(days.place(row.planned), place, "muted", "tick", size=110))
    if row.due:
        marks.append(Dot(days.place(row.due), place, "target", "diamond", hollow=True, size=70))
    if row.done:
        marks.append(Dot(days.place(row.done), place, "c3", "square", size=78))
    return marks


def _range(row: MilestoneRow, place: int, x: Axis) -> list[Mark]:
    if row.done or not row.p50:
        return []
    start = days.place(row.p50)
    end = days.place(row.p80) if row.p80 else x.high
    dash: Mark = Rule(start, place, end, place, "c1", "solid" if row.p80 else "dotted", 4)
    marks = [dash, Dot(start, place, "c1", size=64)]
    return [*marks, Dot(end, place, "c1", "tick", size=60)] if row.p80 else marks


def _name(row: MilestoneRow, place: int, x: Axis, frame: Frame) -> Word:
    if frame.narrow:
        return Word(x.low, place, row.name, dy=-15, limit=frame.width - 12)
    return Word(x.low, place, row.name, align="right", dx=-12, size=12, limit=_NAMES - 36)


def _key(x: Axis, pitch: int, margins: Margins, frame: Frame) -> list[Mark]:
    """Say above the rows what each shape means."""
    pixel = (x.high - x.low) / (frame.width - margins.left - margins.right)
    height = -0.5 - 26 / pitch
    marks: list[Mark] = []
    at = x.low + (2 if frame.narrow else 0) * pixel
    for shape, ink, words in _KEY:
        hollow = shape == "diamond"
        marks.append(Dot(at, height, ink, shape, hollow=hollow, size=52))
        marks.append(Word(at, height, words, "muted", dx=8))
        at += (30 + 6 * len(words)) * pixel
    return marks


def _is_late(row: MilestoneRow) -> bool:
    if row.days_late is not None:
        return row.days_late > 0
    return row.done is None and row.p80 is None


def _verdict(row: MilestoneRow) -> str:
    """Say at the right end how it stands."""
    if row.done:
        return f"done {phrases.short_day(row.done)}"
    if row.p80 is None:
        return "no date at P80"
    if row.days_late is None:
        return f"P80 {phrases.short_day(row.p80)}"
    if row.days_late == 0:
        return "on the day"
    return (
        f"{phrases.quantity(abs(row.days_late), 'day')} {'late' if row.days_late > 0 else 'early'}"
    )


def _title(rows: tuple[MilestoneRow, ...]) -> str:
    count = phrases.quantity(len(rows), "milestone")
    late = [row for row in rows if _is_late(row)]
    if not late:
        return (
            f"No milestone of {len(rows)} is late at P80." if len(rows) > 1 else "Not late at P80."
        )
    verb = "is" if len(late) == 1 else "are"
    worst = max(late, key=lambda row: row.days_late if row.days_late is not None else 10**6)
    how = "no date" if worst.days_late is None else phrases.quantity(worst.days_late, "day")
    return f"{len(late)} of {count} {verb} late at P80; the worst is {worst.name} ({how})."


def _cells(row: MilestoneRow) -> tuple[str, ...]:
    dates = (row.planned, row.p50, row.p80, row.due, row.done)
    return (row.name, *(phrases.day(day) for day in dates), _verdict(row))
