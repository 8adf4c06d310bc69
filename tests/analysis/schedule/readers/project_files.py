"""Microsoft Project files for tests, and the two that others wrote, where they lie beside us."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway.analysis.schedule.readers import Read, read_file

SHARED = Path(__file__).parents[4].parent / "shared" / "data" / "plans"
WEEK = "".join(
    f"<WeekDay><DayType>{day}</DayType><DayWorking>{int(1 < day < 7)}</DayWorking>"
    + (
        "<WorkingTimes><WorkingTime><FromTime>08:00:00</FromTime><ToTime>12:00:00</ToTime>"
        "</WorkingTime><WorkingTime><FromTime>13:00:00</FromTime><ToTime>17:00:00</ToTime>"
        "</WorkingTime></WorkingTimes>"
        if 1 < day < 7
        else ""
    )
    + "</WeekDay>"
    for day in range(1, 8)
)


def task(uid: int, *fields: str, hours: float = 8) -> str:
    """Return a task of so many hours with more fields."""
    extra = f"<Duration>PT{hours}H0M0S</Duration>{''.join(fields)}"
    return f"<Task><UID>{uid}</UID><Name>T{uid}</Name>{extra}</Task>"


def link(uid: int, type_: int = 1, lag: int = 0, format_: int = 7) -> str:
    """Return a link to a predecessor."""
    return (
        f"<PredecessorLink><PredecessorUID>{uid}</PredecessorUID><Type>{type_}</Type>"
        f"<LinkLag>{lag}</LinkLag><LagFormat>{format_}</LagFormat></PredecessorLink>"
    )


def project(
    *tasks: str,
    calendar: str = "",
    calendars: str = "",
    resources: str = "",
    assignments: str = "",
    head: str = "<StartDate>2026-01-05T08:00:00</StartDate>",
    fields: str = "",
) -> bytes:
    """Return a file with the usual week as calendar 1, and more of whatever is given."""
    return (
        '<?xml version="1.0"?>\n<Project xmlns="http://schemas.microsoft.com/project">\n'
        f"<Title>P</Title>{head}<CalendarUID>1</CalendarUID><MinutesPerDay>480</MinutesPerDay>\n"
        f"<ExtendedAttributes>{fields}</ExtendedAttributes>\n"
        "<Calendars><Calendar><UID>1</UID><Name>Standard</Name><IsBaseCalendar>1</IsBaseCalendar>"
        f"<WeekDays>{WEEK}</WeekDays>{calendar}</Calendar>{calendars}</Calendars>\n"
        f"<Tasks>{''.join(tasks)}</Tasks>\n<Resources>{resources}</Resources>\n"
        f"<Assignments>{assignments}</Assignments></Project>"
    ).encode()


def read(data: bytes) -> Read:
    """Return what is read of a file."""
    return read_file(data, "plan.xml")


def shared(name: str) -> bytes:
    """Return a file that others wrote; skips the test where it is not there."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{path.name} of the shared data is not beside this repository.")
    return path.read_bytes()
