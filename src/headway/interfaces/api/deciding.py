"""Deciding at gates: asking and answering, waiving, deciding, conditions, and standing in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from headway.domain.accounts.rules import Permission
from headway.domain.gates.actions import (
    answer_approval,
    decide_gate,
    delegate_function,
    grant_waiver,
    meet_condition,
    request_approvals,
    revoke_delegation,
    revoke_waiver,
    take_queue_time,
)
from headway.domain.gates.queries import (
    approvals_waiting,
    conditions_owed,
    delegations_of,
    gate_calendar,
    gate_desk,
    waivers_page,
)
from headway.domain.gates.queries.approvals import Waiting
from headway.domain.gates.queries.calendar import Entry
from headway.domain.gates.queries.decisions import ConditionLine
from headway.domain.gates.queries.queue import QueueOffer
from headway.domain.gates.queries.waivers import WaiverLine
from headway.domain.gates.rules.approvals import ApprovalStanding, DelegationFacts, RequestFacts
from headway.domain.gates.rules.decisions import ConditionFacts, GateDecisionFacts
from headway.domain.gates.rules.waivers import GrantedWaiver
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Gates"])

_GATE = "/gates/{uuid:gate_id}"


class AskBody(Given):
    """Which functions are asked to approve."""

    functions: Annotated[list[str], Field(min_length=1, max_length=10)]


class AnswerBody(Given):
    """The answer; `seen` is the digest of what was looked at (`GET /gates/{gate_id}/deciding`)."""

    decision: Literal["approved", "conditions", "refused"]
    statement: str = ""
    seen: str = ""


class WaiverBody(Given):
    """A requirement set aside until a day; `compensating` are numbers of records."""

    requirement: str
    owner: str
    reason: str
    until: date
    compensating: Annotated[list[int], Field(max_length=50)] = []


class ConditionBody(Given):
    """What a go is bound to; met with `requirement` where it names one, else by a person."""

    text: str
    owner: str
    due: date
    requirement: str = ""


class DecisionBody(Given):
    """The outcome and why; `seen` is the digest of what was looked at."""

    outcome: Literal["go", "go_with_conditions", "hold", "recycle", "kill"]
    reason: str = ""
    conditions: Annotated[list[ConditionBody], Field(max_length=20)] = []
    seen: str = ""


class MetBody(Given):
    """How a condition was met."""

    statement: str


class DelegationBody(Given):
    """Who stands in for whom (addresses of members), for which function, on which days."""

    function: str
    taker: str
    ends: date
    giver: str = ""
    starts: date | None = None
    reason: str = ""


class DoneBody(Given):
    """Nothing is asked to take something back, or to take queue time into the plan."""


class DecidingTold(BaseModel):
    """How deciding stands at a gate; `closed` says why nothing passes, empty while a go holds."""

    gate_id: UUID
    place: str
    round: int
    subject: str
    digest: str
    closed: str
    obstacles: Sequence[str]
    approvals: Sequence[ApprovalStanding]
    decisions: Sequence[GateDecisionFacts]
    waivers: Sequence[GrantedWaiver]
    queue: QueueOffer


@operation(router, "GET", _GATE + "/deciding", Permission.VIEW, DecidingTold)
def read_deciding(request: ApiRequest, gate_id: UUID, asked: Query[At]) -> DecidingTold:
    """Read what stands against a go, who answered what, what was decided, and queue times."""
    moment = asked.moment(request)
    desk = gate_desk(request.auth, gate_id, moment or request.now, moment)
    held = desk.deciding
    return DecidingTold(
        gate_id=gate_id,
        place=held.place,
        round=held.round,
        subject=held.seen.subject,
        digest=desk.digest,
        closed=held.closed,
        obstacles=held.obstacles,
        approvals=held.approvals,
        decisions=held.decisions,
        waivers=[one for one, *_ in desk.waivers],
        queue=desk.offer,
    )


@operation(router, "GET", "/gate-approvals", Permission.VIEW, Page[Waiting])
def list_gate_approvals(request: ApiRequest, asked: Query[AskedAt]) -> Page[Waiting]:
    """List the approvals that wait, with who may answer each, by id."""
    moment = asked.moment(request)
    rows = approvals_waiting(request.auth, moment or request.now, known_at=moment)
    return page_of(rows, lambda row: str(row.request.id), asked)


@operation(router, "POST", _GATE + "/approvals", Permission.PLAN, Page[RequestFacts], 201)
def ask_functions(request: ApiRequest, gate_id: UUID, body: AskBody) -> Page[RequestFacts]:
    """Ask functions to approve a gate; who is asked already keeps their question."""
    rows = request_approvals(request.auth, gate_id, body.functions, request.now)
    return Page(items=rows, next=None)


@operation(
    router, "POST", "/gate-approvals/{uuid:request_id}/answer", Permission.DECIDE, RequestFacts
)
def answer_for_function(request: ApiRequest, request_id: UUID, body: AnswerBody) -> RequestFacts:
    """Answer for a function, once; it becomes a record. Nobody approves their own."""
    values = {"decision": body.decision, "statement": body.statement}
    return answer_approval(request.auth, request_id, values, request.now, seen=body.seen)


@operation(router, "GET", "/gate-waivers", Permission.VIEW, Page[WaiverLine])
def list_gate_waivers(request: ApiRequest, asked: Query[AskedAt]) -> Page[WaiverLine]:
    """List the waivers with how each stands: open, expiring, expired, revoked; by id."""
    moment = asked.moment(request)
    page = waivers_page(request.auth, moment or request.now, known_at=moment)
    return page_of(page.lines, lambda row: str(row.waiver.id), asked)


@operation(router, "POST", _GATE + "/waivers", Permission.DECIDE, GrantedWaiver, 201)
def waive_requirement(request: ApiRequest, gate_id: UUID, body: WaiverBody) -> GrantedWaiver:
    """Set a requirement aside until a day: a debt with an owner, and never green."""
    return grant_waiver(request.auth, gate_id, body.given(), request.now)


@operation(
    router, "POST", "/gate-waivers/{uuid:waiver_id}/revoke", Permission.DECIDE, GrantedWaiver
)
def take_waiver_back(request: ApiRequest, waiver_id: UUID, body: DoneBody) -> GrantedWaiver:
    """Take a waiver back: its requirement counts again at once."""
    return revoke_waiver(request.auth, waiver_id, request.now)


@operation(router, "POST", _GATE + "/decisions", Permission.DECIDE, GateDecisionFacts, 201)
def decide_at_gate(request: ApiRequest, gate_id: UUID, body: DecisionBody) -> GateDecisionFacts:
    """Decide at a gate: go, go with conditions, hold, recycle or kill; never one's own."""
    values = body.given()
    values.pop("seen", "")
    return decide_gate(request.auth, gate_id, values, request.now, seen=body.seen)


