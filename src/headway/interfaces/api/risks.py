"""Risks: threats and opportunities, what they delay and cost, what is done about them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import Field

from headway.analysis.calibration.brier import Brier
from headway.domain.accounts.rules import Permission
from headway.domain.plans.actions import set_risk_effects
from headway.domain.plans.queries import risk_standings
from headway.domain.plans.rules import RiskStanding
from headway.domain.programs.queries import program_named
from headway.domain.risks.actions import occur_risk, set_risk, set_risk_policy
from headway.domain.risks.queries import policy_of, risk_calibration, risk_named, risks_of
from headway.domain.risks.rules import PolicyFacts, RiskFacts
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit, edit_or_create
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Risks"])

#: One number, or [optimistic, most likely, pessimistic].
Range = float | Annotated[list[float], Field(max_length=3)] | None


class RiskBody(Given):
    """What of a risk can be changed; a new one needs a probability. Delays are working days."""

    name: str | None = None
    kind: Literal["threat", "opportunity"] | None = None
    owner: str | None = None
    next_action: str | None = None
    review_on: date | None = None
    state: str | None = None
    probability: float | None = None
    delay: Range = None
    cost: Range = None
    mitigated_probability: float | None = None
    mitigated_delay: Range = None
    mitigated_cost: Range = None
    mitigation_cost: str | None = None
    is_mitigated: bool | None = None
    closes_days: Range = None
    closes_from: date | None = None
    closes_to: date | None = None
    closes_resources: Annotated[list[str], Field(max_length=50)] | None = None
    closes_items: Annotated[list[str], Field(max_length=200)] | None = None
    cause: str | None = None
    event: str | None = None
    effect: str | None = None
    category: str | None = None
    strategy: str | None = None
    response: str | None = None
    trigger: str | None = None
    assumption: str | None = None
    stage: str | None = None
    escalated_to: str | None = None
    project: str | None = None


class OccurredBody(Given):
    """Which risk occurred."""

    risk: str


class PolicyBody(Given):
    """What of a risk policy can be changed; bounds are four shares that ascend."""

    appetite_days: float | None = None
    appetite_money: str | None = None
    chance_bounds: Annotated[list[float], Field(max_length=4)] | None = None
    days_bounds: Annotated[list[float], Field(max_length=4)] | None = None
    money_bounds: Annotated[list[float], Field(max_length=4)] | None = None


class EffectsBody(Given):
    """The items that a risk delays, as `project/key`; they replace those named before."""

    risk: str
    items: Annotated[list[str], Field(max_length=1_000)]


@operation(router, "GET", "/programs/{slug}/risks", Permission.VIEW, Page[RiskFacts])
def list_risks(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[RiskFacts]:
    """List the risks of a program, closed ones too, by key."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    return page_of(risks_of(request.auth, program, moment), lambda row: row.key, asked)


@operation(router, "GET", "/programs/{slug}/risks/{path:key}", Permission.VIEW, RiskFacts)
def read_risk(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> RiskFacts:
    """Read a risk."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    return risk_named(request.auth, program, key, moment)


@operation(router, "PUT", "/programs/{slug}/risks/{path:key}", Permission.PLAN, RiskFacts)
def put_risk(request: ApiRequest, slug: str, key: str, body: RiskBody) -> RiskFacts:
    """Set a risk: made when there is none of this key, else changed (closed by its `state`)."""
    actor, at = request.auth, request.now
    program = program_named(actor, slug)

    def write(version: int | None) -> RiskFacts:
        return set_risk(actor, slug, key, body.given(), at, version=version)

    return edit_or_create(request, lambda: risk_named(actor, program, key), write)


@operation(router, "GET", "/programs/{slug}/risk-standings", Permission.VIEW, Page[RiskStanding])
def list_risk_standings(
    request: ApiRequest, slug: str, asked: Query[AskedAt]
) -> Page[RiskStanding]:
    """List the risks of a program with both views: cell, averages, and what each does to P80."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    rows = risk_standings(request.auth, [program], moment)[program.id]
    return page_of(rows, lambda row: row.risk.key, asked)


@operation(router, "POST", "/programs/{slug}/risk-occurred", Permission.PLAN, RiskFacts)
def say_occurred(request: ApiRequest, slug: str, body: OccurredBody) -> RiskFacts:
    """Say that a risk occurred: an issue is raised, and what was said before is kept."""
    return occur_risk(request.auth, slug, body.risk, request.now)


@operation(router, "GET", "/programs/{slug}/risk-calibration", Permission.VIEW, Brier)
def read_risk_calibration(request: ApiRequest, slug: str, asked: Query[At]) -> Brier:
    """Say how good the probabilities of ended risks were: Brier's score, and by bins."""
    moment = asked.moment(request)
    return risk_calibration(request.auth, [program_named(request.auth, slug, moment)], moment)


@operation(router, "GET", "/programs/{slug}/risk-policy", Permission.VIEW, PolicyFacts)
def read_risk_policy(request: ApiRequest, slug: str, asked: Query[At]) -> PolicyFacts:
    """Read what a program tolerates of one risk and how its matrix is cut; version 0: defaults."""
    moment = asked.moment(request)
    return policy_of(request.auth, program_named(request.auth, slug, moment), moment)


@operation(router, "PUT", "/programs/{slug}/risk-policy", Permission.PROGRAM, PolicyFacts)
def put_risk_policy(request: ApiRequest, slug: str, body: PolicyBody) -> PolicyFacts:
    """Set what a program tolerates of one risk and how its matrix is cut."""
    program = program_named(request.auth, slug)

    def read() -> PolicyFacts:
        return policy_of(request.auth, program)

    def write(version: int | None) -> PolicyFacts:
        return set_risk_policy(
            request.auth, slug, body.given(), request.now, version=version or None
        )

    return edit(request, read, write)


@operation(router, "POST", "/programs/{slug}/risk-effects", Permission.PLAN, RiskFacts)
def set_effects(request: ApiRequest, slug: str, body: EffectsBody) -> RiskFacts:
    """Say which items a risk delays."""
    program = program_named(request.auth, slug)
    set_risk_effects(request.auth, slug, body.risk, body.items, request.now)
    return risk_named(request.auth, program, body.risk)
