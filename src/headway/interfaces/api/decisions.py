"""Decisions: a question, its options with what each would do, and taking one."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Query, Router
from pydantic import Field

from headway.domain.accounts.rules import Permission
from headway.domain.plans.actions import (
    keep_decision,
    reopen_decision,
    set_decision,
    take_decision,
    watch_decision,
)
from headway.domain.plans.queries import decision_named, decisions_of
from headway.domain.plans.rules import DecisionFacts
from headway.domain.programs.queries import program_named
from headway.domain.sharing.actions import Asked, ask_by_link, revoke_decision_link
from headway.domain.sharing.queries import DecisionLinkLine, decision_links
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit_or_create
from headway.interfaces.api.operations import operation, slow
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Decisions"])


class OptionBody(Given):
    """An option; its changes are those of a plan: item, field and now, or drop, or add."""

    key: str
    name: str | None = None
    words: str | None = None
    changes: Annotated[list[dict[str, Any]], Field(max_length=50)] = []


class TriggerBody(Given):
    """When an answer is looked at again: any part that is met is enough."""

    day: date | None = None
    p_on_time_below: Annotated[float, Field(ge=0, le=1)] | None = None
    criterion: str = ""
    assumption: str = ""


class DecisionBody(Given):
    """What of a decision can be changed; a new one needs its question."""

    question: str | None = None
    background: str | None = None
    owner: str | None = None
    due: date | None = None
    options: Annotated[list[OptionBody], Field(max_length=8)] | None = None
    recommended: str | None = None
    reopen_when: str | None = None
    reopen_on: TriggerBody | None = None
    state: Literal["open", "withdrawn"] | None = None


class TakenBody(Given):
    """The option that is taken, and why."""

    option: str
    reason: str = ""


class AskBody(Given):
    """Who is asked: a name or a key of the roster, an address, and the last day."""

    name: str
    email: str = ""
    until: date | None = None


class AgainBody(Given):
    """Nothing is asked to open a decision again."""


@operation(router, "GET", "/programs/{slug}/decisions", Permission.VIEW, Page[DecisionFacts])
def list_decisions(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[DecisionFacts]:
    """List the decisions of a program, taken ones too, by key."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    rows = sorted(decisions_of(request.auth, program, moment), key=lambda row: row.key)
    return page_of(rows, lambda row: row.key, asked)


@operation(router, "GET", "/programs/{slug}/decisions/{key}", Permission.VIEW, DecisionFacts)
def read_decision(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> DecisionFacts:
    """Read a decision with what each option would do."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    return decision_named(request.auth, program, key, moment)


@operation(router, "PUT", "/programs/{slug}/decisions/{key}", Permission.PLAN, DecisionFacts)
@slow
def put_decision(request: ApiRequest, slug: str, key: str, body: DecisionBody) -> DecisionFacts:
    """Set a decision: made when there is none of this key, else changed; each option is weighed."""
    actor, at = request.auth, request.now
    program = program_named(actor, slug)
    values = body.given()

    def write(version: int | None) -> DecisionFacts:
        return set_decision(actor, slug, key, values, at, version=version)

    return edit_or_create(request, lambda: decision_named(actor, program, key), write)


@operation(
    router, "POST", "/programs/{slug}/decisions/{key}/take", Permission.DECIDE, DecisionFacts
)
@slow
def take(request: ApiRequest, slug: str, key: str, body: TakenBody) -> DecisionFacts:
    """Take an option: its changes are made in the plan; ask for a new forecast afterwards."""
    return take_decision(request.auth, (slug, key), body.option, request.now, reason=body.reason)


@operation(
    router, "POST", "/programs/{slug}/decisions/{key}/reopen", Permission.PROGRAM, DecisionFacts
)
@slow
def reopen(request: ApiRequest, slug: str, key: str, body: AgainBody) -> DecisionFacts:
    """Ask the question again; what the old answer changed in the plan stays."""
    return reopen_decision(request.auth, slug, key, request.now)


@operation(
    router, "GET", "/programs/{slug}/decisions/{key}/links", Permission.VIEW, Page[DecisionLinkLine]
)
def list_decision_links(
    request: ApiRequest, slug: str, key: str, asked: Query[AskedAt]
) -> Page[DecisionLinkLine]:
    """List the one-time links by which somebody was asked to answer, by id."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    held = decision_named(request.auth, program, key, moment)
    rows = decision_links(request.auth, held, moment or request.now)
    return page_of(sorted(rows, key=lambda row: str(row.id)), lambda row: str(row.id), asked)


@operation(router, "POST", "/programs/{slug}/decisions/{key}/links", Permission.PROGRAM, Asked, 201)
def ask_for_answer(request: ApiRequest, slug: str, key: str, body: AskBody) -> Asked:
    """Mail somebody a one-time link to answer; its address stands in the mail and nowhere else."""
    return ask_by_link(request.auth, (slug, key), body.given(), request.now, by_hand=False)


@operation(
    router,
    "POST",
    "/programs/{slug}/decisions/{key}/links/{uuid:link}/revoke",
    Permission.PROGRAM,
    None,
    204,
)
def revoke_answer_link(
    request: ApiRequest, slug: str, key: str, link: UUID, body: AgainBody
) -> None:
    """Take a link back: it stops working at once."""
    held = decision_named(request.auth, program_named(request.auth, slug), key)
    revoke_decision_link(request.auth, held, link, request.now)


@operation(router, "POST", "/programs/{slug}/decisions/{key}/watch", Permission.PLAN, DecisionFacts)
def watch_answer(request: ApiRequest, slug: str, key: str, body: TriggerBody) -> DecisionFacts:
    """Set what is watched once it is taken; met, it is marked and never opened by itself."""
    return watch_decision(request.auth, (slug, key), body.given(), request.now)


@operation(
    router, "POST", "/programs/{slug}/decisions/{key}/keep", Permission.PROGRAM, DecisionFacts
)
def keep_answer(request: ApiRequest, slug: str, key: str, body: AgainBody) -> DecisionFacts:
    """Let an answer stand though its trigger was met; nothing is watched any more."""
    return keep_decision(request.auth, (slug, key), request.now)
