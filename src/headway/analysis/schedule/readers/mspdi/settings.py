"""What a Microsoft Project file says of the whole: start, unit, the plan's calendar, own fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from headway.analysis.schedule.plan import WEEKDAYS, Calendar, LagUnit, Unit
from headway.analysis.schedule.readers.mspdi.calendars import Calendars
from headway.analysis.schedule.readers.mspdi.row import Row
from headway.analysis.schedule.readers.mspdi.worked import Worked, read_worked
from headway.analysis.schedule.readers.result import Losses
from headway.analysis.schedule.readers.xml_tree import Element

#: The years after the end of a plan for which recurring days of calendars are told.
YEARS_AFTER = 5
#: Names of own fields, in lower case, and what each holds of an item.
OWN_FIELDS: Mapping[str, str] = {
    "optimistic": "optimistic",
    "optimistic duration": "optimistic",
    "most likely": "most_likely",
    "most likely duration": "most_likely",
    "expected": "most_likely",
    "expected duration": "most_likely",
    "pessimistic": "pessimistic",
    "pessimistic duration": "pessimistic",
    "remaining optimistic": "remaining_optimistic",
    "remaining most likely": "remaining_most_likely",
    "remaining pessimistic": "remaining_pessimistic",
    "headway id": "id",
    "headway kind": "kind",
    "headway distribution": "distribution",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The frame of the plan. Durations of the file, in minutes, become units."""

    start: date
    unit: Unit
    calendar: Calendar
    minutes_per_day: float
    #: What an own field holds, by its number.
    fields: Mapping[str, str]
    worked: Worked

    def units(self, minutes: float) -> float:
        """Return working minutes in units of the plan."""
        return minutes / (60.0 if self.unit is Unit.HOURS else self.minutes_per_day)

    def elapsed(self, minutes: float) -> float:
        """Return elapsed minutes in elapsed units of the plan."""
        return minutes / (60.0 if self.unit is Unit.HOURS else 1440.0)

    def lag(self, amount: float, unit: LagUnit) -> float:
        """Return a lag of the file, tenths of a minute or percent, in units or percent."""
        if unit is LagUnit.PERCENT:
            return amount
        return self.elapsed(amount / 10) if unit is LagUnit.ELAPSED else self.units(amount / 10)

    def start_day(self, moment: datetime) -> date:
        """Return the day on which work may begin at `moment`: the next one after hours."""
        windows = self.calendar.windows
        late = windows and moment.hour + moment.minute / 60 >= windows[-1][1]
        return moment.date() + timedelta(days=1 if late else 0)

    def end_day(self, moment: datetime) -> date:
        """Return the day by whose end it is `moment`: the one before when work has not begun."""
        windows = self.calendar.windows
        hour = moment.hour + moment.minute / 60
        early = windows and 0 < hour <= windows[0][0]
        return moment.date() - timedelta(days=1 if early else 0)


def span_of(root: Element, row: Row) -> tuple[date, date]:
    """Return the days between which single days of calendars are told."""
    begin = row.day("StartDate") or date(1984, 1, 1)
    end = max(row.day("FinishDate") or begin, begin)
    return date(1984, 1, 1), date(min(end.year + YEARS_AFTER, 2200), 12, 31)


def read_settings(root: Element, row: Row, calendars: Calendars, losses: Losses) -> Settings:
    """Return the frame of the file; what it lacks is noted."""
    calendar = _calendar(row, calendars)
    minutes = row.number("MinutesPerDay") or 480.0
    if not 0 < minutes <= 1440:
        row.note(f"MinutesPerDay is {row.shown('MinutesPerDay')}; it has to be from 1 to 1440.")
        minutes = 480.0
    if not row.flag("ScheduleFromStart", default=True):
        losses.tell("The file is scheduled from its finish backwards; here it is from its start")
    status = row.day("StatusDate")
    if status is not None:
        losses.tell(f"The status date {status} is not part of a plan; give it as --as-of")
    worked = read_worked(root, calendars.by_uid, calendar)
    used = [calendar, *worked.of_task.values(), *_own_calendars(root, calendars)]
    whole = all(is_day_of(one, minutes) for one in used) and not _is_elapsed(root)
    unit = Unit.DAYS if whole else Unit.HOURS
    start, fields = _start(root, row), _own_fields(root)
    return Settings(start, unit, calendar, minutes, fields, worked)


def _calendar(row: Row, calendars: Calendars) -> Calendar:
    uid = row.whole("CalendarUID", -1) or 0
    if uid in calendars.by_uid:
        return calendars.by_uid[uid]
    if row.has("CalendarUID") and uid >= 0:
        row.note(f"The project's calendar has the UID {uid}, which is not among the calendars.")
    elif calendars.bases:
        return calendars.by_uid[calendars.bases[0]]
    return WEEKDAYS


def _is_elapsed(root: Element) -> bool:
    return any(task.value("DurationFormat") in _ELAPSED for task in root.within("Tasks", "Task"))


def _own_calendars(root: Element, calendars: Calendars) -> Iterator[Calendar]:
    """Yield the calendars that tasks name."""
    for task in root.within("Tasks", "Task"):
        uid = task.value("CalendarUID")
        if uid.isdigit() and len(uid) < 10 and int(uid) in calendars.by_uid:
            yield calendars.by_uid[int(uid)]


def is_day_of(calendar: Calendar, minutes: float) -> bool:
    """Say whether each day of the calendar has that many minutes: else only hours are exact."""
    spans = [calendar.windows, *(windows for _, windows in calendar.hours)]
    lengths = [sum(end - begin for begin, end in windows) for windows in spans]
    return all(abs(length * 60 - minutes) < 1e-6 for length in lengths)


#: DurationFormat of elapsed minutes, hours, days, weeks, months and percent, also estimated.
_ELAPSED = frozenset(str(number) for number in (4, 6, 8, 10, 12, 20, 36, 38, 40, 42, 44, 52))


def is_elapsed(row: Row) -> bool:
    """Say whether the duration of a task counts nights and weekends too."""
    return row.element.value("DurationFormat") in _ELAPSED


def _start(root: Element, row: Row) -> date:
    start = row.day("StartDate")
    if start is not None:
        return start
    starts = [Row(task, row.where, []).day("Start") for task in root.within("Tasks", "Task")]
    known = [day for day in starts if day is not None]
    if not known:
        row.note("The file has no StartDate and no task that starts; give its first day.")
    return min(known, default=date(1970, 1, 1))


def _own_fields(root: Element) -> dict[str, str]:
    """Return what each own field of tasks holds, by FieldID: its alias says, or its name."""
    found: dict[str, str] = {}
    for field in root.within("ExtendedAttributes", "ExtendedAttribute"):
        for tag in ("Alias", "FieldName"):
            meaning = OWN_FIELDS.get(field.value(tag).lower())
            if meaning is not None:
                found.setdefault(field.value("FieldID"), meaning)
    return found
