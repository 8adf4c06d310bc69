"""Names beside their dots, so that no name lies on another, on a dot, or beyond the plot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from headway.rendering.charts.marks import Align

#: Pixels that a letter and a line take, at most, at the usual size of words.
LETTER, BOLD_LETTER, LINE = 6.0, 6.5, 13.0
#: How far up or down a name may stand from its dot, and by what steps that is tried; in pixels.
_FARTHEST, _STEP = 96, 3
_GAP = 4.0


class Box(NamedTuple):
    """A rectangle in pixels, `top` above `bottom`."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Say whether two rectangles share more than an edge."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def holds(self, other: Box) -> bool:
        """Say whether the other lies within this one."""
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom


@dataclass(frozen=True, slots=True)
class Spot:
    """A dot to be named: where its middle is, how far it reaches, and its name; in pixels."""

    x: float
    y: float
    reach: float
    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """Where a name stands beside its dot: the shift of its near end, and the room that it takes."""

    dx: float
    dy: float
    align: Align
    box: Box

    @property
    def is_away(self) -> bool:
        """Say whether a line has to lead from the dot to its name."""
        return abs(self.dy) > LINE


def box_of(spot: Spot) -> Box:
    """Return the room of a dot."""
    reach = spot.reach
    return Box(spot.x - reach, spot.y - reach, spot.x + reach, spot.y + reach)


def width_of(text: str, limit: float, *, bold: bool = False) -> float:
    """Return how wide a text is at most."""
    return min(len(text) * (BOLD_LETTER if bold else LETTER), limit)


def labels(
    spots: Sequence[Spot], taken: Sequence[Box], area: Box, limit: float
) -> list[Label | None]:
    """Return a place for each name, the first of `spots` first; None where there is no room.

    `taken` are rectangles that names keep off, besides each other and their own dots.
    """
    held = [*taken, *(box_of(spot) for spot in spots)]
    found: list[Label | None] = []
    for spot in spots:
        free = (one for one in _places(spot, limit) if area.holds(one.box))
        label = next((one for one in free if not any(one.box.meets(box) for box in held)), None)
        found.append(label)
        if label is not None:
            held.append(label.box)
    return found


def _places(spot: Spot, limit: float) -> Iterator[Label]:
    """Yield where a name may stand, the nearest first: right, left, then a step up, a step down."""
    width = width_of(spot.text, limit, bold=spot.bold)
    beside = spot.reach + _GAP
    for step in range(0, _FARTHEST + 1, _STEP):
        for dy in (0.0,) if step == 0 else (-float(step), float(step)):
            y = spot.y + dy
            top, bottom = y - LINE / 2, y + LINE / 2
            yield Label(
                beside, dy, "left", Box(spot.x + beside, top, spot.x + beside + width, bottom)
            )
            yield Label(
                -beside, dy, "right", Box(spot.x - beside - width, top, spot.x - beside, bottom)
            )
