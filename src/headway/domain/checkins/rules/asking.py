"""When somebody is asked to check in, when reminded, and when there is nothing to ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from headway.domain.people.rules import PersonFacts
from headway.domain.people.rules.moments import (
    last_weekly,
    local_day,
    moment_on,
    next_weekly,
    zone_of,
)

#: When people are asked while nobody said otherwise: a working day before the week ends, so that
#: the reminder and the answer come before Monday's brief.
ASK_DAY, ASK_AT = 3, time(10)
#: A question that could not be asked by then (nothing ran) waits for the next week.
LATE = timedelta(days=2)
#: An answer this shortly before the question makes it needless.
FRESH = timedelta(days=3)
#: An answer may be given, and a mailed link works, for so long.
OPEN_FOR = timedelta(days=7)


class Standing(StrEnum):
    """Where a piece of open work stands for its owner."""

    UNDER_WAY = "under_way"
    DUE = "due"  # the plan has it begun by now
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When one person is asked: a weekday (0 Monday) and an hour of the clock in `zone`."""

    day: int
    hour: time
    zone: ZoneInfo

    @classmethod
    def of(cls, person: PersonFacts, workspace_zone: str) -> Rhythm:
        """Return the rhythm of `person`, as usual where they said nothing."""
        return cls(
            ASK_DAY if person.check_in_day is None else person.check_in_day,
            person.check_in_at or ASK_AT,
            zone_of(person.time_zone or workspace_zone),
        )

    def today(self, at: datetime) -> date:
        """Return which day it is for them."""
        return local_day(at, self.zone)

    def last(self, at: datetime) -> datetime:
        """Return the newest moment of asking, not after `at`."""
        return last_weekly(self.day, self.hour, self.zone, at)

    def next(self, at: datetime) -> datetime:
        """Return the first moment of asking after `at`."""
        return next_weekly(self.day, self.hour, self.zone, at)

    def reminder(self, asked_at: datetime) -> datetime:
        """Return when somebody asked at `asked_at` is reminded: a working day later, same hour."""
        local = asked_at.astimezone(self.zone)
        day = local.date() + timedelta(days=1)
        while day.weekday() >= 5:
            day += timedelta(days=1)
        return moment_on(day, local.time(), self.zone)


def due_question(person: PersonFacts, rhythm: Rhythm, at: datetime) -> datetime | None:
    """Return the moment for which `person` is to be asked at `at`; None when they are not."""
    if not person.is_asked or person.is_away(rhythm.today(at)):
        return None
    moment = rhythm.last(at)
    return moment if at - moment <= LATE else None


def is_needless(answered_at: datetime | None, moment: datetime) -> bool:
    """Say whether the last answer is so new that the question of `moment` would ask it again."""
    return answered_at is not None and answered_at >= moment - FRESH


def worth_asking(standings: Iterable[Standing], *, changed: bool) -> bool:
    """Say whether there is something to ask about.

    Nothing open: never. Where nothing of theirs changed since their last answer, only when
    something is under way or due: what comes next is known.
    """
    found = list(standings)
    if not found:
        return False
    return changed or any(one in (Standing.UNDER_WAY, Standing.DUE) for one in found)


def standing_of(
    started: date | None, deadline: date | None, planned: date | None, today: date
) -> Standing:
    """Return where open work stands: `planned` is the day on which the forecast begins it."""
    if started is not None:
        return Standing.UNDER_WAY
    days = [day for day in (deadline, planned) if day is not None]
    return Standing.DUE if any(day <= today for day in days) else Standing.NEXT
