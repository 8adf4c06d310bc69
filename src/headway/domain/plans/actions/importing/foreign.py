"""Tables of other tools on their way into a project: opened, mapped, and the mapping remembered."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.analysis.schedule.readers.csv_plan import COLUMNS
from headway.connectors.tables import (
    Grid,
    propose_mapping,
    read_grid,
    read_mapping,
    rows_of,
)
from headway.connectors.tables import Mapping as TableMapping
from headway.connectors.work import WorkRead, WorkRow
from headway.domain.plans.actions.importing.job import Import
from headway.domain.plans.models import ColumnMapping, Plan, WorkItem
from headway.domain.plans.rules.coarse import Frame, Held
from headway.domain.plans.rules.importing import LONGEST_OWNER
from headway.domain.programs.rules import ProgramFacts, ProjectFacts
from headway.domain.programs.rules.calendars import calendar_from

#: Endings of files that are tables of other tools, whatever is in them.
_TABLES = frozenset(("xlsx", "xlsm", "xls", "ods", "tsv", "txt"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where a table goes, and by which mapping: a person's, or none."""

    project: str
    mapping: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class ForeignTable:
    """A table that was opened and read by a mapping."""

    grid: Grid
    mapping: TableMapping
    read: WorkRead
    notes: Sequence[str]


def is_foreign(data: bytes, name: str) -> bool:
    """Say whether the file is a table of another tool: any but a CSV with our own columns."""
    ending = name.rpartition(".")[2].lower()
    if ending in _TABLES:
        return True
    if ending != "csv":
        return False
    head = data[:4_000].decode("utf-8-sig", "replace").splitlines()[:1]
    cells = [cell.strip() for cell in next(csv.reader(head), [])]
    ours = {"id", "most_likely"} <= set(cells) or {"id", "optimistic"} <= set(cells)
    return not (ours and len(set(cells) - set(COLUMNS)) <= 1)


def read_foreign(
    data: bytes, name: str, project: ProjectFacts | None, wanted: Mapping[str, object] | None
) -> ForeignTable:
    """Open a table and read it: by `wanted`, by what was remembered, or by what is proposed."""
    chosen = read_mapping(wanted) if wanted is not None else None
    grid = read_grid(data, name, sheet=chosen.sheet if chosen else "")
    notes: Sequence[str] = ()
    if chosen is None:
        held = _remembered(project, grid)
        if held is not None:
            chosen = read_mapping(held.mapping)
            notes = (f"Read as on {held.at:%Y-%m-%d}: the mapping of these columns was kept.",)
        else:
            chosen, notes = propose_mapping(grid)
    return ForeignTable(grid, chosen, rows_of(grid, chosen), notes)


def _remembered(project: ProjectFacts | None, grid: Grid) -> ColumnMapping | None:
    if project is None:
        return None
    rows = ColumnMapping.objects.filter(project_id=project.id)
    return rows.filter(headings_digest=_digest(grid)).first()


def frame_of(project: ProjectFacts, program: ProgramFacts, read: WorkRead, at: datetime) -> Frame:
    """Return what the plan stands in: it begins with its first work, or where it began before."""
    plan = Plan.objects.filter(project_id=project.id).first()
    today = at.date()
    starts = [row.started_at.date() for row in read.rows if row.started_at]
    items = WorkItem.objects.filter(project_id=project.id)
    held = {
        key: Held(started, finished)
        for key, started, finished in items.values_list("key", "started", "finished")
    }
    told = sum(row.key in held for row in read.rows)
    all_items = WorkItem.objects.filter(project__program_id=program.id).count()
    return Frame(
        name=project.name,
        begins=plan.start if plan else min([today, *starts]),
        today=today,
        calendar=calendar_from(program.calendar),
        held=held,
        others=all_items - told,
    )


def owners_of(rows: Iterable[WorkRow]) -> dict[str, str]:
    """Return who does each item, by its key; a row that says nobody says nothing."""
    return {row.key: row.assignee[:LONGEST_OWNER] for row in rows if row.assignee}


def remember_mapping(job: Import, table: ForeignTable) -> None:
    """Keep how these columns were read, so that the next export of them is read alike."""
    kept = table.mapping.as_json()
    place = {"project_id": job.project.id, "headings_digest": _digest(table.grid)}
    held = ColumnMapping.objects.filter(**place).first()
    if held is None:
        ColumnMapping.objects.create(
            workspace_id=job.actor.workspace_id, mapping=kept, at=job.at, **place
        )
    elif held.mapping != kept:
        held.mapping, held.at = kept, job.at
        held.save(update_fields=["mapping", "at"])


def _digest(grid: Grid) -> str:
    return hashlib.sha256(json.dumps(grid.header).encode()).hexdigest()
