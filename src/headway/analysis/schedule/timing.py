"""What binds each item in time before any link does: the plan's start, the status date, actuals."""

from __future__ import annotations

from dataclasses import dataclass

from headway.analysis.schedule.calendars import WorkingTime
from headway.analysis.schedule.plan import Item, Moment, Plan


@dataclass(frozen=True, slots=True)
class Timing:
    """The known times of one item, in units from the plan's start.

    `earliest` binds its start; `started` and `finished` are actual; `work_from` is the time from
    which the range of a started item counts; `elapsed` what it has taken so far.
    """

    earliest: float
    started: float | None = None
    finished: float | None = None
    work_from: float | None = None
    elapsed: float = 0.0
    stop_by: float | None = None


def timings(plan: Plan, time: WorkingTime, as_of: Moment | None) -> tuple[Timing, ...]:
    """Return the known times of each item; work that has not started is not before `as_of`."""
    status = None if as_of is None else time.start_of(as_of)
    return tuple(_timing(item, time, status) for item in plan.items)


def _timing(item: Item, time: WorkingTime, status: float | None) -> Timing:
    stop = item.attempts.stop_by if item.attempts else None
    stop_by = None if stop is None else time.end_of(stop)
    if item.finished is not None:
        finished = time.end_of(item.finished)
        started = finished - _likely(item)
        if item.started is not None:
            started = min(time.start_of(item.started), finished)
        return Timing(started, started, finished, started)
    if item.started is not None:
        started = time.start_of(item.started)
        elapsed = 0.0 if status is None else max(status - started, 0.0)
        resumes = item.left is not None and status is not None
        work_from = max(started, status or 0.0) if resumes else started
        return Timing(started, started, None, work_from, elapsed, stop_by)
    earliest = max(0.0, status or 0.0)
    if item.not_before is not None:
        earliest = max(earliest, time.start_of(item.not_before))
    return Timing(earliest, stop_by=stop_by)


def _likely(item: Item) -> float:
    return item.duration.most_likely if item.duration is not None else 0.0
