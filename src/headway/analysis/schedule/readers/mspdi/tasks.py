"""One task of a Microsoft Project file as an item: what binds it, what is done, what it costs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from headway.analysis.schedule.plan import (
    USUAL_PRIORITY,
    Calendar,
    Distribution,
    Estimate,
    Item,
    ItemKind,
)
from headway.analysis.schedule.readers.mspdi.outline import Task
from headway.analysis.schedule.readers.mspdi.row import Row, minutes_of
from headway.analysis.schedule.readers.mspdi.settings import Settings, is_elapsed
from headway.analysis.schedule.readers.result import Losses

ELAPSED = Calendar("Elapsed time", (0, 1, 2, 3, 4, 5, 6), ((0.0, 24.0),))
#: Hundredths: Microsoft Project writes costs without a decimal point.
CENTS = Decimal(100)
_RANGE = ("optimistic", "most_likely", "pessimistic")
#: ConstraintType: as late as possible, must start on, must finish on, start no earlier than, …
ALAP, MSO, MFO, SNET, SNLT, FNET, FNLT = range(1, 8)
_LOST = {
    ALAP: "As late as possible is read as as soon as possible",
    MFO: "Must finish on is read as a deadline",
    SNLT: "Start no later than is not part of a plan",
    FNET: "Finish no earlier than is not part of a plan",
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """The days that bind a task."""

    not_before: date | None = None
    pinned: date | None = None
    deadline: date | None = None


def read_item(
    task: Task, settings: Settings, calendars: Mapping[int, Calendar], losses: Losses
) -> Item:
    """Return the item of a task, without its links, needs and what its summaries say."""
    row = task.row
    estimate = _estimate(task, settings)
    started, finished = _actuals(task, settings, losses)
    bounds = read_bounds(task, settings, losses)
    open_work = started is not None and finished is None
    done, remaining = _progress(task, settings, estimate) if open_work else (None, None)
    return Item(
        id=task.id,
        name=task.name,
        kind=_kind(task, losses),
        estimate=estimate,
        cost=row.amount("FixedCost") / CENTS,
        not_before=bounds.not_before,
        pinned=bounds.pinned,
        deadline=bounds.deadline,
        started=started,
        finished=finished,
        done=done,
        remaining=remaining,
        calendar=_calendar(task, settings, calendars, losses),
        priority=_priority(row),
        outline=tuple(summary.name or f"Summary {summary.uid}" for summary in task.above),
        line=row.element.line,
    )


def _kind(task: Task, losses: Losses) -> ItemKind:
    written = task.own.get("kind", "")
    if written in set(ItemKind):
        return ItemKind(written)
    if written:
        losses.tell(f"The kind {written[:40]!r} is unknown and read as task", task.id)
    return ItemKind.MILESTONE if task.row.flag("Milestone") else ItemKind.TASK


def _estimate(task: Task, settings: Settings) -> Estimate | None:
    """Return the duration: the range of own fields where it is whole, else one number."""
    written = task.own.get("distribution", "")
    shape = Distribution(written) if written in set(Distribution) else None
    ranged = _range(task, settings, "", shape)
    if ranged is not None:
        return ranged
    minutes = task.row.minutes("Duration")
    if minutes is None or (minutes == 0 and task.row.flag("Milestone")):
        return None
    return Estimate.certain(settings.units(minutes))


def _range(
    task: Task, settings: Settings, prefix: str, shape: Distribution | None
) -> Estimate | None:
    written = [task.own.get(prefix + key) for key in _RANGE]
    numbers = [_duration(text, task, settings) for text in written if text is not None]
    sound = [number for number in numbers if number is not None]
    if len(sound) < len(_RANGE) or (not any(sound) and not prefix):
        return None
    return Estimate(sound[0], sound[1], sound[2], shape)


def _duration(text: str, task: Task, settings: Settings) -> float | None:
    """Return the duration of an own field: of type Duration, or a Number of units."""
    minutes = minutes_of(text)
    if minutes is not None:
        return settings.units(minutes)
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if math.isfinite(number):
        return number
    task.row.note(f"An own field holds {text[:60]!r}; a range has durations or numbers.")
    return None


def read_bounds(task: Task, settings: Settings, losses: Losses) -> Bounds:
    """Return the days that bind a task by its constraint, its deadline and its mode."""
    row = task.row
    kind = row.whole("ConstraintType", 0) or 0
    at = row.moment("ConstraintDate")
    deadline = row.day("Deadline")
    pinned = _by_hand(task, settings, losses)
    if not 0 <= kind <= FNLT:
        row.note(f"ConstraintType is {kind}; it has to be from 0 to 7.")
    if kind > ALAP and at is None:
        row.note(f"ConstraintType is {kind} and there is no ConstraintDate; give the day.")
        return Bounds(None, pinned, deadline)
    if kind in _LOST:
        losses.tell(_LOST[kind], f"{task.id} ({at.date()})" if at else task.id)
    if at is None:
        return Bounds(None, pinned, deadline)
    if kind in (MFO, FNLT):
        deadline = min(deadline or at.date(), at.date())
    if kind == MSO and pinned is None:
        pinned = settings.start_day(at)
    return Bounds(settings.start_day(at) if kind == SNET else None, pinned, deadline)


def _by_hand(task: Task, settings: Settings, losses: Losses) -> date | None:
    """Return the day on which a task planned by hand stands; no link moves it."""
    row = task.row
    if not row.flag("Manual") or task.is_summary:
        return None
    at = row.moment("ManualStart") or row.moment("Start")
    if at is None:
        losses.tell("Tasks planned by hand without a start are planned by their links", task.id)
        return None
    losses.tell("Tasks planned by hand are pinned to their day", task.id)
    return settings.start_day(at)


def _actuals(task: Task, settings: Settings, losses: Losses) -> tuple[date | None, date | None]:
    """Return the days of the actual start and finish, also where only a share tells of them."""
    row = task.row
    begun, ended = row.moment("ActualStart"), row.moment("ActualFinish")
    share = row.number("PercentComplete") or 0.0
    if begun is None and (share > 0 or ended is not None):
        begun = row.moment("Start") or ended
        losses.tell("Work is done and no actual start is given; the planned one is taken", task.id)
    if ended is None and share >= 100:
        ended = row.moment("Finish")
        losses.tell("All is done and no actual finish is given; the planned one is taken", task.id)
    started = None if begun is None else begun.date()
    if ended is None or started is None:
        return started, None
    finished = settings.end_day(ended)
    return started, max(finished, started) if ended.date() >= started else finished


def _progress(
    task: Task, settings: Settings, estimate: Estimate | None
) -> tuple[float | None, Estimate | None]:
    """Return the share that is done, and what remains where that is not the share's rest."""
    share = (task.row.number("PercentComplete") or 0.0) / 100
    if not 0 <= share <= 1:
        task.row.note(f"PercentComplete is {task.row.shown('PercentComplete')}; it is 0 to 100.")
        return None, None
    ranged = _range(task, settings, "remaining_", None)
    if ranged is not None:
        return share, ranged
    minutes = task.row.minutes("RemainingDuration")
    whole = task.row.minutes("Duration")
    if minutes is None or (whole is not None and abs(minutes - (1 - share) * whole) < 1):
        return share, None
    if estimate is not None and not estimate.is_certain:
        return share, None
    return share, Estimate.certain(settings.units(minutes))


def _calendar(
    task: Task, settings: Settings, calendars: Mapping[int, Calendar], losses: Losses
) -> str:
    """Return the name of the calendar by which the work runs; none where it is the plan's."""
    row = task.row
    if is_elapsed(row):
        return ELAPSED.name
    uid = row.whole("CalendarUID", -1) or 0
    if uid >= 0 and row.flag("IgnoreResourceCalendar") and task.uid in settings.worked.bound:
        losses.tell("Tasks that ignore the calendars of their resources obey them", task.id)
    if not row.has("CalendarUID") or uid < 0:
        held = settings.worked.of_task.get(task.uid, settings.calendar)
    elif uid in calendars:
        held = calendars[uid]
    else:
        row.note(f"Its calendar has the UID {uid}, which is not among the calendars.")
        return ""
    return "" if held.name == settings.calendar.name else held.name


def _priority(row: Row) -> int:
    priority = row.whole("Priority", USUAL_PRIORITY)
    return USUAL_PRIORITY if priority is None else priority
