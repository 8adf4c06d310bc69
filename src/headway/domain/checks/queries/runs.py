"""Runs of monitors: what each found, and what the charts of a monitor are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.checks.models import CheckRun
from headway.domain.checks.rules import (
    ColumnResult,
    Distribution,
    EffectResult,
    MonitorFacts,
    SegmentResult,
)
from headway.domain.programs.queries import facts
from headway.errors import NotFound

#: States of a run that says something: one that failed is no evidence, and is told as that.
DONE = ("done", "failed")
#: Runs that the history of a monitor's columns reaches back.
HISTORY = 60


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run without its details. `stand` is how the monitor stood after it."""

    id: UUID
    number: int
    cause: str
    asked_by: str
    state: str
    at: datetime
    verdict: str
    word: str
    value: float | None
    bound: str
    rule: str
    n: int | None
    rows_bad: int | None
    sentence: str
    digest: str
    engine: str
    stand: str
    bad_in_a_row: int
    good_in_a_row: int
    record: int | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run in full; columns, segments and effects with the bad ones first."""

    line: RunLine
    columns: Sequence[ColumnResult]
    segments: Sequence[SegmentResult]
    effects: Sequence[EffectResult]
    sample_ratio: Mapping[str, Any] | None
    notes: Sequence[str]
    query: str
    reference: int | None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A column over time: one result for each run of the history, None where it had none."""

    column: str
    cells: Sequence[ColumnResult | None]


@dataclass(frozen=True, slots=True)
class ColumnHistory:
    """Columns over time: the runs, oldest first, and a row for each column, the worst first."""

    runs: Sequence[RunLine]
    rows: Sequence[HistoryRow]


@dataclass(frozen=True, slots=True)
class ColumnPicture:
    """One column of one run: its result, and its two distributions where they are kept."""

    run: RunLine
    result: ColumnResult | None
    distribution: Distribution | None


def run_line(row: CheckRun) -> RunLine:
    """Return a run as a frozen value."""
    return facts(RunLine, row)


def latest_runs(
    monitors: Sequence[UUID], at: datetime | None, *, each: int
) -> Mapping[UUID, list[CheckRun]]:
    """Return the last `each` runs that said something of each monitor, oldest first; one query."""
    place = Window(RowNumber(), partition_by=[F("monitor_id")], order_by=[F("number").desc()])
    rows = _told(CheckRun.objects.filter(monitor_id__in=monitors), at)
    chosen = rows.annotate(place=place).filter(place__lte=each).order_by("number")
    found: dict[UUID, list[CheckRun]] = {}
    for row in chosen.defer("details", "pictures"):
        found.setdefault(row.monitor_id, []).append(row)
    return found


def _told(rows: QuerySet[CheckRun], at: datetime | None) -> QuerySet[CheckRun]:
    """Return the runs that had said something by `at`."""
    found = rows.filter(state__in=DONE).exclude(verdict="")
    return found if at is None else found.filter(at__lte=at)


def runs_of(
    actor: Actor, monitor: MonitorFacts, at: datetime | None = None, *, most: int = HISTORY
) -> Sequence[RunLine]:
    """Return the runs of a monitor, the newest first; those that wait or run are among them."""
    require(actor, Permission.VIEW, monitor)
    rows = CheckRun.objects.filter(monitor_id=monitor.id).defer("details", "pictures")
    if at is not None:
        rows = rows.filter(at__lte=at)
    return [run_line(row) for row in rows.order_by("-number")[:most]]


def run_page(
    actor: Actor, monitor: MonitorFacts, number: int | None = None, at: datetime | None = None
) -> RunPage:
    """Return a run in full; without `number` the last one that said something.

    Raises NotFound where there is none.
    """
    row = _row(actor, monitor, number, at)
    held = row.details
    return RunPage(
        run_line(row),
        [ColumnResult(**one) for one in held.get("columns", ())],
        [SegmentResult(**one) for one in held.get("segments", ())],
        [EffectResult(**one) for one in held.get("effects", ())],
        held.get("sample_ratio"),
        held.get("notes", ()),
        held.get("query", ""),
        row.reference.number if row.reference is not None else None,
    )


def _row(actor: Actor, monitor: MonitorFacts, number: int | None, at: datetime | None) -> CheckRun:
    require(actor, Permission.VIEW, monitor)
    rows = CheckRun.objects.select_related("reference").filter(monitor_id=monitor.id)
    rows = rows.filter(number=number) if number is not None else _told(rows, at)
    row = rows.order_by("-number").first()
    if row is None:
        what = f"has no run {number}" if number is not None else "has not run yet"
        sentence = f"The monitor '{monitor.key}' {what}."
        raise NotFound(sentence)
    return row


def column_history(
    actor: Actor, monitor: MonitorFacts, at: datetime | None = None, *, most: int = HISTORY
) -> ColumnHistory:
    """Return each column's results over the last `most` runs, for a heat map."""
    require(actor, Permission.VIEW, monitor)
    rows = _told(CheckRun.objects.filter(monitor_id=monitor.id), at).defer("pictures")
    runs = list(reversed(rows.order_by("-number")[:most]))
    cells: dict[str, list[ColumnResult | None]] = {}
    for place, run in enumerate(runs):
        for held in run.details.get("columns", ()):
            one = ColumnResult(**held)
            cells.setdefault(one.name, [None] * len(runs))[place] = one
    ordered = sorted(cells.items(), key=lambda item: (_badness(item[1]), item[0]))
    return ColumnHistory(
        [run_line(run) for run in runs], [HistoryRow(name, row) for name, row in ordered]
    )


def _badness(row: Sequence[ColumnResult | None]) -> tuple[bool, int]:
    """Return what puts a column first: bad in the last run, then how often it was bad."""
    bad = [one is not None and one.verdict == "unmet" for one in row]
    return not bad[-1], -sum(bad)


def column_picture(
    actor: Actor,
    monitor: MonitorFacts,
    column: str,
    *,
    number: int | None = None,
    at: datetime | None = None,
) -> ColumnPicture:
    """Return a column's two distributions in a run. Raises NotFound for one it did not look at."""
    row = _row(actor, monitor, number, at)
    result = next((one for one in row.details.get("columns", ()) if one["name"] == column), None)
    picture = next((one for one in row.pictures if one["column"] == column), None)
    if result is None and picture is None:
        sentence = f"Run {row.number} of '{monitor.key}' looked at no column '{column}'."
        raise NotFound(sentence)
    return ColumnPicture(
        run_line(row),
        ColumnResult(**result) if result else None,
        Distribution(**picture) if picture else None,
    )


def segments_weakest_first(
    actor: Actor, monitor: MonitorFacts, *, number: int | None = None, at: datetime | None = None
) -> Sequence[SegmentResult]:
    """Return the segments of a run, the largest gap to the overall value first."""
    page = run_page(actor, monitor, number, at)
    return sorted(page.segments, key=lambda one: (one.verdict != "unmet", -abs(one.gap or 0.0)))
