"""Change windows: the hours of the week in which a model may be moved, in UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from headway.errors import Invalid

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FORM = re.compile(
    r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))? (?P<start>\d\d:\d\d)-(?P<end>\d\d:\d\d)"
)
#: An interval as long as this holds every hour of the week.
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ChangeWindow:
    """From `start` to `end` on each of these days (0 is Monday), UTC."""

    days: frozenset[int]
    start: time
    end: time

    def is_outside(self, after: datetime | None, by: datetime) -> bool:
        """Say whether every moment in (after, by] lies outside; an unknown begin says nothing.

        Where some of the interval lies inside, nobody can say that it was moved outside.
        """
        if after is None or by - after >= _WEEK:
            return False
        first = after.date()
        return not any(
            self._meets(first + timedelta(days=number), after, by)
            for number in range((by.date() - first).days + 1)
        )

    def _meets(self, day: date, after: datetime, by: datetime) -> bool:
        """Say whether the hours of one day have a moment in (after, by]."""
        opens = datetime.combine(day, self.start, by.tzinfo)
        closes = datetime.combine(day, self.end, by.tzinfo)
        if opens.weekday() not in self.days:
            return False
        return opens <= by and (after < closes)


def read_window(field: str, value: object) -> str:
    """Read a change window, such as "mon-thu 08:00-16:00" (UTC), or nothing. Raises Invalid."""
    found = " ".join(str(value or "").lower().split())
    if found:
        window_of(found, field)
    return found


def window_of(text: str, field: str = "change window") -> ChangeWindow | None:
    """Return the window that `text` says; None for the empty text. Raises Invalid."""
    if not text:
        return None
    match = _FORM.fullmatch(text)
    known = match and match["first"] in _DAYS and (match["last"] or "mon") in _DAYS
    try:
        start, end = (time.fromisoformat(match[part]) for part in ("start", "end"))  # type: ignore[index]
    except (TypeError, ValueError):
        start = end = time(0)
    if not match or not known or start >= end:
        sentence = (
            f"The {field.replace('_', ' ')} {text[:60]!r} is not of the form mon-thu 08:00-16:00: "
            "a day or two with a hyphen, then the hours of the day in UTC."
        )
        raise Invalid(sentence)
    first, last = _DAYS.index(match["first"]), _DAYS.index(match["last"] or match["first"])
    days = range(first, first + (last - first) % 7 + 1)
    return ChangeWindow(frozenset(day % 7 for day in days), start, end)
