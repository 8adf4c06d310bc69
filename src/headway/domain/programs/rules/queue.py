"""Queue time: how long a function takes from being asked to its answer, as a range for the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

from headway.domain.programs.rules.calendars import working_days

#: Fewer answers than this tell no range.
FEWEST = 5

#: An answer on the day of the question took some of it.
SAME_DAY = 0.5


@dataclass(frozen=True, slots=True)
class Wait:
    """One question to a function: how many working days it waited, or has waited so far."""

    function: str
    days: float
    is_answered: bool


@dataclass(frozen=True, slots=True)
class QueueTime:
    """How long a function takes, in working days: P10, P50 and P90 of `n` answers.

    The three are None where there are fewer than FEWEST answers. `waiting` are questions that are
    open; `longest` is the oldest of them: where it has waited longer than P90, P90 is its age, for
    what has not come yet is no quick answer.
    """

    function: str
    n: int
    optimistic: float | None = None
    most_likely: float | None = None
    pessimistic: float | None = None
    waiting: int = 0
    longest: float | None = None

    @property
    def estimate(self) -> tuple[float, float, float] | None:
        """Return the range as an estimate of a work item; None where there are too few answers."""
        if self.optimistic is None or self.most_likely is None or self.pessimistic is None:
            return None
        return (self.optimistic, self.most_likely, self.pessimistic)

    @property
    def sentence(self) -> str:
        """Say the range, or what is missing for one."""
        if self.estimate is None:
            answers = "answer" if self.n == 1 else "answers"
            return f"{self.n} {answers} of {self.function} so far; a range takes {FEWEST}."
        low, middle, high = (f"{number:g}" for number in self.estimate)
        return (
            f"{self.function.capitalize()} answers in {low} to {high} working days, half of the "
            f"time within {middle} ({self.n} answers)."
        )


def wait_of(
    function: str,
    asked: datetime,
    answered: datetime | None,
    at: datetime,
    calendar: Mapping[str, object],
) -> Wait:
    """Return how long one question waited by a calendar; the answer of the same day takes half."""
    until: date = (answered or at).date()
    days = float(working_days(calendar, asked.date(), until))
    return Wait(function, max(days, SAME_DAY), answered is not None)


def queue_times(waits: Sequence[Wait]) -> Sequence[QueueTime]:
    """Return the queue time of each function that was ever asked, by function."""
    return [
        _queue_time(name, [one for one in waits if one.function == name])
        for name in sorted({one.function for one in waits})
    ]


def joint_range(times: Sequence[QueueTime]) -> tuple[float, float, float] | None:
    """Return the range of a review by several functions that are asked at once: the slowest's.

    End by end the longest; None unless each of them has a range.
    """
    ranges = [one.estimate for one in times]
    if not ranges or any(one is None for one in ranges):
        return None
    ends = zip(*(one for one in ranges if one is not None), strict=True)
    low, middle, high = (max(end) for end in ends)
    return (low, middle, high)


def _queue_time(function: str, waits: Sequence[Wait]) -> QueueTime:
    answered = sorted(one.days for one in waits if one.is_answered)
    still = [one.days for one in waits if not one.is_answered]
    longest = max(still, default=None)
    if len(answered) < FEWEST:
        return QueueTime(function, len(answered), waiting=len(still), longest=longest)
    low, middle, high = (_percentile(answered, share) for share in (10, 50, 90))
    return QueueTime(
        function, len(answered), low, middle, max(high, longest or 0), len(still), longest
    )


def _percentile(ordered: Sequence[float], percent: int) -> float:
    """Return a percentile of the inverted distribution: a value that was seen."""
    return ordered[ceil(percent * len(ordered) / 100) - 1]
