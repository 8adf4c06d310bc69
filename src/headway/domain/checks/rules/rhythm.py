"""When a monitor runs by itself: every so many hours, or on days of the week at an hour (UTC)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from headway.domain.programs.rules.fields import whole
from headway.errors import Invalid

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: Of a year: what runs more rarely is run by hand.
MOST_HOURS = 24 * 366


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Every `hours`, or on `days` (0 is Monday) at `hour`; neither: only when asked."""

    hours: int | None = None
    days: Sequence[int] = ()
    hour: time = time(6)

    @property
    def is_set(self) -> bool:
        """Say whether it runs by itself at all."""
        return self.hours is not None or bool(self.days)

    @property
    def period(self) -> timedelta:
        """Return the longest time between two runs."""
        if self.hours is not None:
            return timedelta(hours=self.hours)
        if not self.days:
            return timedelta(0)
        ordered = sorted(self.days)
        following = [*ordered[1:], ordered[0] + 7]
        return timedelta(days=max(b - a for a, b in zip(ordered, following, strict=True)))

    def next_after(self, moment: datetime) -> datetime | None:
        """Return the first turn after `moment`; None where nothing runs by itself."""
        if self.hours is not None:
            return moment + timedelta(hours=self.hours)
        for ahead in range(8):
            day = moment.date() + timedelta(days=ahead)
            turn = datetime.combine(day, self.hour, moment.tzinfo)
            if day.weekday() in self.days and turn > moment:
                return turn
        return None

    def words(self) -> str:
        """Say it for a person."""
        if self.hours is not None:
            days, rest = divmod(self.hours, 24)
            count, unit = (self.hours, "hour") if rest else (days, "day")
            return f"every {unit}" if count == 1 else f"every {count} {unit}s"
        if not self.days:
            return "only when asked"
        if len(self.days) == 7:
            return f"daily at {self.hour:%H:%M} UTC"
        return f"{', '.join(DAYS[day] for day in sorted(self.days))} at {self.hour:%H:%M} UTC"


def read_rhythm(field: str, value: object) -> dict[str, object]:
    """Read {"hours": 24} or {"days": ["mon"], "hour": "06:00"} as JSON to keep; {} for none."""
    if value in (None, "", {}):
        return {}
    known = {"hours", "days", "hour"}
    if not isinstance(value, Mapping) or set(value) - known:
        sentence = (
            f"The {field} is {str(value)[:60]!r}; write hours, or days and an hour, for example "
            '{"days": ["mon"], "hour": "06:00"}.'
        )
        raise Invalid(sentence)
    hours, days = value.get("hours"), value.get("days") or []
    if hours not in (None, "") and days:
        sentence = f"The {field} has both hours and days; write one of them."
        raise Invalid(sentence)
    if hours not in (None, ""):
        return {"hours": whole(1, MOST_HOURS)("hours", hours)}
    if not days:
        return {}
    return {"days": _days(days), "hour": _hour(value.get("hour") or "06:00")}


def rhythm_of(held: Mapping[str, Any]) -> Rhythm:
    """Return the rhythm kept as JSON."""
    if "hours" in held:
        return Rhythm(hours=held["hours"])
    if held.get("days"):
        days = tuple(DAYS.index(day) for day in held["days"])
        return Rhythm(days=days, hour=time.fromisoformat(held["hour"]))
    return Rhythm()


def due_at(rhythm: Rhythm, last: datetime | None, since: datetime) -> datetime | None:
    """Return when a monitor that exists `since` then runs next; None where only when asked.

    One that runs every so many hours and never ran is due at once.
    """
    if not rhythm.is_set:
        return None
    if last is None and rhythm.hours is not None:
        return since
    return rhythm.next_after(last or since)


def silent_at(rhythm: Rhythm, last: datetime | None, since: datetime) -> datetime | None:
    """Return from when on a monitor that says nothing has fallen silent: one turn was missed."""
    due = due_at(rhythm, last, since)
    return None if due is None else due + rhythm.period


def _days(value: object) -> list[str]:
    parts = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        sentence = f"The days are {str(value)[:60]!r}; write a list of {', '.join(DAYS)}."
        raise Invalid(sentence)
    found = {str(part).strip().lower()[:3] for part in parts}
    for part in sorted(found - set(DAYS)):
        sentence = f"{part!r} is no day of the week; write {', '.join(DAYS)}."
        raise Invalid(sentence)
    return [day for day in DAYS if day in found]


def _hour(value: object) -> str:
    try:
        return f"{time.fromisoformat(str(value).strip()):%H:%M}"
    except ValueError:
        sentence = f"The hour {str(value)[:20]!r} is not a time of day; write it as 06:00."
        raise Invalid(sentence) from None
