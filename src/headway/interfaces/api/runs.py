"""Runs of a project, and subjects that no project has claimed yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from ninja import Body, Query, Router
from pydantic import BaseModel, ConfigDict, Field

from headway.domain.accounts.rules import Permission
from headway.domain.evidence.actions import place_subject
from headway.domain.evidence.queries import (
    RunLine,
    RunsView,
    SubjectLine,
    runs_page,
    unplaced_subjects,
)
from headway.domain.programs.queries import project_named
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import (
    LONGEST_PAGE,
    Asked,
    AskedAt,
    Page,
    cursor_of,
    page_of,
    place_in,
)

router = Router(tags=["Evidence"])


class Placing(BaseModel):
    """Where a subject belongs: a project's slug, or "" to put it back into the inbox."""

    model_config = ConfigDict(extra="forbid")

    project: Annotated[str, Field(max_length=60)]


class RunsAsked(AskedAt):
    """Which runs, and how.

    `sort` is newest, or the name of a metric, with - in front for the largest first.
    """

    project: str
    metrics: Annotated[list[str], Field(max_length=20)] = []
    status: str = ""
    sort: Annotated[str, Field(min_length=1, max_length=301)] = "newest"


@dataclass(frozen=True, slots=True)
class Placed:
    """A subject and the project it was placed in."""

    subject: str
    project: str


@operation(router, "GET", "/runs", Permission.VIEW, Page[RunLine])
def list_runs(request: ApiRequest, asked: Query[RunsAsked]) -> Page[RunLine]:
    """List the runs of a project, with the metrics that are asked for."""
    moment = asked.moment(request)
    project = project_named(request.auth, asked.project, moment)
    after = place_in(asked.cursor)
    view = RunsView(asked.metrics, asked.status, asked.sort, after, asked.limit)
    page = runs_page(request.auth, project.id, view, moment)
    return Page(items=page.lines, next=cursor_of(page.older) if page.older else None)


@operation(router, "GET", "/subjects/unplaced", Permission.VIEW, Page[SubjectLine])
def list_unplaced_subjects(request: ApiRequest, asked: Query[Asked]) -> Page[SubjectLine]:
    """List the inbox: what evidence is about and no project has claimed, the newest 1,000."""
    lines = unplaced_subjects(request.auth, 5 * LONGEST_PAGE)
    return page_of(lines, lambda line: line.text, asked)


@operation(router, "POST", "/subjects/{uuid:subject_id}/place", Permission.EVIDENCE, Placed)
def place(request: ApiRequest, subject_id: UUID, placing: Annotated[Placing, Body()]) -> Placed:
    """Say which project a subject belongs to."""
    subject = place_subject(request.auth, subject_id, placing.project, request.now)
    return Placed(str(subject), placing.project)
