"""Health: six dimensions, each with its verdict, its sentence and the records it rests on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from headway.domain.accounts.rules import Permission
from headway.domain.assessments.actions import judge_health, withdraw_judgement
from headway.domain.assessments.queries import (
    ProgramHealth,
    ProjectHealth,
    ShiftLine,
    program_health,
    project_health,
    recent_shifts,
)
from headway.domain.assessments.rules.judgement import JudgementDraft
from headway.domain.programs.queries import program_named, program_of, project_named
from headway.errors import NotFound
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import At, Instant, Page

router = Router(tags=["Health"])


class JudgementBody(Given):
    """A person's words on a dimension; with a `level` they override it until a day."""

    dimension: str
    words: str
    project: str = ""
    level: str = ""
    until: date | None = None


class ShiftsAsked(At):
    """Which changes of verdict: of a program, since a moment; the newest first."""

    program: str = ""
    since: Instant | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


@operation(router, "GET", "/programs/{slug}/health", Permission.VIEW, ProgramHealth)
def read_program_health(request: ApiRequest, slug: str, asked: Query[At]) -> ProgramHealth:
    """Read how a program is, its projects ranked by what they do to its date and money."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    return program_health(request.auth, program, moment or request.now, known_at=moment)


@operation(router, "GET", "/projects/{slug}/health", Permission.VIEW, ProjectHealth)
def read_project_health(request: ApiRequest, slug: str, asked: Query[At]) -> ProjectHealth:
    """Read how a project is."""
    moment = asked.moment(request)
    project = project_named(request.auth, slug, moment)
    program = program_of(request.auth, project, moment)
    at: datetime = moment or request.now
    found = project_health(request.auth, program, slug, at, known_at=moment)
    if found is None:
        sentence = f"{project.name} cannot be judged: it is not among {program.name}'s projects."
        raise NotFound(sentence)
    return found


@operation(router, "GET", "/shifts", Permission.VIEW, Page[ShiftLine])
def list_shifts(request: ApiRequest, asked: Query[ShiftsAsked]) -> Page[ShiftLine]:
    """List verdicts that changed, the newest first."""
    at = asked.moment(request) or request.now
    lines = recent_shifts(
        request.auth, at, since=asked.since, program=asked.program, limit=asked.limit
    )
    return Page(items=lines, next=None)


@operation(router, "POST", "/programs/{slug}/judgements", Permission.JUDGE, UUID, 201)
def judge(request: ApiRequest, slug: str, body: JudgementBody) -> UUID:
    """Put words beside a computed dimension; answers the judgement's id."""
    draft = JudgementDraft(slug, body.dimension, body.words, body.project, body.level, body.until)
    return judge_health(request.auth, draft, request.now).id


@operation(router, "POST", "/judgements/{uuid:judgement_id}/withdraw", Permission.JUDGE, None, 204)
def withdraw(request: ApiRequest, judgement_id: UUID) -> None:
    """Take a judgement back; it stays in the history."""
    withdraw_judgement(request.auth, judgement_id, request.now)
