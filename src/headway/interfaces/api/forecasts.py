"""Forecasts: the date with odds, as the engine answered it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from headway import clock
from headway.analysis.schedule.quality import Finding
from headway.domain.accounts.rules import Permission
from headway.domain.assessments.queries import ProgramBrief, program_brief
from headway.domain.plans.actions import ask_what_if, cancel_what_if, make_forecast
from headway.domain.plans.actions.forecast import TRIALS
from headway.domain.plans.queries import (
    Calibration,
    ForecastFacts,
    SupposedOdds,
    SuppositionFacts,
    WhatIf,
    calibration_of,
    forecast_history,
    latest_forecast,
    odds_bridge,
    plan_quality,
    score_forecasts,
    supposition_of,
    what_if,
    what_moved,
    workspace_calibration,
)
from headway.domain.plans.queries.what_if import LEAST_WIDE, MOST_WIDE
from headway.domain.plans.rules import Move, OddsBridge
from headway.domain.programs.queries import program_named
from headway.errors import Conflict, NotFound
from headway.interfaces.api.bearer import ApiRequest
from headway.interfaces.api.bodies import Given
from headway.interfaces.api.operations import operation, slow
from headway.interfaces.api.paging import AskedAt, At, Instant, Page, page_of

router = Router(tags=["Forecasts"])

#: Trials that one request may ask for.
MOST_TRIALS = 20_000

_SUPPOSED = "/programs/{slug}/what-ifs/{uuid:supposition}"


class ForecastBody(Given):
    """How to forecast; the same seed and plan give the same answer."""

    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    trials: Annotated[int, Field(ge=100, le=MOST_TRIALS)] = TRIALS


class Since(At):
    """What moved since a moment."""

    since: Instant


class Moved(BaseModel):
    """What moved, in order of weight."""

    since: datetime
    moves: list[Move]


@dataclass(frozen=True, slots=True)
class ScoredCase:
    """Something that finished, with the P80 that was said of it first."""

    name: str
    p80: date
    finished: date


@dataclass(frozen=True, slots=True)
class Scored:
    """How often past P80s held: `held` of `judged` finished things ended by theirs."""

    sentence: str
    held: int
    judged: int
    cases: Sequence[ScoredCase]


@dataclass(frozen=True, slots=True)
class PlanScore:
    """How sound a plan is: 0 to 100 points, fit from 60 on unless there is an error."""

    score: int
    fit: bool
    findings: Sequence[Finding]
    passed: Sequence[str]
    not_judged: Sequence[str]


@operation(router, "GET", "/programs/{slug}/forecasts", Permission.VIEW, Page[ForecastFacts])
def list_forecasts(request: ApiRequest, slug: str, asked: Query[AskedAt]) -> Page[ForecastFacts]:
    """List the stored forecasts of a program, the oldest of the newest 200 first."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    rows = forecast_history(request.auth, program, moment, limit=200)
    return page_of(rows, lambda row: f"{row.at.isoformat()} {row.id}", asked)


@operation(router, "GET", "/programs/{slug}/forecast", Permission.VIEW, ForecastFacts)
def read_forecast(request: ApiRequest, slug: str, asked: Query[At]) -> ForecastFacts:
    """Read the latest forecast of a program."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    found = latest_forecast(request.auth, program, moment)
    if found is None:
        sentence = f"{program.name} has no forecast yet; ask for one with a POST."
        raise NotFound(sentence)
    return found


@operation(router, "POST", "/programs/{slug}/forecasts", Permission.PLAN, ForecastFacts)
@slow
def forecast(request: ApiRequest, slug: str, body: ForecastBody) -> ForecastFacts:
    """Forecast a program as it stands; the one made before for the same plan is given again."""
    made = make_forecast(request.auth, slug, request.now, seed=body.seed, trials=body.trials)
    if made is None:
        sentence = f"There is nothing to forecast in '{slug}': its projects have no work yet."
        raise Conflict(sentence)
    return made


class Supposed(At):
    """What to suppose."""

    without: Annotated[list[str], Field(max_length=20, description="Risks to leave out.")] = []
    mitigated: Annotated[bool, Field(description="Take every response, and pay for it.")] = False
    respect_resources: Annotated[bool, Field(description="Let work wait for free people.")] = False
    widen: Annotated[
        float, Field(ge=LEAST_WIDE, le=MOST_WIDE, description="Stretch the late side of ranges.")
    ] = 1.0


@operation(router, "GET", "/programs/{slug}/forecast/what-if", Permission.VIEW, SupposedOdds)
@slow
def read_what_if(request: ApiRequest, slug: str, asked: Query[Supposed]) -> SupposedOdds:
    """Say what the odds would be, on the same random numbers; nothing is kept."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    found = latest_forecast(request.auth, program, moment)
    if found is None:
        sentence = f"{program.name} has no forecast yet; ask for one with a POST."
        raise NotFound(sentence)
    supposed = WhatIf(tuple(asked.without), asked.mitigated, asked.respect_resources, asked.widen)
    return what_if(request.auth, program, found, supposed)


