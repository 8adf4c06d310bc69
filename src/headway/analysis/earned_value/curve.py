"""The planned curve: how much work was to be done by when, and so when what is earned was due."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

#: A point of a curve: time since the start (days, or the table's periods), cumulative value.
Point = tuple[Decimal, Decimal]

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class PlannedCurve:
    """Cumulative planned value over time: from (0, 0), never falling, straight between points."""

    points: Sequence[Point]
    is_whole: bool = True

    @classmethod
    def of(cls, points: Sequence[Point], *, is_whole: bool = True) -> PlannedCurve | None:
        """Return the curve through `points` in order of time; None where it would fall.

        `is_whole` says that it ends where the plan ends, so that its length is the planned one.
        Points at or before the start count as what was planned from the first moment.
        """
        ordered = sorted((at, value) for at, value in points if at >= ZERO)
        if not ordered or ordered[0] != (ZERO, ZERO):
            ordered = [(ZERO, ZERO), *ordered]
        values = [value for _, value in ordered]
        falls = any(later < earlier for earlier, later in zip(values, values[1:], strict=False))
        return None if falls else cls(tuple(ordered), is_whole)

    @property
    def total(self) -> Decimal:
        """Return what the curve reaches in the end."""
        return self.points[-1][1]

    @property
    def duration(self) -> Decimal:
        """Return when the curve first reaches its total: the planned duration."""
        return self.points[bisect_left(self.points, self.total, key=_value)][0]

    def value_at(self, at: Decimal) -> Decimal:
        """Return what was to be done by `at`."""
        after = bisect_right(self.points, at, key=lambda point: point[0])
        if after == 0:
            return ZERO
        if after == len(self.points):
            return self.total
        return _between(at, self.points[after - 1], self.points[after])

    def due(self, earned: Decimal, at: Decimal) -> Decimal | None:
        """Return when `earned` was to be earned (Lipke's earned schedule); None beyond the curve.

        Where nothing was planned for a while, any moment of the pause would do: the one nearest
        to `at` is taken, so that earning exactly what was planned is neither early nor late. The
        whole is due when the plan ends, however late it is earned.
        """
        if earned > self.total or earned < ZERO:
            return None
        if earned == self.total:
            return self.duration
        low = bisect_left(self.points, earned, key=_value)
        high = bisect_right(self.points, earned, key=_value)
        if low == high:
            before, after = self.points[low - 1], self.points[low]
            share = (earned - before[1]) / (after[1] - before[1])
            return before[0] + share * (after[0] - before[0])
        first, last = self.points[low][0], self.points[high - 1][0]
        return min(max(at, first), last)


def _value(point: Point) -> Decimal:
    return point[1]


def _between(at: Decimal, before: Point, after: Point) -> Decimal:
    width = after[0] - before[0]
    if width == ZERO:
        return after[1]
    return before[1] + (after[1] - before[1]) * (at - before[0]) / width
