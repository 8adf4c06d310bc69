"""How somebody wants to be told: of what, how soon, and when not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from headway.domain.people.rules.moments import (
    moment_on,
    needed_of,
    next_daily,
    next_weekly,
    read_hour,
    read_weekday,
    read_zone,
)
from headway.domain.programs.rules.fields import Reader, flag
from headway.errors import Invalid

#: When digests and the brief go out while nobody said otherwise.
MORNING = time(7, 30)
#: No mail in these hours and on these days (Saturday, Sunday) while nobody said otherwise.
QUIET_FROM, QUIET_UNTIL, QUIET_DAYS = time(20), time(7), (5, 6)


class Kind(StrEnum):
    """What a notice tells of."""

    VERDICT = "verdict"
    DECISION = "decision"
    MENTION = "mention"
    REPORT = "report"
    CHECK_IN = "check_in"
    BRIEF = "brief"


class How(StrEnum):
    """How soon a mail tells it; `none`: the pages tell it alone."""

    IMMEDIATE = "immediate"
    DAILY = "daily"
    WEEKLY = "weekly"
    NONE = "none"


#: What each kind is called on a page, and what it is.
KIND_WORDS: Mapping[Kind, tuple[str, str]] = {
    Kind.VERDICT: ("Verdicts that changed", "a dimension of a program or project turned"),
    Kind.DECISION: ("Decisions that wait for me", "somebody asked, and I answer"),
    Kind.MENTION: ("Mentions and what I watch", "somebody wrote to me, or about what I watch"),
    Kind.REPORT: ("Reports", "a report was frozen"),
    Kind.CHECK_IN: ("Check-ins", "somebody on the roster answered, or I am asked"),
    Kind.BRIEF: ("The Monday brief", "the first page as a mail, once a week"),
}

#: What may be chosen for a kind; the brief is weekly or not at all.
CHOICES: Mapping[Kind, tuple[How, ...]] = {
    kind: (How.WEEKLY, How.NONE) if kind == Kind.BRIEF else tuple(How) for kind in Kind
}


def usual_how(kind: Kind) -> How:
    """Return how a kind is told while nobody said otherwise."""
    return How.WEEKLY if kind == Kind.BRIEF else How.DAILY


@dataclass(frozen=True, slots=True)
class Preferences:
    """How one member wants to be told. Hours and days are of the clock in `zone`.

    `hows` holds what was chosen; days are 0 (Monday) to 6. Digests go at `mail_at`, weekly ones
    and the brief on `week_day`; the brief at `brief_at`, in a quiet week only if `quiet_brief`.
    """

    zone: ZoneInfo
    hows: Mapping[str, str] = field(default_factory=dict)
    mail_at: time = MORNING
    week_day: int = 0
    brief_at: time = MORNING
    quiet_brief: bool = True
    quiet_from: time | None = QUIET_FROM
    quiet_until: time | None = QUIET_UNTIL
    quiet_days: tuple[int, ...] = QUIET_DAYS

    def how(self, kind: Kind) -> How:
        """Return how soon mails tell of this kind."""
        return How(self.hows.get(kind, usual_how(kind)))

    def mail_after(self, kind: Kind, at: datetime) -> datetime | None:
        """Return when a mail tells what happened at `at`; None where none does."""
        match self.how(kind):
            case How.IMMEDIATE:
                return self.awake(at)
            case How.DAILY:
                return self.awake(next_daily(self.mail_at, self.zone, at))
            case How.WEEKLY:
                return self.awake(next_weekly(self.week_day, self.mail_at, self.zone, at))
            case How.NONE:
                return None

    def awake(self, at: datetime) -> datetime:
        """Return the first moment, `at` or later, that lies outside quiet hours and days."""
        moment = at
        # A day is left, then the night after it: a dozen steps cross any week.
        for _ in range(24):
            later = self._quiet_ends(moment)
            if later is None:
                break
            moment = later
        return moment

    def _quiet_ends(self, at: datetime) -> datetime | None:
        """Return when the quiet that holds at `at` ends; None when it is not quiet then."""
        local = at.astimezone(self.zone)
        tomorrow = local.date() + timedelta(days=1)
        if local.weekday() in self.quiet_days:
            return moment_on(tomorrow, time(), self.zone)
        begins, ends, now = self.quiet_from, self.quiet_until, local.time()
        if begins is None or ends is None or not _within(begins, ends, now):
            return None
        day = local.date() if now < ends else tomorrow
        first = moment_on(day, ends, self.zone)
        # In the hour that comes twice the night may end a second time.
        return first if first > at else moment_on(day, ends, self.zone, second=True)


def _within(begins: time, ends: time, now: time) -> bool:
    """Say whether `now` lies in a span of hours that may cross midnight."""
    return begins <= now < ends if begins <= ends else now >= begins or now < ends


def read_hows(field_name: str, value: object) -> dict[str, str]:
    """Read what was chosen for each kind; kinds that are left out stay as usual."""
    if not isinstance(value, Mapping):
        sentence = f"The {field_name} are a {type(value).__name__}; write a word for each kind."
        raise Invalid(sentence)
    read = {}
    for name, word in value.items():
        if name not in list(Kind):
            sentence = f"There is no kind of notice '{str(name)[:40]}'; there is {', '.join(Kind)}."
            raise Invalid(sentence)
        allowed = CHOICES[Kind(name)]
        if word not in list(allowed):
            shown = ", ".join(allowed)
            sentence = f"How to be told of {name} is {str(word)[:40]!r}; it is one of: {shown}."
            raise Invalid(sentence)
        read[str(name)] = str(word)
    return read


def read_days(field_name: str, value: object) -> list[int]:
    """Read a list of days of the week; not all seven, or no mail would ever go out."""
    given = value if isinstance(value, list | tuple) else [value] if value not in (None, "") else []
    found = sorted({day for one in given if (day := read_weekday("quiet day", one)) is not None})
    if len(found) == 7:
        sentence = "All seven days are quiet; choose `none` for each kind to get no mail at all."
        raise Invalid(sentence)
    return found


PREFERENCE_FIELDS: Mapping[str, Reader] = {
    "hows": read_hows,
    "time_zone": read_zone,
    "mail_at": needed_of(read_hour, "a time such as 07:30"),
    "week_day": needed_of(read_weekday, "Monday to Sunday"),
    "brief_at": needed_of(read_hour, "a time such as 07:30"),
    "quiet_brief": flag,
    "quiet_from": read_hour,
    "quiet_until": read_hour,
    "quiet_days": read_days,
}
