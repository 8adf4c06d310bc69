"""What a plan is, as frozen values. A file, or rows of a database, may become one.

These types do not validate: `headway.analysis.schedule.soundness` does, for every source of plans.
Durations are in the plan's unit (working time). A moment is a date; a number of units where the
plan has no calendar. Item ids are text; a program's network may use "project/key".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from headway.analysis.quantities import Money

Moment = date | float
#: Spans of hours in a day, ascending: ((9.0, 12.0), (13.0, 17.0)).
Windows = tuple[tuple[float, float], ...]
USUAL_PRIORITY = 500
NEVER_MOVED = 1000


class Unit(StrEnum):
    """The unit of durations and lags."""

    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"


class Distribution(StrEnum):
    """How a range is read; the formulas are in `sampling`."""

    PERT = "pert"
    TRIANGULAR = "triangular"
    LOGNORMAL = "lognormal"
    UNIFORM = "uniform"


class LinkType(StrEnum):
    """Which end of the predecessor binds which end of the successor."""

    FS = "FS"
    SS = "SS"
    FF = "FF"
    SF = "SF"


class LagUnit(StrEnum):
    """What a lag is counted in: working time, elapsed time, or percent of the predecessor."""

    WORKING = "working"
    ELAPSED = "elapsed"
    PERCENT = "percent"


class OnePoint(StrEnum):
    """What a single number as an estimate is taken for: certain, or the middle of a history."""

    CERTAIN = "certain"
    HISTORY = "history"


class Progress(StrEnum):
    """What holds for work that was begun before what should come before it.

    `override`: its rest goes on. `retained`: its rest waits for what should have come first.
    """

    OVERRIDE = "override"
    RETAINED = "retained"


class ItemKind(StrEnum):
    """What sort of work an item is."""

    TASK = "task"
    EXPERIMENT = "experiment"
    DATA = "data"
    ANNOTATION = "annotation"
    TRAINING = "training"
    REVIEW = "review"
    MILESTONE = "milestone"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A range: optimistic ≤ most likely ≤ pessimistic. `distribution` None means the plan's."""

    optimistic: float
    most_likely: float
    pessimistic: float
    distribution: Distribution | None = None

    @classmethod
    def certain(cls, value: float) -> Estimate:
        """Return the range that holds one value."""
        return cls(value, value, value)

    @property
    def is_certain(self) -> bool:
        """Say whether the range holds one value only."""
        return self.optimistic == self.pessimistic

    @property
    def numbers(self) -> tuple[float, float, float]:
        """Return the three numbers in order."""
        return (self.optimistic, self.most_likely, self.pessimistic)


@dataclass(frozen=True, slots=True)
class Link:
    """A dependency, held by the successor. `lag` is in units, or in percent."""

    predecessor: str
    type: LinkType = LinkType.FS
    lag: float = 0.0
    unit: LagUnit = LagUnit.WORKING


