"""A program's calendars: as they are kept, as people write them, and working days by one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from headway.analysis.documents.text import Entries, Node, Scalar, Table
from headway.analysis.schedule.calendars import WorkingTime
from headway.analysis.schedule.plan import WEEKDAYS, Calendar, Unit, Windows
from headway.analysis.schedule.readers.calendar_fields import DAYS, KEYS, read_calendar
from headway.analysis.schedule.readers.fields import Fields
from headway.analysis.schedule.spans import calendar_problems
from headway.domain.programs.rules.facts import ProgramFacts
from headway.errors import Invalid, Problem

#: Calendars that a program may hold beside its own.
MOST_CALENDARS = 100
#: How deep a calendar is written: a mapping of days to lists of hours.
_DEEPEST = 4
LONGEST_NAME = 100


def calendar_from(held: Mapping[str, object], name: str = "weekdays") -> Calendar:
    """Return the calendar kept as JSON; an empty one is Monday to Friday."""
    if not held:
        return WEEKDAYS if name == WEEKDAYS.name else Calendar(name)
    weekdays, holidays = held.get("weekdays"), held.get("holidays")
    hours, extra = held.get("hours"), held.get("extra")
    return Calendar(
        name=str(held.get("name", name)),
        weekdays=tuple(int(day) for day in weekdays) if isinstance(weekdays, list) else (),
        windows=_windows(held.get("windows"), WEEKDAYS.windows),
        holidays=tuple(date.fromisoformat(str(day)) for day in holidays)
        if isinstance(holidays, list)
        else (),
        hours=tuple((int(day), _windows(spans)) for day, spans in hours)
        if isinstance(hours, list)
        else (),
        extra=tuple((date.fromisoformat(str(day)), _windows(spans)) for day, spans in extra)
        if isinstance(extra, list)
        else (),
        zone=str(held.get("zone") or ""),
    )


def _windows(held: object, absent: Windows = ()) -> Windows:
    if not isinstance(held, list):
        return absent
    return tuple((float(begin), float(end)) for begin, end in held)


def calendar_text(calendar: Calendar) -> dict[str, object]:
    """Return a calendar as JSON to keep; Monday to Friday is kept as empty."""
    if calendar == WEEKDAYS:
        return {}
    kept: dict[str, object] = {
        "name": calendar.name,
        "weekdays": list(calendar.weekdays),
        "windows": [list(window) for window in calendar.windows],
        "holidays": [day.isoformat() for day in calendar.holidays],
    }
    if calendar.hours:
        kept["hours"] = [[day, [list(span) for span in spans]] for day, spans in calendar.hours]
    if calendar.extra:
        kept["extra"] = [
            [day.isoformat(), [list(span) for span in spans]] for day, spans in calendar.extra
        ]
    if calendar.zone:
        kept["zone"] = calendar.zone
    return kept


def require_calendar(held: Mapping[str, object]) -> Mapping[str, object]:
    """Return a calendar to keep as it is. Raises Invalid for one that could not be read again."""
    try:
        calendar = calendar_from(held)
    except (TypeError, ValueError) as error:
        sentence = (
            "The calendar cannot be read; it holds weekdays from 0 (Monday) to 6, windows as "
            "[9, 17], and holidays as 2026-12-24."
        )
        raise Invalid(sentence) from error
    for sentence in calendar_problems(calendar):
        raise Invalid(sentence)
    return held


def named_calendars(held: Mapping[str, Mapping[str, object]]) -> tuple[Calendar, ...]:
    """Return the calendars that a program holds beside its own, by name."""
    return tuple(calendar_from(text, name) for name, text in sorted(held.items()))


def written_calendar(name: str, written: Mapping[str, object]) -> Calendar:
    """Return the calendar that is written as in a plan file: weekdays, hours, days off, zone.

    Raises Invalid with a sentence for everything that is wrong with it.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or "/" in name or not name.isprintable():
        sentence = (
            f"The name {name[:40]!r} of a calendar has to have 1 to {LONGEST_NAME} letters, "
            "without a slash."
        )
        raise Invalid(sentence)
    found: list[Problem] = []
    keys = tuple(key for key in KEYS if key != "ics")
    table = _node(dict(written))
    if not isinstance(table, Table):
        sentence = "A calendar is a mapping of weekdays, hours, holidays, extra and zone."
        raise Invalid(sentence)
    calendar = read_calendar(name, Fields(table, f"calendar {name}", found, keys))
    problems = [*(one.sentence for one in found), *calendar_problems(calendar)]
    if problems:
        raise Invalid(problems[0], [Problem(f"calendar {name}", text) for text in problems])
    return calendar


