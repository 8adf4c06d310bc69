"""The calendars of a P6 file: a week and single days, nested in the parentheses of clndr_data.

    (0||CalendarData()((0||DaysOfWeek()((0||1()())(0||2()((0||0(s|08:00|f|16:00)())))…
     (0||Exceptions()((0||0(d|41519)())…

Days of the week count Sunday as 1; exceptions are days since 30 December 1899.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from headway.analysis.schedule.plan import Calendar, Windows
from headway.analysis.schedule.readers.mspdi.calendars import (
    DEEPEST,
    MOST_DAYS,
    USUAL_WEEK,
    calendar_of,
    merged,
)
from headway.analysis.schedule.readers.result import Losses
from headway.analysis.schedule.readers.xer.tables import Record, Tables

_ZERO = date(1899, 12, 30)
_MOST_NESTED = 40
_NAMED = re.compile(r"\d+\|\|(\w+)")
_HOURS = {key: re.compile(rf"{key}\|(\d{{1,2}}):(\d{{2}})") for key in "sf"}
_DAY = re.compile(r"d\|(\d{1,6})")


@dataclass(slots=True)
class Group:
    """What stands between two parentheses: its own text, and the groups in it."""

    text: str = ""
    inner: list[Group] = field(default_factory=list)

    def named(self, name: str) -> Iterator[Group]:
        """Yield the groups of that name at any depth, outermost first."""
        for group in self.inner:
            if group.name == name:
                yield group
            else:
                yield from group.named(name)

    @property
    def name(self) -> str:
        """Return its name, as in (0||NAME; empty when it has none."""
        written = _NAMED.match(self.text)
        return written[1] if written else ""

    def members(self) -> Iterator[Group]:
        """Yield the named groups right below it, through groups without a name."""
        for group in self.inner:
            if group.name:
                yield group
            else:
                yield from group.members()


def read_calendars(tables: Tables, losses: Losses) -> dict[str, Calendar]:
    """Return the calendars of a file by clndr_id."""
    weeks: dict[str, dict[int, Windows]] = {}
    days: dict[str, dict[date, Windows]] = {}
    rows: dict[str, Record] = {}
    for row in tables.of("CALENDAR"):
        key = row.text("clndr_id")
        if not key or key in rows:
            row.note(f"The clndr_id {row.shown('clndr_id')} is missing or used twice; correct it.")
            continue
        rows[key] = row
        weeks[key], days[key] = _read(row, losses)
    names = _names(rows)
    return {key: calendar_of(names[key], weeks[key], _inherited(key, rows, days)) for key in rows}


def _names(rows: dict[str, Record]) -> dict[str, str]:
    told = [row.name("clndr_name") for row in rows.values()]
    names = {}
    for key, row in rows.items():
        name = row.name("clndr_name") or f"Calendar {key}"
        alone = told.count(name) <= 1 and name != "none"
        names[key] = name if alone else f"{name} ({key})"
    return names


def _inherited(
    key: str, rows: dict[str, Record], days: dict[str, dict[date, Windows]]
) -> dict[date, Windows]:
    """Return the single days of a calendar over those of the ones it is based on."""
    chain = [key]
    while len(chain) <= DEEPEST:
        base = rows[chain[-1]].text("base_clndr_id")
        if not base or base not in rows or base in chain:
            break
        chain.append(base)
    found: dict[date, Windows] = {}
    for one in reversed(chain):
        found |= days[one]
    return found


def _read(row: Record, losses: Losses) -> tuple[dict[int, Windows], dict[date, Windows]]:
    """Return the week and the single days of one calendar."""
    root = _groups(row.text("clndr_data"))
    week = next(root.named("DaysOfWeek"), None) if root else None
    if root is None or week is None:
        losses.tell(
            "A calendar says nothing of its week; Monday to Friday, 8 to 17", row.name("clndr_name")
        )
        return dict(USUAL_WEEK), {}
    found = {}
    for day in week.members():
        if day.name.isdigit() and 1 <= int(day.name) <= 7:
            found[(int(day.name) - 2) % 7] = _windows(day, row)
    single: dict[date, Windows] = {}
    for exceptions in root.named("Exceptions"):
        for one in exceptions.members():
            _exception(one, row, single)
    if len(single) > MOST_DAYS:
        row.note(f"{len(single):,} days differ from the week; the most is {MOST_DAYS:,}.")
    return found, single


def _exception(one: Group, row: Record, single: dict[date, Windows]) -> None:
    written = _DAY.search(_own(one))
    if written is None:
        row.note("An exception of the calendar names no day (d|41519); export it again.")
        return
    single[_ZERO + timedelta(days=int(written[1]))] = _windows(one, row)


def _windows(day: Group, row: Record) -> Windows:
    spans = []
    for shift in day.members():
        text = _own(shift)
        begin, end = (_hour(text, key) for key in "sf")
        if begin is None or end is None:
            continue
        end = 24.0 if end == 0.0 else end
        if not 0.0 <= begin < end <= 24.0:
            row.note(f"A shift of the calendar is {text[:60]!r}; it has to end after it begins.")
            continue
        spans.append((begin, end))
    return merged(spans)


def _own(group: Group) -> str:
    """Return what a group says of itself: the text in its first parentheses."""
    return group.inner[0].text if group.inner else ""


def _hour(text: str, key: str) -> float | None:
    written = _HOURS[key].search(text)
    return int(written[1]) + int(written[2]) / 60 if written else None


def _groups(text: str) -> Group | None:
    """Return the groups of clndr_data; None when its parentheses do not close or are too many."""
    root = Group()
    open_: list[Group] = [root]
    for part in re.split(r"([()])", text.replace("\x7f", "")):
        if part == "(":
            group = Group()
            open_[-1].inner.append(group)
            open_.append(group)
            if len(open_) > _MOST_NESTED:
                return None
        elif part == ")":
            open_.pop()
            if not open_:
                return None
        else:
            open_[-1].text += part.strip()
    return root if len(open_) == 1 and root.inner else None
