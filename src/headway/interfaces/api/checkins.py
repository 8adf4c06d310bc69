"""Check-ins: what somebody's own work looks like, what was answered, who has not answered."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from headway.domain.accounts.rules import Permission
from headway.domain.checkins.actions import answer_check_in, undo_check_in
from headway.domain.checkins.queries import (
    CheckInFacts,
    CheckInPage,
    NotCheckedIn,
    answers_of,
    check_in_page,
    not_checked_in,
)
from headway.domain.checkins.rules import ItemAnswer
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import At, Page

router = Router(tags=["Check-ins"])


class ItemAnswerBody(Given):
    """What is said of one item, read at `version`; what is not said stays as it is."""

    project: str
    key: str
    version: int | None = None
    started: date | None = None
    finished: date | None = None
    left: list[float] | None = None
    blocked_by: str | None = None

    def answer(self) -> ItemAnswer:
        """Return it as the action takes it."""
        said: dict[str, Any] = self.given()
        project, key, version = said.pop("project"), said.pop("key"), said.pop("version", None)
        return ItemAnswer(project, key, version, said)


class CheckInBody(Given):
    """A whole answer: of each item, and one line for the program manager."""

    items: Annotated[list[ItemAnswerBody], Field(max_length=200)] = []
    line: str = ""


class TakenBackBody(Given):
    """Nothing is asked to take an answer back."""


@operation(router, "GET", "/people/{key}/check-in", Permission.VIEW, CheckInPage)
def read_check_in(request: ApiRequest, key: str) -> CheckInPage:
    """Read the open work of somebody on the roster: one's own, or as a manager."""
    return check_in_page(request.auth, key, request.now)


@operation(router, "POST", "/people/{key}/check-in", Permission.PLAN, CheckInFacts, 201)
def answer(request: ApiRequest, key: str, body: CheckInBody) -> CheckInFacts:
    """Say how somebody's work stands; all of it changes the plan, or none of it."""
    answers = [item.answer() for item in body.items]
    return answer_check_in(request.auth, key, answers, body.line, request.now)


@operation(router, "GET", "/check-ins", Permission.VIEW, Page[CheckInFacts])
def list_check_ins(request: ApiRequest, asked: Query[At]) -> Page[CheckInFacts]:
    """List the newest twenty answers, newest first."""
    return Page(items=list(answers_of(request.auth, asked.moment(request))), next=None)


@operation(router, "GET", "/check-ins/missing", Permission.VIEW, Page[NotCheckedIn])
def list_not_checked_in(request: ApiRequest, asked: Query[At]) -> Page[NotCheckedIn]:
    """List who was asked in the last seven days and has not answered."""
    at = asked.moment(request) or request.now
    return Page(items=list(not_checked_in(request.auth, at)), next=None)


@operation(router, "POST", "/check-ins/{uuid:check_in_id}/undo", Permission.PLAN, CheckInFacts)
def take_back(request: ApiRequest, check_in_id: UUID, body: TakenBackBody) -> CheckInFacts:
    """Take an answer back: its items are as they were, and the question waits again."""
    return undo_check_in(request.auth, check_in_id, request.now)
