"""What binds each item in time before any link does: the plan's start, the status date, actuals."""

from __future__ import annotations

from dataclasses import dataclass

from headway.analysis.schedule.calendars import WorkingTime
from headway.analysis.schedule.plan import Item, Moment, Plan


@dataclass(frozen=True, slots=True)
class Timing:
    """The known times of one item, on the plan's axis.

    `earliest` binds its start; `started` and `finished` are actual; `work_from` is the time from
    which the range of a started item counts; `elapsed` what it has taken so far, and `stop_by` the
    end of its attempts, in the item's own working units. `pinned` is its start whatever the links
    say. `resumes` is from when the rest of started work goes on at the soonest.
    """

    earliest: float
    started: float | None = None
    finished: float | None = None
    work_from: float | None = None
    elapsed: float = 0.0
    stop_by: float | None = None
    pinned: float | None = None
    resumes: float = 0.0

    @property
    def is_fixed(self) -> bool:
        """Say whether no link moves its start: it has begun, or is pinned."""
        return self.started is not None or self.pinned is not None


def timings(plan: Plan, time: WorkingTime, as_of: Moment | None) -> tuple[Timing, ...]:
    """Return the known times of each item; work that has not started is not before `as_of`."""
    status = None if as_of is None else time.start_of(as_of)
    return tuple(_timing(number, item, time, status) for number, item in enumerate(plan.items))


def _timing(number: int, item: Item, time: WorkingTime, status: float | None) -> Timing:
    stop = item.attempts.stop_by if item.attempts else None
    stop_by = None if stop is None else time.item_units(number, time.done_on(number, stop))
    if item.finished is not None:
        finished = time.done_on(number, item.finished)
        started = time.at_units(number, time.item_units(number, finished) - _likely(item))
        if item.started is not None:
            started = min(time.begun_on(number, item.started), finished)
        return Timing(started, started, finished, started)
    if item.started is not None:
        started = time.begun_on(number, item.started)
        elapsed = 0.0 if status is None else _worked(number, time, started, status)
        resumes = item.left is not None and status is not None
        work_from = max(started, status or 0.0) if resumes else started
        goes_on = max(started, status or started)
        return Timing(started, started, None, work_from, elapsed, stop_by, resumes=goes_on)
    earliest = time.zero if status is None else max(time.zero, status)
    if not time.is_plain:
        earliest = time.at_units(number, time.item_units(number, earliest))
    if item.pinned is not None:
        pinned = time.start_on(number, item.pinned)
        if status is not None:
            pinned = max(pinned, status)
        return Timing(pinned, stop_by=stop_by, pinned=pinned)
    if item.not_before is not None:
        earliest = max(earliest, time.start_on(number, item.not_before))
    return Timing(earliest, stop_by=stop_by)


def _worked(number: int, time: WorkingTime, started: float, status: float) -> float:
    """Return the working units of an item between its start and the status date."""
    return max(time.item_units(number, status) - time.item_units(number, started), 0.0)


def _likely(item: Item) -> float:
    return item.duration.most_likely if item.duration is not None else 0.0
