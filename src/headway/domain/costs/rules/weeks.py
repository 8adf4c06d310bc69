"""A week of somebody's time sheet: what may stand in it, and what of it counts in which month."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from headway.domain.costs.rules.time_sheets import MOST_HOURS, TimeEntry
from headway.domain.programs.rules.fields import meant
from headway.errors import Conflict, Invalid

DRAFT, SUBMITTED, LOCKED = "draft", "submitted", "locked"
#: Weeks in these states are people's cost.
COUNTED = (SUBMITTED, LOCKED)
MOST_LINES = 40
_DAYS = 7
_NOTHING = Decimal(0)
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class WeekLine:
    """Hours of the seven days of a week on a project, and perhaps one of its items."""

    project: str
    item: str
    hours: tuple[Decimal, ...]

    @property
    def total(self) -> Decimal:
        """Return the hours of the week."""
        return sum(self.hours, _NOTHING)

    def stored(self) -> list[object]:
        """Return it as a table keeps it."""
        return [self.project, self.item, [f"{one.normalize():f}" for one in self.hours]]


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """Somebody's week, its Monday first. `state` is draft until it is submitted, then it counts.

    `id` is the person's; `version` is 0 for a week in which nothing was written yet.
    """

    id: UUID
    person: str
    person_name: str
    week: date
    state: str
    lines: Sequence[WeekLine]
    version: int

    @property
    def days(self) -> Sequence[date]:
        """Return the seven days."""
        return [self.week + timedelta(days=number) for number in range(_DAYS)]

    @property
    def by_day(self) -> Sequence[Decimal]:
        """Return the hours of each day."""
        return [sum((one.hours[day] for one in self.lines), _NOTHING) for day in range(_DAYS)]

    @property
    def total(self) -> Decimal:
        """Return all hours."""
        return sum(self.by_day, _NOTHING)


def monday_of(day: date) -> date:
    """Return the first day of a day's week."""
    return day - timedelta(days=day.weekday())


def held_lines(stored: Iterable[Sequence[object]]) -> list[WeekLine]:
    """Return what `stored` gave."""
    return [
        WeekLine(str(project), str(item), tuple(Decimal(str(one)) for one in _list(hours)))
        for project, item, hours in stored
    ]


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def read_lines(
    told: Iterable[tuple[str, str, Sequence[object]]],
    projects: Mapping[str, str],
    worked: tuple[date, date | None, date | None],
) -> list[WeekLine]:
    """Read the lines of a week; those without any hour are left out.

    `projects` are addresses by any word that means one, in small letters; `worked` are the Monday,
    and the person's first and last day of work, where they are known. Raises Invalid.
    """
    found: dict[tuple[str, str], WeekLine] = {}
    for project, item, hours in told:
        if not any(str(one or "").strip() for one in hours):
            continue
        line = _line(project, item, hours, projects)
        if (line.project, line.item) in found:
            sentence = f"{line.project} {line.item} stands twice; write its hours in one line."
            raise Invalid(sentence)
        if line.total:
            found[line.project, line.item] = line
    if len(found) > MOST_LINES:
        sentence = f"The week has {len(found)} lines; at most {MOST_LINES} fit."
        raise Invalid(sentence)
    lines = list(found.values())
    _require_days(lines, worked)
    return lines


def _require_days(lines: Sequence[WeekLine], worked: tuple[date, date | None, date | None]) -> None:
    """Raise Invalid for a day of too many hours, or before or after somebody works here."""
    monday, first, last = worked
    for number in range(_DAYS):
        day = monday + timedelta(days=number)
        hours = sum((one.hours[number] for one in lines), _NOTHING)
        if hours > MOST_HOURS:
            sentence = f"{_NAMES[number]} has {hours:f} hours; a day has {MOST_HOURS}."
            raise Invalid(sentence)
        if hours and ((first and day < first) or (last and day > last)):
            sentence = f"{_NAMES[number]} {day} lies outside of the time they work here."
            raise Invalid(sentence)


def _line(
    project: str, item: str, hours: Sequence[object], projects: Mapping[str, str]
) -> WeekLine:
    word, key = project.strip(), item.strip()
    if not word and "/" in key:
        word, _, key = key.partition("/")
    slug = projects.get(word.lower())
    if slug is None:
        sentence = f"There is no project '{word[:60]}'{meant(word, projects) or '.'}"
        raise Invalid(sentence)
    if len(hours) != _DAYS:
        sentence = f"A week has seven days; {slug} has hours of {len(hours)}."
        raise Invalid(sentence)
    return WeekLine(slug, key[:200], tuple(_hours(one, slug) for one in hours))


def _hours(told: object, project: str) -> Decimal:
    """Read hours of a day: 7.5, 7,5 or 7:30; empty is none."""
    text = str(told if told is not None else "").strip().replace(",", ".")
    if not text:
        return _NOTHING
    hours, colon, minutes = text.partition(":")
    try:
        part = Decimal(minutes) / 60 if colon else _NOTHING
        found = (Decimal(hours) + part).quantize(Decimal("0.01"))
    except InvalidOperation:
        sentence = f"'{text[:40]}' is not a number of hours ({project}); write 7.5 or 7:30."
        raise Invalid(sentence) from None
    if not found.is_finite() or not 0 <= found <= MOST_HOURS or not 0 <= part < 1:
        sentence = f"{text[:40]} hours of one day ({project}) are not 0 to {MOST_HOURS}."
        raise Invalid(sentence)
    return found


def require_open(week: WeekFacts, *, leads: bool) -> None:
    """Raise Conflict when a week is locked and the editor may not open it."""
    if week.state == LOCKED and not leads:
        sentence = (
            f"The week of {week.week} is locked: its hours are booked. Whoever runs the program "
            "can correct it."
        )
        raise Conflict(sentence)


def require_past(week: date, today: date) -> None:
    """Raise Invalid for a week that has not begun."""
    if week.weekday():
        sentence = f"A week begins on a Monday; {week} is a {_NAMES[week.weekday()]}."
        raise Invalid(sentence)
    if week > monday_of(today):
        sentence = f"The week of {week} has not begun; hours are written of what was done."
        raise Invalid(sentence)


def months_of_week(week: date) -> Sequence[tuple[int, int]]:
    """Return the months, as (year, month), that a week lies in."""
    ends = (week, week + timedelta(days=_DAYS - 1))
    return sorted({(day.year, day.month) for day in ends})


def entries_of(
    weeks: Iterable[tuple[date, str, Iterable[WeekLine]]], months: Collection[tuple[int, int]]
) -> Iterator[TimeEntry]:
    """Yield the hours of weeks (Monday, role, lines) that lie in `months`."""
    for monday, role, lines in weeks:
        for line in lines:
            for number, hours in enumerate(line.hours):
                day = monday + timedelta(days=number)
                if hours and (day.year, day.month) in months:
                    yield TimeEntry(role, day, hours, line.project, line.item)