class NothingBody(Given):
    """Nothing is asked besides the address."""


class SupposeBody(Given):
    """What to suppose, of the newest forecast."""

    without: Annotated[list[str], Field(max_length=20)] = []
    mitigated: bool = False
    respect_resources: bool = False
    widen: Annotated[float, Field(ge=LEAST_WIDE, le=MOST_WIDE)] = 1.0


@operation(router, "POST", "/programs/{slug}/what-ifs", Permission.PLAN, SuppositionFacts, 201)
@slow
def ask(request: ApiRequest, slug: str, body: SupposeBody) -> SuppositionFacts:
    """Ask what the odds would be, whatever the size of the plan.

    A small plan is answered at once, a large one by the worker: read it again until it has ended.
    """
    asked = WhatIf(tuple(body.without), body.mitigated, body.respect_resources, body.widen)
    return ask_what_if(request.auth, slug, asked, request.now, clock.now())


@operation(router, "GET", _SUPPOSED, Permission.VIEW, SuppositionFacts)
def read_supposition(request: ApiRequest, slug: str, supposition: UUID) -> SuppositionFacts:
    """Read a what-if: how far it is, and the odds once it is done."""
    program = program_named(request.auth, slug)
    return supposition_of(request.auth, program, supposition, clock.now())


@operation(router, "POST", _SUPPOSED + "/cancel", Permission.PLAN, SuppositionFacts)
def cancel_supposition(
    request: ApiRequest, slug: str, supposition: UUID, body: NothingBody
) -> SuppositionFacts:
    """Stop a what-if; one that has ended stays as it is."""
    return cancel_what_if(request.auth, (slug, supposition), request.now, clock.now())


@operation(router, "GET", "/programs/{slug}/forecasts/score", Permission.VIEW, Scored)
def read_score(request: ApiRequest, slug: str, asked: Query[At]) -> Scored:
    """Say how often past P80s held."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    score = score_forecasts(request.auth, program, moment)
    cases = [ScoredCase(name, said, ended) for name, said, ended in score.cases]
    return Scored(score.sentence, score.held, score.judged, cases)


@operation(router, "GET", "/programs/{slug}/calibration", Permission.VIEW, Calibration)
@slow
def read_calibration(request: ApiRequest, slug: str, asked: Query[At]) -> Calibration:
    """Say how past forecasts did: coverage, bias, loss, the correction that would have held."""
    moment = asked.moment(request)
    return calibration_of(request.auth, program_named(request.auth, slug, moment), moment)


@operation(router, "GET", "/calibration", Permission.VIEW, Calibration)
@slow
def read_workspace_calibration(request: ApiRequest, asked: Query[At]) -> Calibration:
    """Say how past forecasts of all programs did."""
    return workspace_calibration(request.auth, asked.moment(request))


@operation(router, "GET", "/programs/{slug}/moves", Permission.VIEW, Moved)
def read_moves(request: ApiRequest, slug: str, asked: Query[Since]) -> Moved:
    """Say what moved in the plan since a moment."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    moves = what_moved(request.auth, program, asked.since, moment)
    return Moved(since=asked.since, moves=list(moves))


@operation(router, "GET", "/programs/{slug}/bridge", Permission.VIEW, OddsBridge)
@slow
def read_bridge(request: ApiRequest, slug: str, asked: Query[Since]) -> OddsBridge:
    """Say what each cause of change did to the P80 since a moment, in days and money."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    return odds_bridge(request.auth, program, asked.since, moment or request.now)


class BriefAsked(At):
    """Since when the brief tells of changes."""

    since: Annotated[Instant | None, Field(description="Default: a week before.")] = None


@operation(router, "GET", "/programs/{slug}/plan-check", Permission.VIEW, PlanScore)
@slow
def check_plan(request: ApiRequest, slug: str, asked: Query[At]) -> PlanScore:
    """Say how sound a program's plan is before it is simulated, and what to mend."""
    moment = asked.moment(request)
    program = program_named(request.auth, slug, moment)
    found = plan_quality(request.auth, program, moment, request.now)
    if found is None:
        sentence = f"{program.name} has no plan yet; add work, then check it."
        raise NotFound(sentence)
    check = found.check
    return PlanScore(check.score, check.is_fit, check.findings, check.passed, check.not_judged)


@operation(router, "GET", "/programs/{slug}/brief", Permission.VIEW, ProgramBrief)
@slow
def read_brief(request: ApiRequest, slug: str, asked: Query[BriefAsked]) -> ProgramBrief:
    """Say what changed in the odds and why, what waits, and which evidence goes stale this week."""
    moment = asked.moment(request)
    at = moment or request.now
    program = program_named(request.auth, slug, moment)
    since = asked.since or at - timedelta(days=7)
    return program_brief(request.auth, program, since, at, live=moment is None)
