"""A program's calendar as it is kept, and working days counted by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from headway.analysis.schedule.calendars import WorkingTime
from headway.analysis.schedule.plan import WEEKDAYS, Calendar, Unit, Windows


def calendar_from(held: Mapping[str, object]) -> Calendar:
    """Return the calendar kept as JSON on a program; an empty one is Monday to Friday."""
    if not held:
        return WEEKDAYS
    weekdays, windows, holidays = (held.get(name) for name in ("weekdays", "windows", "holidays"))
    return Calendar(
        name=str(held.get("name", "weekdays")),
        weekdays=tuple(int(day) for day in weekdays) if isinstance(weekdays, list) else (),
        windows=tuple((float(a), float(b)) for a, b in windows)
        if isinstance(windows, list)
        else WEEKDAYS.windows,
        holidays=tuple(date.fromisoformat(str(day)) for day in holidays)
        if isinstance(holidays, list)
        else (),
        hours=tuple((int(str(day)), _windows(spans)) for day, spans in _pairs(held, "hours")),
        extra=tuple(
            (date.fromisoformat(str(day)), _windows(spans)) for day, spans in _pairs(held, "extra")
        ),
        zone=str(held.get("zone", "")),
    )


def _pairs(held: Mapping[str, object], name: str) -> list[tuple[object, object]]:
    pairs = held.get(name)
    return [(pair[0], pair[1]) for pair in pairs] if isinstance(pairs, list) else []


def _windows(spans: object) -> Windows:
    return tuple((float(a), float(b)) for a, b in spans) if isinstance(spans, list) else ()


def calendar_text(calendar: Calendar) -> dict[str, object]:
    """Return a calendar as JSON to keep on a program; Monday to Friday is kept as empty."""
    if calendar == WEEKDAYS:
        return {}
    held: dict[str, object] = {
        "name": calendar.name,
        "weekdays": list(calendar.weekdays),
        "windows": [list(window) for window in calendar.windows],
        "holidays": [day.isoformat() for day in calendar.holidays],
    }
    if calendar.hours:
        held["hours"] = [[day, [list(span) for span in spans]] for day, spans in calendar.hours]
    if calendar.extra:
        days = ((day.isoformat(), spans) for day, spans in calendar.extra)
        held["extra"] = [[day, [list(span) for span in spans]] for day, spans in days]
    if calendar.zone:
        held["zone"] = calendar.zone
    return held


def working_days(calendar: Mapping[str, object], since: date, until: date) -> int:
    """Return how many working days have ended between two days: Friday to Monday is 1.

    0 when `until` is not after `since`. `calendar` is as kept on the program.
    """
    if until <= since:
        return 0
    return int(WorkingTime(Unit.DAYS, since, calendar_from(calendar)).start_of(until))
