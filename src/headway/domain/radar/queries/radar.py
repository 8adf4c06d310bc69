"""What the radar proposes for a program, as plan and evidence stood at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.plans.queries import ForecastFacts
from headway.domain.programs.queries import facts, rows_at
from headway.domain.programs.rules import ProgramFacts
from headway.domain.programs.rules.fields import meant
from headway.domain.radar.models import RadarAnswer
from headway.domain.radar.queries.sightings import proposals_of
from headway.domain.radar.rules import AnswerFacts, RadarLine, answered
from headway.domain.risks.queries import risks_by_program
from headway.domain.risks.rules import mean_of
from headway.errors import NotFound


def radar_of(
    actor: Actor,
    program: ProgramFacts,
    at: datetime,
    *,
    known_at: datetime | None = None,
    latest: ForecastFacts | None = None,
) -> Sequence[RadarLine]:
    """Return every proposal for a program: those that ask first, the largest on average first.

    Evidence is judged at `at`, as known at `known_at` (None: all that is known). `latest` is the
    newest forecast, where it is known already.
    """
    require(actor, Permission.VIEW, program)
    rows, risks = _answers(actor, program, known_at)
    answers = {one.key: one for one in rows}
    lines = [
        answered(one, answers.get(one.key), risks)
        for one in proposals_of(actor, program, at, known_at, latest)
    ]
    return sorted(lines, key=_place)


def proposal_named(
    actor: Actor,
    program: ProgramFacts,
    key: str,
    at: datetime,
    *,
    known_at: datetime | None = None,
) -> RadarLine:
    """Return the proposal `rule:subject`. Raises NotFound where the facts do not make it (now)."""
    known = {one.proposal.key: one for one in radar_of(actor, program, at, known_at=known_at)}
    if key not in known:
        sentence = (
            f"The radar does not propose '{key[:120]}' for {program.name}"
            f"{meant(key, known) or '.'} What it rested on may be over."
        )
        raise NotFound(sentence)
    return known[key]


def radar_counts(
    actor: Actor, programs: Iterable[ProgramFacts], at: datetime, known_at: datetime | None = None
) -> Mapping[UUID, int]:
    """Return how many proposals ask for somebody, by program id."""
    return {
        program.id: sum(
            1 for one in radar_of(actor, program, at, known_at=known_at) if not one.is_quiet
        )
        for program in programs
    }


def answers_of(
    actor: Actor, program: ProgramFacts, at: datetime | None = None
) -> Sequence[AnswerFacts]:
    """Return what was said of proposals of a program, the newest first; two queries."""
    require(actor, Permission.VIEW, program)
    return _answers(actor, program, at)[0]


def _answers(
    actor: Actor, program: ProgramFacts, at: datetime | None
) -> tuple[Sequence[AnswerFacts], frozenset[str]]:
    """Return what was said of proposals, the newest first, and which of their risks are open."""
    rows = rows_at(RadarAnswer, at, workspace_id=actor.workspace_id, program_id=program.id)
    ids = [row.risk_id for row in rows if row.risk_id]
    risks = risks_by_program(actor, [program], at, only=ids)[program.id] if ids else ()
    keys = {one.id: one.key for one in risks}
    told = [
        facts(AnswerFacts, row, risk_key=keys.get(row.risk_id, "") if row.risk_id else "")
        for row in sorted(rows, key=lambda row: (-row.answered_at.timestamp(), row.rule))
    ]
    return told, frozenset(one.key for one in risks if one.is_open)


def _place(line: RadarLine) -> tuple[bool, float, str]:
    one = line.proposal
    return (line.is_quiet, -one.probability * (mean_of(one.delay) or 0.0), one.key)
