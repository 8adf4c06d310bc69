"""Maturity: how each system stands beside the models, people's answers, goals and their work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from headway.domain.accounts.rules import Permission
from headway.domain.maturity.actions import attest, drop_goal, set_goal, withdraw_attestation
from headway.domain.maturity.queries import (
    SystemMaturity,
    goal_named,
    maturity_overview,
    system_goals,
    system_maturity,
)
from headway.domain.maturity.rules import criteria_told, maturity_told, score_told
from headway.domain.maturity.rules.goals import GoalFacts
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import AskedAt, At, Page, page_of

router = Router(tags=["Maturity"])

_ONE = "/systems/{slug}"


class NextStep(BaseModel):
    """The cheapest next criterion: what it takes, why it is that one, how it is met."""

    id: str
    name: str
    days: float
    by_hand: bool
    why: str
    how: str


class ScoreTold(BaseModel):
    """The ML Test Score: the least of its sections; `unknown` tests score 0."""

    final: float
    band: str
    sections: Mapping[str, float]
    least: Sequence[str]
    unknown: int
    next: NextStep | None


class ColumnTold(BaseModel):
    """Where a column stands, what blocks its next level, and what of that nobody knows."""

    level: int
    name: str
    next: NextStep | None
    blocked_by: Sequence[str]
    unknown: Sequence[str]


class ModelTold(BaseModel):
    """A model by its columns; there is no one number for all of them."""

    columns: Mapping[str, ColumnTold]


class MaturityLine(BaseModel):
    """How a system stands."""

    system: str
    name: str
    ml_test_score: ScoreTold
    models: Mapping[str, ModelTold]


class CriterionTold(BaseModel):
    """A criterion with its answer: why, by which records, what it counts (0, 0.5 or 1)."""

    id: str
    name: str
    level: int
    answer: Literal["met", "attested", "unmet", "unknown"]
    credit: float
    is_stale: bool
    is_contradicted: bool
    sentence: str
    records: Sequence[int]
    link: str | None
    how: str


class PointTold(BaseModel):
    """The score as it was at a moment."""

    at: datetime
    score: float
    levels: Mapping[str, int]


class MaturityPage(MaturityLine):
    """How a system stands, with every criterion and how it came there."""

    criteria: Sequence[CriterionTold]
    trend: Sequence[PointTold]


class AttestBody(Given):
    """A person's answer. `met` counts with a link and the day it was done."""

    criterion: Annotated[str, Field(max_length=80)]
    answer: Literal["met", "unmet"] = "met"
    role: Annotated[str, Field(max_length=100)]
    link: Annotated[str, Field(max_length=300)] | None = None
    done_on: date | None = None
    review_on: date | None = None
    statement: str = ""


class WithdrawBody(Given):
    """The criterion whose answer is taken back."""

    criterion: Annotated[str, Field(max_length=80)]


class Recorded(BaseModel):
    """Where in the ledger the answer stands."""

    record: int


class GoalBody(Given):
    """What to reach: a level of a column, or a score (`mlts`, in halves), and by when."""

    model: Annotated[str, Field(max_length=20)]
    column: Annotated[str, Field(max_length=20)] = ""
    target: float
    due: date | None = None
    project: Annotated[str, Field(max_length=60)] = ""


@operation(router, "GET", "/maturity", Permission.VIEW, Page[MaturityLine])
def list_maturity(request: ApiRequest, asked: Query[AskedAt]) -> Page[MaturityLine]:
    """List how each system stands beside the maturity models, by slug."""
    moment = asked.moment(request) or request.now
    rows = [_line(one) for one in maturity_overview(request.auth, moment)]
    return page_of(rows, lambda row: row.system, asked)


@operation(router, "GET", _ONE + "/maturity", Permission.VIEW, MaturityPage)
def read_maturity(request: ApiRequest, slug: str, asked: Query[At]) -> MaturityPage:
    """Read how a system stands: every criterion with its answer, and the score over time."""
    moment = asked.moment(request) or request.now
    found = system_maturity(request.auth, slug, moment)
    criteria = [CriterionTold.model_validate(one) for one in criteria_told(found.answers)]
    trend = [PointTold(at=one.at, score=one.score, levels=one.levels) for one in found.trend]
    return MaturityPage(**_told(found), criteria=criteria, trend=trend)


@operation(router, "POST", _ONE + "/attestations", Permission.EVIDENCE, Recorded, 201)
def make_attestation(request: ApiRequest, slug: str, body: AttestBody) -> Recorded:
    """Answer a criterion that no machine sees; recorded as evidence."""
    values = body.given()
    criterion = str(values.pop("criterion"))
    return Recorded(record=attest(request.auth, slug, criterion, values, request.now))


@operation(router, "POST", _ONE + "/attestations/withdraw", Permission.EVIDENCE, Recorded, 201)
def withdraw_answer(request: ApiRequest, slug: str, body: WithdrawBody) -> Recorded:
    """Take an answer back; what was said stays in the ledger, and no longer counts."""
    record = withdraw_attestation(request.auth, slug, body.criterion, request.now)
    return Recorded(record=record)


@operation(router, "GET", _ONE + "/maturity-goals", Permission.VIEW, Page[GoalFacts])
def list_goals(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[GoalFacts]:
    """List the goals of a system with the work item of each step, by key."""
    rows = system_goals(request.auth, slug, asked.moment(request))
    return page_of(rows, lambda row: row.key, asked)


@operation(router, "POST", _ONE + "/maturity-goals", Permission.PLAN, GoalFacts, 201)
def make_goal(request: ApiRequest, slug: str, body: GoalBody) -> GoalFacts:
    """Set a goal: its cheapest steps become work items of the system's project."""
    return set_goal(request.auth, slug, body.given(), request.now)


@operation(router, "GET", _ONE + "/maturity-goals/{key}", Permission.VIEW, GoalFacts)
def read_goal(request: ApiRequest, slug: str, key: str, asked: Query[At]) -> GoalFacts:
    """Read a goal; its ETag is what taking it back sends as If-Match."""
    return goal_named(request.auth, slug, key, asked.moment(request))


@operation(router, "DELETE", _ONE + "/maturity-goals/{key}", Permission.PLAN, None, 204)
def take_goal_back(request: ApiRequest, slug: str, key: str) -> None:
    """Take a goal back, with its work items that nobody has begun."""
    actor, at = request.auth, request.now

    def write(version: int) -> None:
        drop_goal(actor, slug, key, at, version=version)

    edit(request, lambda: goal_named(actor, slug, key), write)


def _line(found: SystemMaturity) -> MaturityLine:
    return MaturityLine(**_told(found))


def _told(found: SystemMaturity) -> dict[str, Any]:
    return {
        "system": found.system.slug,
        "name": found.system.name,
        "ml_test_score": score_told(found.answers),
        "models": maturity_told(found.answers),
    }
