"""Days on an axis: numbers for the drawing, ticks where a reader expects them, words below them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from headway.rendering.charts.marks import Axis

#: Milliseconds, as the engine counts them; days stand at midnight UTC whatever the machine's zone.
_DAY_MS = 86_400_000
_EPOCH = date(1970, 1, 1)

_BY_DAY = "utcFormat(datum.value, '%-d %b')"
_BY_MONTH = (
    "utcFormat(datum.value, utcmonth(datum.value) == 0 || datum.index == 0 ? '%b %Y' : '%b')"
)

#: Months between ticks that people count in.
_STRIDES = (1, 2, 3, 6, 12, 24, 60, 120)
_PIXELS_A_TICK = 58


def place(day: date) -> float:
    """Return where `day` stands on an axis of days."""
    return float((day - _EPOCH).days * _DAY_MS)


def instant(moment: datetime) -> float:
    """Return where an aware `moment` stands on an axis of days."""
    return moment.timestamp() * 1000


def axis(days: Iterable[date], width: int) -> Axis:
    """Return an axis that holds all `days` with a little air, with ticks for `width` pixels."""
    known = sorted(days)
    first, last = known[0], known[-1]
    air = max((last - first).days // 24, 2)
    first, last = first - timedelta(days=air), last + timedelta(days=air)
    most = max(width // _PIXELS_A_TICK, 2)
    length = (last - first).days
    if length <= 75:
        ticks, label = _weeks(first, last, most), _BY_DAY
    else:
        ticks, label = _months(first, last, most), _BY_MONTH
    return Axis(place(first), place(last), tuple(place(tick) for tick in ticks), label)


def _weeks(first: date, last: date, most: int) -> list[date]:
    """Return Mondays, every week or every second one and so on; days when the span is short."""
    length = (last - first).days
    stride = 1 if length <= most else 7 * max(1, -(-length // (7 * most)))
    start = first if stride == 1 else first + timedelta(days=-first.weekday() % 7)
    return [start + timedelta(days=n) for n in range(0, (last - start).days + 1, stride)]


def _months(first: date, last: date, most: int) -> list[date]:
    """Return firsts of months, at most `most`, with January among them where the span has one."""
    low, high = first.year * 12 + first.month, last.year * 12 + last.month - 1
    stride = next((n for n in _STRIDES if (high - low) // n < most), _STRIDES[-1])
    return [date(n // 12, n % 12 + 1, 1) for n in range(low + -low % stride, high + 1, stride)]
