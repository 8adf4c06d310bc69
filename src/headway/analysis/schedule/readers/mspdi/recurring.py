"""The days on which an exception of a Microsoft Project calendar falls.

Types by the schema: 1 daily, 2 yearly by day, 3 yearly by position, 4 monthly by day, 5 monthly by
position, 6 weekly, 7 every n days; 9 or none is a plain span of days.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from headway.analysis.schedule.readers.mspdi.row import Row

DAILY, YEARLY, YEARLY_PLACE, MONTHLY, MONTHLY_PLACE, WEEKLY, EVERY = range(1, 8)
#: MonthItem 0 to 9: any day, weekdays, weekend days, Sunday … Saturday (Monday is 0 here).
_ITEMS: tuple[tuple[int, ...], ...] = (
    *((0, 1, 2, 3, 4, 5, 6), (0, 1, 2, 3, 4), (5, 6)),
    *((6,), (0,), (1,), (2,), (3,), (4,), (5,)),
)
#: The bits of DaysOfWeek for Monday to Sunday.
_BITS = (2, 4, 8, 16, 32, 64, 1)
_LAST_POSITION = 4


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How an exception recurs: every `period` days, weeks, months or years."""

    type: int
    period: int
    occurrences: int | None
    weekdays: tuple[int, ...]
    month: int
    month_day: int
    position: int
    item: int

    def days(self, begin: date, end: date) -> Iterator[date]:
        """Yield its days from `begin` to `end`, ascending."""
        found = 0
        for day in _GIVEN.get(self.type, _spanned)(self, begin, end):
            if self.occurrences is not None and found >= self.occurrences:
                return
            if begin <= day <= end:
                found += 1
                yield day


def read_recurrence(row: Row) -> Recurrence:
    """Return how the exception of `row` recurs; what lies outside the schema is noted."""
    mask = row.whole("DaysOfWeek", 0) or 0
    counted = row.flag("EnteredByOccurrences")
    return Recurrence(
        type=row.whole("Type", 9) or 9,
        period=max(row.whole("Period", 1) or 1, 1),
        occurrences=row.whole("Occurrences") if counted else None,
        weekdays=tuple(day for day in range(7) if mask & _BITS[day]),
        month=_within(row, "Month", 0, 11) + 1,
        month_day=_within(row, "MonthDay", 1, 31),
        position=_within(row, "MonthPosition", 0, _LAST_POSITION),
        item=_within(row, "MonthItem", 0, 9),
    )


def _within(row: Row, tag: str, least: int, most: int) -> int:
    number = row.whole(tag, least)
    if number is not None and least <= number <= most:
        return number
    row.note(f"{tag} is {row.shown(tag)}; it has to be from {least} to {most}.")
    return least


def _spanned(_: Recurrence, begin: date, end: date) -> Iterator[date]:
    return (begin + timedelta(days=n) for n in range((end - begin).days + 1))


def _every(recurrence: Recurrence, begin: date, end: date) -> Iterator[date]:
    span = (end - begin).days + 1
    return (begin + timedelta(days=n) for n in range(0, span, recurrence.period))


def _weekly(recurrence: Recurrence, begin: date, end: date) -> Iterator[date]:
    # Weeks begin on Sunday, as the numbering of days in these files does.
    first = begin - timedelta(days=(begin.weekday() + 1) % 7)
    for day in _spanned(recurrence, begin, end):
        week = (day - first).days // 7
        if week % recurrence.period == 0 and day.weekday() in recurrence.weekdays:
            yield day


def _months(recurrence: Recurrence, begin: date, end: date) -> Iterator[tuple[int, int]]:
    """Yield the (year, month) pairs in which it may fall."""
    if recurrence.type in (YEARLY, YEARLY_PLACE):
        yield from ((year, recurrence.month) for year in range(begin.year, end.year + 1))
        return
    first, last = begin.year * 12 + begin.month - 1, end.year * 12 + end.month - 1
    for number in range(first, last + 1, recurrence.period):
        yield number // 12, number % 12 + 1


def _on_day(recurrence: Recurrence, begin: date, end: date) -> Iterator[date]:
    for year, month in _months(recurrence, begin, end):
        if recurrence.month_day <= calendar.monthrange(year, month)[1]:
            yield date(year, month, recurrence.month_day)


def _on_place(recurrence: Recurrence, begin: date, end: date) -> Iterator[date]:
    for year, month in _months(recurrence, begin, end):
        length = calendar.monthrange(year, month)[1]
        days = (date(year, month, number) for number in range(1, length + 1))
        fitting = [day for day in days if day.weekday() in _ITEMS[recurrence.item]]
        if recurrence.position == _LAST_POSITION:
            yield fitting[-1]
        elif recurrence.position < len(fitting):
            yield fitting[recurrence.position]


_GIVEN: dict[int, Callable[[Recurrence, date, date], Iterator[date]]] = {
    DAILY: _spanned,
    YEARLY: _on_day,
    YEARLY_PLACE: _on_place,
    MONTHLY: _on_day,
    MONTHLY_PLACE: _on_place,
    WEEKLY: _weekly,
    EVERY: _every,
}
