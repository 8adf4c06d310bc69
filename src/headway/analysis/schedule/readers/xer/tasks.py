"""One activity of a P6 file as an item: what binds it, what is done, its calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from headway.analysis.schedule.plan import (
    USUAL_PRIORITY,
    Calendar,
    Estimate,
    Item,
    ItemKind,
)
from headway.analysis.schedule.readers.result import Losses
from headway.analysis.schedule.readers.xer.project import Project
from headway.analysis.schedule.readers.xer.tables import Record

_MILESTONES = ("TT_Mile", "TT_FinMile")
_WORK = ("TT_Task", "TT_Rsrc", *_MILESTONES)
_SPANNING = {"TT_LOE": "Level of effort", "TT_WBS": "WBS summaries"}
_PRIORITIES = {"PT_Top": 900, "PT_High": 700, "PT_Normal": 500, "PT_Low": 300, "PT_Lowest": 100}
_STATES = ("", "TK_NotStart", "TK_Active", "TK_Complete")
#: Constraints by what they become; the rest is named.
_PINS = ("CS_MSO", "CS_MANDSTART")
_DEADLINES = ("CS_MEOB", "CS_MEO", "CS_MANDFIN")
_LOST = {
    "CS_MEO": "Finish on is read as a deadline",
    "CS_MANDFIN": "Mandatory finish is read as a deadline",
    "CS_MSOB": "Start on or before is not part of a plan",
    "CS_MEOA": "Finish on or after is not part of a plan",
    "CS_ALAP": "As late as possible is read as as soon as possible",
}
_KNOWN = frozenset((*_PINS, *_DEADLINES, *_LOST, "CS_MSOA"))


@dataclass(slots=True)
class Bounds:
    """The days that bind an activity."""

    not_before: date | None = None
    pinned: date | None = None
    deadline: date | None = None


def is_work(task: Record, losses: Losses) -> bool:
    """Say whether an activity is work of its own; what only spans others is told."""
    kind = task.text("task_type")
    if kind in _SPANNING:
        losses.tell(
            f"{_SPANNING[kind]} is left out: it only spans other work", task.text("task_code")
        )
        return False
    if kind not in _WORK:
        task.note(f"task_type is {task.shown('task_type')}; it is TT_Task, TT_Mile and the like.")
    return True


def read_item(
    task: Record, project: Project, calendars: Mapping[str, Calendar], losses: Losses
) -> Item:
    """Return the item of an activity, without its links, needs and costs."""
    bounds = _bounds(task, project, losses)
    started, finished = _actuals(task, project)
    is_open = started is not None and finished is None
    done, remaining = _progress(task, project) if is_open else (None, None)
    milestone = task.text("task_type") in _MILESTONES
    _tell_more(task, losses)
    return Item(
        id=task.name("task_code"),
        name=task.name("task_name"),
        kind=ItemKind.MILESTONE if milestone else ItemKind.TASK,
        estimate=None if milestone else _estimate(task, project),
        not_before=bounds.not_before,
        pinned=bounds.pinned,
        deadline=bounds.deadline,
        started=started,
        finished=finished,
        done=done,
        remaining=remaining,
        calendar=_calendar(task, project, calendars),
        priority=_PRIORITIES.get(task.text("priority_type"), USUAL_PRIORITY),
        outline=project.outlines.get(task.text("wbs_id"), ()),
        line=task.line,
    )


def _estimate(task: Record, project: Project) -> Estimate | None:
    hours = task.number("target_drtn_hr_cnt")
    if hours is None and task.text("status_code") == "TK_NotStart":
        hours = task.number("remain_drtn_hr_cnt")
    return None if hours is None else Estimate.certain(project.units(hours))


def _bounds(task: Record, project: Project, losses: Losses) -> Bounds:
    bounds = Bounds()
    for kind_field, day_field in (("cstr_type", "cstr_date"), ("cstr_type2", "cstr_date2")):
        kind, at = task.text(kind_field), task.moment(day_field)
        if not kind:
            continue
        if kind not in _KNOWN:
            task.note(f"{kind_field} is {task.shown(kind_field)}, which is no constraint of P6.")
        elif at is None and kind != "CS_ALAP":
            task.note(f"{kind_field} is {kind} and there is no {day_field}; give the day.")
        else:
            _bind(bounds, kind, at, project)
        if kind in _LOST:
            losses.tell(_LOST[kind], task.text("task_code"))
    return bounds


def _bind(bounds: Bounds, kind: str, at: datetime | None, project: Project) -> None:
    if at is None:
        return
    if kind == "CS_MSOA":
        bounds.not_before = start_day(at, project.calendar)
    elif kind in _PINS:
        bounds.pinned = start_day(at, project.calendar)
    elif kind in _DEADLINES:
        day = end_day(at, project.calendar)
        bounds.deadline = min(bounds.deadline or day, day)


def start_day(moment: datetime, calendar: Calendar) -> date:
    """Return the day on which work may begin at `moment`: the next one after hours."""
    windows = calendar.windows
    late = windows and moment.hour + moment.minute / 60 >= windows[-1][1]
    return moment.date() + timedelta(days=1 if late else 0)


def end_day(moment: datetime, calendar: Calendar) -> date:
    """Return the day by whose end it is `moment`: the one before when work has not begun."""
    windows = calendar.windows
    early = windows and 0 < moment.hour + moment.minute / 60 <= windows[0][0]
    return moment.date() - timedelta(days=1 if early else 0)


def _actuals(task: Record, project: Project) -> tuple[date | None, date | None]:
    """Return the days of the actual start and finish; the status has to go with them."""
    state = task.text("status_code")
    if state not in _STATES:
        states = "TK_NotStart, TK_Active or TK_Complete"
        task.note(f"status_code is {task.shown('status_code')}; it is {states}.")
    begun, ended = task.moment("act_start_date"), task.moment("act_end_date")
    first = begun or ended
    if state == "TK_NotStart" or first is None:
        if state in ("TK_Active", "TK_Complete"):
            task.note(f"status_code is {state} and there is no act_start_date; give the day.")
        return None, None
    if state == "TK_Complete" and ended is None:
        task.note("status_code is TK_Complete and there is no act_end_date; give the day.")
    started = first.date()
    if ended is None:
        return started, None
    return started, end_day(ended, project.calendar) if ended.date() > started else ended.date()


def _progress(task: Record, project: Project) -> tuple[float | None, Estimate | None]:
    """Return the share that is done and what remains, which P6 always keeps."""
    remaining = task.number("remain_drtn_hr_cnt")
    whole = task.number("target_drtn_hr_cnt") or 0.0
    left = None if remaining is None else Estimate.certain(project.units(remaining))
    if task.text("complete_pct_type") == "CP_Phys":
        share = (task.number("phys_complete_pct") or 0.0) / 100
        return min(max(share, 0.0), 1.0), left
    if remaining is None or whole <= 0:
        return None, left
    return min(max(1.0 - remaining / whole, 0.0), 1.0), left


def _calendar(task: Record, project: Project, calendars: Mapping[str, Calendar]) -> str:
    key = task.text("clndr_id")
    held = calendars.get(key)
    if key and held is None:
        task.note(f"Its calendar has the clndr_id {key[:40]!r}, which is not among the calendars.")
    return "" if held is None or held.name == project.calendar.name else held.name


def _tell_more(task: Record, losses: Losses) -> None:
    if task.text("suspend_date"):
        losses.tell("Work that is suspended runs without its pause", task.text("task_code"))
    if task.text("expect_end_date"):
        losses.tell("Expected finishes are not part of a plan", task.text("task_code"))
