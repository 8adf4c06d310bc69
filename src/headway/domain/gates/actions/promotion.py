"""Writing down when what serves and what was decided began to differ, and when they agreed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.assessments.models import Shift
from headway.domain.assessments.rules import Assessment, Dimension, Level, Verdict
from headway.domain.assessments.rules.verdicts import PROMOTION
from headway.domain.gates.queries.promotion import (
    PromotionLine,
    last_promotions,
    promotion_lines,
)
from headway.domain.gates.rules.promotion import RULE
from headway.observation import canonical, digest

#: Where nothing was judged before, there was nothing to hold against a gate.
_NOTHING = str(Verdict.NOT_APPLICABLE)


@transaction.atomic
def refresh_promotions(actor: Actor, at: datetime) -> int:
    """Write a Shift for each alarm that began or ended in any program; return how many.

    What points to the same version with the same verdict as before is no news. Where an alias or a
    deployment that alarmed points elsewhere or is gone, its alarm ends. A model of no project has
    no place to tell of it; its page shows it all the same.
    """
    require(actor, Permission.SYNC)
    standing = _standing(actor)
    fresh = []
    seen = set()
    for line in promotion_lines(actor, at, known_at=at):
        if line.program_id is None:
            continue
        place = _place(line, line.program_id)
        seen.add(place)
        before = standing.get(place)
        if before is None and line.assessment.verdict is Verdict.NOT_APPLICABLE:
            continue
        if before is None or before.new_verdict != line.assessment.verdict:
            fresh.append(_shift(actor, (line, place), before, at))
    fresh += [
        _ended(actor, before, at)
        for place, before in standing.items()
        if place not in seen and before.new_verdict not in (Verdict.NOT_APPLICABLE, Verdict.MET)
    ]
    Shift.objects.bulk_create(fresh, batch_size=500)
    return len(fresh)


#: A line by its program and a short digest of what points to which version of which model.
Place = tuple[UUID, str]


def _place(line: PromotionLine, program_id: UUID) -> Place:
    words = canonical([line.model, line.what, line.version])
    return (program_id, f"{PROMOTION}{digest(words)[:16]}")


def _standing(actor: Actor) -> dict[Place, Shift]:
    """Return what was written down last of each place."""
    return {(row.program_id, row.criterion): row for row in last_promotions(actor)}


def _shift(
    actor: Actor, told: tuple[PromotionLine, Place], before: Shift | None, at: datetime
) -> Shift:
    line, (program_id, criterion) = told
    assessment = line.assessment
    return Shift(
        workspace_id=actor.workspace_id,
        program_id=program_id,
        project_id=line.project_id,
        dimension=str(Dimension.COMPLIANCE),
        criterion=criterion,
        old_verdict=before.new_verdict if before else _NOTHING,
        old_level=before.new_level if before else str(Level.UNKNOWN),
        new_verdict=assessment.verdict,
        new_level=assessment.level,
        sentence=assessment.sentence,
        rule=assessment.rule,
        records=list(assessment.records[:200]),
        at=at,
    )


def _ended(actor: Actor, before: Shift, at: datetime) -> Shift:
    """Return the end of an alarm whose alias or deployment points elsewhere, or is gone."""
    sentence = f"It points there no more. Before: {before.sentence}"
    gone = Assessment(Verdict.NOT_APPLICABLE, Level.UNKNOWN, sentence, RULE)
    return Shift(
        workspace_id=actor.workspace_id,
        program_id=before.program_id,
        project_id=before.project_id,
        dimension=before.dimension,
        criterion=before.criterion,
        old_verdict=before.new_verdict,
        old_level=before.new_level,
        new_verdict=gone.verdict,
        new_level=gone.level,
        sentence=gone.sentence,
        rule=gone.rule,
        records=[],
        at=at,
    )
