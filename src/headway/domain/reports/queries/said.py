"""What past packs said, beside what came of it: dates at P80, held or missed by how many days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.models import WorkItem
from headway.domain.plans.queries import Score, latest_forecast, score_forecasts
from headway.domain.plans.rules import coverage_words
from headway.domain.programs.queries import projects_of, rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.domain.reports.models import Report
from headway.domain.reports.rules import from_snapshot
from headway.rendering.report import OnePager

#: Packs that are compared on one page, the newest first: half a year of weeks.
MOST_PACKS = 26


class Came(StrEnum):
    """What came of a day that was said at P80."""

    HELD = "held"
    MISSED = "missed"
    LATE = "late, not finished"
    WAITS = "not yet due"
    UNSAID = "no P80 was said"
    GONE = "no longer planned"


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a pack gave a day for. `days` after its P80 it ended, or is open so far."""

    name: str
    p50: date | None
    p80: date | None
    finished: date | None
    came: Came
    days: int | None = None


@dataclass(frozen=True, slots=True)
class PackSaid:
    """A frozen pack: what it said of the program and of each milestone, and what came."""

    number: int
    as_of: datetime
    p_on_time: float | None
    target: date | None
    program: Claim
    cost_p80: Decimal | None
    budget: Decimal | None
    milestones: Sequence[Claim]


@dataclass(frozen=True, slots=True)
class WhatWeSaid:
    """Past packs beside what came; `p80`, `cost_p80`, `p_on_time` are of the forecast of now.

    `score` counts each planned thing once, by the first P80 that was forecast for it.
    """

    packs: Sequence[PackSaid]
    more: int
    score: Score
    words: str
    p80: date | None
    p_on_time: float | None
    cost_p80: Decimal | None


def what_we_said(
    actor: Actor, program: ProgramFacts, at: datetime, *, known_at: datetime | None = None
) -> WhatWeSaid:
    """Return what each pack frozen by `at` said, and what is known by then of how it came."""
    require(actor, Permission.VIEW, program)
    frozen = Report.objects.filter(program_id=program.id, made_at__lte=at)
    rows = list(frozen.order_by("-data_date", "-number")[:MOST_PACKS])
    ends = _Ends(actor, program, at)
    now = latest_forecast(actor, program, known_at)
    score = score_forecasts(actor, program, at)
    return WhatWeSaid(
        [_said(row, ends) for row in rows],
        max(0, frozen.count() - len(rows)),
        score,
        coverage_words(score.held, score.judged),
        now.finish("p80") if now else None,
        now.p_on_time if now else None,
        now.cost("p80") if now else None,
    )


class _Ends:
    """When things ended, as known at one moment: by row, so that a new name loses nothing."""

    def __init__(self, actor: Actor, program: ProgramFacts, at: datetime) -> None:
        self.today = at.date()
        self.projects = [project.id for project in projects_of(actor, program, at)]
        rows = rows_at(WorkItem, at, project_id__in=self.projects)
        self.ends: Mapping[UUID, date | None] = {row.id: row.finished for row in rows}

    def whole(self) -> date | None:
        """Return when the last of everything ended; None while something is open."""
        days = [end for end in self.ends.values() if end is not None]
        return max(days) if days and len(days) == len(self.ends) else None

    def named(self, at: datetime) -> Mapping[str, UUID]:
        """Return the milestones of a day by the names they had then; of two alike, neither."""
        found: dict[str, list[UUID]] = {}
        for row in rows_at(WorkItem, at, project_id__in=self.projects):
            if row.kind == "milestone":
                found.setdefault(row.name, []).append(row.id)
        return {name: ids[0] for name, ids in found.items() if len(ids) == 1}


def _said(row: Report, ends: _Ends) -> PackSaid:
    page = executive_of(row)
    ids = ends.named(row.data_date) if page.milestones else {}
    outlook = page.outlook
    return PackSaid(
        row.number,
        row.data_date,
        outlook.p_on_time,
        outlook.target,
        _claim(page.program, (outlook.p50, outlook.p80), ends.whole(), ends.today),
        outlook.cost_p80,
        outlook.budget,
        [
            _claim(one.name, (one.p50, one.p80), ends.ends[ids[one.name]], ends.today)
            if ids.get(one.name) in ends.ends
            else Claim(one.name, one.p50, one.p80, None, Came.GONE)
            for one in page.milestones
        ],
    )


def executive_of(row: Report) -> OnePager:
    """Return the executive's page of a frozen pack."""
    return from_snapshot(row.snapshot).executive


def _claim(
    name: str, said: tuple[date | None, date | None], finished: date | None, today: date
) -> Claim:
    p50, p80 = said
    if p80 is None:
        return Claim(name, p50, None, finished, Came.UNSAID)
    if finished is not None:
        days = (finished - p80).days
        came = Came.HELD if days <= 0 else Came.MISSED
        return Claim(name, p50, p80, finished, came, days)
    if today > p80:
        return Claim(name, p50, p80, None, Came.LATE, (today - p80).days)
    return Claim(name, p50, p80, None, Came.WAITS)
