"""Judges everything anew and writes down each verdict that changed since the last time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from headway.domain.accounts.rules import Actor, Permission, require
from headway.domain.assessments.models import Shift
from headway.domain.assessments.queries import program_health
from headway.domain.assessments.queries.health import ProgramHealth
from headway.domain.assessments.rules import Assessment
from headway.domain.assessments.rules.verdicts import MONITOR
from headway.domain.programs.queries import program_named
from headway.domain.programs.rules import ProgramFacts

#: Where a verdict stands: project (None: the program), dimension, criterion ("": the dimension).
Place = tuple[UUID | None, str, str]


@transaction.atomic
def refresh_assessments(actor: Actor, program: str, at: datetime) -> int:
    """Write a Shift for each verdict or level that changed; return how many.

    The first judgement of a place is a shift from nothing: it says where things began.
    """
    require(actor, Permission.SYNC)
    facts = program_named(actor, program, at)
    health = program_health(actor, facts, at, known_at=at)
    standing = _standing(facts)
    fresh = [
        _shift(actor, facts, place, standing.get(place, ("", "")), assessment, at)
        for place, assessment in _verdicts(health)
        if standing.get(place, ("", "")) != (assessment.verdict, assessment.level)
    ]
    Shift.objects.bulk_create(fresh, batch_size=500)
    return len(fresh)


def _standing(program: ProgramFacts) -> dict[Place, tuple[str, str]]:
    """Return the verdict and level last written down for each place."""
    places = (F("project_id"), F("dimension"), F("criterion"))
    newest_first = (F("at").desc(), F("id").desc())
    place = Window(RowNumber(), partition_by=places, order_by=newest_first)
    rows = Shift.objects.filter(program_id=program.id).annotate(place=place).filter(place=1)
    return {
        (project_id, dimension, criterion): (verdict, level)
        for project_id, dimension, criterion, verdict, level in rows.values_list(
            "project_id", "dimension", "criterion", "new_verdict", "new_level"
        )
    }


def _verdicts(health: ProgramHealth) -> Iterator[tuple[Place, Assessment]]:
    for dimension, assessment in health.dimensions.items():
        yield (None, str(dimension), ""), assessment
    for project in health.projects:
        for monitor, assessment in project.monitors:
            yield (project.project.id, monitor.dimension, f"{MONITOR}{monitor.key}"), assessment
        for dimension, assessment in project.dimensions.items():
            yield (project.project.id, str(dimension), ""), assessment
        for criterion, assessment in project.criteria:
            yield (project.project.id, "quality", criterion.key), assessment


def _shift(
    actor: Actor,
    program: ProgramFacts,
    place: Place,
    before: tuple[str, str],
    assessment: Assessment,
    at: datetime,
) -> Shift:
    project_id, dimension, criterion = place
    return Shift(
        workspace_id=actor.workspace_id,
        program_id=program.id,
        project_id=project_id,
        dimension=dimension,
        criterion=criterion,
        old_verdict=before[0],
        old_level=before[1],
        new_verdict=assessment.verdict,
        new_level=assessment.level,
        sentence=assessment.sentence,
        rule=assessment.rule[:100],
        records=list(assessment.records[:200]),
        at=at,
    )