@operation(router, "GET", "/gate-conditions", Permission.VIEW, Page[ConditionLine])
def list_gate_conditions(request: ApiRequest, asked: Query[AskedAt]) -> Page[ConditionLine]:
    """List the conditions of decisions that stand and are not met, by id."""
    moment = asked.moment(request)
    rows = conditions_owed(request.auth, moment or request.now, known_at=moment)
    return page_of(rows, lambda row: str(row.condition.id), asked)


@operation(
    router, "POST", "/gate-conditions/{uuid:condition_id}/meet", Permission.DISCUSS, ConditionFacts
)
def meet_gate_condition(request: ApiRequest, condition_id: UUID, body: MetBody) -> ConditionFacts:
    """Say that a condition is met, and how: its owner, or whoever decides."""
    return meet_condition(request.auth, condition_id, body.statement, request.now)


@operation(router, "GET", "/gate-delegations", Permission.VIEW, Page[DelegationFacts])
def list_gate_delegations(request: ApiRequest, asked: Query[AskedAt]) -> Page[DelegationFacts]:
    """List who stands in for whom, for which function, on which days, by id."""
    rows = delegations_of(request.auth, asked.moment(request))
    return page_of(rows, lambda row: str(row.id), asked)


@operation(router, "POST", "/gate-delegations", Permission.DECIDE, DelegationFacts, 201)
def stand_in(request: ApiRequest, body: DelegationBody) -> DelegationFacts:
    """Let somebody answer for a function in one's place, from a day to a day."""
    return delegate_function(request.auth, body.given(), request.now)


@operation(
    router,
    "POST",
    "/gate-delegations/{uuid:delegation_id}/revoke",
    Permission.DECIDE,
    DelegationFacts,
)
def take_delegation_back(
    request: ApiRequest, delegation_id: UUID, body: DoneBody
) -> DelegationFacts:
    """Take a delegation back: whoever gave or took it, or an owner."""
    return revoke_delegation(request.auth, delegation_id, request.now)


@operation(router, "POST", _GATE + "/queue-time", Permission.PLAN, QueueOffer)
def take_queue(request: ApiRequest, gate_id: UUID, body: DoneBody) -> QueueOffer:
    """Let the review before the gate's milestone last as its functions have taken to answer."""
    return take_queue_time(request.auth, gate_id, request.now)


@operation(router, "GET", "/gate-calendar", Permission.VIEW, Page[Entry])
def list_gate_calendar(request: ApiRequest, asked: Query[AskedAt]) -> Page[Entry]:
    """List what of gates is due or ends within half a year, by day."""
    moment = asked.moment(request)
    rows = gate_calendar(request.auth, moment or request.now, known_at=moment)
    return page_of(rows, lambda row: f"{row.day} {row.uid}", asked)