@dataclass(frozen=True, slots=True)
class Attempts:
    """An experiment that may fail.

    `feasible` is the chance that it can succeed at all; `success` the chance of each attempt then
    (a range is a Beta drawn once per trial); `each` the duration of an attempt, `cost` its price.
    It stops after `max` attempts or at the end of `stop_by`; then `fallback` is taken, or it is
    never done.
    """

    success: Estimate
    max: int
    each: Estimate
    feasible: float = 1.0
    cost: Decimal = Decimal(0)
    stop_by: Moment | None = None
    fallback: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of work.

    `remaining` is what is left of a started item and replaces `estimate`; where only `done` is
    known, the share of the work that is done (0 to 1), that share is taken off the range.
    `pinned` binds the start to a day, whatever comes before it. `calendar` names one of the plan's
    (empty: the plan's own); `also` names more, such as those of the people who do it: work goes on
    while all of them work. `priority` is from 0 to 1000, and 1000 is never moved by levelling.
    `outline` holds the names of the summary tasks above it, outermost first.
    """

    id: str
    name: str = ""
    kind: ItemKind = ItemKind.TASK
    estimate: Estimate | None = None
    after: tuple[Link, ...] = ()
    needs: Mapping[str, float] = field(default_factory=dict, hash=False)
    cost: Decimal = Decimal(0)
    attempts: Attempts | None = None
    not_before: Moment | None = None
    deadline: Moment | None = None
    started: Moment | None = None
    finished: Moment | None = None
    remaining: Estimate | None = None
    pinned: Moment | None = None
    done: float | None = None
    calendar: str = ""
    priority: int = USUAL_PRIORITY
    outline: tuple[str, ...] = ()
    line: int | None = None
    also: tuple[str, ...] = ()

    @property
    def duration(self) -> Estimate | None:
        """Return the range of its work, of one attempt for an experiment; None when unknown."""
        left = self.left
        if left is not None:
            return left
        if self.attempts is not None:
            return self.attempts.each
        if self.estimate is None and self.kind is ItemKind.MILESTONE:
            return Estimate.certain(0.0)
        return self.estimate

    @property
    def left(self) -> Estimate | None:
        """Return the range of what is left of a started item, where that is known."""
        if self.remaining is not None or self.done is None or self.started is None:
            return self.remaining
        whole = self.estimate if self.attempts is None else self.attempts.each
        if whole is None or self.finished is not None:
            return None
        share = 1.0 - self.done
        low, likely, high = (number * share for number in whole.numbers)
        return Estimate(low, likely, high, whole.distribution)


@dataclass(frozen=True, slots=True)
class Rate:
    """A price per `period` (hour, day or week) of one unit of a resource."""

    amount: Decimal
    period: str = "hour"


@dataclass(frozen=True, slots=True)
class Resource:
    """People or machines of one sort.

    From the day of each of `steps` on, ascending, the capacity is the step's; before the first it
    is `capacity`. What needs one of `skills` may take it. `calendar` names one of the plan's.
    """

    name: str
    capacity: float
    rate: Rate | None = None
    kind: str = "people"
    steps: tuple[tuple[Moment, float], ...] = ()
    calendar: str = ""
    skills: tuple[str, ...] = ()
    line: int | None = None

    @property
    def most(self) -> float:
        """Return the largest capacity it ever has."""
        return max(self.capacity, *(units for _, units in self.steps), 0.0)


@dataclass(frozen=True, slots=True)
class Mitigation:
    """What a response would make of a risk; None keeps the risk's own value."""

    probability: float | None = None
    delay: Estimate | None = None
    impact: Estimate | None = None
    cost: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Closure:
    """Working time that a risk takes out of the calendar: a freeze, a strike, a storm.

    It `lasts` a range in the plan's unit and falls, wherever it does, between the days `first` and
    `last`. Nobody works meanwhile on `items` and on what needs one of `resources`; on nothing at
    all where neither is named.
    """

    lasts: Estimate
    first: Moment
    last: Moment
    items: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Risk:
    """An uncertain event that happens once or not at all.

    Its one `delay` falls on every item of `delays`; negative numbers are an opportunity. `impact`
    is what its occurrence costs. `closes` is the time that it takes out of the calendar; a
    mitigation's `delay` is then how long that lasts.
    """

    id: str
    probability: float
    name: str = ""
    delays: tuple[str, ...] = ()
    delay: Estimate | None = None
    impact: Estimate | None = None
    mitigated: Mitigation | None = None
    line: int | None = None
    closes: Closure | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody still to be hired.

    They come a `lead` of calendar days after the day `opened`, with probability `filled`; else
    nobody does. While they learn the work, for a `ramp` of weeks, they lose the share `lost` of
    it; before that is made up for, none of `items` starts, and never where nobody comes. From the
    day they come to the end of the day `until` they cost `yearly` a year (0: the work pays them).
    """

    id: str
    opened: date
    lead: Estimate
    name: str = ""
    ramp: Estimate = Estimate(0.0, 0.0, 0.0)  # noqa: RUF009  frozen, as all its parts are
    lost: float = 0.0
    filled: float = 1.0
    items: tuple[str, ...] = ()
    yearly: Decimal = Decimal(0)
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Correlation:
    """Spearman's `rho` between the durations of each pair of `items`."""

    items: tuple[str, ...]
    rho: float
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked, and when in the day.

    `weekdays` counts Monday as 0; `windows` are the hours of a working day, ascending. `hours` has
    the windows of those weekdays that differ, `extra` those of single days, worked or not worked
    (without windows), whatever the weekday. `zone` is the IANA name of the place whose clock the
    windows are read by; empty where that does not matter.
    """

    name: str
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    windows: Windows = ((9.0, 17.0),)
    holidays: tuple[date, ...] = ()
    hours: tuple[tuple[int, Windows], ...] = ()
    extra: tuple[tuple[date, Windows], ...] = ()
    zone: str = ""

    @property
    def hours_per_day(self) -> float:
        """Return the working hours of a working day."""
        return sum(end - begin for begin, end in self.windows)


WEEKDAYS = Calendar("weekdays")


@dataclass(frozen=True, slots=True)
class Plan:
    """Items, what links them, what they need, and what may happen to them.

    `calendar` None means that times are plain numbers from 0, and `start` is None. `calendars` are
    those that items and resources may name beside it.
    """

    name: str
    items: tuple[Item, ...]
    start: date | None = None
    unit: Unit = Unit.DAYS
    calendar: Calendar | None = None
    distribution: Distribution = Distribution.PERT
    target: Moment | None = None
    budget: Money | None = None
    resources: tuple[Resource, ...] = ()
    risks: tuple[Risk, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    one_point: OnePoint = OnePoint.CERTAIN
    progress: Progress = Progress.OVERRIDE
    openings: tuple[Opening, ...] = ()
