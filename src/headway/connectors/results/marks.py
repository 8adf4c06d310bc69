"""Regions that tools draw, as points: boxes, rotated ones, polygons, ellipses, spans.

A box is x0, y0, x1, y1; all else the corners in order. What has no area, or coordinates that are no
numbers, is no region: its class counts, and a note says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from headway.connectors.results.base import Mark, number

#: Corners of one polygon that are kept, evenly of more; the farthest coordinate that is read.
MOST_POINTS = 500
FARTHEST = 1e7
#: Corners that stand for an ellipse: its area within 0.7 %.
_ROUND = 32


def box(
    label: str, corners: Sequence[object], degrees: object = 0, *, about_center: bool = True
) -> Mark | None:
    """Return a box x0, y0, x1, y1, turned clockwise about its centre or its first corner."""
    found = _numbers(corners)
    angle = number(degrees or 0)
    if found is None or angle is None:
        return None
    x0, y0, x1, y1 = found
    if not (x1 > x0 and y1 > y0):
        return None
    if angle % 180 == 0 and (about_center or angle % 360 == 0):
        return Mark(label, (x0, y0, x1, y1))
    ring = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    pivot = ((x0 + x1) / 2, (y0 + y1) / 2) if about_center else (x0, y0)
    return Mark(label, _turned(ring, pivot, angle))


def ellipse(label: str, parts: Sequence[object], degrees: object = 0) -> Mark | None:
    """Return an ellipse (centre x, y, radii) as a polygon, turned clockwise about its centre."""
    found = _numbers(parts)
    angle = number(degrees or 0)
    if found is None or angle is None or found[2] <= 0 or found[3] <= 0:
        return None
    x, y, rx, ry = found
    steps = [2 * math.pi * step / _ROUND for step in range(_ROUND)]
    ring = [(x + rx * math.cos(step), y + ry * math.sin(step)) for step in steps]
    return Mark(label, _turned(ring, (x, y), angle))


def polygon(label: str, corners: Iterable[Sequence[object]]) -> Mark | None:
    """Return a polygon of its corners (x, y)."""
    ring = [_numbers(one) for one in corners]
    known = [one for one in ring if one is not None and len(one) == 2]
    if len(known) < len(ring) or len(known) < 3:
        return None
    if len(known) > MOST_POINTS:
        known = [known[place * len(known) // MOST_POINTS] for place in range(MOST_POINTS)]
    (left, right), (top, bottom) = ((min(side), max(side)) for side in zip(*known, strict=True))
    if not (right > left and bottom > top):
        return None
    return Mark(label, tuple(value for corner in known for value in corner))


def span(label: str, start: object, end: object, place: str) -> Mark | None:
    """Return an interval of a text, a recording or a series, in its own unit."""
    found = _numbers((start, end))
    if found is None or not found[1] > found[0]:
        return None
    return Mark(label, (found[0], 0.0, found[1], 1.0), place)


def _turned(
    ring: Sequence[tuple[float, float]], pivot: tuple[float, float], degrees: float
) -> tuple[float, ...]:
    """Return corners turned clockwise about a point, y pointing down as on screens."""
    turn = math.radians(degrees % 360)
    cosine, sine = math.cos(turn), math.sin(turn)
    found: list[float] = []
    for x, y in ring:
        right, down = x - pivot[0], y - pivot[1]
        found += [
            pivot[0] + right * cosine - down * sine,
            pivot[1] + right * sine + down * cosine,
        ]
    return tuple(found)


def _numbers(values: Sequence[object]) -> tuple[float, ...] | None:
    found = [number(one) for one in values]
    known = tuple(one for one in found if one is not None and abs(one) <= FARTHEST)
    return known if len(known) == len(found) else None
