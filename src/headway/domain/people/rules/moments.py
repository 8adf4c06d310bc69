"""When a day and an hour of somebody's own clock are, in UTC, across changes of summer time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from headway.domain.programs.rules.fields import Reader
from headway.errors import Invalid

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_DAY = timedelta(days=1)


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone of this IANA name; UTC where the name is empty or not known here."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def moment_on(day: date, hour: time, zone: ZoneInfo, *, second: bool = False) -> datetime:
    """Return when it is `hour` on `day` in `zone`, in UTC.

    An hour that a change of the clock leaves out is the one after it; of an hour that comes twice
    the first is meant, unless the `second`.
    """
    local = datetime.combine(day, hour.replace(fold=int(second)), zone)
    return local.astimezone(UTC)


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """Return which day it is in `zone` at the moment `at`."""
    return at.astimezone(zone).date()


def last_weekly(weekday: int, hour: time, zone: ZoneInfo, at: datetime) -> datetime:
    """Return the newest moment, not after `at`, at which it was that weekday and hour there."""
    today = local_day(at, zone)
    day = today - _DAY * ((today.weekday() - weekday) % 7)
    found = moment_on(day, hour, zone)
    return found if found <= at else moment_on(day - 7 * _DAY, hour, zone)


def next_weekly(weekday: int, hour: time, zone: ZoneInfo, at: datetime) -> datetime:
    """Return the first moment after `at` at which it is that weekday and hour there."""
    today = local_day(at, zone)
    day = today + _DAY * ((weekday - today.weekday()) % 7)
    found = moment_on(day, hour, zone)
    return found if found > at else moment_on(day + 7 * _DAY, hour, zone)


def next_daily(hour: time, zone: ZoneInfo, at: datetime) -> datetime:
    """Return the first moment after `at` at which it is that hour there."""
    today = local_day(at, zone)
    found = moment_on(today, hour, zone)
    return found if found > at else moment_on(today + _DAY, hour, zone)


def read_zone(field: str, value: object) -> str:
    """Read the name of a time zone, or nothing."""
    found = str(value or "").strip()
    if not found:
        return ""
    try:
        ZoneInfo(found)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        said = field.replace("_", " ")
        sentence = f"The {said} {found[:60]!r} is not known; write one such as Europe/Berlin."
        raise Invalid(sentence) from None
    return found


def read_hour(field: str, value: object) -> time | None:
    """Read a time of day to the minute, such as 07:30, or nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0, tzinfo=None)
    try:
        return time.fromisoformat(str(value).strip()).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        said = field.replace("_", " ")
        sentence = f"The {said} {str(value)[:40]!r} is not a time of day; write it as 07:30."
        raise Invalid(sentence) from None


def read_weekday(field: str, value: object) -> int | None:
    """Read a day of the week: 0 (Monday) to 6 (Sunday), its English name, or nothing."""
    if value is None or value == "":
        return None
    word = str(value).strip().lower()
    for number, name in enumerate(WEEKDAYS):
        if word in (str(number), name.lower()) and not isinstance(value, bool):
            return number
    said = field.replace("_", " ")
    sentence = f"The {said} {str(value)[:40]!r} is no day of the week; write Monday to Sunday."
    raise Invalid(sentence)


def needed_of(read: Reader, what: str) -> Reader:
    """Return `read` as a reader that refuses nothing: `what` says what to write."""

    def needed(field: str, value: object) -> object:
        found = read(field, value)
        if found is None:
            sentence = f"The {field.replace('_', ' ')} is empty; write {what}."
            raise Invalid(sentence)
        return found

    return needed
