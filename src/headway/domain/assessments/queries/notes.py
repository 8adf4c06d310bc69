"""What changed, and what people said beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.assessments.models import Judgement, Shift
from headway.domain.programs.rules import ProgramFacts


@dataclass(frozen=True, slots=True)
class JudgementLine:
    """A person's words on a dimension; `level` is set while their override holds."""

    id: UUID
    dimension: str
    level: str
    words: str
    until: date | None
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """A verdict that changed."""

    id: UUID
    program: str
    program_name: str
    project: str
    project_name: str
    dimension: str
    criterion: str
    old_verdict: str
    old_level: str
    new_verdict: str
    new_level: str
    sentence: str
    records: Sequence[int]
    at: datetime


def judgements_of(
    actor: Actor, program: ProgramFacts, at: datetime
) -> Mapping[UUID | None, Sequence[JudgementLine]]:
    """Return the standing judgements at `at` by project id (None: of the program), newest first.

    An override whose end is past no longer overrides; its words remain.
    """
    return judgements_by_program(actor, [program], at)[program.id]


def judgements_by_program(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime
) -> Mapping[UUID, Mapping[UUID | None, Sequence[JudgementLine]]]:
    """Return the standing judgements of many programs by program id; one query."""
    found: dict[UUID, dict[UUID | None, list[JudgementLine]]] = {}
    for program in programs:
        require(actor, Permission.VIEW, program)
        found[program.id] = {}
    rows = Judgement.objects.filter(workspace_id=actor.workspace_id, program_id__in=list(found))
    for row in rows.filter(at__lte=at).order_by("-at"):
        if row.withdrawn_at is not None and row.withdrawn_at <= at:
            continue
        holds = row.until is None or row.until >= at.date()
        line = JudgementLine(
            row.id,
            row.dimension,
            row.level if holds else "",
            row.words,
            row.until,
            row.author,
            row.at,
        )
        mine = found[row.program_id].setdefault(row.project_id, [])
        if line.dimension not in {other.dimension for other in mine}:
            mine.append(line)
    return found


def recent_shifts(
    actor: Actor,
    at: datetime,
    *,
    since: datetime | None = None,
    program: str = "",
    limit: int = 50,
) -> Sequence[ShiftLine]:
    """Return the verdicts that changed between `since` and `at`, newest first."""
    require(actor, Permission.VIEW)
    rows = Shift.objects.select_related("program", "project").filter(
        workspace_id=actor.workspace_id, at__lte=at
    )
    if since is not None:
        rows = rows.filter(at__gt=since)
    if program:
        rows = rows.filter(program__slug=program)
    return [
        ShiftLine(
            row.id,
            row.program.slug,
            row.program.name,
            row.project.slug if row.project else "",
            row.project.name if row.project else "",
            row.dimension,
            row.criterion,
            row.old_verdict,
            row.old_level,
            row.new_verdict,
            row.new_level,
            row.sentence,
            row.records,
            row.at,
        )
        for row in rows.order_by("-at", "id")[:limit]
    ]
