"""Reading `calendars:`: working weekdays, hours and holidays under a name."""

from __future__ import annotations

import re
from datetime import date

from headway.analysis.schedule.plan import WEEKDAYS, Calendar
from headway.analysis.schedule.readers.document import Scalar
from headway.analysis.schedule.readers.fields import Fields

KEYS = ("weekdays", "hours", "holidays", "ics")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*[-–]\s*(\d{1,2})(?::(\d{2}))?")


def read_calendar(name: str, fields: Fields) -> Calendar:
    """Return the calendar `name`: weekdays like [mon, tue], hours like 09:00-17:00, holidays."""
    if fields.node("ics") is not None:
        line = fields.nodes["ics"].line
        fields.note("Reading an ICS file is not built yet; list the dates as `holidays`.", line)
    weekdays = _weekdays(fields)
    windows = _windows(fields)
    holidays = [fields.as_day("holidays", scalar) for scalar in fields.texts("holidays")]
    return Calendar(
        name,
        weekdays or WEEKDAYS.weekdays,
        windows or WEEKDAYS.windows,
        tuple(sorted({day for day in holidays if isinstance(day, date)})),
    )


def _weekdays(fields: Fields) -> tuple[int, ...]:
    numbers = set()
    for scalar in fields.texts("weekdays"):
        short = scalar.text.strip().lower()[:3]
        if short in DAYS:
            numbers.add(DAYS.index(short))
        else:
            sentence = f"`weekdays` has {scalar}; name days like mon, tue, wed."
            fields.note(sentence, scalar.line)
    return tuple(sorted(numbers))


def _windows(fields: Fields) -> tuple[tuple[float, float], ...]:
    windows = []
    for scalar in fields.texts("hours"):
        window = _window(fields, scalar)
        if window is None:
            return ()
        windows.append(window)
    windows.sort()
    ends = [end for _, end in windows]
    begins = [begin for begin, _ in windows][1:]
    if any(begin < end for begin, end in zip(begins, ends, strict=False)):
        fields.note("`hours` overlap; write spans one after the other.", fields.nodes["hours"].line)
        return ()
    return tuple(windows)


def _window(fields: Fields, scalar: Scalar) -> tuple[float, float] | None:
    span = _SPAN.fullmatch(scalar.text.strip())
    if span is None:
        hours = fields.as_number("hours", scalar)
        begin, end = (9.0, 9.0 + hours) if hours is not None and hours <= 15 else (0.0, hours or 0)
    else:
        begin = int(span[1]) + int(span[2] or 0) / 60
        end = int(span[3]) + int(span[4] or 0) / 60
    if 0 <= begin < end <= 24:
        return begin, end
    fields.note(
        f"`hours` has {scalar}; write a span like 09:00-17:00, or hours a day up to 24.",
        scalar.line,
    )
    return None
