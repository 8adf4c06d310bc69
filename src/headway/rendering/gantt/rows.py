"""What a line of the Gantt chart says, as plain values: dates as days, both ends included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Shape(StrEnum):
    """What a row is: work with a length, a moment, or the sum of the rows below it."""

    BAR = "bar"
    MILESTONE = "milestone"
    SUMMARY = "summary"


class Weight(StrEnum):
    """How near a row is to deciding the end."""

    PLAIN = "plain"
    NEAR = "near"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `start` to `p50` is the bar, `p50` to `p80` its fading tail.

    `started` and `finished` are what really happened; `done` is the share of the work done (0–1),
    and where it is not known the bar is solid up to `until`, the day as of which the row is drawn.
    `planned` is the baseline's start and finish. `trouble` says as a sentence why there are no
    dates to draw; the row is then hatched, from `start` or `not_before` where one is known.
    """

    key: str
    name: str
    shape: Shape = Shape.BAR
    weight: Weight = Weight.PLAIN
    depth: int = 0
    start: date | None = None
    p50: date | None = None
    p80: date | None = None
    started: date | None = None
    finished: date | None = None
    done: float | None = None
    until: date | None = None
    not_before: date | None = None
    deadline: date | None = None
    planned: tuple[date, date] | None = None
    trouble: str = ""

    @property
    def begins(self) -> date | None:
        """The first day of its bar: the real one where it has begun."""
        return self.started or self.start or self.finished

    @property
    def ends(self) -> date | None:
        """The last day of its bar: the real one where it has ended, else its P50."""
        return self.finished or self.p50

    @property
    def solid_until(self) -> date | None:
        """The last day of the solid part of a bar under way; None where there is none."""
        first, last = self.begins, self.ends
        if first is None or last is None or not self.started or self.finished:
            return None
        if self.done is None:
            return min(self.until - timedelta(days=1), last) if self.until else None
        length = (max(last, first) - first).days + 1
        return first + timedelta(days=round(length * min(max(self.done, 0.0), 1.0)) - 1)

    @property
    def days(self) -> tuple[date, ...]:
        """Every day that a chart of this row must hold."""
        dates = (self.begins, self.ends, self.p80, self.not_before, self.deadline)
        return tuple(day for day in (*dates, *(self.planned or ())) if day)


@dataclass(frozen=True, slots=True)
class Wait:
    """A link between two rows by their keys: `successor` waits for `predecessor`.

    `kind` is FS, SS, FF or SF; `lag` is worded, empty without one.
    """

    predecessor: str
    successor: str
    kind: str = "FS"
    lag: str = ""
