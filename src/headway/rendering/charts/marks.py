"""The marks a chart is made of, as plain values: dots, rules, traces, bands and words on two axes.

Places are in data units (`x`, `y`); `dx`, `dy` shift a word in pixels. A scene says everything
that `drawing` needs; no mark carries a style, only an ink and a shape.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from headway.rendering.charts.inks import Ink

Shape = Literal["circle", "diamond", "square", "cross", "tick", "triangle"]
Align = Literal["left", "center", "right"]
Baseline = Literal["top", "middle", "bottom"]
Dash = Literal["solid", "dashed", "dotted"]


@dataclass(frozen=True, slots=True)
class Dot:
    """A symbol at a place; `hollow` draws its outline only. `size` is its area in square pixels."""

    x: float
    y: float
    ink: Ink = "c1"
    shape: Shape = "circle"
    hollow: bool = False
    size: float = 56


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line between two places."""

    x: float
    y: float
    x2: float
    y2: float
    ink: Ink = "axis"
    dash: Dash = "solid"
    width: float = 1.25


@dataclass(frozen=True, slots=True)
class Trace:
    """A line through points (x, y)."""

    points: tuple[tuple[float, float], ...]
    ink: Ink = "c1"
    dash: Dash = "solid"
    width: float = 2.25


@dataclass(frozen=True, slots=True)
class Band:
    """An area between low and high through points (x, low, high)."""

    points: tuple[tuple[float, float, float], ...]
    ink: Ink = "band"


@dataclass(frozen=True, slots=True)
class Word:
    """A text at a place, shifted by pixels, cut with an ellipsis beyond `limit` (0: never)."""

    x: float
    y: float
    text: str
    ink: Ink = "text"
    align: Align = "left"
    baseline: Baseline = "middle"
    dx: float = 0
    dy: float = 0
    size: float = 11
    bold: bool = False
    limit: float = 0


Mark = Dot | Rule | Trace | Band | Word


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale from `low` to `high` with its ticks; `label` is a Vega expression of our own.

    An axis without a label has no line and no words. `falls` turns it upside down (rows).
    """

    low: float
    high: float
    ticks: tuple[float, ...] = ()
    label: str = ""
    falls: bool = False


@dataclass(frozen=True, slots=True)
class Margins:
    """Room in pixels around the plot for words."""

    left: int = 46
    right: int = 76
    top: int = 38
    bottom: int = 26


@dataclass(frozen=True, slots=True)
class Scene:
    """All marks of one chart, drawn by kind: bands, rules, traces, dots, words; and its axes."""

    x: Axis
    y: Axis
    marks: tuple[Mark, ...]
    margins: Margins = field(default_factory=Margins)
    height: int = 0  # of the whole picture in pixels; 0 takes the frame's
