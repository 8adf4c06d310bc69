"""Monitors as they are set and how they stand, now or as known at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.checks.models import CheckRun, Monitor, Upload
from headway.domain.checks.queries.references import ReferenceLine, reference_of
from headway.domain.checks.queries.runs import RunLine, latest_runs, run_line, runs_of
from headway.domain.checks.rules import MonitorFacts, MonitorVerdict, Standing, verdict_of
from headway.domain.checks.rules.hysteresis import Stand
from headway.domain.checks.rules.tables import shown_table
from headway.domain.programs.models import Project
from headway.domain.programs.queries import facts, rows_at
from headway.domain.programs.rules import ProjectFacts
from headway.domain.programs.rules.fields import meant
from headway.errors import NotFound

#: Verdicts of the last runs that a list shows beside each monitor.
STRIP = 14
#: Runs that a monitor's page shows.
SHOWN = 60


@dataclass(frozen=True, slots=True)
class MonitorLine:
    """A monitor in a list: how it stands, what ran last, the last verdicts (oldest first)."""

    monitor: MonitorFacts
    project: str
    project_name: str
    table: str
    verdict: MonitorVerdict
    last: RunLine | None
    due: datetime | None
    strip: Sequence[RunLine]
    is_running: bool


@dataclass(frozen=True, slots=True)
class MonitorPage:
    """One monitor with its runs, the newest first, and what it is held against."""

    line: MonitorLine
    runs: Sequence[RunLine]
    reference: ReferenceLine | None
    more_tables: Mapping[str, str]


def monitors_page(
    actor: Actor, at: datetime, *, project: str = "", known_at: datetime | None = None
) -> Sequence[MonitorLine]:
    """Return the monitors of the workspace or of one project: alerts first, then by name."""
    require(actor, Permission.VIEW)
    rows = monitor_rows(actor, known_at)
    lines = _lines(actor, rows, at, known_at)
    wanted = [line for line in lines if project in ("", line.project)]
    return sorted(wanted, key=lambda line: (_rank(line), line.monitor.name, line.monitor.key))


def monitor_rows(actor: Actor, at: datetime | None, **conditions: object) -> list[Monitor]:
    """Return the monitors of the workspace that meet `conditions`, now or as known at `at`."""
    rows = rows_at(Monitor, at, workspace_id=actor.workspace_id, **conditions)
    return [row for row in rows if not row.is_removed]


def _rank(line: MonitorLine) -> int:
    order = ("unmet", "error", "stale", "missing", "insufficient")
    verdict = line.verdict.verdict
    return order.index(verdict) if verdict in order else len(order)


def monitor_named(actor: Actor, key: str, at: datetime | None = None) -> MonitorFacts:
    """Return the monitor with this key. Raises NotFound with the nearest key there is."""
    require(actor, Permission.VIEW)
    rows = monitor_rows(actor, at)
    found = next((row for row in rows if row.key == key), None)
    if found is None:
        known = [row.key for row in rows]
        sentence = f"There is no monitor '{key}' in this workspace{meant(key, known) or '.'}"
        raise NotFound(sentence)
    return facts(MonitorFacts, found)


def monitor_page(
    actor: Actor, key: str, at: datetime, *, known_at: datetime | None = None
) -> MonitorPage:
    """Return one monitor with its history. Raises NotFound."""
    monitor = monitor_named(actor, key, known_at)
    rows = monitor_rows(actor, known_at, id=monitor.id)
    line = _lines(actor, rows, at, known_at)[0]
    names = _upload_names(actor, monitor.more_tables.values())
    return MonitorPage(
        line,
        runs_of(actor, monitor, known_at, most=SHOWN),
        reference_of(actor, monitor, known_at),
        {role: shown_table(table, names) for role, table in monitor.more_tables.items()},
    )


def monitor_verdicts(
    actor: Actor,
    projects: Iterable[ProjectFacts],
    at: datetime,
    known_at: datetime | None = None,
) -> Mapping[UUID, Sequence[tuple[MonitorFacts, MonitorVerdict]]]:
    """Return how each enabled monitor of these projects stands, by project id; two queries."""
    require(actor, Permission.VIEW)
    ids = [project.id for project in projects]
    rows = monitor_rows(actor, known_at, project_id__in=ids)
    enabled = sorted((row for row in rows if row.is_enabled), key=lambda row: row.key)
    last = latest_runs([row.id for row in enabled], known_at, each=1)
    found: dict[UUID, list[tuple[MonitorFacts, MonitorVerdict]]] = {}
    for row in enabled:
        monitor = facts(MonitorFacts, row)
        verdict = _verdict(monitor, last.get(row.id, []), at)
        found.setdefault(row.project_id, []).append((monitor, verdict))
    return found


def _lines(
    actor: Actor, rows: Sequence[Monitor], at: datetime, known_at: datetime | None
) -> list[MonitorLine]:
    projects = {
        row.id: row
        for row in Project.objects.filter(
            workspace_id=actor.workspace_id, id__in={row.project_id for row in rows}
        )
    }
    names = _upload_names(actor, [row.table for row in rows])
    last = latest_runs([row.id for row in rows], known_at, each=STRIP)
    running = set(
        CheckRun.objects.filter(
            monitor_id__in=[row.id for row in rows], state__in=("waiting", "running")
        ).values_list("monitor_id", flat=True)
    )
    lines = []
    for row in rows:
        monitor, runs = facts(MonitorFacts, row), last.get(row.id, [])
        newest = runs[-1].at if runs else None
        project = projects[row.project_id]
        lines.append(
            MonitorLine(
                monitor,
                project.slug,
                project.name,
                shown_table(monitor.table, names),
                _verdict(monitor, runs, at),
                run_line(runs[-1]) if runs else None,
                monitor.due(newest),
                [run_line(run) for run in runs],
                row.id in running,
            )
        )
    return lines


def _verdict(monitor: MonitorFacts, runs: Sequence[CheckRun], at: datetime) -> MonitorVerdict:
    if not runs:
        return verdict_of(monitor, Standing(), None, "", (), at)
    last = runs[-1]
    standing = Standing(Stand(last.stand or Stand.NEW), last.bad_in_a_row, last.good_in_a_row)
    records = (last.record,) if last.record is not None else ()
    return verdict_of(monitor, standing, last.at, last.sentence, records, at)


def _upload_names(actor: Actor, tables: Iterable[Mapping[str, str]]) -> Mapping[str, str]:
    ids = [table["upload"] for table in tables if "upload" in table]
    rows = Upload.objects.filter(workspace_id=actor.workspace_id, id__in=ids)
    return {str(row.id): row.file_name for row in rows}
