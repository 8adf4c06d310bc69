"""What to connect next in a workspace, from what is there: nothing here is stored."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.accounts.rules import Actor
from headway.domain.assessments.queries.health import ProgramHealth, ProjectHealth, programs_health
from headway.domain.assessments.rules import Dimension, Verdict
from headway.domain.assessments.rules.connect import (
    Connecting,
    Place,
    ProgramKnown,
    ProjectKnown,
    connecting,
    open_questions,
)
from headway.domain.evidence.queries import kinds_heard, unplaced_count
from headway.domain.plans.queries import WorkCount, work_counts
from headway.domain.programs.queries import programs_of


def connect_next(
    actor: Actor, at: datetime, found: Sequence[ProgramHealth] | None = None
) -> Connecting:
    """Return what can be connected now, ordered by how many open questions it answers.

    `found` is the health of all programs where the caller has it. It asks about the present: what
    can be connected in the past is no question. As many queries for one program as for many.
    """
    if found is None:
        found = programs_health(actor, programs_of(actor), at)
    projects = [one.project.id for health in found for one in health.projects]
    heard = kinds_heard(actor, projects, ("run", "evaluation"))
    shelf = _Shelf(heard, work_counts(actor, projects))
    waiting, _ = unplaced_count(actor)
    known = [_program(health, shelf) for health in found]
    return connecting(list(open_questions(known, has_inbox=waiting > 0)))


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What was read for all programs at once."""

    heard: Mapping[UUID, Collection[str]]
    work: Mapping[UUID, WorkCount]


def _program(health: ProgramHealth, shelf: _Shelf) -> ProgramKnown:
    answer = health.forecast.answer if health.forecast else {}
    cost = answer.get("cost")
    program = health.program
    return ProgramKnown(
        place=Place(program.slug, "", program.name),
        projects=[_project(one, program.slug, shelf) for one in health.projects],
        has_target=program.target is not None,
        has_cost=isinstance(cost, dict) and _is_some(cost.get("p80")),
        has_budget=health.budget.total is not None,
        has_risks=bool(health.risks),
    )


def _is_some(amount: object) -> bool:
    """Say whether an amount of a forecast is more than nothing: without a rate work costs 0."""
    try:
        return float(str(amount)) > 0
    except ValueError:
        return False


def _project(health: ProjectHealth, program: str, shelf: _Shelf) -> ProjectKnown:
    project = health.project
    heard = shelf.heard.get(project.id, ())
    work = shelf.work.get(project.id, WorkCount())
    return ProjectKnown(
        place=Place(program, project.slug, project.name),
        stage=health.stage,
        has_work=work.items > 0,
        has_owners=work.owned > 0,
        has_started=work.started > 0,
        has_runs="run" in heard,
        has_measures="evaluation" in heard,
        has_bills=health.spent is not None,
        has_promises=bool(health.criteria),
        promises=sum(each.verdict is not Verdict.NOT_DUE for _, each in health.criteria),
        silent=[
            criterion.name for criterion, each in health.criteria if each.verdict is Verdict.MISSING
        ],
        is_data_silent=health.dimensions[Dimension.DATA].verdict is Verdict.MISSING,
        is_approval_missing=health.dimensions[Dimension.COMPLIANCE].verdict is Verdict.MISSING,
    )
