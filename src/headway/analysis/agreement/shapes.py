"""How far two shapes overlap: boxes at once, polygons exactly, by slabs.

IoU is the area of both over the area of either. Between two heights at which no edge begins, ends
or crosses another, every width is linear in the height, so that its middle times the height is the
exact area: for concave polygons too, and for those that cross themselves (even-odd). Up to rounding
nothing is approximated but polygons of more than `MOST_CUTS` such heights.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Heights at which two polygons are cut; of more, so many are taken evenly.
MOST_CUTS = 2_000
#: The least area that two polygons have, as a share of the square around both.
_FLAT = 1e-9
_AT_ONCE = 400_000


def box_iou(first: Floats, second: Floats) -> Floats:
    """Return IoU row by row of two (n, 4) arrays of boxes x0, y0, x1, y1; 0 where none has area."""
    low, high = np.maximum(first[:, :2], second[:, :2]), np.minimum(first[:, 2:], second[:, 2:])
    both = np.prod(np.maximum(high - low, 0.0), axis=1)
    either = box_area(first) + box_area(second) - both
    found: Floats = np.divide(both, either, out=np.zeros(len(both)), where=either > 0)
    return np.clip(found, 0.0, 1.0)


def box_area(boxes: Floats) -> Floats:
    """Return the area of each box; 0 where its corners are exchanged."""
    found: Floats = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0.0), axis=1)
    return found


def iou(first: Floats, second: Floats) -> float:
    """Return IoU of two polygons, each an (n, 2) array of corners in order; 0 where none has area.

    Areas are even-odd. Neither size nor place of the coordinates matters.
    """
    both = np.concatenate([first, second])
    low = both.min(axis=0)
    size = float(np.max(both - low)) or 1.0
    edges = np.concatenate([_edges(np.round((one - low) / size, 12)) for one in (first, second)])
    is_first = np.arange(len(edges)) < len(first)
    level = edges[:, 1] == edges[:, 3]
    cuts = _cuts(edges)
    edges, is_first = edges[~level], is_first[~level]
    shared, either = _areas(edges, is_first, cuts)
    return min(1.0, shared / either) if either > _FLAT else 0.0


def _edges(ring: Floats) -> Floats:
    """Return the edges of a ring, x0, y0, x1, y1 each."""
    return np.concatenate([ring, np.roll(ring, -1, axis=0)], axis=1)


def _cuts(edges: Floats) -> Floats:
    """Return the heights at which an edge begins, ends or crosses another, ascending."""
    start, along = edges[:, :2], edges[:, 2:] - edges[:, :2]
    first, second = np.triu_indices(len(edges), 1)
    one, two = along[first], along[second]
    turn = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]
    crossing = turn != 0
    first, second, one, two = first[crossing], second[crossing], one[crossing], two[crossing]
    turn, apart = turn[crossing], start[second] - start[first]
    with np.errstate(over="ignore", invalid="ignore"):
        place = (apart[:, 0] * two[:, 1] - apart[:, 1] * two[:, 0]) / turn
        other = (apart[:, 0] * one[:, 1] - apart[:, 1] * one[:, 0]) / turn
    inside = (place > 0) & (place < 1) & (other > 0) & (other < 1)
    heights = start[first[inside], 1] + place[inside] * one[inside, 1]
    found = np.unique(np.concatenate([edges[:, 1], edges[:, 3], heights]))
    if len(found) <= MOST_CUTS:
        return found
    return found[np.linspace(0, len(found) - 1, MOST_CUTS).astype(np.int64)]


def _areas(edges: Floats, is_first: Bools, cuts: Floats) -> tuple[float, float]:
    """Return the area of both polygons and of either, slab by slab."""
    shared, either = 0.0, 0.0
    step = max(1, _AT_ONCE // max(len(edges), 1))
    for begin in range(0, len(cuts) - 1, step):
        part = cuts[begin : begin + step + 1]
        middle, height = (part[1:] + part[:-1]) / 2, np.diff(part)
        both, any_ = _widths(edges, is_first, middle)
        shared += float(height @ both)
        either += float(height @ any_)
    return shared, either


def _widths(edges: Floats, is_first: Bools, middle: Floats) -> tuple[Floats, Floats]:
    """Return how wide both polygons are at each height, and how wide either is."""
    x0, y0, x1, y1 = edges.T
    at = middle[:, None]
    there = (np.minimum(y0, y1) < at) & (at < np.maximum(y0, y1))
    x = np.where(there, x0 + (at - y0) * ((x1 - x0) / (y1 - y0)), np.inf)
    order = np.argsort(x, axis=1)
    x, there = np.take_along_axis(x, order, 1), np.take_along_axis(there, order, 1)
    mine = is_first[order]
    in_first = np.cumsum(there & mine, axis=1) % 2 == 1
    in_second = np.cumsum(there & ~mine, axis=1) % 2 == 1
    with np.errstate(invalid="ignore"):
        width = np.where(there[:, 1:], np.diff(x, axis=1), 0.0)
    both = np.sum(width * (in_first & in_second)[:, :-1], axis=1)
    any_ = np.sum(width * (in_first | in_second)[:, :-1], axis=1)
    return both, any_
