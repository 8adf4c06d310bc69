"""When somebody works: their week, what it becomes from a day on, and when they are away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from headway.analysis.schedule.plan import Calendar, Windows
from headway.analysis.schedule.readers.calendar_fields import DAYS
from headway.analysis.schedule.spans import usual_week
from headway.domain.programs.rules.calendars import (
    as_written,
    calendar_from,
    calendar_text,
    form_calendar,
    require_calendar,
    written_calendar,
)
from headway.domain.programs.rules.fields import Reader, day
from headway.errors import Invalid

MOST_CHANGES = 20
MOST_ABSENCES = 200
LONGEST_ABSENCE = 731
#: Days from a plan's first on in which changes of a week are followed: thirty years.
_LAID_OUT = 30 * 366
_DAY = timedelta(days=1)
_WORDS = re.compile(r"[\s,]+")


@dataclass(frozen=True, slots=True)
class WorkingTimeFacts:
    """When the person `key` works; `schedule` is as a program keeps a calendar, or empty.

    `changes` are [day as ISO text, schedule from then on], `absences` [first day, last day].
    """

    id: UUID
    workspace_id: UUID
    person_id: UUID
    key: str
    name: str
    email: str
    schedule: Mapping[str, object]
    changes: Sequence[Sequence[object]]
    absences: Sequence[Sequence[str]]
    version: int

    @property
    def is_told(self) -> bool:
        """Say whether it says anything that work has to follow."""
        return bool(self.schedule or self.absences)

    def is_absent(self, today: date) -> bool:
        """Say whether they are away on a day."""
        return any(first <= today.isoformat() <= last for first, last in self.absences)


def personal_calendar(told: WorkingTimeFacts, name: str, first: date) -> Calendar:
    """Return the calendar of somebody under a name, laid out from the day `first` on.

    Its usual week is the last one that is known; the days before that begins, from `first` on, are
    told one by one. Who has absences only works whenever the work's own calendar does.
    """
    away = {one for pair in told.absences for one in _days(*map(date.fromisoformat, pair))}
    if not told.schedule:
        return Calendar(name, tuple(range(7)), ((0.0, 24.0),), tuple(sorted(away)))
    usual = calendar_from(told.schedule)
    special = dict.fromkeys(usual.holidays, ()) | dict(usual.extra) | dict.fromkeys(away, ())
    weeks = [(first, usual)]
    last_day = date.fromordinal(min(first.toordinal() + _LAID_OUT, date.max.toordinal()))
    changes = [(date.fromisoformat(str(since)), held) for since, held in told.changes]
    weeks += [(since, _week(held)) for since, held in changes if since <= last_day]
    laid: dict[date, Windows] = {}
    for (since, week), (until, _) in zip(weeks, weeks[1:], strict=False):
        hours = usual_week(week)
        for one in _days(max(since, first), until - _DAY):
            laid[one] = hours[one.weekday()]
    last = replace(weeks[-1][1], name=name, zone=usual.zone)
    extra = laid | special
    return replace(
        last,
        holidays=tuple(sorted(one for one, windows in extra.items() if not windows)),
        extra=tuple(sorted((one, windows) for one, windows in extra.items() if windows)),
    )


def _week(held: object) -> Calendar:
    return calendar_from(held if isinstance(held, Mapping) else {})


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + number * _DAY


def read_schedule(field: str, value: object) -> dict[str, object]:
    """Read a week as plan files write calendars (weekdays, hours, holidays, extra, zone), or none.

    As it is kept it is read back as well.
    """
    if not value:
        return {}
    if not isinstance(value, Mapping):
        sentence = f"The {field} is {str(value)[:60]!r}; write weekdays, hours, holidays and zone."
        raise Invalid(sentence)
    return _kept(value)


def _kept(written: Mapping[str, object]) -> dict[str, object]:
    """Return a week as it is kept, written as plan files do or kept before. Raises Invalid."""
    if "windows" in written:
        return calendar_text(replace(calendar_from(require_calendar(written)), name="schedule"))
    return calendar_text(written_calendar("schedule", written))


def read_changes(field: str, value: object) -> list[list[object]]:
    """Read what a week becomes: pairs of a day and a week, ascending.

    Text has one a line: "2027-01-04 mon tue wed 09:00-13:00".
    """
    pairs = _lines(value) if isinstance(value, str) else value
    found: list[list[object]] = []
    for pair in pairs if isinstance(pairs, list | tuple) else [pairs] if pairs else []:
        since, written = _change(field, pair)
        if found and since.isoformat() <= str(found[-1][0]):
            sentence = f"The {field} are out of order; write each day once, ascending."
            raise Invalid(sentence)
        found.append([since.isoformat(), _kept(written)])
    if len(found) > MOST_CHANGES:
        sentence = f"There are {len(found)} {field}; at most {MOST_CHANGES} fit."
        raise Invalid(sentence)
    return found


def _change(field: str, pair: object) -> tuple[date, Mapping[str, object]]:
    rule = "write a day with its weekdays and hours, such as 2027-01-04 mon tue wed 09:00-13:00"
    if isinstance(pair, str):
        first, *words = _WORDS.split(pair.strip())
        weekdays = [word for word in words if word.lower() in DAYS]
        spans = [word for word in words if word.lower() not in DAYS]
        pair = [first, {"weekdays": weekdays, "hours": spans}]
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        sentence = f"The {field} hold {str(pair)[:60]!r}; {rule}."
        raise Invalid(sentence)
    since, written = day(f"day of the {field}", pair[0]), pair[1]
    if since is None or not isinstance(written, Mapping):
        sentence = f"The {field} hold {str(pair)[:60]!r}; {rule}."
        raise Invalid(sentence)
    kept = {name: part for name, part in written.items() if part}
    known = {"weekdays", "hours", "windows", "name"}
    if not known >= set(kept) or "weekdays" not in kept:
        sentence = f"A week from {since} on has weekdays and hours; {rule}."
        raise Invalid(sentence)
    return since, kept


def read_absences(field: str, value: object) -> list[list[str]]:
    """Read days away: pairs of a first and a last day, both included; text has one a line."""
    pairs = _lines(value) if isinstance(value, str) else value
    found: list[list[str]] = []
    for pair in pairs if isinstance(pairs, list | tuple) else [pairs] if pairs else []:
        ends = [one for one in _WORDS.split(pair.strip()) if one != "to"] if isinstance(
            pair, str
        ) else pair  # fmt: skip
        if not isinstance(ends, list | tuple) or not 1 <= len(ends) <= 2:
            sentence = f"The {field} hold {str(pair)[:60]!r}; write 2026-12-21 to 2027-01-03."
            raise Invalid(sentence)
        first, last = day(f"first day of {field}", ends[0]), day(f"last day of {field}", ends[-1])
        if first is None or last is None or not 0 <= (last - first).days < LONGEST_ABSENCE:
            sentence = f"An absence from {first} to {last} makes no sense; two years are the most."
            raise Invalid(sentence)
        found.append([first.isoformat(), last.isoformat()])
    if len(found) > MOST_ABSENCES:
        sentence = f"There are {len(found)} {field}; at most {MOST_ABSENCES} fit."
        raise Invalid(sentence)
    return sorted(found)


def joined_days(held: Sequence[Sequence[str]], days: Iterable[date]) -> list[list[str]]:
    """Return [first, last] pairs of what was `held` and of further days, each day in one of them.

    Days that follow each other are one pair.
    """
    known = {one for pair in held for one in _days(*map(date.fromisoformat, pair))}
    found: list[list[date]] = []
    for one in sorted(known | set(days)):
        if found and one - found[-1][1] == _DAY:
            found[-1][1] = one
        else:
            found.append([one, one])
    return [[first.isoformat(), last.isoformat()] for first, last in found]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


WORKING_TIME_FIELDS: Mapping[str, Reader] = {
    "schedule": read_schedule,
    "changes": read_changes,
    "absences": read_absences,
}


def form_schedule(typed: Mapping[str, object]) -> Mapping[str, object]:
    """Return the schedule that a form writes, one day or span a line; empty where it says none.

    Raises Invalid for hours or days without weekdays, which would be left out without a word.
    """
    if not str(typed.get("weekdays") or "").strip():
        for name in ("hours", "other_hours", "holidays", "extra"):
            if str(typed.get(name) or "").strip():
                sentence = f"The {name.replace('_', ' ')} need weekdays; write these, too."
                raise Invalid(sentence)
        return {}
    return calendar_text(form_calendar("schedule", typed))


def shown_hours(told: WorkingTimeFacts) -> Mapping[str, str]:
    """Return working time in one line a field."""
    typed = typed_working_time(told)
    week = ("weekdays", "hours", "other_hours", "holidays", "extra", "zone")
    return {
        "week": " ".join(filter(None, (typed.get(name, "") for name in week))).replace("\n", ", "),
        "changes": typed["changes"].replace("\n", ", "),
        "absences": typed["absences"].replace("\n", ", "),
    }


def typed_working_time(told: WorkingTimeFacts | None) -> dict[str, str]:
    """Return working time in the words of a form, which `form_schedule` and the readers take."""
    if told is None:
        return {}
    words = as_written(calendar_from(told.schedule)) if told.schedule else {}
    changes = []
    for since, held in told.changes:
        week = as_written(_week(held))
        changes.append(f"{since} {week['weekdays']} {week['hours']}")
    away = [first if first == last else f"{first} to {last}" for first, last in told.absences]
    return {**words, "changes": "\n".join(changes), "absences": "\n".join(away)}
