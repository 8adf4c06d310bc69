"""The rows of a Microsoft Project file: which are work, which are summaries above it.

Empty rows, inactive tasks and tasks of other projects are no work; each is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from headway.analysis.schedule.readers.mspdi.row import Row
from headway.analysis.schedule.readers.mspdi.settings import Settings
from headway.analysis.schedule.readers.result import Losses
from headway.analysis.schedule.readers.xml_tree import Element
from headway.errors import Problem

_NOT_WORK = {
    "inactive": "Inactive tasks are left out, and what waits for them does not wait",
    "external": "Tasks of other projects are left out, and what waits for them does not wait",
    "empty": "Rows without a task are left out",
}


@dataclass(slots=True, eq=False)
class Task:
    """A row of the file. `above` lists its summaries, outermost first; leaves are below it."""

    uid: int
    id: str
    row: Row
    level: int
    own: dict[str, str]
    above: tuple[Task, ...] = ()
    leaves: list[Task] = field(default_factory=list)
    is_summary: bool = False

    @property
    def name(self) -> str:
        """Return the name of the task; that of a summary is never empty."""
        return self.row.name("Name")


@dataclass(slots=True)
class Rows:
    """The tasks of a file by UID, in its order; those that are `gone` are no work of the plan."""

    tasks: dict[int, Task] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)

    @property
    def work(self) -> Iterator[Task]:
        """Yield the tasks that become items."""
        return (task for task in self.tasks.values() if not task.is_summary)


def read_rows(root: Element, settings: Settings, problems: list[Problem], losses: Losses) -> Rows:
    """Return the rows of a file with the summaries above each."""
    rows = Rows()
    stack: list[Task] = []
    for element in root.within("Tasks", "Task"):
        uid = _uid(element, problems)
        if uid is None:
            continue
        row = Row(element, f"task UID {uid}", problems)
        why = _why_not_work(row)
        level = row.whole("OutlineLevel", 1) or 0
        if uid in rows.tasks or uid in rows.gone:
            row.note(f"The task UID {uid} is used twice; give each its own.")
        elif why is not None:
            losses.tell(_NOT_WORK[why], _shown(row, uid))
            rows.gone.add(uid)
        elif uid == 0 or level == 0:
            rows.gone.add(uid)
        else:
            _place(rows, stack, Task(uid, "", row, level, _own(row, settings)))
    _name(rows, problems)
    return rows


def _uid(element: Element, problems: list[Problem]) -> int | None:
    row = Row(element, "task", problems)
    uid = row.whole("UID")
    if uid is None or uid < 0:
        if not row.flag("IsNull"):
            row.note(f"A task has the UID {row.shown('UID')}; it has to be a number from 0.")
        return None
    return uid


def _why_not_work(row: Row) -> str | None:
    if row.flag("IsNull"):
        return "empty"
    if row.flag("ExternalTask"):
        return "external"
    return None if row.flag("Active", default=True) else "inactive"


def _shown(row: Row, uid: int) -> str:
    name = row.name("Name")
    return f"{uid} {name}" if name else str(uid)


def _place(rows: Rows, stack: list[Task], task: Task) -> None:
    """Put a task under those of lower levels that stand before it."""
    while stack and stack[-1].level >= task.level:
        stack.pop()
    task.above = tuple(stack)
    if stack:
        stack[-1].is_summary = True
    stack.append(task)
    rows.tasks[task.uid] = task


def _name(rows: Rows, problems: list[Problem]) -> None:
    """Give each task its id, the UID unless a field of ours holds one, and summaries their work."""
    ids: set[str] = set()
    for task in rows.tasks.values():
        task.id = task.own.get("id") or str(task.uid)
        if not task.is_summary:
            if task.id in ids:
                task.row.note(f"The id {task.id!r} is used twice; give each task its own.")
            ids.add(task.id)
            for summary in task.above:
                summary.leaves.append(task)


def _own(row: Row, settings: Settings) -> dict[str, str]:
    """Return what the task's own fields hold, by their meaning."""
    found = {}
    for held in row.element.all("ExtendedAttribute"):
        meaning = settings.fields.get(held.value("FieldID"))
        if meaning is not None and held.value("Value"):
            found[meaning] = held.value("Value")
    return found