def _node(value: object, depth: int = 0) -> Node:
    """Return a value as the readers of plan files take it. Raises Invalid for a deep one."""
    if depth > _DEEPEST:
        sentence = "The calendar is nested too deep; write weekdays, hours, holidays and extra."
        raise Invalid(sentence)
    if isinstance(value, Mapping):
        pairs = ((str(key), _node(one, depth + 1)) for key, one in value.items())
        return Table(tuple((Scalar(key, False, 1), node) for key, node in pairs), 1)
    if isinstance(value, list | tuple):
        return Entries(tuple(_node(one, depth + 1) for one in value), 1)
    return Scalar("" if value is None else str(value), value is None, 1)


def as_written(calendar: Calendar) -> dict[str, str]:
    """Return a calendar in the words of a form, which `form_calendar` reads back."""
    lines = [f"{DAYS[day]} {_spans(spans)}" for day, spans in calendar.hours]
    extra = [f"{day.isoformat()} {_spans(spans)}" for day, spans in calendar.extra]
    return {
        "weekdays": " ".join(DAYS[day] for day in calendar.weekdays),
        "hours": _spans(calendar.windows),
        "other_hours": "\n".join(lines),
        "holidays": "\n".join(day.isoformat() for day in calendar.holidays),
        "extra": "\n".join(extra),
        "zone": calendar.zone,
    }


def form_calendar(name: str, typed: Mapping[str, object]) -> Calendar:
    """Return the calendar that a form writes, one day or span a line. Raises Invalid."""
    texts = {key: str(value or "") for key, value in typed.items()}
    hours: dict[str, object] = {"usual": _listed(texts.get("hours", ""))}
    for day, spans in _days(texts.get("other_hours", "")).items():
        hours[day.lower()[:3]] = spans
    written: dict[str, object] = {
        "weekdays": texts.get("weekdays", "").replace(",", " ").split(),
        "hours": hours if len(hours) > 1 else hours["usual"],
        "holidays": texts.get("holidays", "").replace(",", " ").split(),
        "extra": _days(texts.get("extra", "")),
    }
    if texts.get("zone", "").strip():
        written["zone"] = texts["zone"].strip()
    if not written["weekdays"]:
        sentence = "No weekday is worked; name days like mon, tue, wed."
        raise Invalid(sentence)
    return written_calendar(name, {key: value for key, value in written.items() if value})


def _days(text: str) -> dict[str, object]:
    """Return what each line says of a day: its hours, or none where it is "off"."""
    found: dict[str, object] = {}
    for line in text.splitlines():
        day, _, rest = line.strip().partition(" ")
        if day:
            found[day.rstrip(":")] = [] if rest.strip().lower() in ("", "off") else _listed(rest)
    return found


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _spans(windows: Windows) -> str:
    if not windows:
        return "off"
    return ", ".join(f"{_clock(begin)}-{_clock(end)}" for begin, end in windows)


def _clock(hour: float) -> str:
    minutes = round(hour * 60)
    if minutes > 24 * 60:
        minutes -= 24 * 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def working_days(calendar: Mapping[str, object], since: date, until: date) -> int:
    """Return how many working days have ended between two days: Friday to Monday is 1.

    0 when `until` is not after `since`. `calendar` is as kept on the program.
    """
    if until <= since:
        return 0
    return int(WorkingTime(Unit.DAYS, since, calendar_from(calendar)).start_of(until))


def require_held_calendar(program: ProgramFacts, name: str) -> None:
    """Raise Invalid for the name of a calendar that `program` does not hold."""
    held = {calendar_from(program.calendar).name, *program.calendars}
    if name not in held:
        known = ", ".join(repr(one) for one in sorted(held))
        sentence = f"There is no calendar {name!r}; {program.name} has: {known}. Add it there."
        raise Invalid(sentence)
