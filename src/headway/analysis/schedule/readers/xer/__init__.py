"""Primavera P6 XER in: a plan, and what it could not take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from headway.analysis.schedule.plan import Calendar, Item, Plan
from headway.analysis.schedule.readers.result import Losses, Read
from headway.analysis.schedule.readers.xer.calendars import read_calendars
from headway.analysis.schedule.readers.xer.links import read_links
from headway.analysis.schedule.readers.xer.project import Project, read_project
from headway.analysis.schedule.readers.xer.resources import Pool, read_resources
from headway.analysis.schedule.readers.xer.tables import Record, Tables, read_tables
from headway.analysis.schedule.readers.xer.tasks import is_work, read_item
from headway.errors import Problem

_READ = frozenset(
    (
        *("PROJECT", "CALENDAR", "PROJWBS", "TASK", "TASKPRED", "RSRC", "RSRCRATE", "TASKRSRC"),
        *("PROJCOST", "SCHEDOPTIONS"),
    )
)
#: Lists of choices and people that stand in every file, whether they are used or not.
_LISTS = frozenset(
    (
        *("CURRTYPE", "OBS", "FINTMPL", "ROLES", "ROLERATE", "ACTVTYPE", "ACTVCODE", "UMEASURE"),
        *("UDFTYPE", "MEMOTYPE", "RSRCROLE", "RSRCCURV", "RSRCLEVELLIST", "COSTTYPE", "ACCOUNT"),
        *("NONWORK", "PCATTYPE", "PCATVAL", "RCATTYPE", "RCATVAL", "RISKTYPE", "DOCCATG", "SHIFT"),
        *("SHIFTPER", "THRSPARM", "PFOLIO", "LOCATION", "POBS"),
    )
)


def read_xer(data: bytes, name: str) -> tuple[Read, list[Problem]]:
    """Return what was read and the problems. Raises Invalid when `data` is no such file."""
    tables = read_tables(data, name)
    losses = Losses()
    calendars = read_calendars(tables, losses)
    project = read_project(tables, calendars, name, losses)
    work = [task for task in project.tasks if is_work(task, losses)]
    codes = _codes(work)
    pool = read_resources(tables, project, codes, calendars, losses)
    links = read_links(tables, project, codes, losses)
    items = tuple(
        replace(
            item,
            after=links.get(item.id, ()),
            needs=pool.needs.get(item.id, {}),
            cost=pool.costs.get(item.id, Decimal(0)),
        )
        for item in (read_item(task, project, calendars, losses) for task in work)
        if item.id
    )
    plan = Plan(
        name=project.name,
        items=items,
        start=project.start,
        unit=project.unit,
        calendar=project.calendar,
        target=project.target,
        resources=tuple(pool.named.values()),
        calendars=_kept(project, calendars, items, pool),
        progress=project.progress,
    )
    if not tables.is_closed:
        losses.tell("The file ends without %E: it may have been cut off")
    _tell_tables(tables, losses)
    return Read(plan, losses.sentences()), tables.problems


def _codes(work: list[Record]) -> dict[str, str]:
    """Return the id of each item by its task_id: the activity's id, as people know it."""
    codes: dict[str, str] = {}
    for task in work:
        key, code = task.text("task_id"), task.name("task_code")
        if not key or not code:
            task.note("An activity has no task_id or no task_code; give it both.")
        elif key in codes:
            task.note(f"The task_id {key[:40]!r} is used twice; give each its own.")
        else:
            codes[key] = code
    return codes


def _kept(
    project: Project, calendars: Mapping[str, Calendar], items: tuple[Item, ...], pool: Pool
) -> tuple[Calendar, ...]:
    used = {project.calendar.name, *(item.calendar for item in items)}
    used |= {resource.calendar for resource in pool.named.values()}
    kept = {one.name: one for one in calendars.values() if one.name in used}
    kept.setdefault(project.calendar.name, project.calendar)
    return tuple(kept.values())


def _tell_tables(tables: Tables, losses: Losses) -> None:
    for table, rows in tables.rows.items():
        if table not in _READ and table not in _LISTS:
            losses.tell("Tables that are not part of a plan are left out", f"{table} ({len(rows)})")
