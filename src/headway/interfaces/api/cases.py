"""Business cases: what was written down, and what a project is worth by it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from ninja import Query, Router
from pydantic import BaseModel, Field

from headway.analysis.benefits import Benefit
from headway.domain.accounts.rules import Permission
from headway.domain.assessments.queries import ProjectCase, project_case, project_health
from headway.domain.assessments.rules import Verdict
from headway.domain.programs.actions import set_business_case
from headway.domain.programs.queries import business_case_of, program_of, project_named
from headway.domain.programs.rules import BusinessCaseFacts
from headway.errors import NotFound
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.etags import edit_or_create
from headway.interfaces.api.operations import operation
from headway.interfaces.api.paging import At

router = Router(tags=["Projects"])

Three = Annotated[list[float], Field(min_length=1, max_length=3)]


class CaseLineBody(Given):
    """A quantity a year that the model changes; `worth` is money for one of it."""

    key: str
    name: str
    unit: str = ""
    start: float
    at_target: Three
    worth: Three
    less_is_better: bool = True


class CaseBody(Given):
    """What of a business case can be changed; `criterion` is the key of its target metric."""

    criterion: str | None = None
    lines: Annotated[list[CaseLineBody], Field(max_length=12)] | None = None
    running: Three | None = None
    launch: date | None = None


class MoneyAYear(BaseModel):
    """Money a year after running costs; `p10` is the careful end."""

    p10: Decimal | None
    p50: Decimal | None
    p90: Decimal | None
    p_positive: float


class LineWorth(BaseModel):
    """What a line earns a year (p50), and what was counted since the launch, brought to a year."""

    key: str
    promised: Decimal
    came: float | None
    verdict: Verdict
    sentence: str
    records: list[int]


class Worth(BaseModel):
    """What a project is worth. Null stands where no evidence does."""

    currency: str
    measured: float | None
    record: int | None
    reached: float | None
    promised: MoneyAYear
    now: MoneyAYear | None
    realised: MoneyAYear | None
    launched: date | None
    week: Decimal
    late_days: int | None
    late_money: Decimal | None
    payback_years: float | None
    lines: list[LineWorth]


@operation(router, "GET", "/projects/{slug}/business-case", Permission.VIEW, BusinessCaseFacts)
def read_business_case(request: ApiRequest, slug: str, asked: Query[At]) -> BusinessCaseFacts:
    """Read the business case of a project as it was written down."""
    moment = asked.moment(request)
    return business_case_of(request.auth, project_named(request.auth, slug, moment), moment)


@operation(router, "PUT", "/projects/{slug}/business-case", Permission.PROGRAM, BusinessCaseFacts)
def put_business_case(request: ApiRequest, slug: str, body: CaseBody) -> BusinessCaseFacts:
    """Set the business case of a project: made when there is none, else changed."""
    actor, at = request.auth, request.now
    project = project_named(actor, slug)

    def write(version: int | None) -> BusinessCaseFacts:
        return set_business_case(actor, slug, body.given(), at, version=version)

    return edit_or_create(request, lambda: business_case_of(actor, project), write)


@operation(router, "GET", "/projects/{slug}/worth", Permission.VIEW, Worth)
def read_worth(request: ApiRequest, slug: str, asked: Query[At]) -> Worth:
    """Read what a project is worth a year: as promised, at today's metric, and as it came."""
    moment = asked.moment(request)
    project = project_named(request.auth, slug, moment)
    business_case_of(request.auth, project, moment)
    program = program_of(request.auth, project, moment)
    at = moment or request.now
    health = project_health(request.auth, program, slug, at, known_at=moment)
    found = project_case(request.auth, health, at, known_at=moment) if health else None
    if found is None:
        sentence = f"{project.name} has no business case yet; write its first line."
        raise NotFound(sentence)
    return _worth(found, program.currency)


def _worth(found: ProjectCase, currency: str) -> Worth:
    return Worth(
        currency=currency,
        measured=found.measured,
        record=found.record,
        reached=found.reached,
        promised=_a_year(found.promised),
        now=_a_year(found.now) if found.now else None,
        realised=_a_year(found.realised) if found.realised else None,
        launched=found.launched,
        week=_cents(found.promised.week),
        late_days=found.late_days,
        late_money=None if found.late_money is None else _cents(found.late_money),
        payback_years=found.payback_years,
        lines=[
            LineWorth(
                key=one.line.key,
                promised=_cents(one.promised),
                came=one.came,
                verdict=one.assessment.verdict,
                sentence=one.assessment.sentence,
                records=list(one.assessment.records),
            )
            for one in found.lines
        ],
    )


def _a_year(benefit: Benefit) -> MoneyAYear:
    p10, p50, p90 = (
        None if one is None else _cents(one)
        for one in (benefit.net.p10, benefit.net.p50, benefit.net.p90)
    )
    return MoneyAYear(p10=p10, p50=p50, p90=p90, p_positive=benefit.p_positive)


def _cents(amount: float) -> Decimal:
    return Decimal(repr(amount)).quantize(Decimal("0.01"))
