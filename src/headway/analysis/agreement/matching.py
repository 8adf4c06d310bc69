"""Which region of one annotator is which of another: pairs by overlap, best in sum, one to one.

Of all pairings in which each pair overlaps by at least the threshold (IoU), the one with the
largest sum of overlaps (Kuhn 1955; Label Studio and COCO take pairs greedily, which depends on the
order). Where two pairings overlap alike, pairs of one class win.
In crowds of more than `MOST_RIVALS` that overlap one another, greedily: the best takes minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.analysis.agreement.shapes import box_iou, iou

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

#: IoU from which two regions are one: the threshold of PASCAL VOC 2010 and of panoptic quality.
THRESHOLD = 0.5
#: Regions of one annotator on one item that are compared.
MOST_REGIONS = 1_000
#: Pairs of boxes in memory at once; and the effort (pairs, and squares of corners) of one file.
_AT_ONCE = 300_000
MOST_EFFORT = 20_000_000
#: What a pair that overlaps enough costs besides; rivals of more a side are paired greedily.
_CLOSE_EFFORT, MOST_RIVALS = 10, 250
#: What one class instead of two is worth where overlaps are alike.
_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Region:
    """A marked part of an item: four numbers are a box x0, y0, x1, y1, more are corners x, y.

    `place` is what the coordinates are of (a frame, a text): regions of two places never meet.
    """

    label: str
    points: tuple[float, ...]
    place: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The regions of an item as one annotator drew them; none is an answer too."""

    item: str
    rater: str
    regions: Sequence[Region]


@dataclass(frozen=True, slots=True)
class Sets:
    """Drawn regions as arrays: regions `start` to `start + count` belong to a set."""

    drawn: Sequence[Drawn]
    start: Codes
    count: Codes
    boxes: Floats
    labels: Codes
    places: Codes
    is_polygon: NDArray[np.bool_]
    corners: dict[int, Floats]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """Regions that are one: the pair of sets they are of, each region, and their IoU.

    `pairs` is how many pairs of sets were compared, from the first on.
    """

    pair: Codes
    first: Codes
    second: Codes
    overlap: Floats
    pairs: int


def sets_of(drawn: Iterable[Drawn]) -> Sets:
    """Return drawn regions as arrays."""
    rows = list(drawn)
    regions = [region for one in rows for region in one.regions]
    names = sorted({one.label for one in regions})
    codes = {name: place for place, name in enumerate(names)}
    places = {name: place for place, name in enumerate({one.place for one in regions})}
    count = np.array([len(one.regions) for one in rows], np.int64)
    boxes = np.empty((len(regions), 4))
    corners = {}
    for place, one in enumerate(regions):
        if len(one.points) == 4:
            boxes[place] = one.points
        else:
            ring = np.array(one.points).reshape(-1, 2)
            corners[place] = ring
            boxes[place] = (*ring.min(axis=0), *ring.max(axis=0))
    is_polygon = np.zeros(len(regions), bool)
    is_polygon[list(corners)] = True
    return Sets(
        rows,
        np.cumsum(count) - count,
        count,
        boxes,
        np.array([codes[one.label] for one in regions], np.int64),
        np.array([places[one.place] for one in regions], np.int64),
        is_polygon,
        corners,
        tuple(names),
    )


def matches_of(sets: Sets, first: Codes, second: Codes, threshold: float = THRESHOLD) -> Matches:
    """Return which regions of the sets `first` are which of the sets `second`, pair by pair.

    Stops where comparing takes more than `MOST_EFFORT`: `pairs` says how many were compared.
    """
    size = sets.count[first] * sets.count[second] + _polygon_effort(sets, first, second)
    found: list[tuple[Codes, Codes, Codes, Floats]] = []
    begin, left = 0, MOST_EFFORT
    while begin < len(first):
        within = np.cumsum(size[begin : begin + _AT_ONCE]) <= _AT_ONCE
        end = begin + max(1, int(within.sum()))
        close, left = _close(sets, first[begin:end], second[begin:end], threshold, left)
        if left <= 0:
            break
        found.append((close[0] + begin, *close[1:]))
        begin = end
    pair, one, two = (
        np.concatenate([part[place] for part in found] or [np.zeros(0, np.int64)])
        for place in range(3)
    )
    overlap = np.concatenate([part[3] for part in found] or [np.zeros(0)])
    kept = _one_to_one(sets, pair, one, two, overlap)
    return Matches(pair[kept], one[kept], two[kept], overlap[kept], begin)


