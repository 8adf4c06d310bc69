"""By which calendar the work of a task runs, when the task has none of its own.

Microsoft Project counts the duration of such a task in the time in which at least one of those
assigned to it works: with one person that is their calendar, with several all of theirs together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from headway.analysis.schedule.plan import Calendar, Windows
from headway.analysis.schedule.readers.mspdi.calendars import calendar_of, merged
from headway.analysis.schedule.readers.xml_tree import Element

_WORK = ("", "1")


@dataclass(frozen=True, slots=True)
class Worked:
    """Who works when, by UID.

    `of_task` holds the calendars of tasks that have none and whose people do not work by the
    plan's. `apart` are resources that share such a task with others who work at other times: it
    runs while one of them works, and not only while all do. `bound` are the tasks with a calendar
    of their own and somebody who has another.
    """

    of_resource: Mapping[int, Calendar]
    of_task: Mapping[int, Calendar]
    apart: frozenset[int]
    bound: frozenset[int]


def read_worked(root: Element, calendars: Mapping[int, Calendar], plan: Calendar) -> Worked:
    """Return who works when; `plan` is the calendar of the whole."""
    of_resource = _of_resources(root, calendars)
    own = {_number(one, "UID") for one in root.within("Tasks", "Task") if _has_own(one)}
    assigned: dict[int, dict[int, Calendar]] = {}
    for element in root.within("Assignments", "Assignment"):
        uid = _number(element, "ResourceUID")
        if uid in of_resource:
            assigned.setdefault(_number(element, "TaskUID"), {})[uid] = of_resource[uid]
    named = {task: {one.name: one for one in held.values()} for task, held in assigned.items()}
    others = {task for task, held in named.items() if set(held) != {plan.name}}
    shared = {task for task in others - own if len(named[task]) > 1}
    return Worked(
        of_resource,
        _of_tasks({task: named[task] for task in sorted(others - own)}),
        frozenset(uid for task in shared for uid in assigned[task]),
        frozenset(others & own),
    )


def _of_resources(root: Element, calendars: Mapping[int, Calendar]) -> dict[int, Calendar]:
    found = {}
    for element in root.within("Resources", "Resource"):
        uid, calendar = _number(element, "UID"), _number(element, "CalendarUID")
        if element.value("Type") in _WORK and element.value("Name") and calendar in calendars:
            found[uid] = calendars[calendar]
    return found


def _of_tasks(named: Mapping[int, Mapping[str, Calendar]]) -> dict[int, Calendar]:
    """Return the calendar of each task: its people's, or all of theirs together."""
    joined: dict[tuple[str, ...], Calendar] = {}
    found = {}
    for task, held in named.items():
        names = tuple(sorted(held))
        if names not in joined:
            one = [held[name] for name in names]
            joined[names] = one[0] if len(one) == 1 else together(one)
        found[task] = joined[names]
    return found


def together(calendars: Iterable[Calendar]) -> Calendar:
    """Return the time in which at least one of some calendars is worked."""
    held = list(calendars)
    week = {day: _joined([_on_weekday(day, one) for one in held]) for day in range(7)}
    special = sorted({day for one in held for day in (*one.holidays, *dict(one.extra))})
    days = {day: _joined([windows_on(day, one) for one in held]) for day in special}
    return calendar_of(" + ".join(one.name for one in held), week, days)


def _joined(parts: list[Windows]) -> Windows:
    return merged([span for windows in parts for span in windows])


def windows_on(day: date, calendar: Calendar) -> Windows:
    """Return the working times of one day."""
    special = dict(calendar.extra)
    if day in special or day in calendar.holidays:
        return special.get(day, ())
    return _on_weekday(day.weekday(), calendar)


def _on_weekday(day: int, calendar: Calendar) -> Windows:
    if day not in calendar.weekdays:
        return ()
    return dict(calendar.hours).get(day, calendar.windows)


def _has_own(task: Element) -> bool:
    return _number(task, "CalendarUID") >= 0


def _number(element: Element, tag: str) -> int:
    """Return a UID; -1 for what is none, which is noted where it is read."""
    text = element.value(tag)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1
