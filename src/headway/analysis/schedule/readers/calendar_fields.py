"""Reading `calendars:`: working weekdays, hours and holidays under a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from headway.analysis.documents.text import Scalar, Table
from headway.analysis.schedule.plan import WEEKDAYS, Calendar, Windows
from headway.analysis.schedule.readers.fields import Fields
from headway.analysis.schedule.readers.ics import days_off, without_days_off
from headway.analysis.schedule.spans import is_zone
from headway.errors import Invalid

KEYS = ("weekdays", "hours", "holidays", "extra", "zone", "ics")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: In hours by weekday, those of every other day.
USUAL = "usual"
_SPAN = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*[-–]\s*(\d{1,2})(?::(\d{2}))?")


#: Returns the contents of a file that is named beside the plan file. Raises Invalid.
Beside = Callable[[str], bytes]


def read_calendar(
    name: str, fields: Fields, around: date | None = None, beside: Beside | None = None
) -> Calendar:
    """Return the calendar `name`.

    Weekdays like [mon, tue]; hours like 09:00-17:00, or by weekday {usual: …, fri: …}; holidays;
    `extra` days with hours of their own; the `zone` whose clocks the hours are read by; days off
    from `ics` files `beside`, in the years about the day `around`.
    """
    weekdays = _weekdays(fields)
    own = _by_weekday(fields)
    windows = _windows(fields, "hours") if own is None else own.pop(USUAL, ())
    holidays = [fields.as_day("holidays", scalar) for scalar in fields.texts("holidays")]
    calendar = Calendar(
        name,
        weekdays or WEEKDAYS.weekdays,
        windows or WEEKDAYS.windows,
        tuple(sorted({day for day in holidays if isinstance(day, date)})),
        tuple((number, own[day]) for number, day in enumerate(DAYS) if own and day in own),
        tuple(_extra(fields)),
        _zone(fields),
    )
    for scalar in fields.texts("ics"):
        calendar = _without_ics(calendar, fields, scalar, (around, beside))
    return calendar


def _without_ics(
    calendar: Calendar, fields: Fields, scalar: Scalar, source: tuple[date | None, Beside | None]
) -> Calendar:
    """Return the calendar without the days off of the file that `scalar` names."""
    around, beside = source
    if beside is None:
        sentence = (
            f"`ics` is {scalar}; a file beside the plan file is read on the command line only. "
            "Upload it into the program's calendar, or list the dates as `holidays`."
        )
        fields.note(sentence, scalar.line)
        return calendar
    name = scalar.text.strip()
    try:
        found = days_off(beside(name), name, around or date(1970, 1, 1), calendar.zone)
    except Invalid as error:
        fields.note(str(error), scalar.line)
        return calendar
    for sentence in found.notes:
        fields.note(sentence, scalar.line)
    return without_days_off(calendar, found)


def _by_weekday(fields: Fields) -> dict[str, Windows] | None:
    """Return the hours by weekday, where they are written so."""
    if not isinstance(fields.node("hours"), Table):
        return None
    held = fields.table_of("hours", (USUAL, *DAYS))
    return {day: _windows(held, day) for day in held.nodes} if held else None


def _extra(fields: Fields) -> Iterator[tuple[date, Windows]]:
    """Yield the days with hours of their own, ascending; without any they are not worked."""
    held = fields.table_of("extra", ())
    days = {}
    for key, _ in held.table.pairs if held else ():
        day = fields.as_day("extra", key)
        if day is not None and held is not None:
            days[day] = _windows(held, key.text)
    yield from sorted(days.items())


def _zone(fields: Fields) -> str:
    zone = fields.text("zone") or ""
    if not zone or is_zone(zone):
        return zone
    line = fields.nodes["zone"].line
    fields.note(f"`zone` is {zone!r}; name one of the IANA zones, like Europe/Berlin.", line)
    return ""


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


def _windows(fields: Fields, key: str) -> Windows:
    """Return the spans of hours under `key`; none where nothing is written."""
    windows = []
    for scalar in fields.texts(key):
        window = _window(fields, scalar)
        if window is None:
            return ()
        windows.append(window)
    windows.sort()
    ends = [end for _, end in windows]
    begins = [begin for begin, _ in windows][1:]
    if any(begin < end for begin, end in zip(begins, ends, strict=False)):
        fields.note("`hours` overlap; write spans one after the other.", fields.nodes[key].line)
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
        if end <= begin < 24 and end > 0:  # A night: it ends on the next day.
            return begin, end + 24
    if 0 <= begin < end <= 24:
        return begin, end
    fields.note(
        f"`hours` has {scalar}; write a span like 09:00-17:00, or hours a day up to 24.",
        scalar.line,
    )
    return None
