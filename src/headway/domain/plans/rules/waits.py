"""What waits on others: blockers and promises beside the items they touch and what that costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from headway.domain.risks.rules import BlockerFacts
from headway.domain.stakeholders.rules import PromiseFacts, float_days

#: How long before its day a promise to us should have been confirmed.
SOON = timedelta(days=28)
#: With less float than this, in working days, a promise to us should have been confirmed, too.
TIGHT = 5
#: The odds from which on what we give counts as likely: those of P80.
LIKELY = 0.8


@dataclass(frozen=True, slots=True)
class WaitItem:
    """An item that waits: its address `project/key` and its name."""

    address: str
    name: str
    is_finished: bool = False

    @property
    def project(self) -> str:
        """Return the address of its project."""
        return self.address.partition("/")[0]

    @property
    def key(self) -> str:
        """Return its key in the project."""
        return self.address.partition("/")[2]


@dataclass(frozen=True, slots=True)
class WaitEffect:
    """A P80 against the plan as it stands: calendar days, money of the program, change of odds.

    None where one of the two has no such answer.
    """

    days_p80: int | None = None
    money_p80: Decimal | None = None
    odds: float | None = None
    finish_p80: date | None = None


@dataclass(frozen=True, slots=True)
class WeekCost:
    """What it costs if a blocker lasts `weeks` longer than today."""

    weeks: int
    effect: WaitEffect


@dataclass(frozen=True, slots=True)
class BlockerOutlook:
    """What each further week of a blocker costs at P80; `problem` says why it is not known."""

    at: datetime
    weeks: Sequence[WeekCost] = ()
    problem: str = ""

    @property
    def first(self) -> WaitEffect | None:
        """Return what one further week costs."""
        return self.weeks[0].effect if self.weeks else None

    @property
    def soonest(self) -> WeekCost | None:
        """Return the fewest further weeks that cost a day; None where no simulated one does."""
        return next((one for one in self.weeks if one.effect.days_p80), None)


@dataclass(frozen=True, slots=True)
class PromiseOutlook:
    """What the plan says of a promise for the day `promised`.

    Got: `needed_by` is the last day on which it may land without moving the plan's most likely
    finish, `effect` what P80 does when it lands as promised. Given: `ready_by` is when the items
    that make it are done by the most likely plan, `chance` the odds of that by the promised day.
    """

    at: datetime
    promised: date | None = None
    needed_by: date | None = None
    ready_by: date | None = None
    effect: WaitEffect | None = None
    chance: float | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class BlockerStanding:
    """A blocker with what it holds up and what its lasting costs."""

    blocker: BlockerFacts
    items: Sequence[WaitItem] = ()
    outlook: BlockerOutlook | None = None

    @property
    def id(self) -> UUID:
        """Return the id of the blocker."""
        return self.blocker.id

    @property
    def version(self) -> int:
        """Return the version of the blocker."""
        return self.blocker.version


@dataclass(frozen=True, slots=True)
class PromiseStanding:
    """A promise with its items, the day it is needed by, and its float in working days.

    The float is from the promised day to the day it is needed by; of what we give, from the day it
    will be ready to the promised day. Negative is too late; None where either day is open.
    """

    promise: PromiseFacts
    items: Sequence[WaitItem] = ()
    outlook: PromiseOutlook | None = None
    needed_by: date | None = None
    float_days: int | None = None

    @property
    def id(self) -> UUID:
        """Return the id of the promise."""
        return self.promise.id

    @property
    def version(self) -> int:
        """Return the version of the promise."""
        return self.promise.version

    @property
    def effect(self) -> WaitEffect | None:
        """Return what P80 does when it lands as promised; None when promised for another day."""
        return self._current.effect if self._current else None

    @property
    def chance(self) -> float | None:
        """Return the odds that what we give is ready by the promised day."""
        return self._current.chance if self._current else None

    def asks(self, today: date) -> str:
        """Say why an open promise asks for somebody's attention today; empty when it does not.

        "overdue", "late" (less than no float), "undated", "unconfirmed" (and SOON or TIGHT),
        "unlikely" (of what we give: its odds are below LIKELY).
        """
        promise = self.promise
        if not promise.is_open:
            return ""
        if promise.is_overdue(today):
            return "overdue"
        if self.float_days is not None and self.float_days < 0:
            return "late"
        if promise.promised is None:
            return "undated"
        if promise.is_ours:
            return "unlikely" if self.chance is not None and self.chance < LIKELY else ""
        soon = min(promise.promised, self.needed_by or promise.promised) <= today + SOON
        tight = self.float_days is not None and self.float_days < TIGHT
        return "unconfirmed" if (soon or tight) and not promise.is_confirmed else ""

    @property
    def _current(self) -> PromiseOutlook | None:
        """Return the outlook if it is for the day that is promised now."""
        outlook = self.outlook
        return outlook if outlook and outlook.promised == self.promise.promised else None


def standing_of(
    promise: PromiseFacts,
    items: Sequence[WaitItem],
    outlook: PromiseOutlook | None,
    calendar: Mapping[str, object],
    today: date,
) -> PromiseStanding:
    """Return a promise beside what the plan says of it; a day that was typed wins over the plan's.

    What should have landed already lands today at the earliest. `calendar` is as kept on the
    program. A settled promise has no float.
    """
    planned = outlook.needed_by if outlook else None
    needs = promise.needed_by or planned
    slack = None
    if promise.is_ours and promise.is_open:
        slack = float_days(calendar, promise.promised, outlook.ready_by if outlook else None)
    elif promise.is_open and promise.promised is not None:
        slack = float_days(calendar, needs, max(promise.promised, today))
    return PromiseStanding(promise, items, outlook, needs, slack)
