"""What stands out in a series of daily costs: a spike, or a level that shifted.

Spike. The modified z-score of Iglewicz and Hoaglin (How to Detect and Handle Outliers, 1993):
M = 0.6745 (x - median) / MAD over the 28 days before a day, that day left out; |M| > 3.5 stands
out. Where the MAD is 0 (a flat series) the mean absolute deviation takes its place
(M = (x - median) / (1.253314 MeanAD), their own substitute), and where that is 0 too, any change.

Level shift. Pettitt's test (Applied Statistics 28, 1979): K = max |U_t|, U_t the sum of
sign(x_i - x_j) over i <= t < j; p ~ 2 exp(-6 K^2 / (n^3 + n^2)). A shift is told at p < 0.01. Both
need an effect that somebody would look at: a share of the usual level, and an amount.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from statistics import median

#: Days of history below which nothing is told, and the days that a spike is held against.
FEWEST_DAYS = 21
_WINDOW = 28
_SCORE = 3.5
_P = 0.01
#: Least effect, as a share of the usual level.
_LEAST_SHARE = 0.25
#: Days that each side of a shift needs.
_SIDE = 7


@dataclass(frozen=True, slots=True)
class Point:
    """What was spent on a day, in the currency of its series."""

    day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Anomaly:
    """What stands out: `kind` spike or shift, from `day` on, and by how much a day.

    `usual` and `seen` are daily amounts; `score` is the modified z-score, or 1 - p of the shift.
    """

    kind: str
    day: date
    usual: Decimal
    seen: Decimal
    score: float

    @property
    def change(self) -> Decimal:
        """Return how much more (or less) is spent a day."""
        return self.seen - self.usual


def anomalies(points: Sequence[Point], least: Decimal = Decimal(1)) -> list[Anomaly]:
    """Return what stands out in a series of days in order, a missing day counting as 0.

    `least` is the smallest change a day that is told. Nothing is told of fewer than 21 days. Days
    after a shift are held against days after it: the new level is not a row of spikes.
    """
    series = _filled(sorted(points, key=lambda one: one.day))
    if len(series) < FEWEST_DAYS:
        return []
    shift = _shift(series, least)
    if shift is None:
        return _spikes(series, least)
    at = (shift.day - series[0].day).days
    return [*_spikes(series[:at], least), shift, *_spikes(series[at:], least)]


#: Changes of the same day that differ by at most this share are taken for the same money.
_SAME = Decimal("0.25")
#: Days by which two series may place the same shift apart.
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Sighting:
    """An anomaly in the series of one value of what costs are told by, such as (region, eu-1)."""

    by: str
    value: str
    anomaly: Anomaly


def folded(sightings: Sequence[Sighting]) -> list[tuple[Sighting, tuple[Sighting, ...]]]:
    """Return what stands out once each, with the other sightings of the same money.

    The same money shows in its service, its account, its region and its tag. Sightings of one kind,
    day and direction whose changes differ by at most a quarter are one, at most one of each `by`;
    the narrowest stands for them: the one that usually costs least, so that the change is most of
    it. The largest change comes first.
    """
    left = sorted(sightings, key=lambda one: (-abs(one.anomaly.change), one.by, one.value))
    found = []
    while left:
        first = left[0]
        same = {first.by: first}
        for one in left[1:]:
            if one.by not in same and _is_same(first.anomaly, one.anomaly):
                same[one.by] = one
        left = [one for one in left if same.get(one.by) is not one]
        narrow = min(same.values(), key=lambda one: (abs(one.anomaly.usual), one.by != "service"))
        found.append((narrow, tuple(one for one in same.values() if one is not narrow)))
    return found


def _is_same(one: Anomaly, other: Anomaly) -> bool:
    apart = abs((one.day - other.day).days)
    if one.kind != other.kind or apart > (_NEAR if one.kind == "shift" else 0):
        return False
    if (one.change > 0) != (other.change > 0):
        return False
    return abs(one.change - other.change) <= _SAME * abs(one.change)


def _filled(points: Sequence[Point]) -> list[Point]:
    found = list(points[:1])
    for before, after in pairwise(points):
        for number in range(before.day.toordinal() + 1, after.day.toordinal()):
            found.append(Point(date.fromordinal(number), Decimal(0)))
        found.append(after)
    return found


def _spikes(series: Sequence[Point], least: Decimal) -> list[Anomaly]:
    found = []
    for at in range(FEWEST_DAYS - 1, len(series)):
        before = [one.amount for one in series[max(0, at - _WINDOW) : at]]
        seen, usual = series[at].amount, Decimal(median(before))
        change = abs(seen - usual)
        if change < least or change < abs(usual) * Decimal(str(_LEAST_SHARE)):
            continue
        score = _score(float(seen), [float(one) for one in before])
        if score > _SCORE:
            found.append(Anomaly("spike", series[at].day, usual, seen, score))
    return found


def _score(value: float, others: Sequence[float]) -> float:
    middle = median(others)
    spread = median(abs(one - middle) for one in others)
    if spread > 0:
        return 0.6745 * abs(value - middle) / spread
    mean = sum(abs(one - middle) for one in others) / len(others)
    return abs(value - middle) / (1.253314 * mean) if mean > 0 else math.inf


def _shift(series: Sequence[Point], least: Decimal) -> Anomaly | None:
    values = [one.amount for one in series]
    at, p = pettitt(values)
    if p >= _P or not _SIDE <= at <= len(values) - _SIDE:
        return None
    usual, seen = Decimal(median(values[:at])), Decimal(median(values[at:]))
    change = abs(seen - usual)
    if change < least or change < abs(usual) * Decimal(str(_LEAST_SHARE)):
        return None
    return Anomaly("shift", series[at].day, usual, seen, 1 - p)


def pettitt(values: Sequence[Decimal]) -> tuple[int, float]:
    """Return where the level most likely changed (the first of the new), and p that it did not.

    By ranks: U_t = 2 W_t - t (n + 1), W_t the sum of the first t ranks, ties at their middle.
    """
    count = len(values)
    order = sorted(range(count), key=lambda at: values[at])
    ranks = [0.0] * count
    start = 0
    while start < count:
        end = start
        while end + 1 < count and values[order[end + 1]] == values[order[start]]:
            end += 1
        for at in range(start, end + 1):
            ranks[order[at]] = (start + end) / 2 + 1
        start = end + 1
    best, most, total = 0, -1.0, 0.0
    for at in range(1, count):
        total += ranks[at - 1]
        here = abs(2 * total - at * (count + 1))
        if here > most:
            best, most = at, here
    p = 2 * math.exp(-6 * most**2 / (count**3 + count**2))
    return best, min(p, 1.0)
