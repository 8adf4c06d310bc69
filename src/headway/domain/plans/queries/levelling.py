"""Levelling proposals as a reader sees them, and the plan that they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.models import LevellingProposal, WorkItem
from headway.domain.plans.queries.network import joined_parts
from headway.domain.plans.rules.jobs import JobState
from headway.domain.plans.rules.joining import JoinedParts
from headway.domain.plans.rules.levelling import (
    LevellingFacts,
    LevellingOptions,
    held_starts,
    levelling_digest,
    sentence_of,
)
from headway.domain.programs.rules import ProgramFacts
from headway.errors import NotFound


def levelling_of(
    actor: Actor,
    program: ProgramFacts,
    proposal: UUID,
    moment: datetime,
    at: datetime | None = None,
) -> LevellingFacts:
    """Return a proposal of a program; `moment` is by the clock, `at` that of the plan.

    Raises NotFound for one of another program, and for one made after `at`.
    """
    require(actor, Permission.VIEW, program)
    row = levelling_row(program, proposal, at)
    return levelling_facts(row, program, joined_parts(actor, program, at), moment)


def latest_levelling(
    actor: Actor, program: ProgramFacts, moment: datetime, at: datetime | None = None
) -> LevellingFacts | None:
    """Return the newest proposal that was there at `at`; None where there was none."""
    require(actor, Permission.VIEW, program)
    row = _rows(program, at).first()
    if row is None:
        return None
    return levelling_facts(row, program, joined_parts(actor, program, at), moment)


def levellings_of(
    actor: Actor, program: ProgramFacts, moment: datetime, at: datetime | None = None
) -> Sequence[LevellingFacts]:
    """Return the proposals of a program, the newest first."""
    require(actor, Permission.VIEW, program)
    rows = list(_rows(program, at))
    parts = joined_parts(actor, program, at) if rows else None
    return [levelling_facts(row, program, parts, moment) for row in rows if parts is not None]


def held_now(actor: Actor, program: ProgramFacts, at: datetime | None = None) -> int:
    """Return how many items of a program levelling holds back."""
    require(actor, Permission.VIEW, program)
    if at is None:
        mine = WorkItem.objects.filter(project__program_id=program.id)
        return mine.filter(levelled_start__isnull=False).count()
    return sum(one.levelled_start is not None for one in joined_parts(actor, program, at).items)


def levelling_row(
    program: ProgramFacts, proposal: UUID, at: datetime | None = None
) -> LevellingProposal:
    """Return the row of a proposal of this program; NotFound for any other."""
    row = _rows(program, at).filter(id=proposal).first()
    if row is None:
        sentence = f"{program.name} has no such levelling proposal; it may have been forgotten."
        raise NotFound(sentence)
    return row


def levelling_facts(
    row: LevellingProposal, program: ProgramFacts, parts: JoinedParts, moment: datetime
) -> LevellingFacts:
    """Return a proposal as a frozen value; `parts` are those of the plan it is compared with."""
    state = JobState(row.state)
    options = LevellingOptions.read(row.options)
    waited = max(0.0, (moment - row.changed_at).total_seconds())
    return LevellingFacts(
        id=row.id,
        program=program.slug,
        options=options,
        state=state,
        sentence=sentence_of(state, options, waited=waited, error=row.error),
        done=min(waited, options.seconds) if state is JobState.RUNNING else 0.0,
        total=options.seconds,
        at=row.at,
        answer=row.answer,
        is_stale=levelling_digest(parts) != row.plan_digest,
        is_applied=row.applied_at is not None
        and row.undone_at is None
        and stands_as(parts) == held_starts(row.answer),
        applied_at=row.applied_at,
        applied_by=row.applied_by,
        undone_at=row.undone_at,
        version=row.version,
    )


def stands_as(parts: JoinedParts) -> dict[str, date]:
    """Return by address what levelling holds back in a plan now."""
    return {
        f"{parts.slugs[item.project_id]}/{item.key}": item.levelled_start
        for item in parts.items
        if item.levelled_start is not None
    }


def _rows(program: ProgramFacts, at: datetime | None) -> QuerySet[LevellingProposal]:
    rows = LevellingProposal.objects.filter(program_id=program.id).order_by("-at", "-changed_at")
    return rows if at is None else rows.filter(at__lte=at)
