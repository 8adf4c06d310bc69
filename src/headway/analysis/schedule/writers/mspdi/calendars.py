"""Calendars out: the week of each, and the days that differ from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from headway.analysis.schedule.plan import Calendar, Resource, Windows
from headway.analysis.schedule.readers.xml_tree import Element
from headway.analysis.schedule.writers.mspdi.clock import clock_text, spans
from headway.analysis.schedule.writers.mspdi.document import element


def calendar_elements(
    calendars: Sequence[Calendar], resources: Sequence[Resource], plan_calendar: str
) -> tuple[Element, dict[str, int], dict[str, int]]:
    """Return the calendars, and the UIDs by name of a calendar and by name of a resource.

    A resource has a calendar of its own there, based on the one it works by.
    """
    made = Element("Calendars")
    uids = {calendar.name: number for number, calendar in enumerate(calendars, 1)}
    for calendar in calendars:
        made.children.append(_base(calendar, uids[calendar.name]))
    of_resource = {}
    for number, resource in enumerate(resources, len(calendars) + 1):
        base = uids[resource.calendar or plan_calendar]
        values = {
            "UID": number,
            "Name": resource.name,
            "IsBaseCalendar": 0,
            "BaseCalendarUID": base,
        }
        made.children.append(element("Calendar", values))
        of_resource[resource.name] = number
    return made, uids, of_resource


def _base(calendar: Calendar, uid: int) -> Element:
    made = element(
        "Calendar",
        {"UID": uid, "Name": calendar.name, "IsBaseCalendar": 1, "BaseCalendarUID": -1},
    )
    made.children.append(_week(calendar))
    exceptions = Element("Exceptions", children=list(_exceptions(calendar)))
    if exceptions.children:
        made.children.append(exceptions)
    return made


def _week(calendar: Calendar) -> Element:
    week = Element("WeekDays")
    own = dict(calendar.hours)
    for number in range(1, 8):  # Sunday is 1, and Monday is 0 here
        day = (number - 2) % 7
        windows = own.get(day, calendar.windows) if day in calendar.weekdays else ()
        week.children.append(_day("WeekDay", {"DayType": number}, windows))
    return week


def _day(tag: str, values: Mapping[str, object], windows: Windows) -> Element:
    made = element(tag, {**values, "DayWorking": bool(windows)})
    if windows:
        made.children.append(Element("WorkingTimes", children=[_time(span) for span in windows]))
    return made


def _time(span: tuple[float, float]) -> Element:
    times = {"FromTime": clock_text(span[0]), "ToTime": clock_text(span[1])}
    return element("WorkingTime", times)


def _exceptions(calendar: Calendar) -> Iterator[Element]:
    """Yield the exceptions, days in a row with the same hours as one."""
    special: dict[date, Windows] = dict.fromkeys(calendar.holidays, ())
    special |= dict(calendar.extra)
    groups: dict[Windows, list[date]] = {}
    for day, windows in sorted(special.items()):
        groups.setdefault(windows, []).append(day)
    for windows, days in groups.items():
        for first, last in spans(days):
            yield _exception(first, last, windows)


def _exception(first: date, last: date, windows: Windows) -> Element:
    made = element("Exception", {"EnteredByOccurrences": 0})
    period = {"FromDate": f"{first}T00:00:00", "ToDate": f"{last}T23:59:00"}
    made.children.append(element("TimePeriod", period))
    days = (last - first).days + 1
    rest = _day("Exception", {"Occurrences": days, "Type": 1, "Period": 1}, windows)
    made.children.extend(rest.children)
    return made
