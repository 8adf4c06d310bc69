"""iCalendar files (RFC 5545) as days off: holidays, closed afternoons, leave, and repetitions.

Every event is time in which nobody works: a whole day, several, or hours of one. Files are
untrusted: their size, the number of events and of what these repeat to are limited, and an event
that cannot be read is left out and named. The libraries are loaded when a file is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from headway.analysis.schedule.plan import Calendar, Windows
from headway.analysis.schedule.spans import usual_week
from headway.errors import Invalid

MOST_BYTES = 1_000_000
MOST_EVENTS = 5_000
#: Events that repeat.
MOST_SERIES = 100
MOST_OCCURRENCES = 20_000
#: Years before and after the plan's start for which repetitions are followed.
YEARS_BEFORE, YEARS_AFTER = 2, 12
#: An event that began to repeat earlier than this before the plan is left out.
OLDEST_SERIES = timedelta(days=60 * 366)
_TOO_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")
_MOST_TOLD = 20
_MIDNIGHT = time()


@dataclass(slots=True)
class DaysOff:
    """What a file takes off: whole days, hours of a day, and a sentence for what it could not."""

    days: set[date] = field(default_factory=set)
    hours: dict[date, list[tuple[float, float]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def days_off(data: bytes, name: str, around: date, zone: str = "") -> DaysOff:
    """Return the days off in the iCalendar file `data` in the years about the day `around`.

    Hours are read by the clocks of `zone`; without one, by those of the event. Raises Invalid for
    what is no calendar, or too large.
    """
    if len(data) > MOST_BYTES:
        sentence = f"{name} has {len(data):,} bytes; a calendar file may have {MOST_BYTES:,}."
        raise Invalid(sentence)
    from icalendar import Calendar as Component

    try:
        calendar: Any = Component.from_ical(data)
    except (ValueError, IndexError, KeyError, TypeError) as error:
        what = " ".join(str(error).split())[:120]
        sentence = f"{name} is not an iCalendar file: {what}; export it again as .ics."
        raise Invalid(sentence) from error
    first, last = _years(around)
    found = DaysOff()
    _keep_readable(calendar, name, first, found)
    for count, event in enumerate(_occurrences(calendar, first, last)):
        if count >= MOST_OCCURRENCES:
            sentence = (
                f"{name} repeats to more than {MOST_OCCURRENCES:,} events until {last}; "
                "end its repetitions earlier."
            )
            raise Invalid(sentence)
        _take(found, event, zone)
    if len(found.notes) > _MOST_TOLD:
        left = len(found.notes) - _MOST_TOLD
        found.notes[_MOST_TOLD:] = [f"{name}: {left} more events could not be read."]
    return found


def without_days_off(calendar: Calendar, found: DaysOff) -> Calendar:
    """Return `calendar` without what `found` takes off: half a day leaves the other half."""
    own, extra = usual_week(calendar), dict(calendar.extra)
    holidays = set(calendar.holidays) | found.days
    for day, parts in found.hours.items():
        windows = extra.get(day, () if day in holidays else own[day.weekday()])
        if windows and day not in found.days:
            extra[day] = _without(windows, parts)
    for day in found.days:
        extra.pop(day, None)
    return replace(calendar, holidays=tuple(sorted(holidays)), extra=tuple(sorted(extra.items())))


def _without(windows: Windows, parts: list[tuple[float, float]]) -> Windows:
    """Return what some hours of rest leave of a day's windows."""
    for begin, end in parts:
        left = []
        for opens, closes in windows:
            left += [(opens, min(closes, begin)), (max(opens, end), closes)]
        windows = tuple((opens, closes) for opens, closes in left if closes > opens + 1e-9)
    return windows


def _years(around: date) -> tuple[date, date]:
    first = date(max(around.year - YEARS_BEFORE, 1), 1, 1)
    return first, date(min(around.year + YEARS_AFTER, 9998), 12, 31)


def _keep_readable(calendar: Any, name: str, first: date, found: DaysOff) -> None:
    """Leave in `calendar` the events that can be read; note the others. Raises Invalid."""
    events = calendar.walk("VEVENT")
    if len(events) > MOST_EVENTS:
        sentence = f"{name} has {len(events):,} events; the most is {MOST_EVENTS:,}."
        raise Invalid(sentence)
    series = 0
    kept = []
    for event in events:
        fault = _fault(event, first)
        series += bool(not fault and "RRULE" in event)
        if fault:
            told = str(event.get("SUMMARY", "without a name"))[:60]
            found.notes.append(f"{name}: the event {told!r} was left out: {fault}.")
        elif str(event.get("STATUS", "")).upper() != "CANCELLED":
            kept.append(event)
    if series > MOST_SERIES:
        sentence = f"{name} has {series} events that repeat; the most is {MOST_SERIES}."
        raise Invalid(sentence)
    zones = [part for part in calendar.subcomponents if part.name == "VTIMEZONE"]
    calendar.subcomponents = [*zones, *kept]


def _fault(event: Any, first: date) -> str:
    """Return why an event cannot be read; nothing when it can."""
    if event.errors:
        key, what = event.errors[0]
        return f"its {key} is not right ({' '.join(str(what).split())[:80]})"
    begin = getattr(event.get("DTSTART"), "dt", None)
    if not isinstance(begin, date):
        return "it has no DTSTART"
    end = getattr(event.get("DTEND"), "dt", begin)
    if isinstance(begin, datetime) is not isinstance(end, datetime):
        return "it begins with a day and ends with an hour, or the other way round"
    rules = event.get("RRULE")
    if rules is None:
        return ""
    listed = rules if isinstance(rules, list) else [rules]
    if any(str(part).upper() in _TOO_OFTEN for rule in listed for part in rule.get("FREQ", [])):
        return "it repeats within a day"
    day = begin.date() if isinstance(begin, datetime) else begin
    if first - day > OLDEST_SERIES:
        return f"it repeats since {day}, more than 60 years before"
    return ""


def _occurrences(calendar: Any, first: date, last: date) -> Iterator[Any]:
    """Yield every event between two days, repetitions one by one; a few years at a time."""
    from recurring_ical_events import of

    query = of(calendar, components=["VEVENT"], skip_bad_series=True)
    begin = first
    for years in (1, 3, last.year - first.year + 1):
        end = min(date(min(begin.year + years, 9999), 1, 1), last)
        if begin >= end:
            return
        for event in query.between(begin, end):
            starts = event["DTSTART"].dt
            day = starts.date() if isinstance(starts, datetime) else starts
            # An event that spans two parts is met in both.
            if day >= begin or begin == first:
                yield event
        begin = end


def _take(found: DaysOff, event: Any, zone: str) -> None:
    begin, end = event.start, event.end
    if not isinstance(begin, datetime):
        for count in range(max((end - begin).days, 1)):
            found.days.add(begin + timedelta(days=count))
            if count > MOST_OCCURRENCES:
                break
        return
    if zone and begin.tzinfo is not None:
        begin, end = (moment.astimezone(ZoneInfo(zone)) for moment in (begin, end))
    begin, end = begin.replace(tzinfo=None), end.replace(tzinfo=None)
    for count in range(min((end.date() - begin.date()).days, MOST_OCCURRENCES) + 1):
        day = begin.date() + timedelta(days=count)
        midnight = datetime.combine(day, _MIDNIGHT)
        opens = max((begin - midnight).total_seconds() / 3600.0, 0.0)
        closes = min((end - midnight).total_seconds() / 3600.0, 24.0)
        if closes > opens:
            found.hours.setdefault(day, []).append((opens, closes))
