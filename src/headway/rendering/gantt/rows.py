"""What a line of the Gantt chart says, as plain values: dates as days, both ends included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
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

    `started` and `finished` are what really happened; `done` is the share of the work done (0–1).
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
    not_before: date | None = None
    deadline: date | None = None
    planned: tuple[date, date] | None = None
    trouble: str = ""

    @property
    def begins(self) -> date | None:
        """The first day of its bar: the real one where it has begun."""
        return self.started or self.start or (self.finished if self.finished else None)

    @property
    def ends(self) -> date | None:
        """The last day of its bar: the real one where it has ended, else its P50."""
        return self.finished or self.p50

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
