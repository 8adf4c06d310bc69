"""Pipelines: the last run, how fresh the data is, whether the service level is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.evidence.queries import ThingRecord, records_of_kinds
from headway.domain.inventory.models import PipelineEntry
from headway.domain.inventory.queries import reading
from headway.domain.inventory.rules.judged import Judged, rank
from headway.domain.inventory.rules.pipelines import (
    PipelineRun,
    ServiceLevel,
    kept,
    latest_of_each,
)
from headway.domain.inventory.rules.said import PipelineSaid
from headway.domain.programs.queries import facts, row_at, rows_at
from headway.domain.programs.rules.fields import meant
from headway.errors import NotFound

#: Records of each pipeline that are read for a list, and runs that a page shows.
_MOST_EACH, MOST_RUNS = 20, 100


@dataclass(frozen=True, slots=True)
class PipelineLine:
    """A pipeline: how it stands at a moment. `last` None: one that was only spoken of."""

    name: str
    home: str
    owner: str
    level: str
    kept: Judged
    last: PipelineRun | None
    data_until: datetime | None
    said: PipelineSaid | None


@dataclass(frozen=True, slots=True)
class PipelinePage:
    """One pipeline with its runs, the newest first."""

    line: PipelineLine
    runs: Sequence[PipelineRun]


def pipeline_lines(
    actor: Actor, at: datetime, known_at: datetime | None = None
) -> Sequence[PipelineLine]:
    """Return every pipeline that evidence or a person names, the worst first.

    One that a person expects runs of, and that never ran, is missing; it does not vanish.
    """
    told = _told(actor, known_at, _MOST_EACH)
    said = {row.name: facts(PipelineSaid, row) for row in _entries(actor, known_at)}
    lines = [_line(name, told.get(name, ()), said.get(name), at) for name in {*told, *said}]
    return sorted(lines, key=lambda line: (rank(line.kept.verdict), line.name))


def pipeline_page(
    actor: Actor, name: str, at: datetime, known_at: datetime | None = None
) -> PipelinePage:
    """Return one pipeline with its last runs. Raises NotFound with the nearest name."""
    told = _told(actor, known_at, MOST_RUNS)
    said = {row.name: facts(PipelineSaid, row) for row in _entries(actor, known_at)}
    known = {*told, *said}
    if name not in known:
        hint = meant(name, known) or "; a record of pipeline:NAME makes one known."
        sentence = f"There is no pipeline '{name}' in this workspace{hint}"
        raise NotFound(sentence)
    rows = told.get(name, ())
    runs = latest_of_each([reading.pipeline_run(row) for row in rows])
    return PipelinePage(_line(name, rows, said.get(name), at), runs)


def pipeline_said(actor: Actor, name: str, at: datetime | None = None) -> PipelineSaid:
    """Return what is expected of a pipeline; NotFound where nobody said anything."""
    require(actor, Permission.VIEW)
    missing = f"Nobody said anything of pipeline '{name}' yet."
    return facts(
        PipelineSaid, row_at(PipelineEntry, at, missing, workspace_id=actor.workspace_id, name=name)
    )


def _entries(actor: Actor, at: datetime | None) -> Sequence[PipelineEntry]:
    return rows_at(PipelineEntry, at, workspace_id=actor.workspace_id)


def _told(actor: Actor, at: datetime | None, most: int) -> Mapping[str, Sequence[ThingRecord]]:
    found: dict[str, list[ThingRecord]] = {}
    for row in records_of_kinds(actor, ("pipeline_run",), at, most_each=most):
        found.setdefault(row.name, []).append(row)
    return found


def _line(
    name: str, rows: Sequence[ThingRecord], said: PipelineSaid | None, at: datetime
) -> PipelineLine:
    runs = latest_of_each([reading.pipeline_run(row) for row in rows])
    level = said.level if said else ServiceLevel()
    success = next((run for run in runs if run.status == "succeeded"), None)
    homes = [row.home for row in rows if row.home]
    return PipelineLine(
        name=name,
        home=homes[-1] if homes else "",
        owner=said.owner if said else "",
        level=level.words,
        kept=kept(level, runs, at),
        last=runs[0] if runs else None,
        data_until=success.data_until if success else None,
        said=said,
    )
