"""Drift by column over time: which columns moved, since when, and where nothing was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from headway.errors import Invalid
from headway.rendering import phrases
from headway.rendering.charts.chart import WEB, Chart, Frame
from headway.rendering.charts.drawing import draw
from headway.rendering.charts.inks import Ink
from headway.rendering.charts.marks import Axis, Dot, Margins, Mark, Rule, Scene, Word

Standing = Literal["drifted", "steady", "missing"]

#: More rows or moments than this tell nothing more on a page: the worst and the latest are kept.
MOST_COLUMNS = 40
MOST_MOMENTS = 60
_PITCH = 22
_NARROW_PITCH = 36
_NAMES = 150
#: The share of its bound from which a steady column is marked as moving.
_MOVING = 0.5


@dataclass(frozen=True, slots=True)
class DriftCell:
    """One column in one check: its effect, the bound it is judged by, and how it stands.

    `effect` and `bound` share a unit (a distance or an index); None where nothing could be said.
    """

    column: str
    at: datetime
    standing: Standing
    effect: float | None = None
    bound: float | None = None
    method: str = ""

    @property
    def share(self) -> float:
        """Return the effect as a share of its bound; 0 where either is not known."""
        if self.effect is None or not self.bound:
            return 0.0
        return self.effect / self.bound


def drift_history(cells: Sequence[DriftCell], frame: Frame = WEB) -> Chart:
    """Draw a square for each column and check, the columns that drift now or did most at the top.

    Raises Invalid without a check.
    """
    if not cells:
        sentence = "No check has compared these columns yet, so there is no history to draw."
        raise Invalid(sentence)
    grid = _Grid(cells)
    pitch = _NARROW_PITCH if frame.narrow else _PITCH
    margins = Margins(left=12 if frame.narrow else _NAMES, right=14, top=14, bottom=30)
    x = Axis(-0.5, max(len(grid.moments) - 0.5, 5.5))
    y = Axis(-0.5, len(grid.columns) - 0.5, falls=True)
    room = (frame.width - margins.left - margins.right) / (x.high - x.low)
    side = max(3.0, min(room, _PITCH) - 4)
    marks: list[Mark] = []
    for place, column in enumerate(grid.columns):
        marks += _name(column, place, x, frame, bold=grid.drifts_now(column))
        for step, moment in enumerate(grid.moments):
            cell = grid.cells.get((column, moment))
            if cell is not None:
                marks.append(_square(cell, step, place, side))
    marks += _moments(grid.moments, y, room)
    title, note = grid.title(), grid.note()
    height = len(grid.columns) * pitch + margins.top + margins.bottom
    svg = draw(Scene(x, y, tuple(marks), margins, height), frame, title, note)
    columns = ("Column", "Checked", "Effect", "Bound", "Method", "Stands")
    return Chart(title, svg, columns, grid.rows(), note)


class _Grid:
    """The checks by column and moment, cut to what a page can show."""

    def __init__(self, cells: Sequence[DriftCell]) -> None:
        known = sorted({cell.at for cell in cells})
        self.moments = known[-MOST_MOMENTS:]
        self.left_out = len(known) - len(self.moments)
        self.cells = {(cell.column, cell.at): cell for cell in cells if cell.at >= self.moments[0]}
        ranked = sorted({column for column, _ in self.cells}, key=self._rank)
        self.columns = ranked[:MOST_COLUMNS]
        self.count = len(ranked)

    def of(self, column: str) -> list[DriftCell]:
        """Return the cells of a column, oldest first."""
        return [
            self.cells[column, moment] for moment in self.moments if (column, moment) in self.cells
        ]

    def drifts_now(self, column: str) -> bool:
        """Say whether the column drifted in the latest check of it."""
        return self.of(column)[-1].standing == "drifted"

    def _rank(self, column: str) -> tuple[bool, int, float, str]:
        mine = self.of(column)
        drifted = sum(cell.standing == "drifted" for cell in mine)
        return (
            not self.drifts_now(column),
            -drifted,
            -max(cell.share for cell in mine),
            column,
        )

    def title(self) -> str:
        """Return the finding."""
        now = [column for column in self.columns if self.drifts_now(column)]
        checks = phrases.quantity(len(self.moments), "check")
        if not now:
            return f"None of {phrases.quantity(self.count, 'column')} drifts now; {checks} shown."
        since = self._since(now[0])
        rest = f" and {phrases.quantity(len(now) - 1, 'other')}" if len(now) > 1 else ""
        verb = "drift" if len(now) > 1 else "drifts"
        return f"{now[0]}{rest} {verb}; {now[0]} since {phrases.day(since.date())}."

    def _since(self, column: str) -> datetime:
        """Return when the run of drifted checks that still lasts began."""
        began = self.moments[-1]
        for cell in reversed(self.of(column)):
            if cell.standing != "drifted":
                break
            began = cell.at
        return began

    def note(self) -> str:
        """Say what the squares mean and what is not drawn."""
        said = (
            "Filled diamond: drifted. Square: steady, grey from half its bound on. "
            "Hollow: no evidence."
        )
        if self.count > len(self.columns):
            said += f" The {len(self.columns)} worst of {self.count} columns."
        if self.left_out:
            said += f" The latest {len(self.moments)} checks; {self.left_out} before them."
        return said

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Return the latest cell of each column, worded."""
        return tuple(
            (
                cell.column,
                phrases.day(cell.at.date()),
                phrases.number(cell.effect),
                phrases.number(cell.bound),
                cell.method or phrases.NOT_AVAILABLE,
                "no evidence" if cell.standing == "missing" else cell.standing,
            )
            for column in self.columns
            for cell in self.of(column)[-1:]
        )


def _name(column: str, place: int, x: Axis, frame: Frame, *, bold: bool) -> list[Mark]:
    if frame.narrow:
        return [Word(x.low, place, column, dy=-17, limit=frame.width - 24, bold=bold)]
    return [
        Word(x.low, place, column, align="right", dx=-8, limit=_NAMES - 12, bold=bold),
        Rule(x.low, place, x.high, place, "grid", width=1),
    ]


def _square(cell: DriftCell, step: int, place: int, side: float) -> Dot:
    area = side * side
    if cell.standing == "missing":
        return Dot(step, place, "muted", "square", hollow=True, size=area * 0.5)
    if cell.standing == "drifted":
        return Dot(step, place, "c2", "diamond", size=area)
    ink: Ink = "axis" if cell.share >= _MOVING else "band"
    return Dot(step, place, ink, "square", size=area)


def _moments(moments: Sequence[datetime], y: Axis, room: float) -> list[Mark]:
    """Return the days below the grid, as many as stand apart; the latest always."""
    stride = max(1, -(-56 // max(int(room), 1)))
    shown = range(len(moments) - 1, -1, -stride)
    return [
        Word(
            step, y.high, f"{moments[step].day} {moments[step]:%b}", "muted", "center", "top", dy=8
        )
        for step in shown
    ]