def _polygon_effort(sets: Sets, first: Codes, second: Codes) -> Codes:
    """Return about what the polygons of each pair of sets cost: chunks are cut by it."""
    points = np.zeros(len(sets.boxes) + 1, np.int64)
    for region, ring in sets.corners.items():
        points[region + 1] = len(ring)
    upto = np.cumsum(points)
    corners = upto[sets.start + sets.count] - upto[sets.start]
    found: Codes = (corners[first] + corners[second]) ** 2 // 4
    return found


def _close(
    sets: Sets, first: Codes, second: Codes, threshold: float, left: int
) -> tuple[tuple[Codes, Codes, Codes, Floats], int]:
    """Return each two regions of these pairs of sets that overlap enough, and the effort left."""
    wide, size = sets.count[second], sets.count[first] * sets.count[second]
    pair = np.repeat(np.arange(len(first)), size)
    step = np.arange(len(pair)) - np.repeat(np.cumsum(size) - size, size)
    one = sets.start[first][pair] + step // wide[pair]
    two = sets.start[second][pair] + step % wide[pair]
    apart = sets.places[one] != sets.places[two]
    pair, one, two = pair[~apart], one[~apart], two[~apart]
    boxes, others = sets.boxes[one], sets.boxes[two]
    overlap = box_iou(boxes, others)
    is_polygon = sets.is_polygon[one] | sets.is_polygon[two]
    meets = is_polygon & np.all(
        np.minimum(boxes[:, 2:], others[:, 2:]) > np.maximum(boxes[:, :2], others[:, :2]), axis=1
    )
    left -= len(step)
    for place in np.flatnonzero(meets):
        rings = _ring(sets, one[place]), _ring(sets, two[place])
        left -= (len(rings[0]) + len(rings[1])) ** 2 // 2
        if left <= 0:
            break
        overlap[place] = iou(*rings)
    kept = overlap >= threshold
    left -= _CLOSE_EFFORT * int(kept.sum())
    return (pair[kept], one[kept], two[kept], overlap[kept]), left


def _ring(sets: Sets, region: int) -> Floats:
    """Return the corners of a region, of a box too."""
    held = sets.corners.get(int(region))
    if held is not None:
        return held
    x0, y0, x1, y1 = sets.boxes[region]
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])


def _one_to_one(sets: Sets, pair: Codes, one: Codes, two: Codes, overlap: Floats) -> Codes:
    """Return which candidates are taken: those without rivals, and the best of the others."""
    if not len(pair):
        return np.zeros(0, np.int64)
    width = len(sets.boxes)
    rivals = np.zeros(len(pair), bool)
    for side in (one, two):
        _, where, many = np.unique(pair * width + side, return_inverse=True, return_counts=True)
        rivals |= many[where] > 1
    # Whoever has no rival cannot be rivalled either: both sides were counted.
    kept = [np.flatnonzero(~rivals)]
    open_ = np.flatnonzero(rivals)
    starts = np.flatnonzero(np.diff(pair[open_], prepend=-1))
    for begin, end in zip(starts, np.append(starts[1:], len(open_)), strict=False):
        rows = open_[begin:end]
        same = sets.labels[one[rows]] == sets.labels[two[rows]]
        kept.append(rows[_best(one[rows], two[rows], overlap[rows] + _SAME * same)])
    return np.sort(np.concatenate(kept))


def _best(one: Codes, two: Codes, worth: Floats) -> Codes:
    """Return which of these candidates make up the pairing of the largest worth."""
    from scipy.optimize import linear_sum_assignment

    left, row = np.unique(one, return_inverse=True)
    right, column = np.unique(two, return_inverse=True)
    if max(len(left), len(right)) > MOST_RIVALS:
        return _greedily(row, column, worth)
    table = np.zeros((len(left), len(right)))
    table[row, column] = worth
    rows, columns = linear_sum_assignment(table, maximize=True)
    number = np.full(table.shape, -1, np.int64)
    number[row, column] = np.arange(len(worth))
    chosen: Codes = number[rows, columns]
    kept: Codes = chosen[chosen >= 0]
    return kept


def _greedily(row: Codes, column: Codes, worth: Floats) -> Codes:
    """Return the pairs that are found by taking the one of the largest worth again and again."""
    rows: set[int] = set()
    columns: set[int] = set()
    chosen = []
    order = np.lexsort((column, row, -worth))
    for place, one, two in zip(
        order.tolist(), row[order].tolist(), column[order].tolist(), strict=True
    ):
        if one not in rows and two not in columns:
            rows.add(one)
            columns.add(two)
            chosen.append(place)
    return np.array(chosen, np.int64)
