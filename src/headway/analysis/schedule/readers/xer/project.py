"""Which project of a P6 file is read, and its frame: start, unit, calendar, summaries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from headway.analysis.schedule.plan import WEEKDAYS, Calendar, LagUnit, Progress, Unit
from headway.analysis.schedule.readers.mspdi.settings import is_day_of
from headway.analysis.schedule.readers.result import Losses
from headway.analysis.schedule.readers.xer.tables import Record, Tables
from headway.errors import Invalid

_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Project:
    """The project that is read."""

    id: str
    name: str
    start: date
    target: date | None
    unit: Unit
    hours_per_unit: float
    calendar: Calendar
    #: What lags are counted in: elapsed where the project schedules them day and night.
    lag_unit: LagUnit
    outlines: Mapping[str, tuple[str, ...]]
    tasks: tuple[Record, ...]
    progress: Progress

    def units(self, hours: float) -> float:
        """Return working hours in units of the plan."""
        return hours / self.hours_per_unit

    def lag(self, hours: float) -> float:
        """Return the hours of a lag in units of the plan, elapsed or working."""
        if self.lag_unit is LagUnit.ELAPSED:
            return hours if self.unit is Unit.HOURS else hours / 24.0
        return self.units(hours)


def read_project(
    tables: Tables, calendars: Mapping[str, Calendar], name: str, losses: Losses
) -> Project:
    """Return the one project of a file that has tasks. Raises Invalid where there are several."""
    row, tasks = _chosen(tables, name)
    calendar = calendars.get(row.text("clndr_id")) or _default(tables, calendars)
    used = {task.text("clndr_id") for task in tasks}
    held = [calendar, *(calendars[key] for key in used if key in calendars)]
    minutes = calendar.hours_per_day * 60
    unit = Unit.DAYS if all(is_day_of(one, minutes) for one in held) else Unit.HOURS
    start = row.day("plan_start_date") or _earliest(tasks)
    if start is None:
        row.note("The project has no plan_start_date and no task that starts; give one.")
    as_of = row.day("last_recalc_date")
    if as_of is not None:
        losses.tell(f"The data date {as_of} is not part of a plan; give it as --as-of")
    title, outlines = _outlines(tables, row.text("proj_id"))
    return Project(
        id=row.text("proj_id"),
        name=title or row.name("proj_short_name") or name,
        start=start or date(1970, 1, 1),
        target=row.day("plan_end_date"),
        unit=unit,
        hours_per_unit=calendar.hours_per_day if unit is Unit.DAYS else 1.0,
        calendar=calendar,
        lag_unit=_lag_unit(tables, row.text("proj_id"), losses),
        outlines=outlines,
        tasks=tuple(tasks),
        progress=_progress(tables, row.text("proj_id"), losses),
    )


def _chosen(tables: Tables, name: str) -> tuple[Record, list[Record]]:
    """Return the project that has tasks, and those."""
    tasks: dict[str, list[Record]] = {}
    for task in tables.of("TASK"):
        tasks.setdefault(task.text("proj_id"), []).append(task)
    rows = {row.text("proj_id"): row for row in tables.of("PROJECT")}
    held = [row for key, row in rows.items() if key in tasks]
    if len(held) == 1:
        return held[0], tasks[held[0].text("proj_id")]
    if not held:
        sentence = f"{name} holds no project with tasks; export one with its activities."
        raise Invalid(sentence)
    names = ", ".join(row.name("proj_short_name") or row.text("proj_id") for row in held[:8])
    sentence = (
        f"{name} holds {len(held)} projects ({names}); a plan is one: export them one by one."
    )
    raise Invalid(sentence)


def _default(tables: Tables, calendars: Mapping[str, Calendar]) -> Calendar:
    """Return the calendar that is the default of the file, else its first, else the usual week."""
    marked = [row for row in tables.of("CALENDAR") if row.text("default_flag") == "Y"]
    for row in (*marked, *tables.of("CALENDAR")):
        if row.text("clndr_id") in calendars:
            return calendars[row.text("clndr_id")]
    return WEEKDAYS


def _earliest(tasks: list[Record]) -> date | None:
    fields = ("act_start_date", "early_start_date", "target_start_date")
    days = [task.day(field) for task in tasks for field in fields]
    return min((day for day in days if day is not None), default=None)


def _lag_unit(tables: Tables, project: str, losses: Losses) -> LagUnit:
    for row in tables.of("SCHEDOPTIONS"):
        if row.text("proj_id") != project:
            continue
        by = row.text("sched_calendar_on_relationship_lag")
        if by == "rcal_24Hour":
            return LagUnit.ELAPSED
        if by in ("rcal_Successor", "rcal_ProjDefault"):
            losses.tell("Lags are counted by the calendar of what comes before them")
    return LagUnit.WORKING


def _progress(tables: Tables, project: str, losses: Losses) -> Progress:
    """Return what P6 does with work begun out of order; actual dates alone it knows besides."""
    for row in tables.of("SCHEDOPTIONS"):
        if row.text("proj_id") != project:
            continue
        if row.text("sched_retained_logic") == "Y":
            return Progress.RETAINED
        if row.text("sched_progress_override") == "N" and row.text("sched_retained_logic") == "N":
            losses.tell("Work begun out of order is scheduled by progress, not by actual dates")
    return Progress.OVERRIDE


def _outlines(tables: Tables, project: str) -> tuple[str, dict[str, tuple[str, ...]]]:
    """Return the project's name and the names above the tasks of each wbs_id, outermost first."""
    rows = {
        row.text("wbs_id"): row for row in tables.of("PROJWBS") if row.text("proj_id") == project
    }
    title = next(
        (row.name("wbs_name") for row in rows.values() if row.text("proj_node_flag") == "Y"), ""
    )
    found = {}
    for key in rows:
        chain: list[str] = []
        row = rows.get(key)
        while row is not None and row.text("proj_node_flag") != "Y" and len(chain) < _DEEPEST:
            chain.append(row.name("wbs_name") or row.name("wbs_short_name") or row.text("wbs_id"))
            row = rows.get(row.text("parent_wbs_id"))
        found[key] = tuple(reversed(chain))
    return title, found
