"""The time scale of a Gantt chart: where a day stands, and the ticks of two tiers above the rows.

A fluid scale answers in percent of whatever width the page gives; one with a width in pixels.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from headway.rendering import phrases

DAY = timedelta(days=1)

#: A scale is never wider than this; a longer span is cut and its `is_cut` says so.
MOST_PIXELS = 16_000

#: What a fluid scale takes itself to measure when it chooses its ticks.
FLUID_PIXELS = 460

#: Room that a label of a tick needs, in pixels.
_LABEL = 30


class Zoom(StrEnum):
    """How much time a chart shows: all of it in the width there is, or so many pixels a day."""

    FIT = "fit"
    QUARTERS = "quarters"
    MONTHS = "months"
    WEEKS = "weeks"
    DAYS = "days"


#: From the widest view to the narrowest: what `[` and `]` walk along.
ZOOMS = tuple(Zoom)

_PIXELS_A_DAY = {Zoom.QUARTERS: 1.0, Zoom.MONTHS: 3.0, Zoom.WEEKS: 9.0, Zoom.DAYS: 26.0}

#: Tiers (above, below) by the least pixels a day that they need.
_TIERS = ((18.0, "month", "day"), (4.2, "month", "week"), (1.1, "year", "month"))


@dataclass(frozen=True, slots=True)
class Tick:
    """A part of a tier: from `first` up to before `until`, with its label; empty: no room."""

    first: date
    until: date
    label: str


@dataclass(frozen=True, slots=True)
class Scale:
    """The days `first` to `last`. `width` is in pixels; None means all there is."""

    first: date
    last: date
    width: float | None = None
    is_cut: bool = False
    free: Collection[date] = field(default_factory=frozenset)
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)

    @property
    def length(self) -> int:
        """The days that it holds."""
        return (self.last - self.first).days + 1

    @property
    def pixels(self) -> float:
        """The pixels of a day, on a fluid scale a fair guess."""
        return (self.width or FLUID_PIXELS) / self.length

    def share(self, day: date) -> float:
        """Return where `day` begins as a share of the whole, kept between 0 and 1."""
        return min(max((day - self.first).days / self.length, 0.0), 1.0)

    def share_after(self, day: date) -> float:
        """Return where `day` has ended as a share of the whole, kept between 0 and 1."""
        return self.share(day + DAY)

    def at(self, day: date) -> str:
        """Return where `day` begins, as an SVG length."""
        return self.length_of(self.share(day))

    def after(self, day: date) -> str:
        """Return where `day` has ended, as an SVG length."""
        return self.length_of(self.share_after(day))

    def wide(self, first: date, last: date) -> str:
        """Return how long the days `first` to `last` are, both included, as an SVG length."""
        return self.length_of(max(self.share_after(last) - self.share(first), 0.0))

    def length_of(self, share: float) -> str:
        """Return a share of the whole width as an SVG length."""
        if self.width is None:
            return f"{_short(share * 100)}%"
        return _short(share * self.width)

    def holds(self, day: date) -> bool:
        """Say whether `day` lies on the scale."""
        return self.first <= day <= self.last

    @property
    def tiers(self) -> tuple[tuple[Tick, ...], tuple[Tick, ...]]:
        """The ticks above and below, chosen by the room that a day has."""
        fitting = (part for part in _TIERS if self.pixels >= part[0])
        _, above, below = next(fitting, (0.0, "year", "quarter"))
        return tuple(self._ticks(above, True)), tuple(self._ticks(below, False))

    def _ticks(self, part: str, whole: bool) -> Iterator[Tick]:
        first = self.first
        while first <= self.last:
            until = min(_following(first, part), self.last + DAY)
            room = (until - first).days * self.pixels
            label = _label(first, part, room, whole=whole)
            yield Tick(first, until, label)
            first = until

    @property
    def idle(self) -> tuple[tuple[date, date], ...]:
        """Runs of days without work (first, last), where a day is wide enough to be seen."""
        if self.pixels < _TIERS[1][0]:
            return ()
        days = [self.first + n * DAY for n in range(self.length)]
        off = [day for day in days if day.weekday() not in self.weekdays or day in self.free]
        return tuple(_runs(off))


def scale_of(
    days: Iterable[date],
    zoom: Zoom,
    *,
    today: date,
    since: date | None = None,
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4),
    free: Collection[date] = frozenset(),
) -> Scale:
    """Return the scale that holds `days` and `today` at a zoom, from `since` where it is given.

    A span that would be wider than MOST_PIXELS is cut: it begins at `since`, or two weeks before
    today, or at its own beginning when today lies outside it. Work is done on `weekdays` (Monday
    is 0) that are not `free`.
    """
    known = sorted([*days, today])
    air = max((known[-1] - known[0]).days // 40, 2)
    first, last = known[0] - air * DAY, known[-1] + air * DAY
    pixels = _PIXELS_A_DAY.get(zoom)
    if pixels is None:
        return Scale(first, last, free=free, weekdays=weekdays)
    most = int(MOST_PIXELS / pixels)
    if since is not None and first < since <= last:
        is_cut = True
        first = since
    else:
        is_cut = False
    if (last - first).days >= most:
        start = max(first, today - 14 * DAY) if since is None else first
        first, last, is_cut = start, min(last, start + (most - 1) * DAY), True
    days_shown = (last - first).days + 1
    width = max(days_shown * pixels, 240.0)
    return Scale(first, last, width, is_cut, free, weekdays)


def _following(day: date, part: str) -> date:
    """Return the first day of the next year, quarter, month, week or day."""
    match part:
        case "year":
            return date(day.year + 1, 1, 1)
        case "quarter":
            month = (day.month - 1) // 3 * 3 + 4
            return date(day.year + month // 12, month % 12 or 12, 1)
        case "month":
            return date(day.year + day.month // 12, day.month % 12 + 1, 1)
        case "week":
            return day + (7 - day.weekday()) * DAY
        case _:
            return day + DAY


def _label(day: date, part: str, room: float, *, whole: bool) -> str:
    """Return the words of a tick, with the year when `whole`; empty where they have no room."""
    match part:
        case "year":
            text = str(day.year)
        case "quarter":
            text = f"Q{(day.month + 2) // 3}"
        case "month":
            short = phrases.short_day(day).partition(" ")[2]
            text = f"{short} {day.year}" if whole and room > 2 * _LABEL else short
        case _:
            text = str(day.day)
    needed = {"day": 15.0, "week": 18.0, "quarter": 20.0, "month": 24.0}.get(part, float(_LABEL))
    return text if room >= needed else ""


def _runs(days: list[date]) -> Iterator[tuple[date, date]]:
    """Yield runs of days that follow each other."""
    first = last = None
    for day in days:
        if last is None or first is None or day != last + DAY:
            if first is not None and last is not None:
                yield first, last
            first = day
        last = day
    if first is not None and last is not None:
        yield first, last


def _short(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text if text != "-0" else "0"
