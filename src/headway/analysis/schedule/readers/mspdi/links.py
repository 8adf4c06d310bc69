"""The links of a Microsoft Project file, also those that begin or end at a summary.

A summary ends with the last of its work and begins with the first: what waits for its end waits
for all of its work, and what holds its begin holds all of its work. The other ends of a summary
are no link between items and are told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from headway.analysis.schedule.plan import LagUnit, Link, LinkType
from headway.analysis.schedule.readers.mspdi.outline import Rows, Task
from headway.analysis.schedule.readers.mspdi.row import Row
from headway.analysis.schedule.readers.mspdi.settings import Settings
from headway.analysis.schedule.readers.result import Losses

#: The schema's link types and ours.
TYPES = {0: LinkType.FF, 1: LinkType.FS, 2: LinkType.SF, 3: LinkType.SS}
MOST_LINKS = 200_000
_FROM_FINISH = (LinkType.FS, LinkType.FF)
_TO_START = (LinkType.FS, LinkType.SS)
#: LagFormat without the mark of an estimate: working, elapsed and percent.
_WORKING, _ELAPSED_UNITS, _PERCENT = (3, 5, 7, 9, 11, 21, 53), (4, 6, 8, 10, 12), (19, 20)


def read_links(rows: Rows, settings: Settings, losses: Losses) -> Mapping[str, tuple[Link, ...]]:
    """Return the links into each item, by its id."""
    found: dict[str, dict[Link, None]] = {}
    count = 0
    for task in rows.tasks.values():
        for written in task.row.rows("PredecessorLink"):
            for successor, link in _links(task, written, rows, settings, losses):
                found.setdefault(successor, {})[link] = None
                count += 1
        if count > MOST_LINKS:
            task.row.note(f"There are more than {MOST_LINKS:,} links; link fewer summaries.")
            break
    return {successor: tuple(links) for successor, links in found.items()}


def _links(
    task: Task, row: Row, rows: Rows, settings: Settings, losses: Losses
) -> Iterator[tuple[str, Link]]:
    """Yield (successor, link) for one written link."""
    link = _read(task, row, settings, losses)
    uid = row.whole("PredecessorUID")
    if link is None or uid is None:
        if uid is None:
            row.note("A link has no PredecessorUID; name the task it comes from.")
        return
    if row.flag("CrossProject") or uid in rows.gone:
        losses.tell("Links from tasks that are no work of this plan are left out", task.id)
        return
    source = rows.tasks.get(uid)
    if source is None:
        row.note(f"It waits for the UID {uid}, and no task has that; correct the link.")
        return
    sources = _ends(source, losses, exact=link.type in _FROM_FINISH)
    successors = _ends(task, losses, exact=link.type in _TO_START)
    for end in successors:
        for begin in sources:
            if begin is not end or not (task.is_summary or source.is_summary):
                yield end.id, Link(begin.id, link.type, link.lag, link.unit)


def _ends(task: Task, losses: Losses, *, exact: bool) -> Sequence[Task]:
    """Return the work that stands for an end of a task; only one of a summary's is `exact`."""
    if not task.is_summary:
        return (task,)
    if exact:
        return task.leaves
    losses.tell("Links at an end of a summary that none of its work has are left out", task.id)
    return ()


def _read(task: Task, row: Row, settings: Settings, losses: Losses) -> Link | None:
    number = row.whole("Type", 1)
    if number not in TYPES:
        row.note(f"The link type is {row.shown('Type')}; it is 0 FF, 1 FS, 2 SF or 3 SS.")
        return None
    amount = row.number("LinkLag") or 0.0
    unit = _lag_unit(task, row, losses) if amount else LagUnit.WORKING
    if unit is None:
        row.note(f"LagFormat is {row.shown('LagFormat')}; it is one of the schema's from 3 to 53.")
        return None
    return Link("", TYPES[number], settings.lag(amount, unit), unit)


def _lag_unit(task: Task, row: Row, losses: Losses) -> LagUnit | None:
    written = row.whole("LagFormat", 7) or 0
    plain = written - 32 if 35 <= written <= 52 else written
    if plain in _WORKING:
        return LagUnit.WORKING
    if plain in _ELAPSED_UNITS:
        return LagUnit.ELAPSED
    if plain == 20:
        losses.tell("Lags in elapsed percent are read as percent of the work", task.id)
    return LagUnit.PERCENT if plain in _PERCENT else None
